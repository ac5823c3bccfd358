/** How the kernel tells the outside what frames do, without knowing who listens. */
import type { DropReason } from './drop-reason';
import type { Frame } from './frame';

/** The cause of what a user or the start of the simulation did, not a frame. */
export const NO_CAUSE = -1;

/**
 * Gets one call for each record, in order; records count from 0, so the nth call is record n. Called on the hot path: implementations
 * must not allocate for each call.
 */
export interface TrafficObserver {
  /**
   * A frame left a port.
   * @param departure when its first bit left, in ns
   * @param arrival when its last bit reaches the peer port, in ns; NaN when the cable loses it
   * @param port the sending port's number in the network
   * @param cause the record that made the device send it, or NO_CAUSE
   */
  transmitted(departure: number, arrival: number, port: number, frame: Frame, cause: number): void;

  /**
   * A frame went no further.
   * @param port where it was dropped: the port it came in by, or would have left by
   * @param cause the record that brought it, or NO_CAUSE when it never travelled
   * @param rule the rule that stopped it, where one did; one text for all frames of the rule
   */
  dropped(
    time: number,
    port: number,
    frame: Frame,
    reason: DropReason,
    cause: number,
    rule: string | undefined,
  ): void;
}
