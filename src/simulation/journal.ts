/**
 * What the user did while a simulation ran, and where in it. A run is made by its topology, its seed and its journal alone, so playing
 * the journal again at the same places makes the same run to the byte: that is how time goes back.
 */

/** What a user can do to a running network. */
export type UserAction =
  /** Ping as a user of `from` would type it. */
  | {
      readonly type: 'ping';
      readonly from: string;
      readonly to: string;
      readonly count: number;
      /** Of the request this answers, where there is one. */
      readonly request?: number;
    }
  /** Pull a cable, or plug it in again. */
  | { readonly type: 'cable'; readonly cable: string; readonly up: boolean }
  /** A line typed in a terminal. */
  | {
      readonly type: 'terminal';
      readonly terminal: number;
      readonly device: string;
      readonly line: string;
    }
  /** A line typed for the command at work in a terminal; without one its input ends (Ctrl+D). */
  | { readonly type: 'terminal-input'; readonly terminal: number; readonly line?: string }
  /** Ctrl+C in a terminal. */
  | { readonly type: 'terminal-interrupt'; readonly terminal: number };

/** Actions kept of one run: more than hands can do, and a bound on what a script may. */
export const MOST_ACTIONS = 10_000;

/** One action at its place. */
export interface JournalEntry {
  readonly action: UserAction;
  /** Virtual ns. */
  readonly time: number;
  /** Events of the run before this one; undefined in a run of another topology, which does other events: there it comes by its time. */
  events: number | undefined;
  /** Whether the user was told how it ended. */
  answered: boolean;
}

export class Journal {
  private readonly entries: JournalEntry[] = [];

  /** Actions so far. */
  get length(): number {
    return this.entries.length;
  }

  /** Whether it takes no more. */
  get full(): boolean {
    return this.entries.length >= MOST_ACTIONS;
  }

  /** The action with this number, from 0; undefined when there is none. */
  at(index: number): JournalEntry | undefined {
    return this.entries[index];
  }

  /** Puts an action at its place, and returns what was to come from there on: with a new action that future is gone. */
  write(index: number, entry: JournalEntry): readonly JournalEntry[] {
    return this.entries.splice(index, Number.POSITIVE_INFINITY, entry);
  }

  /** Has every action come by its time, in a run of another topology. */
  forgetPlaces(): void {
    for (const entry of this.entries) {
      entry.events = undefined;
    }
  }

  /** Forgets everything, and returns it. */
  clear(): readonly JournalEntry[] {
    return this.entries.splice(0);
  }
}
