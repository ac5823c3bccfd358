/** What travels between ports. */

/**
 * One Ethernet frame without preamble and frame check sequence. Its bytes never change: a device that rewrites a frame makes a new
 * one, so every place that saw the frame, and the trace, share one copy.
 */
export class Frame {
  constructor(
    readonly bytes: Uint8Array,
    /** Counts frames from 0 in order of creation in one simulation; the trace stores the bytes once for each. */
    readonly id: number,
  ) {}
}
