/**
 * Going to a moment by running again from time 0. Done in slices, so that whoever waits can be answered meanwhile; the run on show stays
 * until the new one stands where it should.
 */
import { REST, type Run, type RunPosition } from './run';

/** A moment of a run. */
export type Moment =
  /** When the clock shows this many virtual ns and all that is due by then is done. */
  | { readonly kind: 'time'; readonly time: number }
  /** Right after the event that made the record with this number. */
  | { readonly kind: 'record'; readonly record: number }
  /** Right after the event that made the last record before the newest of so many: what a step did is undone. */
  | { readonly kind: 'before'; readonly records: number }
  /** Right after the first event of which this record is the cause: its packet's next hop. */
  | { readonly kind: 'consequence'; readonly record: number }
  | { readonly kind: 'position'; readonly position: RunPosition };

export interface Replay {
  /** The run on its way; there when `work` has returned true. */
  readonly run: Run;
  /** Runs so many events at most; true when the moment is reached, or when nothing is left to happen before it. */
  work(mostEvents: number): boolean;
}

/**
 * Begins to go to a moment.
 * @param begin makes a run that stands at time 0
 */
export function replayTo(moment: Moment, begin: () => Run): Replay {
  return moment.kind === 'before' ? new StepBack(begin, moment.records) : new Forward(begin(), moment);
}

/** Takes a run on to a moment that lies before it. */
export class Forward implements Replay {
  /** Records looked at for a consequence. */
  private looked: number;
  private readonly patience: number;

  constructor(
    readonly run: Run,
    private readonly moment: Exclude<Moment, { kind: 'before' }>,
  ) {
    this.looked = run.view.end;
    this.patience = run.position.time + REST;
  }

  work(mostEvents: number): boolean {
    const { run, moment } = this;
    switch (moment.kind) {
      case 'time':
        return run.advanceTo(moment.time, mostEvents) < mostEvents;
      case 'position': {
        const { events, time } = moment.position;
        const left = events - run.position.events;
        const now = Math.min(left, mostEvents);
        if (run.advanceTo(Number.POSITIVE_INFINITY, now) === now && now < left) {
          return false;
        }
        run.standAt(time);
        return true;
      }
      case 'record':
        return this.workUntil(mostEvents, Number.POSITIVE_INFINITY, () => run.view.end > moment.record);
      case 'consequence':
        return this.workUntil(mostEvents, this.patience, () => this.caused(moment.record));
    }
  }

  private workUntil(mostEvents: number, limit: number, reached: () => boolean): boolean {
    for (let events = 0; events < mostEvents; events++) {
      if (reached() || !this.run.advanceOne(limit)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a record that was not looked at yet has this one as its cause. */
  private caused(record: number): boolean {
    const { view } = this.run;
    while (this.looked < view.end) {
      const number = this.looked++;
      if (number >= view.oldest && view.cause(number) === record) {
        return true;
      }
    }
    return false;
  }
}

/**
 * The place before a step is known only when a run has passed it: a first run looks for it event by event, a second one goes there.
 */
class StepBack implements Replay {
  private before: RunPosition = { events: 0, time: 0 };
  private last: RunPosition = { events: 0, time: 0 };
  private found: Forward | undefined;
  private scout: Run;

  constructor(
    private readonly begin: () => Run,
    private readonly records: number,
  ) {
    this.scout = begin();
  }

  get run(): Run {
    return this.found?.run ?? this.scout;
  }

  work(mostEvents: number): boolean {
    if (this.found !== undefined) {
      return this.found.work(mostEvents);
    }
    for (let events = 0; events < mostEvents; events++) {
      const recorded = this.scout.view.end;
      const goesOn = recorded < this.records && this.scout.advanceOne(Number.POSITIVE_INFINITY);
      if (this.scout.view.end > recorded) {
        this.before = this.last;
        this.last = this.scout.position;
      }
      if (!goesOn) {
        this.scout = this.begin();
        this.found = new Forward(this.scout, { kind: 'position', position: this.before });
        return false;
      }
    }
    return false;
  }
}
