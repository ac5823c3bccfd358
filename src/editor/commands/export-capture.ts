/** `VNet: Export Capture (pcapng)…`: saves the simulation's trace, or a part of it, where the user says. */
import * as vscode from 'vscode';
import type { DiagramPanel } from '../panel/diagram-panel';
import type { DiagramPanels } from '../panel/diagram-panels';
import { nameOf } from '../panel/file-name';
import { askForPackets, type ChosenPackets } from './capture-selection';
import { fileBeside } from './file-to-save';

export function registerExportCapture(
  panels: DiagramPanels,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  return vscode.commands.registerCommand('vnet.exportCapture', async () => {
    const panel = panels.current;
    const chosen = panel && (await askForPackets(panel, vscode.l10n.t('Export Capture')));
    if (panel === undefined || chosen === undefined) {
      return;
    }
    const target = await vscode.window.showSaveDialog({
      defaultUri: fileBeside(panel.uri, '.pcapng'),
      filters: { [vscode.l10n.t('Capture (pcapng)')]: ['pcapng'] },
      title: vscode.l10n.t('Export Capture'),
    });
    if (target !== undefined) {
      await save(panel, chosen, target, log);
    }
  });
}

async function save(
  panel: DiagramPanel,
  { selection }: ChosenPackets,
  target: vscode.Uri,
  log: vscode.LogOutputChannel,
): Promise<void> {
  try {
    await vscode.workspace.fs.writeFile(target, await panel.capture(selection));
    void vscode.window.showInformationMessage(vscode.l10n.t('Saved {0}.', nameOf(target)));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.error(`${target.toString()}: ${reason}`);
    void vscode.window.showErrorMessage(vscode.l10n.t('The capture was not saved: {0}', reason));
  }
}
