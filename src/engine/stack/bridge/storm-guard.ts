/**
 * Finds frames that circle in a loop of bridges or hubs. Without a loop each of them passes a frame on once at most, so a frame counts how
 * often that happened, and one that was passed on very often is in a loop. Real switches melt down; here the storm begins as it would, and
 * is then ended and named, so that the simulation stays usable.
 */
import type { Frame } from '../../kernel/frame';

/** How often a frame is passed on until it is taken for one that circles. */
export const STORM_RELAYS = 1024;

/** The same for all frames while a storm is on: what stations answer to each copy would keep it alive. No path is this long. */
export const RELAYS_DURING_STORM = 64;

/** ns that a storm counts as being on after a frame was found to circle. */
const STORM_TIME = 10_000_000_000;

export class StormGuard {
  private stormUntil = 0;

  /** @param relays STORM_RELAYS, or another bound */
  constructor(private readonly relays = STORM_RELAYS) {}

  /** Counts that the frame is passed on now; true when it should not be. */
  circles(frame: Frame, now: number): boolean {
    return ++frame.relays > RELAYS_DURING_STORM && this.isStorm(frame, now);
  }

  private isStorm(frame: Frame, now: number): boolean {
    if (frame.relays > this.relays) {
      this.stormUntil = now + STORM_TIME;
      return true;
    }
    return now < this.stormUntil;
  }
}
