/** Quick fixes: the changes that diagnostics bring along. */
import * as vscode from 'vscode';
import type { TopologyDocuments } from '../topology-documents';
import { diagnosticText, messageText } from './diagnostic-text';
import { editorRange } from './editor-ranges';

export class DiagnosticFixes implements vscode.CodeActionProvider {
  constructor(private readonly documents: TopologyDocuments) {}

  provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    return this.documents.get(document).diagnostics.flatMap(diagnostic => {
      const where = editorRange(diagnostic.range);
      if (diagnostic.fix === undefined || where.intersection(range) === undefined) {
        return [];
      }
      const { title, range: replaced, text } = diagnostic.fix;
      const action = new vscode.CodeAction(messageText(title), vscode.CodeActionKind.QuickFix);
      action.edit = new vscode.WorkspaceEdit();
      action.edit.replace(document.uri, editorRange(replaced), text);
      action.isPreferred = true;
      action.diagnostics = context.diagnostics.filter(
        shown => shown.range.isEqual(where) && shown.message === diagnosticText(diagnostic),
      );
      return [action];
    });
  }
}
