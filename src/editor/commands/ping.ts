/** `VNet: Ping…`: asks from where and to whom; the panel shows the outcome, and so does a message. */
import * as vscode from 'vscode';
import type { StepOutcome } from '../../simulation/protocol';
import { canPing } from '../../simulation/targets';
import type { ResolvedTopology } from '../../topology/resolved';
import type { DiagramPanel } from '../panel/diagram-panel';
import type { DiagramPanels } from '../panel/diagram-panels';

export function registerPing(panels: DiagramPanels): vscode.Disposable {
  return vscode.commands.registerCommand('vnet.ping', async () => {
    const panel = panels.current;
    if (panel?.topology !== undefined) {
      await ask(panel, panel.topology);
    }
  });
}

async function ask(panel: DiagramPanel, topology: ResolvedTopology): Promise<void> {
  const from = await pickDevice(topology);
  const to = from === undefined ? undefined : await inputTarget(from);
  if (from === undefined || to === undefined) {
    return;
  }
  const outcome = panel.ping(from, to, 1);
  // A question asked while the simulation stands still would never be answered; one that had finished goes on by itself.
  if (panel.clock?.state === 'paused') {
    panel.request({ type: 'play' });
  }
  await tell(from, to, outcome);
}

async function pickDevice(topology: ResolvedTopology): Promise<string | undefined> {
  const devices = topology.devices.filter(canPing);
  const items = devices.map(({ id, kind, inside }) => ({
    label: id,
    description: inside === undefined ? kind : vscode.l10n.t('{0} in {1}', kind, inside),
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Ping'),
    placeHolder: vscode.l10n.t('Ping from which device?'),
  });
  return picked?.label;
}

async function inputTarget(from: string): Promise<string | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Ping from {0}', from),
    prompt: vscode.l10n.t('An address, a name or a device'),
    placeHolder: '203.0.113.10',
    validateInput: value => (value.trim() === '' ? vscode.l10n.t('Say whom to ping.') : undefined),
  });
  return text?.trim();
}

async function tell(from: string, to: string, outcome: Promise<StepOutcome>): Promise<void> {
  try {
    const { passed, text } = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Pinging {0} from {1}', to, from) },
      () => outcome,
    );
    const show = passed ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
    void show(`${from}: ${text}`);
  } catch (error) {
    void vscode.window.showWarningMessage(error instanceof Error ? error.message : String(error));
  }
}
