/** Segments that leave a connection: how they are made, and which may leave now (RFC 9293 3.8, RFC 5681, RFC 9937 for the pace of recovery). */
import { TCP_FLAG } from '../../../wire/tcp';
import { MILLISECOND } from '../linux-policy';
import type { ControlBlock } from './control-block';
import { OPTION_BYTES, TIMESTAMP_BYTES, type SackBlock, type Segment } from './segment';
import type { SentSegment } from './send-queue';
import { advance, after, before, distance, later } from './sequence';
import { armLossProbe, armRetransmission, retransmissionTimeout } from './retransmission-timer';

const NO_DATA = new Uint8Array(0);

/** TSval: milliseconds (Linux's TCP_TS_HZ) from a start of the connection's own. */
export function timestampClock(tcb: ControlBlock, now: number): number {
  return (Math.floor(now / MILLISECOND) + tcb.timestampOffset) >>> 0;
}

/** SYN, or SYN and ACK, with every option that is on offer; its window is never scaled. */
export function transmitSyn(tcb: ControlBlock, now: number): void {
  const { policy } = tcb;
  const answer = tcb.state === 'syn-received';
  const timestamps = tcb.timestamps
    ? { timestamps: { value: timestampClock(tcb, now), echo: answer ? tcb.recentTimestamp : 0 } }
    : {};
  const scale = answer ? tcb.scaling : policy.windowScale !== undefined;
  const segment: Segment = {
    sourcePort: tcb.localPort,
    destinationPort: tcb.remotePort,
    sequence: tcb.initialSend,
    acknowledgment: answer ? tcb.receiveNext : 0,
    flags: TCP_FLAG.syn | (answer ? TCP_FLAG.ack : 0),
    window: firstWindow(tcb, answer),
    maximumSegmentSize: tcb.offeredSegmentSize,
    ...(tcb.selective ? { sackPermitted: true } : {}),
    ...timestamps,
    ...(scale ? { windowScale: policy.windowScale ?? 0 } : {}),
    data: NO_DATA,
  };
  tcb.lastAcknowledgmentSent = tcb.receiveNext;
  tcb.output.transmit(segment);
}

/** The window of our SYN: Linux counts in segments with timestamps only when it knows that there are any. */
export function firstWindow(tcb: ControlBlock, answer: boolean): number {
  const size = tcb.offeredSegmentSize - (answer && tcb.timestamps ? TIMESTAMP_BYTES : 0);
  return tcb.receiveWindow.first(size);
}

/** Sends a segment of an opened connection; every such segment acknowledges all that came. */
function transmit(tcb: ControlBlock, now: number, sequence: number, flags: number, data: Uint8Array): void {
  const { receiveQueue } = tcb;
  const blocks = sackBlocks(tcb);
  const segment: Segment = {
    sourcePort: tcb.localPort,
    destinationPort: tcb.remotePort,
    sequence,
    acknowledgment: tcb.receiveNext,
    flags: flags | TCP_FLAG.ack,
    window: tcb.receiveWindow.select(tcb.receiveNext, receiveQueue.occupied, tcb.delayed.segmentSize),
    ...(tcb.timestamps ? { timestamps: { value: timestampClock(tcb, now), echo: tcb.recentTimestamp } } : {}),
    ...(blocks.length > 0 ? { sackBlocks: blocks } : {}),
    data,
  };
  if (tcb.receiveWindow.isTight(receiveQueue.occupied)) {
    tcb.delayed.calm();
  }
  tcb.duplicateBlock = undefined;
  tcb.lastAcknowledgmentSent = tcb.receiveNext;
  tcb.acknowledgeAt = undefined;
  tcb.delayed.sent();
  tcb.output.transmit(segment);
}

function sackBlocks(tcb: ControlBlock): readonly SackBlock[] {
  if (!tcb.selective) {
    return [];
  }
  const room = OPTION_BYTES - 4 - (tcb.timestamps ? TIMESTAMP_BYTES : 0);
  const most = Math.floor(room / 8);
  const duplicate = tcb.duplicateBlock === undefined ? [] : [tcb.duplicateBlock];
  return [...duplicate, ...tcb.receiveQueue.sackBlocks(most - duplicate.length)];
}

/** Bytes of data that fit a segment beside its options, which SACK blocks make longer. */
function roomForData(tcb: ControlBlock): number {
  const blocks = sackBlocks(tcb).length;
  return Math.max(1, tcb.segmentSize - (blocks === 0 ? 0 : 4 + 8 * blocks));
}

export function transmitAcknowledgment(tcb: ControlBlock, now: number): void {
  transmit(tcb, now, tcb.sendNext, 0, NO_DATA);
}

/** A segment without data that lies in front of the window, so that the peer must answer (tcp_xmit_probe_skb; RFC 9293 3.8.4). */
export function transmitProbe(tcb: ControlBlock, now: number): void {
  transmit(tcb, now, advance(tcb.unacknowledged, -1), 0, NO_DATA);
}

/** RST of a connection that its user gives up (tcp_send_active_reset). */
export function transmitReset(tcb: ControlBlock, now: number): void {
  transmit(tcb, now, tcb.sendNext, TCP_FLAG.rst, NO_DATA);
}

/**
 * Sends a segment again, or as much of it as one segment holds now.
 * @returns the sequence number behind what was sent
 */
export function retransmit(tcb: ControlBlock, segment: SentSegment, now: number): number {
  if ((segment.flags & TCP_FLAG.syn) !== 0) {
    tcb.sendQueue.markRetransmitted(segment, now);
    transmitSyn(tcb, now);
    return segment.end;
  }
  const part = tcb.sendQueue.split(segment, roomForData(tcb));
  tcb.sendQueue.markRetransmitted(part, now);
  transmitSent(tcb, part, now);
  return part.end;
}

function transmitSent(tcb: ControlBlock, part: SentSegment, now: number): void {
  const fin = part.flags & TCP_FLAG.fin;
  const dataEnd = fin === 0 ? part.end : advance(part.end, -1);
  const data = tcb.sendQueue.data(part.sequence, distance(part.sequence, dataEnd));
  const push = data.length > 0 && tcb.sendQueue.isWriteEnd(dataEnd) ? TCP_FLAG.psh : 0;
  transmit(tcb, now, part.sequence, fin | push, data);
}

/** Sends what was lost, and then what is new, as far as congestion and the peer's window allow. */
export function transmitAllowed(tcb: ControlBlock, now: number): void {
  transmitLost(tcb, now);
  transmitNew(tcb, now);
  armWindowProbe(tcb, now);
}

function transmitLost(tcb: ControlBlock, now: number): void {
  const { sendQueue, congestion } = tcb;
  if (sendQueue.lost === sendQueue.retransmitted) {
    return;
  }
  for (const segment of [...sendQueue.sent()]) {
    if (sendQueue.inFlight >= congestion.window) {
      return;
    }
    if (segment.lost && !segment.retransmitted) {
      tcb.sentInRecovery++;
      tcb.retransmittingSince ??= now;
      const earliest = segment === sendQueue.earliest;
      retransmit(tcb, segment, now);
      if (earliest) {
        armRetransmission(tcb, now);
      }
    }
  }
}

function transmitNew(tcb: ControlBlock, now: number): void {
  restartAfterIdle(tcb, now);
  for (;;) {
    const end = nextSegmentEnd(tcb);
    if (end === undefined) {
      return;
    }
    const { sequence, fin, dataEnd } = end;
    const idle = tcb.sendQueue.outstanding === 0;
    const next = fin ? advance(dataEnd, 1) : dataEnd;
    const flags = fin ? TCP_FLAG.fin : 0;
    if (distance(sequence, dataEnd) > 0) {
      if (distance(sequence, dataEnd) < roomForData(tcb)) {
        tcb.lastSmall = dataEnd;
      }
      tcb.delayed.answered(now);
    }
    tcb.sendQueue.add(sequence, next, flags, now);
    tcb.sendNext = next;
    tcb.finSent ||= fin;
    if (tcb.phase === 'recovery') {
      tcb.sentInRecovery++;
    }
    tcb.lastSent = now;
    transmitSent(tcb, { ...NEW_SEGMENT, sequence, end: next, flags }, now);
    if (idle || tcb.retransmitAt === undefined) {
      armRetransmission(tcb, now);
    } else {
      armLossProbe(tcb, now);
    }
  }
}

/** The tail loss probe is due: new data where the window allows it, the last segment otherwise (RFC 8985 7.3; tcp_send_loss_probe). */
export function transmitLossProbe(tcb: ControlBlock, now: number): void {
  const { sendQueue } = tcb;
  const before = tcb.sendNext;
  const window = tcb.congestion.window;
  tcb.congestion.window = sendQueue.inFlight + 1;
  transmitNew(tcb, now);
  tcb.congestion.window = window;
  tcb.lossProbeRepeats = tcb.sendNext === before;
  const { latest } = sendQueue;
  if (tcb.lossProbeRepeats && latest !== undefined) {
    latest.sentAt = now;
    latest.transmissions++;
    transmitSent(tcb, latest, now);
  }
  tcb.lossProbeEnd = tcb.sendNext;
  tcb.lossProbeAt = undefined;
  tcb.retransmitAt = now + retransmissionTimeout(tcb);
}

const NEW_SEGMENT = { sentAt: 0, transmissions: 1, sacked: false, lost: false, retransmitted: false };

/** The next new segment that may leave now. */
function nextSegmentEnd(
  tcb: ControlBlock,
): { readonly sequence: number; readonly dataEnd: number; readonly fin: boolean } | undefined {
  const { sendQueue } = tcb;
  const available = tcb.finSent ? 0 : distance(tcb.sendNext, sendQueue.end);
  const finWaits = tcb.finQueued && !tcb.finSent;
  tcb.congestionLimited = false;
  if (available <= 0 && !finWaits) {
    return undefined;
  }
  if (sendQueue.inFlight >= tcb.congestion.window) {
    tcb.congestionLimited = true;
    return undefined;
  }
  const room = roomForData(tcb);
  const length = Math.min(available, room);
  const fin = finWaits && available <= room;
  const usable = distance(tcb.sendNext, advance(tcb.unacknowledged, tcb.sendWindow));
  if (length + (fin ? 1 : 0) > usable) {
    // A part of a segment waits: either an acknowledgment opens the window, or the probe timer sends it (tcp_snd_wnd_test).
    return undefined;
  }
  if (length < room && !fin && nagleDelays(tcb)) {
    return undefined;
  }
  return { sequence: tcb.sendNext, dataEnd: advance(tcb.sendNext, length), fin };
}

/** Nagle's algorithm (RFC 1122 4.2.3.4) in Minshall's variation: a small segment waits only for another small one (tcp_nagle_check). */
function nagleDelays(tcb: ControlBlock): boolean {
  const { lastSmall } = tcb;
  return (
    !tcb.noDelay &&
    tcb.sendQueue.outstanding > 0 &&
    lastSmall !== undefined &&
    after(lastSmall, tcb.unacknowledged) &&
    !after(lastSmall, tcb.sendNext)
  );
}

/** After a pause longer than the time-out the old window says nothing any more (RFC 5681 4.1; tcp_slow_start_after_idle). */
function restartAfterIdle(tcb: ControlBlock, now: number): void {
  const idle = now - tcb.lastSent;
  const { timeout } = tcb.roundTrip;
  if (tcb.lastSent > 0 && tcb.sendQueue.outstanding === 0 && idle > timeout) {
    if (distance(tcb.sendNext, tcb.sendQueue.end) > 0) {
      tcb.congestion.restart(Math.floor(idle / timeout));
    }
  }
}

/** Data waits, nothing is on its way and the window does not allow more: somebody has to ask (RFC 9293 3.8.6.1). */
function armWindowProbe(tcb: ControlBlock, now: number): void {
  const waits = before(tcb.sendNext, tcb.sendQueue.end) || (tcb.finQueued && !tcb.finSent);
  const needed = tcb.sendQueue.outstanding === 0 && waits && tcb.state !== 'syn-sent';
  if (!needed || tcb.state === 'syn-received') {
    tcb.probeAt = undefined;
    tcb.probes = tcb.sendQueue.outstanding === 0 && !waits ? 0 : tcb.probes;
  } else {
    tcb.probeAt ??= now + probeInterval(tcb);
  }
}

/** tcp_probe0_when: the retransmission time-out, doubled for each probe. */
export function probeInterval(tcb: ControlBlock): number {
  const { policy, roundTrip } = tcb;
  const base = Math.max(roundTrip.timeout, policy.minimumTimeout);
  return Math.min(base * 2 ** Math.min(tcb.backoff, 30), policy.maximumTimeout);
}

/** The probe timer ran out: sends what fits an open window, or asks (tcp_write_wakeup). */
export function probeWindow(tcb: ControlBlock, now: number): void {
  const edge = advance(tcb.unacknowledged, tcb.sendWindow);
  const available = distance(tcb.sendNext, tcb.sendQueue.end);
  const length = Math.min(available, distance(tcb.sendNext, edge), roomForData(tcb));
  if (length <= 0) {
    transmitProbe(tcb, now);
    return;
  }
  const sequence = tcb.sendNext;
  const end = advance(sequence, length);
  tcb.sendQueue.add(sequence, end, 0, now);
  tcb.sendNext = later(tcb.sendNext, end);
  tcb.lastSmall = end;
  tcb.lastSent = now;
  transmitSent(tcb, { ...NEW_SEGMENT, sequence, end, flags: 0 }, now);
  armRetransmission(tcb, now);
}
