/** `VNet: Open Terminal on Device…`: a terminal of VS Code in which the real tools' commands act on the simulation. */
import * as vscode from 'vscode';
import { canPing } from '../../simulation/targets';
import type { DiagramPanels } from '../panel/diagram-panels';

export function registerOpenTerminal(panels: DiagramPanels): vscode.Disposable {
  return vscode.commands.registerCommand('vnet.openTerminal', async (device?: unknown) => {
    const panel = panels.current;
    const devices = panel?.topology?.devices ?? [];
    const chosen =
      typeof device === 'string'
        ? device
        : await vscode.window.showQuickPick(
            devices.filter(one => canPing(one) || one.kind === 'switch').map(({ id }) => id),
            { placeHolder: vscode.l10n.t('The device whose terminal to open') },
          );
    if (chosen !== undefined && devices.some(({ id }) => id === chosen)) {
      panel?.openTerminal(chosen);
    }
  });
}
