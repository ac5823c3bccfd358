/** `VNet: Open Diagram Preview`, and the same to the side. */
import * as vscode from 'vscode';
import type { DiagramPanels } from '../panel/diagram-panels';

export function registerOpenPreview(panels: DiagramPanels): vscode.Disposable {
  const opener = (column: vscode.ViewColumn) => (resource?: unknown) => {
    const uri = resource instanceof vscode.Uri ? resource : editedTopology();
    if (uri === undefined) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('Open a topology file first: a file named NAME.vnet.yaml.'),
      );
    } else {
      panels.open(uri, column);
    }
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand('vnet.openPreview', opener(vscode.ViewColumn.Active)),
    vscode.commands.registerCommand('vnet.openPreviewToSide', opener(vscode.ViewColumn.Beside)),
  );
}

/** The topology file in the active editor. */
export function editedTopology(): vscode.Uri | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document?.languageId === 'vnet' ? document.uri : undefined;
}
