/** What travels between ports. */

/**
 * One Ethernet frame without preamble and frame check sequence. Its bytes never change: a device that rewrites a frame makes a new
 * one, so every place that saw the frame, and the trace, share one copy.
 */
export class Frame {
  /**
   * How often bridges and hubs have passed it on, all of them together. In a network without loops that is once each at most, so this
   * finds a loop; whoever makes a changed copy of a frame to be passed on keeps the count.
   */
  relays = 0;

  constructor(
    readonly bytes: Uint8Array,
    /** Counts frames from 0 in order of creation in one simulation; the trace stores the bytes once for each. */
    readonly id: number,
  ) {}
}
