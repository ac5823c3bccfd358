/** Data and FIN that arrive (RFC 9293 3.10.7.4, seventh and eighth check; Linux tcp_data_queue, tcp_fin). */
import { TCP_FLAG } from '../../../wire/tcp';
import { enterTimeWait, fail } from './connection-end';
import type { ControlBlock } from './control-block';
import type { Segment } from './segment';
import { discarded, TAKEN, type Verdict } from './verdict';
import { advance, distance } from './sequence';
import { transmitAcknowledgment } from './transmission';

/** TCP_MAX_QUICKACKS: acknowledgments at once after something came out of order. */
const QUICK_AFTER_DISORDER = 16;

export function receiveData(tcb: ControlBlock, segment: Segment, now: number): Verdict {
  const fin = (segment.flags & TCP_FLAG.fin) !== 0;
  if (segment.data.length === 0 && !fin) {
    return TAKEN;
  }
  if (!mayReceive(tcb)) {
    // Data behind the peer's FIN.
    return discarded('tcp-not-acceptable');
  }
  if (tcb.receiveClosed && segment.data.length > 0) {
    // The application is gone: RFC 9293 3.6.1 wants the peer to know.
    fail(tcb, 'reset');
    return { kind: 'reset', reason: 'tcp-connection-closed' };
  }
  const next = tcb.receiveNext;
  const verdict = insert(tcb, segment, now);
  if (fin && verdict.kind === 'taken') {
    tcb.receiveQueue.insertFin(advance(segment.sequence, segment.data.length));
  }
  if (tcb.receiveNext !== next) {
    progressed(tcb, segment, distance(next, tcb.receiveNext), now);
  }
  return verdict;
}

function mayReceive(tcb: ControlBlock): boolean {
  return (
    !tcb.receiveQueue.finished &&
    (tcb.state === 'established' || tcb.state === 'fin-wait-1' || tcb.state === 'fin-wait-2')
  );
}

function insert(tcb: ControlBlock, segment: Segment, now: number): Verdict {
  const { receiveQueue, receiveWindow, delayed } = tcb;
  if (segment.data.length === 0) {
    return TAKEN;
  }
  const next = tcb.receiveNext;
  // What lies past the right edge is cut off.
  const room = distance(segment.sequence, advance(next, receiveWindow.remaining(next)));
  if (room <= 0) {
    delayed.hurry(2, receiveWindow.offered);
    transmitAcknowledgment(tcb, now);
    return discarded('tcp-outside-window');
  }
  const data = room < segment.data.length ? segment.data.subarray(0, room) : segment.data;
  switch (receiveQueue.insert(segment.sequence, data)) {
    case 'in-order':
      receiveWindow.grow(data.length, receiveQueue.occupied);
      return TAKEN;
    case 'out-of-order':
      if (tcb.selective) {
        // Without SACK a window that grows would hide that the acknowledgment is a duplicate (tcp_data_queue_ofo).
        receiveWindow.grow(data.length, receiveQueue.occupied);
      }
      delayed.hurry(QUICK_AFTER_DISORDER, receiveWindow.offered);
      delayed.scheduled = true;
      return TAKEN;
    case 'duplicate':
      delayed.hurry(QUICK_AFTER_DISORDER, receiveWindow.offered);
      delayed.scheduled = true;
      if (tcb.selective) {
        tcb.duplicateBlock = { left: segment.sequence, right: advance(segment.sequence, data.length) };
      }
      return discarded('tcp-old-duplicate');
    case 'full':
      return discarded('table-full');
  }
}

/** RCV.NXT moved. */
function progressed(tcb: ControlBlock, segment: Segment, length: number, now: number): void {
  const { delayed, receiveWindow, receiveQueue, roundTrip } = tcb;
  if (segment.data.length > 0) {
    const push = (segment.flags & TCP_FLAG.psh) !== 0;
    const size = Math.min(length, segment.data.length, tcb.offeredSegmentSize);
    delayed.received(size, push, now, receiveWindow.offered, roundTrip.timeout);
  }
  if (receiveQueue.readable > 0) {
    tcb.tell({ kind: 'readable' });
  }
  if (receiveQueue.finished) {
    finArrived(tcb, now);
  }
}

function finArrived(tcb: ControlBlock, now: number): void {
  tcb.peerClosed = true;
  tcb.tell({ kind: 'peer-closed' });
  switch (tcb.state) {
    case 'established':
      tcb.state = 'close-wait';
      tcb.delayed.scheduled = true;
      // An application that closes at once sends its FIN with this acknowledgment (tcp_fin).
      tcb.delayed.conversation = true;
      return;
    case 'fin-wait-1':
      // Our FIN is not acknowledged: both close at once (RFC 9293 3.6, figure 13).
      transmitAcknowledgment(tcb, now);
      tcb.state = 'closing';
      return;
    case 'fin-wait-2':
      transmitAcknowledgment(tcb, now);
      enterTimeWait(tcb, now);
      return;
    case 'closed':
    case 'syn-sent':
    case 'syn-received':
    case 'close-wait':
    case 'closing':
    case 'last-ack':
    case 'time-wait':
      return;
  }
}
