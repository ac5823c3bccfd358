/** Hover texts. */
import * as vscode from 'vscode';
import { hoverAt } from '../../topology/hover';
import type { TopologyDocuments } from '../topology-documents';
import { messageText } from './diagnostic-text';
import { editorRange } from './editor-ranges';

export class TopologyHovers implements vscode.HoverProvider {
  constructor(private readonly documents: TopologyDocuments) {}

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const hover = hoverAt(this.documents.get(document), document.offsetAt(position));
    if (hover === undefined) {
      return undefined;
    }
    // Neither commands nor HTML: names of the file are part of the text.
    const text = new vscode.MarkdownString(hover.paragraphs.map(messageText).join('\n\n'));
    return new vscode.Hover(text, editorRange(hover.range));
  }
}
