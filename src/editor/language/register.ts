/** Ties the language features of topology files to VS Code. */
import * as vscode from 'vscode';
import { TOPOLOGY_LANGUAGE, TopologyDocuments } from '../topology-documents';
import { TopologyCompletions } from './completions';
import { DiagnosticFixes } from './diagnostic-fixes';
import { publishDiagnostics } from './diagnostics';
import { TopologyHovers } from './hovers';
import { TopologyNavigation } from './navigation';
import { TopologyOutline } from './outline-symbols';

/** Only the language: a file is a topology by its name, wherever it is stored. */
const SELECTOR: vscode.DocumentSelector = { language: TOPOLOGY_LANGUAGE };

/**
 * Diagnostics, quick fixes, completion, hover, outline, go to definition, references and rename for topology files. Reading is shared
 * through `documents`; without one, the features make their own.
 */
export function registerTopologyLanguage(
  context: vscode.ExtensionContext,
  documents: TopologyDocuments = ownDocuments(context),
): void {
  const navigation = new TopologyNavigation(documents);
  context.subscriptions.push(
    publishDiagnostics(documents),
    vscode.languages.registerCodeActionsProvider(SELECTOR, new DiagnosticFixes(documents), {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    }),
    vscode.languages.registerCompletionItemProvider(SELECTOR, new TopologyCompletions(), ':', ' ', '[', '{'),
    vscode.languages.registerHoverProvider(SELECTOR, new TopologyHovers(documents)),
    vscode.languages.registerDocumentSymbolProvider(SELECTOR, new TopologyOutline(documents)),
    vscode.languages.registerDefinitionProvider(SELECTOR, navigation),
    vscode.languages.registerReferenceProvider(SELECTOR, navigation),
    vscode.languages.registerRenameProvider(SELECTOR, navigation),
  );
}

function ownDocuments(context: vscode.ExtensionContext): TopologyDocuments {
  const documents = new TopologyDocuments();
  context.subscriptions.push(documents);
  return documents;
}
