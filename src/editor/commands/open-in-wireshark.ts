/** `VNet: Open in Wireshark`: the simulation's trace, or a part of it; or the capture file that is open. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { CAPTURE_EDITOR } from '../capture/capture-editor';
import type { DiagramPanels } from '../panel/diagram-panels';
import { nameOf } from '../panel/file-name';
import { askForPackets } from './capture-selection';
import { findWireshark, startWireshark } from './wireshark';

export function registerOpenInWireshark(
  panels: DiagramPanels,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  return vscode.commands.registerCommand('vnet.openInWireshark', async () => {
    if (!vscode.workspace.isTrusted) {
      void vscode.window.showWarningMessage(
        vscode.l10n.t('Programs are started in trusted workspaces only.'),
      );
      return;
    }
    const configured = vscode.workspace.getConfiguration('vnet').get<string>('wireshark.path') ?? '';
    const program = await findWireshark(configured);
    if (program === undefined) {
      await tellMissing();
      return;
    }
    try {
      const file = openCaptureFile() ?? (await writtenTrace(panels));
      if (file !== undefined) {
        await startWireshark(program, file);
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.error(`Wireshark: ${reason}`);
      void vscode.window.showErrorMessage(vscode.l10n.t('Wireshark was not started: {0}', reason));
    }
  });
}

async function tellMissing(): Promise<void> {
  const settings = vscode.l10n.t('Open Settings');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('Wireshark was not found. Install it, or say in the settings where it is.'),
    settings,
  );
  if (answer === settings) {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'vnet.wireshark.path');
  }
}

/** The path of the capture file in the editor in front. */
function openCaptureFile(): string | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const isCapture = input instanceof vscode.TabInputCustom && input.viewType === CAPTURE_EDITOR;
  return isCapture && input.uri.scheme === 'file' ? input.uri.fsPath : undefined;
}

/** The trace in a file of its own, which the system clears away with its other temporary files. */
async function writtenTrace(panels: DiagramPanels): Promise<string | undefined> {
  const panel = panels.current;
  const chosen = panel && (await askForPackets(panel, vscode.l10n.t('Open in Wireshark')));
  if (panel === undefined || chosen === undefined) {
    return undefined;
  }
  const data = await panel.capture(chosen.selection);
  const name = nameOf(panel.uri).replace(/(\.vnet)?\.(ya?ml|json)$/, '');
  const file = join(await mkdtemp(join(tmpdir(), 'vnet-')), `${name}.pcapng`);
  await writeFile(file, data);
  return file;
}
