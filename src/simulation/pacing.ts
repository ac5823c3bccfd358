/** How virtual time follows real time: a pure function from what the clock shows and the real time that passed. */
import { FASTEST, type Speed } from './protocol';

/**
 * Longest wait in real milliseconds from one event to the next: short enough that nobody wonders whether the simulation stands still,
 * long enough to watch a packet cross a slow cable.
 */
export const LONGEST_WAIT = 400;

const NANOSECONDS_PER_MILLISECOND = 1e6;

/** Where the clock stands between two events, in virtual ns. */
export interface ClockPosition {
  readonly now: number;
  /** The last event before `now`, or the start. */
  readonly previousEvent: number;
  /** Undefined when nothing will ever happen again. */
  readonly nextEvent: number | undefined;
}

/** How far the clock goes. */
export interface Pace {
  /** Virtual ns to run to, never before `now` and never past the next event. */
  readonly time: number;
  /** Real milliseconds left over: more than 0 only when the next event was reached. */
  readonly left: number;
}

/**
 * Lets `elapsed` real milliseconds pass. Between two events that lie further apart than LONGEST_WAIT at this speed the clock runs
 * faster, just so much that the wait is LONGEST_WAIT: a packet on a slow cable still moves evenly, and no pause bores.
 */
export function pace(position: ClockPosition, speed: Speed, elapsed: number): Pace {
  const { now, nextEvent } = position;
  if (nextEvent === undefined) {
    return { time: now, left: 0 };
  }
  if (nextEvent <= now) {
    return { time: now, left: elapsed };
  }
  if (speed >= FASTEST) {
    return { time: nextEvent, left: elapsed };
  }
  const rate = clockRate(position, speed);
  const needed = (nextEvent - now) / rate;
  return needed <= elapsed
    ? { time: nextEvent, left: elapsed - needed }
    : { time: Math.min(nextEvent, Math.max(now, Math.floor(now + elapsed * rate))), left: 0 };
}

/** Virtual ns for each real millisecond at this position. */
export function clockRate(position: ClockPosition, speed: Speed): number {
  const gap = (position.nextEvent ?? position.now) - position.previousEvent;
  return Math.max(speed * NANOSECONDS_PER_MILLISECOND, gap / LONGEST_WAIT);
}
