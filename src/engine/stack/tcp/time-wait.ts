/** A segment arrives at a connection that has ended and waits for duplicates to die out (RFC 9293 3.10.7.4; Linux tcp_timewait_state_process). */
import { TCP_FLAG } from '../../../wire/tcp';
import { enterTimeWait, stop } from './connection-end';
import type { ControlBlock } from './control-block';
import { sequenceLength, type Segment } from './segment';
import { after, before } from './sequence';
import { transmitAcknowledgment } from './transmission';
import { discarded, TAKEN, type Verdict } from './verdict';

export function arrivedInTimeWait(tcb: ControlBlock, segment: Segment, now: number): Verdict {
  const { flags } = segment;
  const old =
    tcb.timestamps &&
    segment.timestamps !== undefined &&
    before(segment.timestamps.value, tcb.recentTimestamp);
  if ((flags & TCP_FLAG.rst) !== 0) {
    // tcp_rfc1337 is 0: an exact RST ends the wait.
    if (!old && segment.sequence === tcb.receiveNext) {
      stop(tcb);
      return TAKEN;
    }
    return discarded('tcp-not-acceptable');
  }
  if (!old && segment.sequence === tcb.receiveNext && sequenceLength(segment) === 0) {
    enterTimeWait(tcb, now);
    return TAKEN;
  }
  if ((flags & TCP_FLAG.ack) !== 0) {
    enterTimeWait(tcb, now);
  }
  if (now - tcb.lastInvalidAnswer >= tcb.policy.invalidSegmentInterval) {
    tcb.lastInvalidAnswer = now;
    transmitAcknowledgment(tcb, now);
  }
  return discarded('tcp-old-duplicate');
}

/** Whether a SYN is of a new connection that may take this one's place (RFC 9293 3.6.1, RFC 6191). */
export function mayReplace(tcb: ControlBlock, segment: Segment): boolean {
  const { flags, timestamps } = segment;
  if ((flags & (TCP_FLAG.syn | TCP_FLAG.ack | TCP_FLAG.rst)) !== TCP_FLAG.syn) {
    return false;
  }
  const newer = timestamps !== undefined && tcb.timestamps && after(timestamps.value, tcb.recentTimestamp);
  const older = timestamps !== undefined && tcb.timestamps && before(timestamps.value, tcb.recentTimestamp);
  return newer || (!older && after(segment.sequence, tcb.receiveNext));
}
