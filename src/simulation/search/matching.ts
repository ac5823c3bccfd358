/**
 * Which records a filter lets through: looked at in slices of time, in order, new ones as they come. The numbers go out in batches that
 * the receiver acknowledges; one that is slow or hidden stops the looking, never the simulation.
 */
import type { DisplayFilter } from '../../trace/filter/filter';
import type { TraceView } from '../trace-view';
import { listeningAt, type CapturePoint, type Listening } from './capture-point';
import { RecordPacket } from './record-packet';
import type { StreamNumbers } from './stream-numbers';

/** Batches that may be under way, as for records. */
const MOST_UNACKNOWLEDGED = 3;

/** Numbers in one batch: 64 kB. */
const MOST_NUMBERS = 16_384;

/** Records looked at between two looks at the clock: together less than a millisecond. */
const AT_ONCE = 32;

/** What is looked for. */
export interface RecordFilter {
  /** The receiver's own number for it. */
  readonly id: number;
  readonly filter: DisplayFilter;
  readonly point: CapturePoint;
}

export interface MatchBatch {
  readonly filter: number;
  readonly batch: number;
  /** Every record before this one has been looked at. */
  readonly looked: number;
  /** The numbers of records that pass, ascending: 32-bit unsigned integers, least significant byte first. */
  readonly data: ArrayBuffer;
}

export class Matching {
  private readonly found = new Uint32Array(MOST_NUMBERS);
  private count = 0;
  /** The next record to look at. */
  private next = 0;
  /** What the receiver was told of `next`. */
  private told = -1;
  private nextBatch = 0;
  private readonly unacknowledged = new Set<number>();
  private listening: Listening | undefined;

  /** @param streams gives the numbers of streams, where the filter asks for them */
  constructor(
    readonly what: RecordFilter,
    private view: TraceView,
    private streams: () => StreamNumbers,
  ) {
    this.listening = listeningAt(what.point, view);
    this.next = view.oldest;
  }

  /** Goes on in a trace that has fewer records, all of them as they were; what the receiver got of later ones it forgets. */
  goBack(view: TraceView, streams: () => StreamNumbers): void {
    this.view = view;
    this.streams = streams;
    this.listening = listeningAt(this.what.point, view);
    this.next = Math.min(this.next, view.end);
    this.told = Math.min(this.told, view.end);
    while (this.count > 0 && (this.found[this.count - 1] ?? 0) >= view.end) {
      this.count--;
    }
  }

  /** Looks at records before `end` as long as there is time; true when there is more to look at, and room for what is found. */
  work(end: number, hasTime: () => boolean): boolean {
    const { view } = this;
    this.next = Math.max(this.next, view.oldest);
    const streams = this.what.filter.needsStreams ? this.streams() : undefined;
    // After going back the numbers of what was looked at before are not known any more.
    if (streams?.work(Math.min(this.next, end), hasTime) === false) {
      return true;
    }
    while (this.next < end && this.count < MOST_NUMBERS) {
      const until = Math.min(end, this.next + Math.min(AT_ONCE, MOST_NUMBERS - this.count));
      for (; this.next < until; this.next++) {
        if (this.passes(this.next, streams)) {
          this.found[this.count++] = this.next;
        }
      }
      if (!hasTime()) {
        break;
      }
    }
    return this.next < end && this.count < MOST_NUMBERS;
  }

  /** Whether there is something to tell and the receiver may get more. */
  get ready(): boolean {
    return this.unacknowledged.size < MOST_UNACKNOWLEDGED && (this.count > 0 || this.told !== this.next);
  }

  /** The next batch; undefined when there is nothing to tell or the receiver must acknowledge first. */
  take(): MatchBatch | undefined {
    if (!this.ready) {
      return undefined;
    }
    const data = new ArrayBuffer(this.count * Uint32Array.BYTES_PER_ELEMENT);
    const bytes = new DataView(data);
    for (let index = 0; index < this.count; index++) {
      bytes.setUint32(index * Uint32Array.BYTES_PER_ELEMENT, this.found[index] ?? 0, true);
    }
    const batch = this.nextBatch++;
    this.unacknowledged.add(batch);
    this.count = 0;
    this.told = this.next;
    return { filter: this.what.id, batch, looked: this.next, data };
  }

  /** The receiver has used this batch. */
  acknowledge(batch: number): void {
    this.unacknowledged.delete(batch);
  }

  private passes(record: number, streams: StreamNumbers | undefined): boolean {
    streams?.takeTo(record);
    if (this.listening?.(record) === false) {
      return false;
    }
    return this.what.filter.matches(new RecordPacket(this.view, record, streams));
  }
}
