/** What a command of the command line gets to speak with, and how it ends. */

/** Where text goes; a test hands in its own. */
export interface CommandIo {
  /** What was asked for. */
  readonly out: (text: string) => void;
  /** What went wrong, and remarks. */
  readonly error: (text: string) => void;
}

/** 0: all went well. 1: the topology, a scenario or a ping failed. 2: the command was used wrongly, or a file can't be read or written. */
export type ExitStatus = 0 | 1 | 2;

/** Wrong use, told in one line; ends the command with status 2. */
export class UsageError extends Error {}
