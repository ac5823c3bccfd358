/** What a command of a terminal is given, and what it gives. */
import type { NetworkControl } from '../../engine/network';
import type { ResolvedTopology } from '../../topology/resolved';

/** A command at work. */
export interface RunningCommand {
  /** Does nothing by itself: it would wait for packets until the end of time, so nothing is still to come because of it. */
  readonly waits?: true;
  /** Ctrl+C. */
  interrupt(): void;
  /** A line was typed for it, without what ends it. Commands without this method read nothing. */
  input?(line: string): void;
  /** Ctrl+D: no more will be typed. */
  inputEnded?(): void;
}

/** Where a command runs. */
export interface CommandContext {
  readonly network: NetworkControl;
  readonly topology: ResolvedTopology;
  /** The machine whose terminal it is. */
  readonly device: string;
  /** Prints lines, or parts of them; `\n` ends a line. */
  readonly print: (text: string) => void;
  /** The command is done; called once, at once or in virtual time. */
  readonly ended: () => void;
}

/** Runs; nothing is returned by a command that has ended. */
export type Command = (args: readonly string[], context: CommandContext) => RunningCommand | undefined;
