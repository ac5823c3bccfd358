/** The terminals of one run: the command at work in each, and what each has printed. */
import type { NetworkControl } from '../../engine/network';
import type { ResolvedTopology } from '../../topology/resolved';
import type { RunningCommand } from './command';
import { LONGEST_LINE, runLine } from './shell';

/** What a terminal printed since it was told of last. */
export interface TerminalOutput {
  readonly terminal: number;
  readonly text: string;
  /** A command is at work; false when the terminal waits for a line. */
  readonly running: boolean;
  /** Lines typed meanwhile that no command has read: the shell's. */
  readonly unread?: readonly string[];
}

/** Lines kept for the shell; a terminal of Linux keeps 4095 characters (N_TTY_BUF_SIZE). */
const MOST_UNREAD = 64;

export class Terminals {
  private readonly open = new Map<number, RunningCommand>();
  private readonly unread = new Map<number, string[]>();
  /** The terminals of lines that were typed before the devices were up. */
  private expected: readonly number[] = [];
  private readonly devices: ReadonlySet<string>;

  constructor(
    private readonly topology: ResolvedTopology,
    private readonly network: NetworkControl,
    private readonly printed: (output: TerminalOutput) => void,
  ) {
    this.devices = new Set(topology.devices.map(({ id }) => id));
  }

  /** Whether a command is at work, or will be. */
  get atWork(): boolean {
    return this.open.size > 0 || this.expected.length > 0;
  }

  /** Whether one is that does more than wait. */
  get busy(): boolean {
    return this.expected.length > 0 || [...this.open.values()].some(({ waits }) => waits !== true);
  }

  /** A line was typed that `run` will get once the devices are up. */
  expect(terminal: number): void {
    this.expected = [...this.expected, terminal];
  }

  /** Whether a command is at work in this terminal. */
  isBusy(terminal: number): boolean {
    return this.open.has(terminal);
  }

  run(terminal: number, device: string, line: string): void {
    this.expected = this.expected.filter((_, index) => index !== this.expected.indexOf(terminal));
    if (this.open.has(terminal)) {
      return;
    }
    if (!this.devices.has(device)) {
      this.printed({ terminal, text: `bash: ${device}: there is no such device any more\n`, running: true });
      this.waits(terminal);
      return;
    }
    let ended = false;
    const command = this.asUser(() =>
      runLine(line, {
        network: this.network,
        topology: this.topology,
        device,
        print: text => {
          this.printed({ terminal, text, running: true });
        },
        ended: () => {
          if (!ended) {
            ended = true;
            this.open.delete(terminal);
            this.waits(terminal);
          }
        },
      }),
    );
    // A command may have ended before it returned.
    const isAtWork = !ended as boolean;
    if (command !== undefined && isAtWork) {
      this.open.set(terminal, command);
    }
  }

  /** A line for the command at work; without one its input ends. What nobody reads is for the shell. */
  input(terminal: number, line?: string): void {
    const command = this.open.get(terminal);
    if (line !== undefined && command?.input === undefined) {
      this.keep(terminal, line.slice(0, LONGEST_LINE));
      if (command === undefined && !this.expected.includes(terminal)) {
        this.waits(terminal);
      }
      return;
    }
    this.asUser(() => {
      if (line === undefined) {
        command?.inputEnded?.();
      } else {
        command?.input?.(line.slice(0, LONGEST_LINE));
      }
    });
  }

  /** What was typed ahead is forgotten with the command (Linux: INTR flushes the input, termios NOFLSH). */
  interrupt(terminal: number): void {
    this.unread.delete(terminal);
    this.asUser(() => {
      this.open.get(terminal)?.interrupt();
    });
  }

  private keep(terminal: number, line: string): void {
    const lines = this.unread.get(terminal) ?? [];
    this.unread.set(terminal, lines);
    if (lines.length < MOST_UNREAD) {
      lines.push(line);
    }
  }

  /** The shell has the terminal again, and what was typed for it. */
  private waits(terminal: number): void {
    const unread = this.unread.get(terminal);
    this.unread.delete(terminal);
    this.printed({ terminal, text: '', running: false, ...(unread === undefined ? {} : { unread }) });
  }

  /** What a command sends because of what was typed has no frame as its cause. */
  private asUser<Result>(action: () => Result): Result {
    return this.network.asUser(action);
  }
}
