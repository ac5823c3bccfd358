/** Virtual time: the clock, the events and the record of what happened. */
import type { DropReason } from './drop-reason';
import { EventQueue, type EventTarget } from './event-queue';
import { Frame } from './frame';
import { FramePool } from './frame-pool';
import { RandomStream } from './random-stream';
import { NO_CAUSE, type TrafficObserver } from './traffic-observer';

export class Simulator {
  /** Virtual time in ns since the start; an integer, exact for 104 days. */
  now = 0;

  /** The record whose consequences are being worked out now: every frame sent and every drop is because of it. */
  cause = NO_CAUSE;

  /** Transmissions and drops so far; the next one gets this number. */
  records = 0;

  /** Room for the bytes of new frames. */
  readonly pool = new FramePool();

  private readonly queue = new EventQueue();
  private frames = 0;

  constructor(
    readonly seed: number,
    readonly observer: TrafficObserver | undefined,
  ) {}

  /** When the next event is due in ns; undefined when nothing will ever happen again. */
  get nextEventTime(): number | undefined {
    return this.queue.nextTime;
  }

  /** Makes a frame of bytes that nobody will change any more. */
  frame(bytes: Uint8Array): Frame {
    return new Frame(bytes, this.frames++);
  }

  /** A stream of random numbers of this object's own. */
  random(name: string): RandomStream {
    return new RandomStream(this.seed, name);
  }

  /** Delivers to `target` at `time`, which must not lie in the past. */
  schedule(time: number, target: EventTarget, frame: Frame | null, tag: number): void {
    this.queue.push(time, target, frame, tag);
  }

  /**
   * Records that a frame goes no further, because of the present cause. A port number below 0 is not observed.
   * @param rule the rule that stopped it, where one did
   */
  drop(port: number, frame: Frame, reason: DropReason, rule?: string): void {
    if (port >= 0) {
      this.records++;
      this.observer?.dropped(this.now, port, frame, reason, this.cause, rule);
    }
  }

  /** Runs every event due up to and including `time`, at most `maximumEvents`; then the clock stands at `time` unless events are left. */
  runUntil(time: number, maximumEvents = Number.POSITIVE_INFINITY): number {
    const { queue } = this;
    let events = 0;
    for (;;) {
      const next = queue.nextTime;
      if (next === undefined || next > time) {
        if (Number.isFinite(time)) {
          this.now = Math.max(this.now, time);
        }
        return events;
      }
      if (events === maximumEvents) {
        return events;
      }
      events++;
      this.now = next;
      queue.deliverNext();
    }
  }

  /** Runs until one more record exists; false when nothing is left to happen or `maximumEvents` passed without one. */
  runUntilRecord(maximumEvents: number): boolean {
    const before = this.records;
    for (let events = 0; events < maximumEvents; events++) {
      const next = this.queue.nextTime;
      if (next === undefined) {
        return false;
      }
      this.now = next;
      this.queue.deliverNext();
      if (this.records > before) {
        return true;
      }
    }
    return false;
  }
}
