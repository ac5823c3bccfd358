/** Reads each open topology file once for every version of its text, and tells who listens. */
import * as vscode from 'vscode';
import { readTopology, type TopologyFile } from '../topology/topology-file';

/** The language of topology files, as package.json declares it. */
export const TOPOLOGY_LANGUAGE = 'vnet';

/** Called when a file was read again. */
export type TopologyListener = (uri: vscode.Uri, file: TopologyFile) => void;

/** Milliseconds that changes are gathered before a file is read again: what one command does to it may come in several. */
const GATHERING_TIME = 5;
/** A file that takes no longer to read than this, in ms, is read at each key: a thousand lines take some 40. */
const QUICK_TO_READ = 100;
/** Milliseconds without a key before one that takes longer is read. */
const QUIET_TIME = 150;

interface ReadDocument {
  readonly version: number;
  readonly file: TopologyFile;
  /** When it had been read (`performance.now`), and how long that took, in ms. */
  readonly at: number;
  readonly took: number;
}

export class TopologyDocuments implements vscode.Disposable {
  private readonly read = new WeakMap<vscode.TextDocument, ReadDocument>();
  private readonly told = new WeakMap<vscode.TextDocument, number>();
  private readonly waiting = new Map<vscode.TextDocument, NodeJS.Timeout>();
  private readonly listeners = new Set<TopologyListener>();
  private readonly closeListeners = new Set<(uri: vscode.Uri) => void>();
  private readonly subscriptions: vscode.Disposable[];

  constructor() {
    this.subscriptions = [
      vscode.workspace.onDidOpenTextDocument(document => this.schedule(document, 0)),
      vscode.workspace.onDidChangeTextDocument(({ document }) =>
        this.schedule(document, this.pause(document)),
      ),
      vscode.workspace.onDidCloseTextDocument(document => this.forget(document)),
    ];
    vscode.workspace.textDocuments.forEach(document => this.schedule(document, 0));
  }

  /** The file as it stands in the editor now; read at most once for each version. */
  get(document: vscode.TextDocument): TopologyFile {
    const known = this.known(document);
    if (known !== undefined) {
      return known;
    }
    const before = performance.now();
    const file = readTopology(document.getText());
    const at = performance.now();
    this.read.set(document, { version: document.version, file, at, took: at - before });
    return file;
  }

  /** The file as it stands in the editor now, if that was read already. */
  known(document: vscode.TextDocument): TopologyFile | undefined {
    const known = this.read.get(document);
    return known?.version === document.version ? known.file : undefined;
  }

  /** Calls the listener for every open topology file soon after it was opened or changed. */
  onDidChange(listener: TopologyListener): vscode.Disposable {
    this.listeners.add(listener);
    return new vscode.Disposable(() => this.listeners.delete(listener));
  }

  /** Calls the listener when a topology file is closed. */
  onDidClose(listener: (uri: vscode.Uri) => void): vscode.Disposable {
    this.closeListeners.add(listener);
    return new vscode.Disposable(() => this.closeListeners.delete(listener));
  }

  dispose(): void {
    this.waiting.forEach(timer => clearTimeout(timer));
    this.waiting.clear();
    this.listeners.clear();
    this.closeListeners.clear();
    this.subscriptions.splice(0).forEach(subscription => void subscription.dispose());
  }

  /**
   * How long a changed file waits to be read, in ms. Between two readings there is a pause as long as one takes, so that reading gets half
   * of the time at most; who types slower than that sees each key's effect at once.
   */
  private pause(document: vscode.TextDocument): number {
    const { at, took } = this.read.get(document) ?? { at: 0, took: 0 };
    return took > QUICK_TO_READ ? QUIET_TIME : Math.max(GATHERING_TIME, at + took - performance.now());
  }

  private schedule(document: vscode.TextDocument, delay: number): void {
    if (document.languageId !== TOPOLOGY_LANGUAGE) {
      return;
    }
    clearTimeout(this.waiting.get(document));
    this.waiting.set(
      document,
      setTimeout(() => this.tell(document), delay),
    );
  }

  private tell(document: vscode.TextDocument): void {
    this.waiting.delete(document);
    // Saving and other changes without a new text are no news.
    if (document.isClosed || this.told.get(document) === document.version) {
      return;
    }
    this.told.set(document, document.version);
    const file = this.get(document);
    [...this.listeners].forEach(listener => listener(document.uri, file));
  }

  private forget(document: vscode.TextDocument): void {
    clearTimeout(this.waiting.get(document));
    this.waiting.delete(document);
    this.read.delete(document);
    this.told.delete(document);
    if (document.languageId === TOPOLOGY_LANGUAGE) {
      [...this.closeListeners].forEach(listener => listener(document.uri));
    }
  }
}
