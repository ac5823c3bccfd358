/** Brings diagrams back after a reload of the window. */
import * as vscode from 'vscode';
import { DIAGRAM_PANEL } from './diagram-panel';
import type { DiagramPanels } from './diagram-panels';

export function registerPanelSerializer(panels: DiagramPanels): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer(DIAGRAM_PANEL, {
    deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
      panels.restore(panel, state);
      return Promise.resolve();
    },
  });
}
