/** Shows what is wrong with open topology files in the editor and in the Problems view. */
import * as vscode from 'vscode';
import type { Diagnostic, DiagnosticSeverity } from '../../topology/diagnostic';
import type { TopologyDocuments } from '../topology-documents';
import { diagnosticText, messageText } from './diagnostic-text';
import { editorRange } from './editor-ranges';

const SEVERITIES: Readonly<Record<DiagnosticSeverity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
};

/** Keeps the diagnostics of every open file up to date until disposed. */
export function publishDiagnostics(documents: TopologyDocuments): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('vnet');
  return vscode.Disposable.from(
    collection,
    documents.onDidChange((uri, { diagnostics }) =>
      collection.set(
        uri,
        diagnostics.map(diagnostic => editorDiagnostic(uri, diagnostic)),
      ),
    ),
    documents.onDidClose(uri => collection.delete(uri)),
  );
}

function editorDiagnostic(uri: vscode.Uri, diagnostic: Diagnostic): vscode.Diagnostic {
  const { code, range, severity, related = [] } = diagnostic;
  const shown = new vscode.Diagnostic(editorRange(range), diagnosticText(diagnostic), SEVERITIES[severity]);
  shown.source = 'vnet';
  shown.code = code;
  shown.relatedInformation = related.map(
    place =>
      new vscode.DiagnosticRelatedInformation(
        new vscode.Location(uri, editorRange(place.range)),
        messageText(place.message),
      ),
  );
  return shown;
}
