/** A segment arrives at a connection that is open (RFC 9293 3.10.7.4), in the order of Linux's tcp_validate_incoming and tcp_rcv_state_process. */
import type { DropReason } from '../../kernel/drop-reason';
import { TCP_FLAG } from '../../../wire/tcp';
import { SECOND } from '../linux-policy';
import { acknowledge } from './acknowledgment-arrival';
import { end, enterTimeWait, fail, restartKeepAlive } from './connection-end';
import type { ControlBlock } from './control-block';
import { receiveData } from './data-arrival';
import { sequenceLength, type Segment } from './segment';
import { advance, after, before } from './sequence';
import { becomeEstablished } from './handshake';
import { transmitAcknowledgment, transmitAllowed, transmitSyn } from './transmission';
import { discarded, TAKEN, type Verdict } from './verdict';

/** RFC 7323 5.5: a timestamp this old no longer protects (TCP_PAWS_24DAYS). */
const TIMESTAMP_LIFE = 24 * 24 * 3600 * SECOND;

export function segmentArrived(tcb: ControlBlock, segment: Segment, now: number): Verdict {
  tcb.lastHeard = now;
  const refused = validate(tcb, segment, now);
  if (refused !== undefined) {
    return refused;
  }
  noteTimestamp(tcb, segment, now);
  if ((segment.flags & TCP_FLAG.ack) === 0) {
    return discarded('tcp-not-acceptable');
  }
  if (tcb.state === 'syn-received') {
    const wrong =
      before(segment.acknowledgment, advance(tcb.unacknowledged, 1)) ||
      after(segment.acknowledgment, tcb.sendNext);
    if (wrong) {
      // RFC 9293 3.10.7.4, fifth check.
      return { kind: 'reset', reason: 'tcp-not-acceptable' };
    }
    becomeEstablished(tcb, segment, now);
  }
  const verdict = acknowledge(tcb, segment, now);
  if (verdict === 'unacceptable') {
    challenge(tcb, now);
    return discarded('tcp-not-acceptable');
  }
  const ended = closeAcknowledged(tcb, now);
  if (ended) {
    return TAKEN;
  }
  const data = receiveData(tcb, segment, now);
  if (isClosed(tcb)) {
    return data;
  }
  restartKeepAlive(tcb, now);
  transmitAllowed(tcb, now);
  acknowledgeIfDue(tcb, now);
  return data;
}

function isClosed(tcb: ControlBlock): boolean {
  return tcb.state === 'closed';
}

/** The first four checks; undefined when the segment may be used. */
function validate(tcb: ControlBlock, segment: Segment, now: number): Verdict | undefined {
  const { flags } = segment;
  const reset = (flags & TCP_FLAG.rst) !== 0;
  if (tcb.timestamps && segment.timestamps !== undefined && !reset && isOldTimestamp(tcb, segment, now)) {
    if ((flags & TCP_FLAG.syn) !== 0) {
      challenge(tcb, now);
    } else {
      answerInvalid(tcb, segment, now);
    }
    return discarded('tcp-old-duplicate');
  }
  const unacceptable = outsideWindow(tcb, segment);
  if (unacceptable !== undefined) {
    if (reset) {
      // RFC 5961 3.2; only an exact match ends a connection.
      return discarded(unacceptable);
    }
    answerInvalid(tcb, segment, now);
    return discarded(unacceptable);
  }
  if (reset) {
    return resetArrived(tcb, segment, now);
  }
  if ((flags & TCP_FLAG.syn) !== 0) {
    return synInWindow(tcb, segment, now);
  }
  return undefined;
}

/** PAWS: the segment is older than what came before (RFC 7323 5.3). */
function isOldTimestamp(tcb: ControlBlock, segment: Segment, now: number): boolean {
  const value = segment.timestamps?.value ?? 0;
  if (!before(value, tcb.recentTimestamp) || now - tcb.recentTimestampAt > TIMESTAMP_LIFE) {
    return false;
  }
  // A pure acknowledgment that only overtook another does no harm (tcp_disordered_ack).
  const harmless =
    sequenceLength(segment) === 0 &&
    segment.sequence === tcb.receiveNext &&
    segment.acknowledgment === tcb.unacknowledged &&
    (tcb.recentTimestamp - value) >>> 0 <= tcb.roundTrip.timeout / 1_000_000;
  return !harmless;
}

/** RFC 9293 3.10.7.4, first check; Linux looks at the end against what was told acknowledged (tcp_sequence). */
function outsideWindow(tcb: ControlBlock, segment: Segment): DropReason | undefined {
  const next = tcb.receiveNext;
  if (before(advance(segment.sequence, sequenceLength(segment)), tcb.receiveWindow.toldAt)) {
    return 'tcp-old-duplicate';
  }
  const edge = advance(next, tcb.receiveWindow.remaining(next));
  return after(segment.sequence, edge) ? 'tcp-outside-window' : undefined;
}

/** RFC 9293 3.10.7.4, second check, hardened by RFC 5961 3.2. */
function resetArrived(tcb: ControlBlock, segment: Segment, now: number): Verdict {
  const exact = segment.sequence === tcb.receiveNext;
  if (!exact && segment.sequence !== tcb.receiveQueue.furthest) {
    challenge(tcb, now);
    return discarded('tcp-not-acceptable');
  }
  fail(tcb, tcb.state === 'syn-received' && tcb.activeOpen ? 'refused' : 'reset');
  return TAKEN;
}

/** A SYN where a connection is: RFC 5961 4.2. */
function synInWindow(tcb: ControlBlock, segment: Segment, now: number): Verdict | undefined {
  const sameSyn = segment.sequence === tcb.initialReceive;
  if (tcb.state === 'syn-received' && sameSyn) {
    if ((segment.flags & TCP_FLAG.ack) !== 0) {
      // The answer to our SYN, after both sent one (RFC 9293 3.5, figure 8).
      return undefined;
    }
    return repeatedSyn(tcb, now);
  }
  challenge(tcb, now);
  return discarded('tcp-not-acceptable');
}

/** The peer did not get our SYN and ACK (tcp_check_req). */
function repeatedSyn(tcb: ControlBlock, now: number): Verdict {
  if (mayAnswerInvalid(tcb, now)) {
    transmitSyn(tcb, now);
  }
  return discarded('tcp-old-duplicate');
}

/** RFC 5961 7: an acknowledgment that tells an honest peer where this side is. */
function challenge(tcb: ControlBlock, now: number): void {
  if (mayAnswerInvalid(tcb, now)) {
    transmitAcknowledgment(tcb, now);
  }
}

/** RFC 9293 3.10.7.4: what is not acceptable is answered with an acknowledgment (tcp_send_dupack). */
function answerInvalid(tcb: ControlBlock, segment: Segment, now: number): void {
  const { sequence, data } = segment;
  const next = tcb.receiveNext;
  if (data.length > 0 && before(sequence, next)) {
    tcb.delayed.hurry(2, tcb.receiveWindow.offered);
    if (tcb.selective) {
      // RFC 2883 4.1.
      tcb.duplicateBlock = { left: sequence, right: advance(sequence, data.length) };
    }
  }
  // Linux limits only answers to segments without data (tcp_oow_rate_limited).
  if (data.length > 0 || mayAnswerInvalid(tcb, now)) {
    transmitAcknowledgment(tcb, now);
  }
}

function mayAnswerInvalid(tcb: ControlBlock, now: number): boolean {
  if (now - tcb.lastInvalidAnswer < tcb.policy.invalidSegmentInterval) {
    return false;
  }
  tcb.lastInvalidAnswer = now;
  return true;
}

/** RFC 7323 4.3: TS.Recent is the timestamp of what is acknowledged next. */
function noteTimestamp(tcb: ControlBlock, segment: Segment, now: number): void {
  if (
    tcb.timestamps &&
    segment.timestamps !== undefined &&
    !after(segment.sequence, tcb.lastAcknowledgmentSent)
  ) {
    if (!before(segment.timestamps.value, tcb.recentTimestamp)) {
      tcb.recentTimestamp = segment.timestamps.value;
      tcb.recentTimestampAt = now;
    }
  }
}

/** The peer may have acknowledged our FIN. True when the connection is over. */
function closeAcknowledged(tcb: ControlBlock, now: number): boolean {
  if (!tcb.finSent || tcb.unacknowledged !== tcb.sendNext) {
    return false;
  }
  switch (tcb.state) {
    case 'fin-wait-1':
      tcb.state = 'fin-wait-2';
      if (tcb.receiveClosed) {
        // Nobody reads here any more: wait for the peer's FIN a limited time (tcp_fin_timeout).
        tcb.expiresAt = now + tcb.policy.finWait2;
      }
      return false;
    case 'closing':
      enterTimeWait(tcb, now);
      return true;
    case 'last-ack':
      end(tcb);
      return true;
    case 'closed':
    case 'syn-sent':
    case 'syn-received':
    case 'established':
    case 'fin-wait-2':
    case 'close-wait':
    case 'time-wait':
      return false;
  }
}

/** __tcp_ack_snd_check */
function acknowledgeIfDue(tcb: ControlBlock, now: number): void {
  const { delayed, receiveWindow, receiveQueue } = tcb;
  if (!delayed.scheduled || tcb.policy.acknowledgment === 'when-read') {
    return;
  }
  const unacknowledged = receiveWindow.unacknowledged(tcb.receiveNext);
  const full =
    unacknowledged > delayed.segmentSize &&
    receiveWindow.wanted(receiveQueue.occupied, delayed.segmentSize) >=
      receiveWindow.offered - unacknowledged;
  if (full || delayed.immediate || receiveQueue.hasHoles) {
    transmitAcknowledgment(tcb, now);
    return;
  }
  const due = now + delayed.wait(tcb.roundTrip.smoothed);
  tcb.acknowledgeAt = tcb.acknowledgeAt === undefined ? due : Math.min(tcb.acknowledgeAt, due);
}
