/** Changes that the user makes on the picture, as edits of the file: one edit, one step to undo. */
import * as vscode from 'vscode';
import type { EditMade, PanelEdit, PanelEvent } from '../../simulation/panel-protocol';
import { deletedWith } from '../../topology/edit/delete-device';
import { editTopology } from '../../topology/edit/edit-topology';
import type { EditOutcome, TopologyEdit } from '../../topology/edit/topology-edit';
import type { ResolvedDevice, ResolvedTopology } from '../../topology/resolved';
import { nodeAt, scalarText } from '../../topology/source-tree';
import { readTopology } from '../../topology/topology-file';
import { messageText } from '../language/diagnostic-text';
import {
  askAddress,
  askAttachment,
  askForward,
  askMachine,
  askName,
  confirmDeletion,
  type Check,
} from './edit-questions';
import type { PinStore } from './pin-store';

export interface EditingPlace {
  readonly pins: PinStore;
  /** What the panel shows. */
  readonly topology: () => ResolvedTopology | undefined;
  readonly tell: (event: PanelEvent) => void;
  readonly column: () => vscode.ViewColumn | undefined;
  /** Gives the panel the focus back. */
  readonly reveal: () => void;
  /** Reads the file again at once, without waiting for a pause as while somebody types. */
  readonly refresh: () => Promise<unknown>;
}

export class TopologyEditing {
  /** One edit after the other: each reads what the one before wrote. */
  private working: Promise<void> = Promise.resolve();

  constructor(
    private readonly uri: vscode.Uri,
    private readonly place: EditingPlace,
  ) {}

  /** Does what the user wants, after asking what it takes. Never rejects. */
  take(edit: PanelEdit): Promise<void> {
    this.working = this.working
      .then(() => this.perform(edit))
      .catch((error: unknown) => {
        this.tell({ refused: vscode.l10n.t('The file can’t be changed: {0}', String(error)) });
      });
    return this.working;
  }

  private async perform(edit: PanelEdit): Promise<void> {
    if (edit.type === 'undo' || edit.type === 'redo') {
      await this.step(edit.type);
      return;
    }
    const document = await vscode.workspace.openTextDocument(this.uri);
    const complete = await this.complete(edit, document);
    if (complete !== undefined) {
      await this.apply(complete, document);
    }
  }

  /** The edit with all that it needs; undefined where the user gave up. */
  private async complete(edit: PanelEdit, document: vscode.TextDocument): Promise<TopologyEdit | undefined> {
    const check: Check = one => refusalText(editTopology(document.getText(), one));
    switch (edit.type) {
      case 'add':
        return this.completeAddition(edit);
      case 'connect':
      case 'delete-cable':
      case 'cable':
        return edit;
      case 'undo':
      case 'redo':
        return undefined;
      case 'rename':
        return askName(edit.device, check);
      case 'delete': {
        const topology = this.place.topology();
        const inside = topology === undefined ? [] : deletedWith({ topology }, edit.device).slice(1);
        return (await confirmDeletion(edit.device, inside))
          ? { type: 'delete', device: edit.device }
          : undefined;
      }
      case 'address':
      case 'forward':
      case 'attach': {
        const device = this.place.topology()?.devices.find(({ id }) => id === edit.device);
        return device === undefined ? undefined : this.ask(edit.type, device, document, check);
      }
    }
  }

  private async completeAddition(
    edit: Extract<PanelEdit, { type: 'add' }>,
  ): Promise<TopologyEdit | undefined> {
    const { kind, on } = edit;
    const topology = this.place.topology();
    if ((kind !== 'vm' && kind !== 'container') || on !== undefined || topology === undefined) {
      return edit;
    }
    const outcome = editTopology((await vscode.workspace.openTextDocument(this.uri)).getText(), edit);
    if (outcome.refused?.id !== 'which-host') {
      return edit;
    }
    const machine = await askMachine(topology, kind);
    return machine === undefined ? undefined : { type: 'add', kind, on: machine };
  }

  private ask(
    type: 'address' | 'forward' | 'attach',
    device: ResolvedDevice,
    document: vscode.TextDocument,
    check: Check,
  ): Promise<TopologyEdit | undefined> {
    switch (type) {
      case 'address':
        return askAddress(device, name => writtenAddress(document.getText(), device, name), check);
      case 'forward':
        return askForward(device, check);
      case 'attach':
        return askAttachment(device);
    }
  }

  private async apply(edit: TopologyEdit, document: vscode.TextDocument): Promise<void> {
    const outcome = editTopology(document.getText(), edit);
    if (outcome.refused !== undefined) {
      this.tell({ refused: refusalText(outcome) ?? '' });
      return;
    }
    const change = new vscode.WorkspaceEdit();
    for (const { offset, length, text } of outcome.changes) {
      const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
      change.replace(this.uri, range, text);
    }
    if (!(await vscode.workspace.applyEdit(change))) {
      this.tell({ refused: vscode.l10n.t('The file can’t be written.') });
      return;
    }
    await this.place.refresh();
    if (edit.type === 'rename') {
      this.place.tell({ type: 'pins', pins: await this.place.pins.rename(edit.device, edit.name) });
    }
    this.tell({
      ...(outcome.device !== undefined && { device: outcome.device }),
      ...(edit.type === 'rename' && { before: edit.device }),
    });
  }

  /** Undo belongs to the text editor: it has to have the focus for that, for a moment. */
  private async step(command: 'undo' | 'redo'): Promise<void> {
    const visible = vscode.window.visibleTextEditors.find(
      ({ document }) => document.uri.toString() === this.uri.toString(),
    );
    const viewColumn =
      visible?.viewColumn ??
      (this.place.column() === vscode.ViewColumn.One ? vscode.ViewColumn.Two : vscode.ViewColumn.One);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(this.uri), { viewColumn });
    await vscode.commands.executeCommand(command);
    await this.place.refresh();
    this.place.reveal();
    this.tell({});
  }

  private tell(event: Omit<EditMade, 'type'>): void {
    this.place.tell({ type: 'edited', ...event });
  }
}

function refusalText(outcome: EditOutcome): string | undefined {
  if (outcome.refused === undefined) {
    return undefined;
  }
  const sentences = [outcome.refused, ...(outcome.because === undefined ? [] : [outcome.because])];
  return sentences.map(messageText).join(' ');
}

/** What the file says of the address of an interface. */
function writtenAddress(text: string, device: ResolvedDevice, name: string): string {
  const { root } = readTopology(text);
  const one = 'interfaces' in device ? device.interfaces.find(each => each.name === name) : undefined;
  const part = one?.slot === undefined ? ['interfaces', name] : ['adapters', String(one.slot)];
  const node = root && nodeAt(root, ['nodes', device.id, ...part, 'address']);
  return node?.kind === 'list' ? node.items.map(scalarText).join(', ') : scalarText(node);
}
