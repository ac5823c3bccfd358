/** Keeps the device selected in a diagram and the one under the text cursor the same. */
import * as vscode from 'vscode';
import type { TopologyPath } from '../../topology/resolved';
import type { TextRange } from '../../topology/text-range';
import type { TopologyDocuments } from '../topology-documents';

export class SelectionSync implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[];
  /** An editor whose text is not read yet: its cursor counts when it is. */
  private waiting: vscode.TextEditor | undefined;

  /** @param select gets the device that the user put the cursor in; undefined for none */
  constructor(
    private readonly uri: vscode.Uri,
    private readonly documents: TopologyDocuments,
    select: (device: string | undefined) => void,
  ) {
    const follow = (editor: vscode.TextEditor): void => {
      const { document, selection } = editor;
      const file = this.documents.known(document);
      // Each key moves the cursor: a file is not read for each of them.
      this.waiting = file === undefined ? editor : undefined;
      if (file !== undefined) {
        select(file.deviceAt(document.offsetAt(selection.active)));
      }
    };
    this.subscriptions = [
      vscode.window.onDidChangeTextEditorSelection(({ textEditor, kind }) => {
        // Without a kind the selection was set by a program, such as `reveal` below: the diagram knows.
        if (kind !== undefined && this.isThis(textEditor.document.uri)) {
          follow(textEditor);
        }
      }),
      documents.onDidChange(changed => {
        if (this.waiting !== undefined && this.isThis(changed)) {
          follow(this.waiting);
        }
      }),
    ];
  }

  /** Shows in the text what the user picked in the diagram, in an editor that shows the file or else in one beside the panel. */
  async reveal(source: TopologyPath, panelColumn: vscode.ViewColumn | undefined): Promise<void> {
    const visible = vscode.window.visibleTextEditors.find(editor => this.isThis(editor.document.uri));
    const document = visible?.document ?? (await this.open());
    const place = document === undefined ? undefined : this.documents.get(document).locate(source);
    if (document === undefined || place === undefined) {
      return;
    }
    const editor =
      visible ??
      (await vscode.window.showTextDocument(document, {
        viewColumn: this.columnBeside(panelColumn),
        preserveFocus: true,
      }));
    const range = rangeIn(document, place);
    editor.selection = new vscode.Selection(range.end, range.start);
    editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  dispose(): void {
    this.subscriptions.splice(0).forEach(subscription => void subscription.dispose());
  }

  private async open(): Promise<vscode.TextDocument | undefined> {
    try {
      return await vscode.workspace.openTextDocument(this.uri);
    } catch {
      return undefined;
    }
  }

  /** The group that has the file open behind another tab, unless the panel is in it. */
  private columnBeside(panelColumn: vscode.ViewColumn | undefined): vscode.ViewColumn {
    const group = vscode.window.tabGroups.all.find(
      ({ viewColumn, tabs }) =>
        viewColumn !== panelColumn &&
        tabs.some(({ input }) => input instanceof vscode.TabInputText && this.isThis(input.uri)),
    );
    return group?.viewColumn ?? vscode.ViewColumn.Beside;
  }

  private isThis(uri: vscode.Uri): boolean {
    return uri.toString() === this.uri.toString();
  }
}

function rangeIn(document: vscode.TextDocument, { start, end }: TextRange): vscode.Range {
  return new vscode.Range(document.positionAt(start.offset), document.positionAt(end.offset));
}
