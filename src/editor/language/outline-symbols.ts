/** The outline, breadcrumbs and Go to Symbol. */
import * as vscode from 'vscode';
import { outlineOf, type OutlineItem, type OutlineKind } from '../../topology/outline';
import type { TopologyDocuments } from '../topology-documents';
import { editorRange } from './editor-ranges';

const KINDS: Readonly<Record<OutlineKind, vscode.SymbolKind>> = {
  section: vscode.SymbolKind.Namespace,
  network: vscode.SymbolKind.Interface,
  node: vscode.SymbolKind.Object,
  interface: vscode.SymbolKind.Field,
  link: vscode.SymbolKind.Operator,
  scenario: vscode.SymbolKind.Method,
  step: vscode.SymbolKind.Event,
};

export class TopologyOutline implements vscode.DocumentSymbolProvider {
  constructor(private readonly documents: TopologyDocuments) {}

  provideDocumentSymbols(document: vscode.TextDocument): vscode.DocumentSymbol[] {
    return outlineOf(this.documents.get(document)).map(symbolOf);
  }
}

function symbolOf(item: OutlineItem): vscode.DocumentSymbol {
  const { name, detail, kind, range, selection, children } = item;
  const symbol = new vscode.DocumentSymbol(
    name,
    detail,
    KINDS[kind],
    editorRange(range),
    editorRange(selection),
  );
  symbol.children = children.map(symbolOf);
  return symbol;
}
