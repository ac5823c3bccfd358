/** All diagrams: at most one for a file; which one commands mean; and the context keys that say so to menus. */
import * as vscode from 'vscode';
import { DIAGRAM_PANEL, DiagramPanel, type PanelServices } from './diagram-panel';
import { messagePage } from './panel-html';

export class DiagramPanels implements vscode.Disposable {
  private readonly panels = new Map<string, DiagramPanel>();
  /** The panel that was in front last, as long as it is open. */
  private latest: DiagramPanel | undefined;

  constructor(private readonly services: PanelServices) {}

  /**
   * The diagram that a command without a file means: the one in front, else that of the file being edited, else the one last in front.
   */
  get current(): DiagramPanel | undefined {
    const active = [...this.panels.values()].find(panel => panel.active);
    const edited = vscode.window.activeTextEditor?.document.uri;
    return active ?? (edited === undefined ? undefined : this.of(edited)) ?? this.latest;
  }

  of(uri: vscode.Uri): DiagramPanel | undefined {
    return this.panels.get(uri.toString());
  }

  /** Shows the diagram of a file: the one that is open, or a new one in this column. */
  open(uri: vscode.Uri, column: vscode.ViewColumn): DiagramPanel {
    const open = this.of(uri);
    const preserveFocus = column === vscode.ViewColumn.Beside;
    if (open !== undefined) {
      open.reveal(preserveFocus);
      return open;
    }
    const panel = vscode.window.createWebviewPanel(DIAGRAM_PANEL, '', { viewColumn: column, preserveFocus });
    return this.add(uri, panel);
  }

  /** Takes over a panel that VS Code brought back after a reload of the window; `state` is what its page kept. */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const uri = uriOf(state);
    if (uri === undefined) {
      panel.webview.html = messagePage(
        panel.webview,
        vscode.l10n.t('The topology file of this diagram is not known any more.'),
      );
    } else if (this.of(uri) === undefined) {
      this.add(uri, panel);
    } else {
      panel.dispose();
    }
  }

  dispose(): void {
    [...this.panels.values()].forEach(panel => panel.dispose());
  }

  private add(uri: vscode.Uri, webviewPanel: vscode.WebviewPanel): DiagramPanel {
    const panel = new DiagramPanel(uri, webviewPanel, this.services);
    this.panels.set(uri.toString(), panel);
    this.latest = panel;
    panel.onDidChange(() => {
      if (panel.active) {
        this.latest = panel;
      }
      this.setContext();
    });
    panel.onDidDispose(() => {
      this.panels.delete(uri.toString());
      if (this.latest === panel) {
        this.latest = [...this.panels.values()].at(-1);
      }
      this.setContext();
    });
    this.setContext();
    return panel;
  }

  /** `vnet.panelActive`: a diagram is in front. `vnet.simulationActive`: there is a simulation to act on. */
  private setContext(): void {
    const panels = [...this.panels.values()];
    const set = (key: string, value: boolean): void => {
      void vscode.commands.executeCommand('setContext', key, value);
    };
    set(
      'vnet.panelActive',
      panels.some(panel => panel.active),
    );
    set(
      'vnet.simulationActive',
      panels.some(panel => panel.clock !== undefined),
    );
  }
}

/** The file that the page's state names. */
function uriOf(state: unknown): vscode.Uri | undefined {
  if (typeof state !== 'object' || state === null || !('uri' in state) || typeof state.uri !== 'string') {
    return undefined;
  }
  try {
    return state.uri === '' ? undefined : vscode.Uri.parse(state.uri, true);
  } catch {
    return undefined;
  }
}
