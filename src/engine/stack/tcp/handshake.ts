/** How connections open (RFC 9293 3.5, 3.10.7.2, 3.10.7.3; Linux tcp_rcv_synsent_state_process, tcp_conn_request). */
import { TCP_FLAG } from '../../../wire/tcp';
import { acknowledge } from './acknowledgment-arrival';
import { fail, restartKeepAlive } from './connection-end';
import { DEFAULT_SEGMENT_SIZE, type ControlBlock } from './control-block';
import { armRetransmission } from './retransmission-timer';
import type { Segment } from './segment';
import { advance, after } from './sequence';
import {
  firstWindow,
  timestampClock,
  transmitAcknowledgment,
  transmitAllowed,
  transmitSyn,
} from './transmission';
import { discarded, TAKEN, type Verdict } from './verdict';

/** tcp_min_snd_mss: a peer that asks for less gets this. */
const LEAST_SEGMENT_SIZE = 48;

/** RFC 7323 2.3 */
const LARGEST_SHIFT = 14;

/** Sends the SYN of a connection that the user opens. */
export function openActive(tcb: ControlBlock, initialSequence: number, now: number): void {
  tcb.activeOpen = true;
  tcb.state = 'syn-sent';
  beginSending(tcb, initialSequence, now);
}

/** Answers a SYN that a listener takes. */
export function openPassive(tcb: ControlBlock, syn: Segment, initialSequence: number, now: number): void {
  tcb.state = 'syn-received';
  takeSyn(tcb, syn, now);
  beginSending(tcb, initialSequence, now);
}

function beginSending(tcb: ControlBlock, initialSequence: number, now: number): void {
  tcb.openedAt = now;
  tcb.initialSend = initialSequence;
  tcb.unacknowledged = initialSequence;
  tcb.sendNext = advance(initialSequence, 1);
  tcb.sendQueue.start(tcb.sendNext);
  tcb.sendQueue.add(initialSequence, tcb.sendNext, TCP_FLAG.syn, now);
  transmitSyn(tcb, now);
  armRetransmission(tcb, now);
}

/** Learns from the peer's SYN where it begins and what it can do. */
function takeSyn(tcb: ControlBlock, syn: Segment, now: number): void {
  const { policy } = tcb;
  const offered = syn.maximumSegmentSize ?? 0;
  // RFC 9293 3.7.1: 536 where the option is missing; Linux takes 0 for missing.
  tcb.peerSegmentSize = Math.max(LEAST_SEGMENT_SIZE, offered === 0 ? DEFAULT_SEGMENT_SIZE : offered);
  tcb.scaling = policy.windowScale !== undefined && syn.windowScale !== undefined;
  tcb.sendShift = tcb.scaling ? Math.min(syn.windowScale ?? 0, LARGEST_SHIFT) : 0;
  tcb.selective = policy.selectiveAcknowledgment && syn.sackPermitted === true;
  tcb.timestamps = policy.timestamps && syn.timestamps !== undefined;
  tcb.recentTimestamp = syn.timestamps?.value ?? 0;
  tcb.recentTimestampAt = now;
  tcb.initialReceive = syn.sequence;
  const next = advance(syn.sequence, 1);
  tcb.receiveQueue.start(next);
  tcb.receiveWindow.start(next, firstWindow(tcb, tcb.state !== 'syn-sent'), tcb.offeredSegmentSize, now);
  tcb.receiveWindow.shift = tcb.scaling ? (policy.windowScale ?? 0) : 0;
  tcb.delayed.start(tcb.segmentSize, tcb.receiveWindow.offered);
  // The window of a SYN is never scaled (RFC 7323 2.2).
  tcb.sendWindow = syn.window;
  tcb.largestSendWindow = syn.window;
  tcb.windowSequence = syn.sequence;
}

/** A segment arrives while our SYN has no answer (RFC 9293 3.10.7.3). */
export function arrivedInSynSent(tcb: ControlBlock, segment: Segment, now: number): Verdict {
  const { flags } = segment;
  const acknowledges = (flags & TCP_FLAG.ack) !== 0;
  const reset = (flags & TCP_FLAG.rst) !== 0;
  if (acknowledges && (segment.acknowledgment !== tcb.sendNext || echoesNothing(tcb, segment, now))) {
    return reset ? discarded('tcp-not-acceptable') : { kind: 'reset', reason: 'tcp-not-acceptable' };
  }
  if (reset) {
    if (!acknowledges) {
      return discarded('tcp-not-acceptable');
    }
    fail(tcb, 'refused');
    return TAKEN;
  }
  if ((flags & TCP_FLAG.syn) === 0) {
    return discarded('tcp-not-acceptable');
  }
  tcb.lastHeard = now;
  takeSyn(tcb, segment, now);
  if (!acknowledges) {
    // Both sides sent a SYN (RFC 9293 3.5, figure 8).
    tcb.state = 'syn-received';
    transmitSyn(tcb, now);
    return TAKEN;
  }
  becomeEstablished(tcb, segment, now);
  acknowledge(tcb, segment, now);
  // Data that was given before the connection opened carries the acknowledgment.
  const before = tcb.sendNext;
  transmitAllowed(tcb, now);
  if (tcb.sendNext === before) {
    transmitAcknowledgment(tcb, now);
  }
  return TAKEN;
}

/** A timestamp echo that we cannot have sent belongs to an older connection (tcp_rcv_synsent_state_process). */
function echoesNothing(tcb: ControlBlock, segment: Segment, now: number): boolean {
  const echo = segment.timestamps?.echo ?? 0;
  if (!tcb.timestamps || echo === 0) {
    return false;
  }
  const first = timestampClock(tcb, tcb.openedAt);
  return after(first, echo) || after(echo, timestampClock(tcb, now));
}

/** Our SYN is acknowledged. */
export function becomeEstablished(tcb: ControlBlock, segment: Segment, now: number): void {
  tcb.state = tcb.finQueued ? 'fin-wait-1' : 'established';
  // So that this segment sets the window whatever its sequence number is.
  tcb.windowSequence = advance(segment.sequence, -1);
  if (tcb.timeouts > 1) {
    // RFC 5681 3.1: the SYN was lost (tcp_init_transfer).
    tcb.congestion.window = 1;
  }
  tcb.timeouts = 0;
  tcb.backoff = 0;
  restartKeepAlive(tcb, now);
  tcb.tell({ kind: 'connected' });
}
