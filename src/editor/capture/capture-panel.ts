/** One editor of a capture file: its thread, its page, and the messages between the two. */
import * as vscode from 'vscode';
import type { PanelEvent, PanelRequest } from '../../simulation/panel-protocol';
import type { CaptureEvent } from '../../simulation/capture-file/capture-protocol';
import { CaptureSession } from '../../simulation/capture-file/capture-session';
import type { ColourRulesSetting } from '../colour-rules-setting';
import { nameOf } from '../panel/file-name';
import { capturePage, type PanelPlaces } from '../panel/panel-html';

export interface CaptureServices {
  readonly places: PanelPlaces;
  /** Path of the bundled thread. */
  readonly worker: string;
  readonly log: vscode.LogOutputChannel;
  readonly colourRules: ColourRulesSetting;
}

/** Files that only VS Code itself can reach are read at once: up to 256 MiB. */
const MOST_BYTES_AT_ONCE = 268_435_456;

export class CapturePanel implements vscode.Disposable {
  private readonly session: CaptureSession;
  private readonly subscriptions: vscode.Disposable[] = [];
  /** Whether a page listens: it is thrown away while the editor is hidden and says `ready` when it comes back. */
  private listening = false;
  private disposed = false;
  /** How the file on disk is no longer what is shown. */
  private staleness: 'changed' | 'deleted' | undefined;

  constructor(
    private readonly uri: vscode.Uri,
    private readonly panel: vscode.WebviewPanel,
    private readonly services: CaptureServices,
  ) {
    this.session = new CaptureSession(services.worker, event => this.told(event));
    panel.webview.options = { enableScripts: true, localResourceRoots: [services.places.dist] };
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), globOf(nameOf(uri))),
    );
    this.subscriptions.push(
      watcher,
      watcher.onDidChange(() => this.setStale('changed')),
      watcher.onDidCreate(() => this.setStale('changed')),
      watcher.onDidDelete(() => this.setStale('deleted')),
      services.colourRules.onDidChange(() => this.tellColours()),
      panel.onDidChangeViewState(() => {
        this.listening &&= panel.visible;
      }),
      panel.webview.onDidReceiveMessage((message: unknown) => {
        if (isCaptureRequest(message)) {
          this.answer(message);
        }
      }),
    );
    panel.webview.html = capturePage(panel.webview, services.places, uri);
    void this.read();
  }

  dispose(): void {
    if (!this.disposed) {
      this.disposed = true;
      this.session.dispose();
      this.subscriptions.splice(0).forEach(subscription => void subscription.dispose());
    }
  }

  /** Reads the file from its beginning. Never rejects: what can't be read is told to the page. */
  private async read(): Promise<void> {
    this.setStale(undefined);
    if (this.uri.scheme === 'file') {
      this.session.open({ type: 'open-path', path: this.uri.fsPath });
      return;
    }
    try {
      const { size } = await vscode.workspace.fs.stat(this.uri);
      if (size > MOST_BYTES_AT_ONCE) {
        throw new Error(vscode.l10n.t('A file that is not on this computer may have at most 256 MiB.'));
      }
      const bytes = await vscode.workspace.fs.readFile(this.uri);
      if (!this.disposed) {
        this.session.open({ type: 'open-bytes', bytes });
      }
    } catch (error) {
      if (!this.disposed) {
        const message = error instanceof Error ? error.message : String(error);
        this.session.open({ type: 'unreadable', message });
      }
    }
  }

  private told(event: CaptureEvent): void {
    if (event.type === 'capture-file') {
      this.post(event);
    } else {
      if (event.type === 'failed') {
        this.services.log.error(`${this.uri.toString()}: ${event.message}`);
      }
      this.post({ type: 'simulation', event });
    }
  }

  private answer(message: CaptureRequest): void {
    switch (message.type) {
      case 'ready':
        this.listening = this.panel.visible;
        this.post({ type: 'capture-stale', staleness: this.staleness });
        this.tellColours();
        this.session.tellAgain();
        break;
      case 'simulation':
        this.session.request(message.request);
        break;
      case 'command':
        void vscode.commands.executeCommand(message.command);
        break;
      case 'reload':
        void this.read();
        break;
    }
  }

  private setStale(staleness: 'changed' | 'deleted' | undefined): void {
    this.staleness = staleness;
    this.post({ type: 'capture-stale', staleness });
  }

  private tellColours(): void {
    this.post({ type: 'colour-rules', rules: this.services.colourRules.rules });
  }

  private post(event: PanelEvent): void {
    if (this.listening && !this.disposed) {
      this.panel.webview.postMessage(event).then(undefined, (error: unknown) => {
        this.services.log.error(`${this.uri.toString()}: a message did not reach the page: ${String(error)}`);
      });
    }
  }
}

type CaptureRequest = Extract<PanelRequest, { type: 'ready' | 'simulation' | 'command' | 'reload' }>;

/** Only the page's own script posts here, so the tag is enough. */
function isCaptureRequest(message: unknown): message is CaptureRequest {
  const types: readonly unknown[] = [
    'ready',
    'simulation',
    'command',
    'reload',
  ] satisfies CaptureRequest['type'][];
  return typeof message === 'object' && message !== null && 'type' in message && types.includes(message.type);
}

/** A pattern that this name alone fits. */
function globOf(name: string): string {
  return name.replace(/[*?[\]{}]/g, '[$&]');
}
