/** `VNet: Start / Pause / Step / Restart Simulation` and the ways through time, for the diagram that is meant. */
import * as vscode from 'vscode';
import type { SimulationRequest } from '../../simulation/protocol';
import { parseDuration } from '../../topology/units';
import type { DiagramPanel } from '../panel/diagram-panel';
import type { DiagramPanels } from '../panel/diagram-panels';
import { editedTopology } from './open-preview';

export function registerSimulationControls(panels: DiagramPanels): vscode.Disposable {
  const control = (command: string, request: SimulationRequest): vscode.Disposable =>
    vscode.commands.registerCommand(command, () => panels.current?.request(request));
  return vscode.Disposable.from(
    vscode.commands.registerCommand('vnet.start', () => start(panels)),
    control('vnet.pause', { type: 'pause' }),
    control('vnet.step', { type: 'step' }),
    control('vnet.stepBack', { type: 'step-back' }),
    control('vnet.restart', { type: 'restart' }),
    vscode.commands.registerCommand('vnet.restartWithSeed', () => restartWithSeed(panels.current)),
    vscode.commands.registerCommand('vnet.goToTime', () => goToTime(panels.current)),
  );
}

/** Plays; the file being edited gets its diagram first where it has none. */
function start(panels: DiagramPanels): void {
  const edited = editedTopology();
  const panel = edited === undefined ? panels.current : panels.open(edited, vscode.ViewColumn.Beside);
  panel?.whenLoaded(() => panel.request({ type: 'play' }));
}

/** Seeds are whole numbers of 32 bits: what the random streams take. */
const LARGEST_SEED = 0xffff_ffff;

/** Another seed: other random numbers, so other losses, delays, ports and identifiers. */
async function restartWithSeed(panel: DiagramPanel | undefined): Promise<void> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Restart with another seed'),
    prompt: vscode.l10n.t(
      'The same file, seed and actions make the same packets. A whole number from 0 to {0}.',
      LARGEST_SEED,
    ),
    value: String(panel?.seed ?? ''),
    validateInput: value =>
      isSeed(value) ? undefined : vscode.l10n.t('A whole number from 0 to {0}.', LARGEST_SEED),
  });
  if (text !== undefined && isSeed(text)) {
    panel?.request({ type: 'restart', seed: Number(text) });
  }
}

function isSeed(text: string): boolean {
  return /^\s*\d{1,10}\s*$/.test(text) && Number(text) <= LARGEST_SEED;
}

async function goToTime(panel: DiagramPanel | undefined): Promise<void> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Go to a moment of the simulation'),
    prompt: vscode.l10n.t('A time since the start, such as 1.5s, 20ms or 350us.'),
    validateInput: value =>
      parseDuration(value.trim()) === undefined
        ? vscode.l10n.t('A number with a unit: s, ms, us or ns.')
        : undefined,
  });
  const time = text === undefined ? undefined : parseDuration(text.trim());
  if (time !== undefined) {
    panel?.request({ type: 'seek', time });
  }
}
