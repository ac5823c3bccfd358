/** When the earliest segment that is not acknowledged is sent again (RFC 6298 5), or the last one first (RFC 8985 7.2). */
import { MILLISECOND } from '../linux-policy';
import type { ControlBlock } from './control-block';

/** The time-out of now, with its back-off, ns. */
export function retransmissionTimeout(tcb: ControlBlock): number {
  const { policy, roundTrip } = tcb;
  return Math.min(roundTrip.timeout * 2 ** Math.min(tcb.backoff, 30), policy.maximumTimeout);
}

/** TCP_TIMEOUT_MIN_US: added to two round trips before the tail loss probe. */
const PROBE_MARGIN = 2 * MILLISECOND;

/** Starts the timer anew where anything is outstanding, and stops it otherwise. */
export function armRetransmission(tcb: ControlBlock, now: number): void {
  if (tcb.sendQueue.outstanding === 0) {
    tcb.retransmitAt = undefined;
    tcb.lossProbeAt = undefined;
    return;
  }
  tcb.retransmitAt = now + retransmissionTimeout(tcb);
  armLossProbe(tcb, now);
}

/** RFC 8985 7.2; Linux tcp_schedule_loss_probe. The probe comes instead of the time-out, which begins anew with it. */
export function armLossProbe(tcb: ControlBlock, now: number): void {
  const { policy, roundTrip, sendQueue } = tcb;
  tcb.lossProbeAt = undefined;
  const opened = tcb.state !== 'syn-sent' && tcb.state !== 'syn-received';
  const quiet = tcb.phase === 'open' && tcb.lossProbeEnd === undefined && sendQueue.outstanding > 0;
  if (
    policy.tailLossProbe &&
    tcb.selective &&
    opened &&
    quiet &&
    tcb.timeouts === 0 &&
    tcb.retransmitAt !== undefined
  ) {
    // A single segment's acknowledgment may be delayed by as much as the least time-out.
    const margin = sendQueue.outstanding === 1 ? policy.minimumTimeout : PROBE_MARGIN;
    const probe = roundTrip.smoothed === undefined ? policy.initialTimeout : 2 * roundTrip.smoothed + margin;
    tcb.lossProbeAt = Math.min(now + probe, tcb.retransmitAt);
  }
}

/** The time of so many retransmissions with exponential back-off from the least time-out on (tcp_model_timeout), ns. */
export function retriesAsTime(least: number, most: number, retries: number): number {
  let time = 0;
  let interval = least;
  for (let retry = 0; retry <= retries; retry++) {
    time += interval;
    interval = Math.min(interval * 2, most);
  }
  return time;
}
