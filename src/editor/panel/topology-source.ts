/** Follows one topology file for a panel: what there is to draw, and what stands in the way of drawing what the file says now. */
import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import type { StaleProblem } from '../../simulation/panel-protocol';
import type { ResolvedTopology } from '../../topology/resolved';
import type { TopologyFile } from '../../topology/topology-file';
import { diagnosticText } from '../language/diagnostic-text';
import type { TopologyDocuments } from '../topology-documents';

export interface TopologyFollower {
  /** The file says something else than before. */
  topologyChanged(topology: ResolvedTopology): void;
  /** Undefined when the picture is up to date again. */
  problemChanged(problem: StaleProblem | undefined): void;
}

export class TopologySource implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[] = [];
  private disposed = false;
  private current: ResolvedTopology | undefined;
  private currentProblem: StaleProblem | undefined;

  constructor(
    readonly uri: vscode.Uri,
    private readonly documents: TopologyDocuments,
    private readonly follower: TopologyFollower,
  ) {
    this.subscriptions.push(
      documents.onDidChange((changed, file) => {
        if (this.isThis(changed)) {
          this.read(file);
        }
      }),
      vscode.workspace.onDidCloseTextDocument(document => {
        if (this.isThis(document.uri)) {
          void this.open();
        }
      }),
      vscode.workspace.onDidRenameFiles(({ files }) => {
        const renamed = files.find(({ oldUri }) => this.isThis(oldUri));
        if (renamed !== undefined) {
          const name = vscode.workspace.asRelativePath(renamed.newUri);
          this.lost(vscode.l10n.t('The file is now {0}; this is its picture from before.', name));
        }
      }),
      vscode.workspace.onDidDeleteFiles(({ files }) => {
        if (files.some(file => this.isThis(file))) {
          this.lost(vscode.l10n.t('The file was deleted; this is its last picture.'));
        }
      }),
    );
  }

  /** The last good reading of the file. */
  get topology(): ResolvedTopology | undefined {
    return this.current;
  }

  get problem(): StaleProblem | undefined {
    return this.currentProblem;
  }

  /**
   * Reads the file, also when no editor shows it: a file whose last editor was closed is followed on disk from then on. Whether that
   * worked; it never rejects.
   */
  async open(): Promise<boolean> {
    try {
      const document = await vscode.workspace.openTextDocument(this.uri);
      if (!this.disposed) {
        this.read(this.documents.get(document));
      }
      return true;
    } catch {
      // A file that was deleted or renamed here is closed as well, and that was told already.
      if (!this.disposed && this.currentProblem?.errors !== 0) {
        this.lost(vscode.l10n.t('The file was closed and can’t be read any more; this is its last picture.'));
      }
      return false;
    }
  }

  dispose(): void {
    this.disposed = true;
    this.subscriptions.splice(0).forEach(subscription => void subscription.dispose());
  }

  /** Comments, white space and order of keys may change as they like: only another topology is news. */
  private read(file: TopologyFile): void {
    const errors = file.diagnostics.filter(({ severity }) => severity === 'error');
    const [first] = errors;
    if (first !== undefined || file.topology === undefined) {
      this.setProblem({
        message: first === undefined ? '' : diagnosticText(first),
        line: first?.range.start.line ?? 1,
        errors: errors.length,
      });
      return;
    }
    if (!isDeepStrictEqual(file.topology, this.current)) {
      this.current = file.topology;
      this.follower.topologyChanged(file.topology);
    }
    this.setProblem(undefined);
  }

  private lost(message: string): void {
    this.setProblem({ message, line: 0, errors: 0 });
  }

  private setProblem(problem: StaleProblem | undefined): void {
    if (!isDeepStrictEqual(problem, this.currentProblem)) {
      this.currentProblem = problem;
      this.follower.problemChanged(problem);
    }
  }

  private isThis(uri: vscode.Uri): boolean {
    return uri.toString() === this.uri.toString();
  }
}
