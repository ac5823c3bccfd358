/** Where the pins of one diagram are kept: beside the topology or in it, as the user has it. Nothing is written before a device is moved. */
import * as vscode from 'vscode';
import { parsePins, pinsEdit } from '../../topology/pins/in-file';
import { parseSidecar, renamedPins, sidecarName, sidecarText, type Pins } from '../../topology/pins/sidecar';
import { nameOf } from './file-name';

export class PinStore {
  /** One write after the other, in the order of the moves. */
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly uri: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Those in the file, and over them those beside it. */
  async read(): Promise<Pins> {
    await this.writing;
    const [inside, beside] = await Promise.all([this.readTopology(), this.readSidecar()]);
    return { ...inside, ...beside };
  }

  /** Keeps the pins; none takes all away. */
  write(pins: Pins): void {
    this.writing = this.writing
      .then(async () => {
        const wanted = vscode.workspace.getConfiguration('vnet', this.uri).get<string>('diagram.pins');
        if (wanted === 'file' && (await this.writeTopology(pins))) {
          await this.writeSidecar({});
        } else {
          await this.writeSidecar(pins);
        }
      })
      .catch((error: unknown) => this.complain(error));
  }

  /** A device has another name: what is kept beside the file for it, and for what belongs to it, is kept by that. */
  async rename(before: string, after: string): Promise<Pins> {
    await this.writing;
    const beside = await this.readSidecar();
    const renamed = renamedPins(beside, before, after);
    if (Object.keys(beside).some(id => !(id in renamed))) {
      this.writing = this.writeSidecar(renamed).catch((error: unknown) => this.complain(error));
    }
    return this.read();
  }

  private get sidecar(): vscode.Uri {
    return vscode.Uri.joinPath(this.uri, '..', sidecarName(nameOf(this.uri)));
  }

  private complain(error: unknown): void {
    this.log.error(`${this.uri.toString()}: where devices were put can't be kept: ${String(error)}`);
  }

  private async readSidecar(): Promise<Pins> {
    try {
      return parseSidecar(new TextDecoder().decode(await vscode.workspace.fs.readFile(this.sidecar)));
    } catch {
      return {};
    }
  }

  private async readTopology(): Promise<Pins> {
    try {
      return parsePins((await vscode.workspace.openTextDocument(this.uri)).getText());
    } catch {
      return {};
    }
  }

  private async writeSidecar(pins: Pins): Promise<void> {
    if (Object.keys(pins).length > 0) {
      await vscode.workspace.fs.writeFile(this.sidecar, new TextEncoder().encode(sidecarText(pins)));
    } else if (await this.exists(this.sidecar)) {
      await vscode.workspace.fs.delete(this.sidecar);
    }
  }

  private async exists(uri: vscode.Uri): Promise<boolean> {
    try {
      await vscode.workspace.fs.stat(uri);
      return true;
    } catch {
      return false;
    }
  }

  /** An edit like one of the user's, to be saved and undone as such; false where the file can't say it. */
  private async writeTopology(pins: Pins): Promise<boolean> {
    const document = await vscode.workspace.openTextDocument(this.uri);
    const edit = pinsEdit(document.getText(), pins);
    if (edit === undefined) {
      return false;
    }
    const change = new vscode.WorkspaceEdit();
    const range = new vscode.Range(
      document.positionAt(edit.offset),
      document.positionAt(edit.offset + edit.length),
    );
    change.replace(this.uri, range, edit.text);
    return vscode.workspace.applyEdit(change);
  }
}
