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
}

export class Terminals {
  private readonly open = new Map<number, RunningCommand>();
  /** Lines that were typed before the devices were up. */
  private expected = 0;
  private readonly devices: ReadonlySet<string>;

  constructor(
    private readonly topology: ResolvedTopology,
    private readonly network: NetworkControl,
    private readonly printed: (output: TerminalOutput) => void,
  ) {
    this.devices = new Set(topology.devices.map(({ id }) => id));
  }

  /** Whether a command is at work, or will be. */
  get busy(): boolean {
    return this.open.size > 0 || this.expected > 0;
  }

  /** A line was typed that `run` will get once the devices are up. */
  expect(): void {
    this.expected++;
  }

  /** Whether a command is at work in this terminal. */
  isBusy(terminal: number): boolean {
    return this.open.has(terminal);
  }

  run(terminal: number, device: string, line: string): void {
    this.expected = Math.max(0, this.expected - 1);
    if (this.open.has(terminal)) {
      return;
    }
    if (!this.devices.has(device)) {
      this.printed({ terminal, text: `bash: ${device}: there is no such device any more\n`, running: false });
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
            this.printed({ terminal, text: '', running: false });
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

  /** A line for the command at work; without one its input ends. */
  input(terminal: number, line?: string): void {
    const command = this.open.get(terminal);
    this.asUser(() => {
      if (line === undefined) {
        command?.inputEnded?.();
      } else {
        command?.input?.(line.slice(0, LONGEST_LINE));
      }
    });
  }

  interrupt(terminal: number): void {
    this.asUser(() => {
      this.open.get(terminal)?.interrupt();
    });
  }

  /** What a command sends because of what was typed has no frame as its cause. */
  private asUser<Result>(action: () => Result): Result {
    return this.network.asUser(action);
  }
}
