/** `VNet: Export Diagram…`: saves the picture that the panel shows, as SVG or PNG. */
import * as vscode from 'vscode';
import type { PictureFormat } from '../../simulation/panel-protocol';
import type { DiagramPanel } from '../panel/diagram-panel';
import type { DiagramPanels } from '../panel/diagram-panels';
import { nameOf } from '../panel/file-name';
import { fileBeside } from './file-to-save';

export function registerExportDiagram(
  panels: DiagramPanels,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  return vscode.commands.registerCommand('vnet.exportDiagram', async () => {
    const panel = panels.current;
    if (panel?.topology === undefined) {
      return;
    }
    const target = await vscode.window.showSaveDialog({
      defaultUri: fileBeside(panel.uri, '.svg'),
      filters: { SVG: ['svg'], PNG: ['png'] },
      title: vscode.l10n.t('Export Diagram'),
    });
    if (target !== undefined) {
      await save(panel, target, log);
    }
  });
}

async function save(panel: DiagramPanel, target: vscode.Uri, log: vscode.LogOutputChannel): Promise<void> {
  const format: PictureFormat = /\.png$/i.test(target.path) ? 'png' : 'svg';
  try {
    await vscode.workspace.fs.writeFile(target, await panel.picture(format));
    void vscode.window.showInformationMessage(vscode.l10n.t('Saved {0}.', nameOf(target)));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.error(`${target.toString()}: ${reason}`);
    void vscode.window.showErrorMessage(vscode.l10n.t('The diagram was not saved: {0}', reason));
  }
}
