/**
 * Which segments are lost, and how fast to send while they are made up for: RACK (RFC 8985) with SACK and NewReno (RFC 6582) without, the
 * pace by proportional rate reduction (RFC 9937); Linux tcp_fastretrans_alert, tcp_recovery.c.
 */
import type { ControlBlock } from './control-block';
import type { SentSegment } from './send-queue';
import { after, before, later } from './sequence';

/** What one acknowledgment told. */
export interface Progress {
  /** SND.UNA moved. */
  readonly advanced: boolean;
  /** Segments that arrived, in order or not, as far as this acknowledgment tells. */
  readonly delivered: number;
  /** It repeats the one before (RFC 5681 2). */
  readonly duplicate: boolean;
}

/** A segment has arrived: what was sent before it should have arrived too (RFC 8985 6.2 step 2). */
export function noteDelivery(tcb: ControlBlock, segment: SentSegment, now: number): void {
  const roundTrip = now - segment.sentAt;
  if (segment.transmissions > 1 && roundTrip < tcb.roundTrip.minimum) {
    // The acknowledgment is of an earlier transmission.
    return;
  }
  if (
    segment.transmissions === 1 &&
    tcb.furthestSacked !== undefined &&
    before(segment.end, tcb.furthestSacked)
  ) {
    tcb.reorderingSeen = true;
  }
  if (sentAfter(segment.sentAt, segment.end, tcb.rackSentAt, tcb.rackEnd)) {
    tcb.rackSentAt = segment.sentAt;
    tcb.rackEnd = segment.end;
    tcb.rackRoundTrip = roundTrip;
  }
}

function sentAfter(time: number, end: number, otherTime: number, otherEnd: number): boolean {
  return time > otherTime || (time === otherTime && after(end, otherEnd));
}

/** Draws the conclusions of an acknowledgment. */
export function recover(tcb: ControlBlock, progress: Progress, now: number): void {
  const { sendQueue } = tcb;
  if (sendQueue.outstanding === 0) {
    tcb.furthestSacked = undefined;
    sendQueue.assumedSacked = 0;
  }
  if (!tcb.selective) {
    assumeSacked(tcb, progress);
  }
  leaveRecovery(tcb);
  const before = sendQueue.lost;
  findLost(tcb, progress, now);
  const newlyLost = sendQueue.lost > before;
  if (tcb.phase === 'open' || tcb.phase === 'disorder') {
    if (sendQueue.lost > 0) {
      enterRecovery(tcb);
    } else {
      tcb.phase = sendQueue.sacked + sendQueue.assumedSacked > 0 ? 'disorder' : 'open';
    }
  }
  if (tcb.phase === 'recovery') {
    reduceRate(tcb, progress, newlyLost);
  }
}

/**
 * The tail loss probe is acknowledged (RFC 8985 7.4.2; tcp_process_tlp_ack): unless the peer says that it had the segment already, one was
 * lost, which the probe made up for.
 */
export function lossProbeAcknowledged(tcb: ControlBlock, duplicateReported: boolean): void {
  const { lossProbeEnd } = tcb;
  if (lossProbeEnd === undefined || before(tcb.unacknowledged, lossProbeEnd)) {
    return;
  }
  tcb.lossProbeEnd = undefined;
  if (tcb.lossProbeRepeats && !duplicateReported && tcb.phase === 'open') {
    tcb.congestion.window = Math.min(tcb.congestion.window, tcb.congestion.reduce());
  }
}

/** Without SACK each duplicate acknowledgment stands for one segment that arrived (tcp_add_reno_sack, tcp_remove_reno_sacks). */
function assumeSacked(tcb: ControlBlock, { advanced, delivered, duplicate }: Progress): void {
  const { sendQueue } = tcb;
  if (duplicate) {
    const holes = Math.max(1, sendQueue.lost);
    sendQueue.assumedSacked = Math.min(
      sendQueue.assumedSacked + 1,
      Math.max(0, sendQueue.outstanding - holes),
    );
  } else if (advanced) {
    sendQueue.assumedSacked = Math.max(0, sendQueue.assumedSacked - Math.max(0, delivered - 1));
  }
}

function leaveRecovery(tcb: ControlBlock): void {
  const reached = tcb.selective
    ? !before(tcb.unacknowledged, tcb.recoveryPoint)
    : // RFC 6582 6: duplicates of the recovery point itself must not begin a second recovery.
      after(tcb.unacknowledged, tcb.recoveryPoint) || tcb.sendQueue.outstanding === 0;
  if (!reached || (tcb.phase !== 'recovery' && tcb.phase !== 'loss')) {
    return;
  }
  if (tcb.phase === 'recovery') {
    tcb.congestion.window = tcb.congestion.threshold;
  }
  if (!tcb.selective) {
    tcb.sendQueue.assumedSacked = 0;
  }
  tcb.phase = 'open';
  tcb.retransmittingSince = undefined;
}

function findLost(tcb: ControlBlock, { advanced }: Progress, now: number): void {
  const { sendQueue, policy } = tcb;
  if (tcb.selective) {
    findLostByTime(tcb, now);
    return;
  }
  const { earliest } = sendQueue;
  const enough = tcb.phase !== 'recovery' && sendQueue.assumedSacked >= policy.duplicateThreshold;
  if (earliest !== undefined && (tcb.phase === 'recovery' ? advanced : enough && tcb.phase !== 'loss')) {
    // A partial acknowledgment means that the next segment is lost as well (RFC 6582 3.2).
    sendQueue.markLost(earliest);
  }
}

/** RFC 8985 6.2 step 5, with Linux's reordering window (tcp_rack_reo_wnd, tcp_rack_detect_loss). */
export function findLostByTime(tcb: ControlBlock, now: number): void {
  const { sendQueue } = tcb;
  const patience = tcb.rackRoundTrip + reorderingWindow(tcb);
  let wait = 0;
  for (const segment of sendQueue.sent()) {
    const settled = segment.sacked || (segment.lost && !segment.retransmitted);
    if (settled || !sentAfter(tcb.rackSentAt, tcb.rackEnd, segment.sentAt, segment.end)) {
      continue;
    }
    const left = segment.sentAt + patience - now;
    if (left <= 0) {
      sendQueue.markLost(segment);
    } else {
      wait = Math.max(wait, left);
    }
  }
  tcb.reorderingAt = wait > 0 ? now + wait : undefined;
}

function reorderingWindow(tcb: ControlBlock): number {
  const { sendQueue, roundTrip } = tcb;
  if (!tcb.reorderingSeen) {
    const recovering = tcb.phase === 'recovery' || tcb.phase === 'loss';
    if (recovering || sendQueue.sacked >= tcb.policy.duplicateThreshold) {
      return 0;
    }
  }
  return Math.min(roundTrip.minimum / 4, (roundTrip.smoothed ?? 0) || Number.POSITIVE_INFINITY);
}

/** Whether RACK would give this segment more time, ns (tcp_rack_skb_timeout). */
function isRecent(tcb: ControlBlock, segment: SentSegment, now: number): boolean {
  return tcb.rackSentAt > 0 && segment.sentAt + tcb.rackRoundTrip > now;
}

export function enterRecovery(tcb: ControlBlock): void {
  tcb.phase = 'recovery';
  beginReduction(tcb);
}

/** tcp_init_cwnd_reduction */
function beginReduction(tcb: ControlBlock): void {
  tcb.recoveryPoint = tcb.sendNext;
  tcb.delivered = 0;
  tcb.sentInRecovery = 0;
  tcb.windowBefore = tcb.congestion.window;
  tcb.congestion.reduce();
}

/** RFC 9937 6; Linux tcp_cwnd_reduction. */
function reduceRate(tcb: ControlBlock, { advanced, delivered }: Progress, newlyLost: boolean): void {
  const { congestion, sendQueue } = tcb;
  const inFlight = sendQueue.inFlight;
  const room = congestion.threshold - inFlight;
  tcb.delivered += delivered;
  let count: number;
  if (room < 0) {
    const due = Math.ceil((congestion.threshold * tcb.delivered) / Math.max(1, tcb.windowBefore));
    count = due - tcb.sentInRecovery;
  } else {
    count = Math.max(tcb.delivered - tcb.sentInRecovery, delivered) + (advanced && !newlyLost ? 1 : 0);
    count = Math.min(room, count);
  }
  count = Math.max(count, tcb.sentInRecovery > 0 ? 0 : 1);
  congestion.window = inFlight + count;
}

/** The retransmission timer ran out: begin again with one segment (RFC 5681 3.1, RFC 6298 5.4–5.6; tcp_enter_loss). */
export function enterLoss(tcb: ControlBlock, now: number): void {
  const { sendQueue, congestion } = tcb;
  const { earliest } = sendQueue;
  if (tcb.phase === 'open' || tcb.phase === 'disorder' || !after(tcb.recoveryPoint, tcb.unacknowledged)) {
    tcb.windowBefore = congestion.window;
    congestion.reduce();
  } else if (tcb.phase === 'loss' && tcb.timeouts === 0) {
    congestion.reduce();
  }
  if (earliest?.sacked === true) {
    // The peer took back what it had (RFC 2018 8).
    sendQueue.clearMarks();
  }
  sendQueue.assumedSacked = 0;
  for (const segment of sendQueue.sent()) {
    if (segment === earliest || !tcb.selective || !isRecent(tcb, segment, now)) {
      sendQueue.markLost(segment);
    }
  }
  congestion.window = sendQueue.inFlight + 1;
  tcb.phase = 'loss';
  tcb.recoveryPoint = later(tcb.sendNext, tcb.unacknowledged);
  tcb.reorderingAt = undefined;
}
