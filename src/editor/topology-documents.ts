/** Reads each open topology file once for every version of its text, and tells who listens. */
import * as vscode from 'vscode';
import { readTopology, type TopologyFile } from '../topology/topology-file';

/** The language of topology files, as package.json declares it. */
export const TOPOLOGY_LANGUAGE = 'vnet';

/** Called when a file was read again. */
export type TopologyListener = (uri: vscode.Uri, file: TopologyFile) => void;

/**
 * Milliseconds without a keystroke before a changed file is read again: as long as reading it took, so that somebody who types gets at
 * least half of the time. A large file takes a second to read, one of 200 devices some 40 ms.
 */
const QUIET_TIME = { least: 30, most: 150 };

interface ReadDocument {
  readonly version: number;
  readonly file: TopologyFile;
  /** Milliseconds that reading took. */
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
        this.schedule(document, this.quietTime(document)),
      ),
      vscode.workspace.onDidCloseTextDocument(document => this.forget(document)),
    ];
    vscode.workspace.textDocuments.forEach(document => this.schedule(document, 0));
  }

  /** The file as it stands in the editor now; read at most once for each version. */
  get(document: vscode.TextDocument): TopologyFile {
    const known = this.read.get(document);
    if (known?.version === document.version) {
      return known.file;
    }
    const before = performance.now();
    const file = readTopology(document.getText());
    this.read.set(document, { version: document.version, file, took: performance.now() - before });
    return file;
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

  private quietTime(document: vscode.TextDocument): number {
    const took = this.read.get(document)?.took ?? QUIET_TIME.most;
    return Math.min(QUIET_TIME.most, Math.max(QUIET_TIME.least, took));
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
