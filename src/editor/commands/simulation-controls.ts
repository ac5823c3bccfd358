/** `VNet: Start / Pause / Step / Restart Simulation`, for the diagram that is meant. */
import * as vscode from 'vscode';
import type { SimulationRequest } from '../../simulation/protocol';
import type { DiagramPanels } from '../panel/diagram-panels';
import { editedTopology } from './open-preview';

export function registerSimulationControls(panels: DiagramPanels): vscode.Disposable {
  const control = (command: string, request: SimulationRequest): vscode.Disposable =>
    vscode.commands.registerCommand(command, () => panels.current?.request(request));
  return vscode.Disposable.from(
    vscode.commands.registerCommand('vnet.start', () => start(panels)),
    control('vnet.pause', { type: 'pause' }),
    control('vnet.step', { type: 'step' }),
    control('vnet.restart', { type: 'restart' }),
  );
}

/** Plays; the file being edited gets its diagram first where it has none. */
function start(panels: DiagramPanels): void {
  const edited = editedTopology();
  const panel = edited === undefined ? panels.current : panels.open(edited, vscode.ViewColumn.Beside);
  panel?.whenLoaded(() => panel.request({ type: 'play' }));
}
