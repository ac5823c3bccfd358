/**
 * The window that is offered to the peer (RFC 9293 3.8.6.2) as Linux chooses it: it begins modest, grows with what comes, never moves its
 * right edge back, and follows the buffer, which grows with the application's pace (tcp_select_window, tcp_grow_window,
 * tcp_rcv_space_adjust).
 */
import type { TcpPolicy } from './policy';
import { advance, distance } from './sequence';

/** Largest value of the window field. */
const FIELD_MAXIMUM = 0xffff;

export class ReceiveWindow {
  /** RCV.WND when it was last told, bytes. */
  private window = 0;
  /** RCV.NXT when it was last told. */
  toldAt = 0;
  /** Offered at most for now: rcv_ssthresh. */
  private threshold = 0;
  /** What the buffer has room for, bytes. */
  private space: number;
  /** Shift of the window field, where both sides scale. */
  shift = 0;
  private segmentSize = 536;
  private measuredFrom = 0;
  private measuredAt = 0;
  private lastCopied = 0;

  constructor(private readonly policy: TcpPolicy) {
    this.space = policy.receiveWindow;
  }

  /** The window to put into a SYN, which is never scaled; `segmentSize` is the data of one segment. */
  first(segmentSize: number): number {
    const space = Math.min(this.space, this.policy.receiveWindow);
    const whole = this.policy.firstWindowOfWholeSegments && space > segmentSize;
    return Math.min(whole ? space - (space % segmentSize) : space, FIELD_MAXIMUM);
  }

  /** Begins: `window` was told, and the peer's first sequence number is known; `segmentSize` is the MSS that was offered. */
  start(receiveNext: number, window: number, segmentSize: number, now: number): void {
    this.window = window;
    this.toldAt = receiveNext;
    this.segmentSize = segmentSize;
    // tcp_init_buffer_space keeps one segment in reserve.
    this.threshold = this.policy.firstWindowOfWholeSegments
      ? Math.min(window, Math.max(2 * segmentSize, this.space - segmentSize))
      : window;
    this.measuredFrom = receiveNext;
    this.measuredAt = now;
    this.lastCopied = Math.min(window, this.policy.initialCongestionWindow * segmentSize);
  }

  /** What the peer may still send: from RCV.NXT to the edge that was told. */
  remaining(receiveNext: number): number {
    return Math.max(0, distance(receiveNext, advance(this.toldAt, this.window)));
  }

  /** RCV.WND that is offered now, before scaling. */
  get offered(): number {
    return this.window;
  }

  /** How far the told acknowledgment is behind. */
  unacknowledged(receiveNext: number): number {
    return distance(this.toldAt, receiveNext);
  }

  /** The window that would be offered with so many bytes unread and pieces of this size. */
  wanted(occupied: number, pieceSize: number): number {
    const piece = Math.min(pieceSize, this.space);
    let free = Math.max(0, this.space - occupied);
    if (this.policy.windowSelection === 'free-space') {
      // tcp_output.c: silly are less than a quarter of the buffer and less than a segment.
      return free < this.space >> 2 && free < piece ? 0 : Math.min(free, this.threshold);
    }
    if (free < this.space >> 1) {
      free -= free % (1 << this.shift);
      // Silly window avoidance (RFC 9293 3.8.6.2.2).
      if (free < this.space >> 4 || free < piece) {
        return 0;
      }
    }
    free = Math.min(free, this.threshold);
    if (this.shift > 0) {
      return this.aligned(free);
    }
    return this.window <= free - piece || this.window > free ? free - (free % piece) : this.window;
  }

  /** Chooses the window for a segment that leaves now, and gives its field. */
  select(receiveNext: number, occupied: number, pieceSize: number): number {
    const remaining = this.remaining(receiveNext);
    const wanted = this.wanted(occupied, pieceSize);
    const window = Math.min(
      wanted < remaining ? this.aligned(remaining) : wanted,
      FIELD_MAXIMUM * (1 << this.shift),
    );
    this.window = window;
    this.toldAt = receiveNext;
    return window >>> this.shift;
  }

  /** A segment came: more may be offered. Small ones, which take much more memory than they hold, do not count. */
  grow(length: number, occupied: number): void {
    const { policy } = this;
    if (length < this.segmentSize / 2) {
      return;
    }
    const space = Math.min(policy.fullSegmentWindow, policy.receiveWindowMaximum);
    if (this.space < space) {
      this.space = space;
      // What was told already is no longer held back (tcp_set_window_clamp; measured).
      this.threshold = Math.max(this.threshold, Math.min(this.window, space));
    }
    const room = Math.min(this.space, this.space - occupied) - this.threshold;
    if (room > 0) {
      this.threshold += Math.min(room, Math.max(2 * this.segmentSize, 2 * length));
    }
  }

  /** Whether less than half of the buffer is free. */
  isTight(occupied: number): boolean {
    return this.space - occupied < this.space >> 1;
  }

  /** Whether the application has read so much that the peer should hear of it (tcp_cleanup_rbuf). */
  worthTelling(receiveNext: number, occupied: number, pieceSize: number): boolean {
    const remaining = this.remaining(receiveNext);
    if (2 * remaining > this.space) {
      return false;
    }
    const wanted = this.wanted(occupied, pieceSize);
    return wanted > 0 && wanted >= 2 * remaining;
  }

  /** The application has read up to here: makes the buffer large enough for twice what comes in one round trip. */
  adjust(readTo: number, now: number, roundTrip: number | undefined): void {
    if (roundTrip === undefined || now - this.measuredAt < roundTrip) {
      return;
    }
    const copied = distance(this.measuredFrom, readTo);
    if (copied > this.lastCopied) {
      const window = 2 * copied + 16 * this.segmentSize;
      const grown = window + (2 * window * (copied - this.lastCopied)) / this.lastCopied;
      this.space = Math.max(this.space, Math.min(Math.floor(grown), this.policy.receiveWindowMaximum));
      this.lastCopied = copied;
    }
    this.measuredFrom = readTo;
    this.measuredAt = now;
  }

  private aligned(window: number): number {
    const unit = 1 << this.shift;
    return Math.ceil(window / unit) * unit;
  }
}
