/**
 * When to acknowledge (RFC 5681 4.2, RFC 9293 3.8.6.3) as Linux does: at once for the first segments and while only receiving, later
 * where an answer may carry the acknowledgment (tcp_event_data_recv, __tcp_ack_snd_check, tcp_send_delayed_ack).
 */
import { MILLISECOND } from '../linux-policy';

/** TCP_ATO_MIN and TCP_DELACK_MIN. */
const SHORTEST_DELAY = 40 * MILLISECOND;
/** TCP_DELACK_MAX. */
const LONGEST_DELAY = 200 * MILLISECOND;
/** The cap of tcp_send_delayed_ack outside of a conversation: half a second. */
const LONGEST_DELAY_ALONE = 500 * MILLISECOND;
/** TCP_MAX_QUICKACKS. */
const QUICK_ACKNOWLEDGMENTS = 16;
/** TCP_MIN_MSS and TCP_MIN_RCVMSS: 536 (RFC 9293 3.7.1). */
const SMALL_SEGMENT = 536;

export class DelayedAcknowledgment {
  /** The largest segments that came lately, bytes: rcv_mss. */
  segmentSize = SMALL_SEGMENT;
  /** Acknowledgments to send at once. */
  private quick = 0;
  /** The connection goes to and fro: an answer is likely to carry the acknowledgment. */
  conversation = false;
  /** Estimate of the time between segments, ns; 0 before the first. */
  private delay = 0;
  private lastReceived = 0;
  /** Data came that was not acknowledged. */
  scheduled = false;
  /** A small segment came, which the sender wanted to be read at once. */
  private pushed: 0 | 1 | 2 = 0;

  /** The peer's MSS, the path's and the window bound the first guess (tcp_initialize_rcv_mss). */
  start(segmentSize: number, window: number): void {
    this.segmentSize = Math.max(88, Math.min(segmentSize, SMALL_SEGMENT, Math.floor(window / 2)));
  }

  /** New data came in order. */
  received(length: number, push: boolean, now: number, window: number, timeout: number): void {
    this.scheduled = true;
    this.measure(length, push);
    if (this.delay === 0) {
      this.addQuick(window);
      this.delay = SHORTEST_DELAY;
    } else {
      const gap = now - this.lastReceived;
      if (gap <= SHORTEST_DELAY / 2) {
        this.delay = this.delay / 2 + SHORTEST_DELAY / 2;
      } else if (gap < this.delay) {
        this.delay = Math.min(this.delay / 2 + gap, timeout);
      } else if (gap > timeout) {
        // The sender was idle and may have begun again with a small window.
        this.addQuick(window);
      }
    }
    this.lastReceived = now;
  }

  /** Data was sent: when it answers what came a moment ago, this is a conversation (tcp_event_data_sent). */
  answered(now: number): void {
    if (this.lastReceived > 0 && now - this.lastReceived < this.delay) {
      this.conversation = true;
    }
  }

  /** Something is wrong with the order: be quick for a while (tcp_enter_quickack_mode). */
  hurry(count: number, window: number): void {
    this.conversation = false;
    this.delay = SHORTEST_DELAY;
    this.quick = Math.max(
      this.quick,
      Math.min(count, Math.max(2, Math.floor(window / (2 * this.segmentSize)))),
    );
  }

  get immediate(): boolean {
    return this.quick > 0 && !this.conversation;
  }

  /** Whether the application's reading everything is the moment to acknowledge (tcp_cleanup_rbuf). */
  get dueWhenRead(): boolean {
    return this.scheduled && (this.pushed === 2 || (this.pushed === 1 && !this.conversation));
  }

  /** How long an acknowledgment may wait, ns. */
  wait(smoothedRoundTrip: number | undefined): number {
    if (this.delay <= SHORTEST_DELAY) {
      return this.delay;
    }
    let longest = this.conversation || this.pushed > 0 ? LONGEST_DELAY : LONGEST_DELAY_ALONE;
    if (smoothedRoundTrip !== undefined) {
      longest = Math.min(longest, Math.max(smoothedRoundTrip, SHORTEST_DELAY));
    }
    return Math.min(this.delay, longest);
  }

  /** The delay ran out before an answer came (tcp_delack_timer_handler). */
  waitedInVain(timeout: number): void {
    if (this.conversation) {
      this.conversation = false;
      this.delay = SHORTEST_DELAY;
    } else {
      this.delay = Math.min(this.delay * 2, timeout);
    }
  }

  /** A segment with an acknowledgment left. */
  sent(): void {
    this.quick = Math.max(0, this.quick - 1);
    this.scheduled = false;
    this.pushed = 0;
  }

  /** The window is nearly closed: no more haste (__tcp_select_window). */
  calm(): void {
    this.quick = 0;
  }

  private addQuick(window: number): void {
    const count = Math.max(2, Math.floor(window / (2 * this.segmentSize)));
    this.quick = Math.max(this.quick, Math.min(count, QUICK_ACKNOWLEDGMENTS));
  }

  /** tcp_measure_rcv_mss: what is at least as large as the largest so far is full; less means that the sender pushed. */
  private measure(length: number, push: boolean): void {
    if (length >= this.segmentSize) {
      this.segmentSize = length;
      this.pushed = push && this.pushed === 0 ? 1 : this.pushed;
    } else {
      this.pushed = this.pushed === 0 ? 1 : 2;
    }
  }
}
