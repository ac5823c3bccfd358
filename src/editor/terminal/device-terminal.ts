/** A terminal of VS Code on a device of the simulation. */
import * as vscode from 'vscode';
import type { SimulationRequest, TerminalOutput } from '../../simulation/protocol';
import { LineEditor } from './line-editor';

/** What a terminal needs of its simulation. */
export interface TerminalPlace {
  readonly request: (request: SimulationRequest) => void;
  /** What the word before the cursor may become. */
  readonly complete: (before: string) => readonly string[];
  readonly closed: () => void;
}

/** Behind each end of a line. */
const LINE_END = /(?<=[\r\n])/;

const DIM = '\x1b[2m';
const PLAIN = '\x1b[0m';

export class DeviceTerminal implements vscode.Pseudoterminal {
  private readonly writes = new vscode.EventEmitter<string>();
  private readonly closes = new vscode.EventEmitter<void>();
  readonly onDidWrite = this.writes.event;
  readonly onDidClose = this.closes.event;
  private readonly editor: LineEditor;
  /** For what is typed while a command runs: the command gets it line by line. */
  private readonly input = new LineEditor(
    () => '',
    () => [],
  );
  private running = false;
  private atLineStart = true;

  /** @param terminal its number, by which the simulation knows it */
  constructor(
    private readonly terminal: number,
    private readonly device: string,
    private readonly place: TerminalPlace,
  ) {
    this.editor = new LineEditor(() => `root@${device}:~# `, place.complete);
  }

  open(): void {
    const hint = vscode.l10n.t('A terminal on {0} in the simulation: help lists its commands.', this.device);
    this.writes.fire(`${DIM}${hint}${PLAIN}\r\n${this.editor.shown}`);
  }

  close(): void {
    if (this.running) {
      this.place.request({ type: 'terminal-interrupt', terminal: this.terminal });
    }
    this.place.closed();
  }

  /** What is pasted may begin a command and go on for it, or for the shell after it. */
  handleInput(data: string): void {
    for (const line of data.split(LINE_END)) {
      if (this.running) {
        this.typeIntoCommand(line);
      } else {
        this.typeIntoShell(line);
      }
    }
  }

  private typeIntoShell(data: string): void {
    for (const { write, entered, interrupted, closed } of this.editor.take(data)) {
      this.writes.fire(write);
      if (closed === true) {
        this.closes.fire();
      } else if (interrupted === true) {
        this.writes.fire(this.editor.shown);
      } else if (entered !== undefined) {
        this.enter(entered);
      }
    }
  }

  /** The simulation prints, or the command has ended. */
  printed({ text, running, unread = [] }: TerminalOutput): void {
    if (text !== '') {
      this.atLineStart = text.endsWith('\n');
      this.writes.fire(text.replaceAll('\n', '\r\n'));
    }
    const ended = this.running && !running;
    this.running = running;
    if (ended) {
      // What does not end its last line stays to be read.
      this.writes.fire(`${this.atLineStart ? '' : '\r\n'}${this.editor.shown}`);
      this.atLineStart = true;
    }
    if (!running) {
      // Typed ahead, as a shell finds it when it reads again: shown once more behind its prompt.
      const ahead = [...unread.map(line => `${line}\r`), this.input.typed];
      this.input.clear();
      this.handleInput(ahead.join(''));
    }
  }

  /** Time went back, or another run began: what is printed from here on belongs to that. */
  timeMoved(what: string): void {
    this.running = false;
    this.input.clear();
    this.writes.fire(`\r\n${DIM}— ${what} —${PLAIN}\r\n${this.editor.shown}`);
  }

  private typeIntoCommand(data: string): void {
    const { terminal } = this;
    for (const { write, entered, interrupted, closed } of this.input.take(data)) {
      if (interrupted === true) {
        this.place.request({ type: 'terminal-interrupt', terminal });
      } else if (closed === true) {
        this.place.request({ type: 'terminal-input', terminal });
      } else {
        this.writes.fire(write);
        if (entered !== undefined) {
          this.place.request({ type: 'terminal-input', terminal, line: entered });
        }
      }
    }
  }

  private enter(line: string): void {
    if (line.trim() === '') {
      this.writes.fire(this.editor.shown);
      return;
    }
    this.running = true;
    this.place.request({ type: 'terminal', terminal: this.terminal, device: this.device, line });
  }
}
