/** What an acknowledgment does to the sender (RFC 9293 3.10.7.4, fifth check; RFC 5961 5; Linux tcp_ack). */
import { MILLISECOND } from '../linux-policy';
import type { ControlBlock } from './control-block';
import { lossProbeAcknowledged, noteDelivery, recover } from './loss-recovery';
import { armRetransmission } from './retransmission-timer';
import type { SackBlock, Segment } from './segment';
import { sequenceLength } from './segment';
import type { SentSegment } from './send-queue';
import { advance, after, before, later } from './sequence';
import { timestampClock } from './transmission';

/** Whether the acknowledgment was of use, old, or one that must be answered and its segment discarded. */
export type AcknowledgmentVerdict = 'taken' | 'old' | 'unacceptable';

export function acknowledge(tcb: ControlBlock, segment: Segment, now: number): AcknowledgmentVerdict {
  const { acknowledgment } = segment;
  if (after(acknowledgment, tcb.sendNext)) {
    return 'unacceptable';
  }
  if (before(acknowledgment, tcb.unacknowledged)) {
    // RFC 5961 5.2: no older than the largest window ever offered.
    const oldest = advance(tcb.unacknowledged, -tcb.largestSendWindow);
    return before(acknowledgment, oldest) ? 'unacceptable' : 'old';
  }
  tcb.probes = 0;
  tcb.keepAlivesSent = 0;
  const advanced = after(acknowledgment, tcb.unacknowledged);
  const moved = updateSendWindow(tcb, segment);
  const outstanding = tcb.sendQueue.outstanding;
  const sackedBefore = tcb.sendQueue.sacked;
  const gone = advanced ? tcb.sendQueue.acknowledge(acknowledgment) : [];
  const sackedGone = sackedBefore - tcb.sendQueue.sacked;
  tcb.unacknowledged = acknowledgment;
  const sacked = tcb.selective ? takeSackBlocks(tcb, segment.sackBlocks ?? [], acknowledgment, now) : [];
  if (advanced) {
    tcb.timeouts = 0;
    tcb.retransmittingSince = tcb.phase === 'open' ? undefined : tcb.retransmittingSince;
  }
  for (const each of gone) {
    noteDelivery(tcb, each, now);
  }
  takeSample(tcb, segment, gone, sacked, now);
  const reported = segment.sackBlocks?.some(({ right }) => !after(right, acknowledgment)) ?? false;
  lossProbeAcknowledged(tcb, reported);
  const wasReducing = tcb.phase === 'recovery';
  if (outstanding > 0) {
    const duplicate = !advanced && !moved && sequenceLength(segment) === 0;
    recover(tcb, { advanced, delivered: gone.length - sackedGone + sacked.length, duplicate }, now);
  }
  if (advanced && !wasReducing && tcb.phase !== 'recovery' && limitedBy(tcb, outstanding)) {
    tcb.congestion.acknowledged(gone.length, now, tcb.roundTrip.smoothed ?? 0);
  }
  if (advanced) {
    armRetransmission(tcb, now);
    if (tcb.wantsRoom && tcb.sendQueue.room > 0) {
      tcb.wantsRoom = false;
      tcb.tell({ kind: 'writable' });
    }
  }
  return 'taken';
}

/** RFC 9293 3.10.7.4: SND.WND, SND.WL1 and SND.WL2. True when the window is another one now. */
function updateSendWindow(tcb: ControlBlock, segment: Segment): boolean {
  const { sequence, acknowledgment } = segment;
  const window = segment.window * 2 ** tcb.sendShift;
  const newer =
    after(acknowledgment, tcb.unacknowledged) ||
    after(sequence, tcb.windowSequence) ||
    (sequence === tcb.windowSequence && (window > tcb.sendWindow || window === 0));
  if (!newer) {
    return false;
  }
  tcb.windowSequence = sequence;
  tcb.windowAcknowledgment = acknowledgment;
  const moved = window !== tcb.sendWindow;
  tcb.sendWindow = window;
  tcb.largestSendWindow = Math.max(tcb.largestSendWindow, window);
  if (window > 0 && moved) {
    // An open window: the probes have done their work (tcp_ack_probe).
    tcb.backoff = tcb.sendQueue.outstanding === 0 ? 0 : tcb.backoff;
    tcb.probeAt = undefined;
  }
  return moved;
}

/** Marks what the peer has out of order; gives the segments that are new to us (RFC 2018 5.1). */
function takeSackBlocks(
  tcb: ControlBlock,
  blocks: readonly SackBlock[],
  acknowledgment: number,
  now: number,
): readonly SentSegment[] {
  const found: SentSegment[] = [];
  for (const { left, right } of blocks) {
    const valid = before(left, right) && !after(right, tcb.sendNext) && !before(left, acknowledgment);
    if (!valid) {
      // A duplicate (RFC 2883) or nonsense.
      continue;
    }
    for (const segment of tcb.sendQueue.sent()) {
      if (!segment.sacked && !before(segment.sequence, left) && !after(segment.end, right)) {
        noteDelivery(tcb, segment, now);
        tcb.sendQueue.markSacked(segment);
        found.push(segment);
      }
    }
    tcb.furthestSacked = tcb.furthestSacked === undefined ? right : later(tcb.furthestSacked, right);
  }
  return found;
}

/** Times a round trip by a segment that was sent once, or by its timestamp (RFC 6298 3, RFC 7323 4; tcp_ack_update_rtt). */
function takeSample(
  tcb: ControlBlock,
  segment: Segment,
  gone: readonly SentSegment[],
  sacked: readonly SentSegment[],
  now: number,
): void {
  const repeated = gone.some(({ transmissions }) => transmissions > 1);
  const timed = repeated ? undefined : (gone[0] ?? sacked.find(({ transmissions }) => transmissions === 1));
  let time: number | undefined;
  if (timed !== undefined) {
    time = now - timed.sentAt;
  } else if (
    gone.length > 0 &&
    tcb.timestamps &&
    segment.timestamps !== undefined &&
    segment.timestamps.echo !== 0
  ) {
    const ticks = (timestampClock(tcb, now) - segment.timestamps.echo) >>> 0;
    time = ticks < 0x7fff_ffff ? ticks * MILLISECOND : undefined;
  }
  if (time !== undefined) {
    tcb.roundTrip.sample(Math.max(time, 1000), tcb.unacknowledged, tcb.sendNext);
    tcb.backoff = 0;
  }
}

/** Whether the window was in use, so that its being acknowledged says that it may grow (tcp_is_cwnd_limited). */
function limitedBy(tcb: ControlBlock, outstanding: number): boolean {
  return tcb.congestionLimited || (tcb.congestion.slowStart && tcb.congestion.window < 2 * outstanding);
}
