/** When the earliest segment that is not acknowledged is sent again (RFC 6298 5). */
import type { ControlBlock } from './control-block';

/** The time-out of now, with its back-off, ns. */
export function retransmissionTimeout(tcb: ControlBlock): number {
  const { policy, roundTrip } = tcb;
  return Math.min(roundTrip.timeout * 2 ** Math.min(tcb.backoff, 30), policy.maximumTimeout);
}

/** Starts the timer anew where anything is outstanding, and stops it otherwise. */
export function armRetransmission(tcb: ControlBlock, now: number): void {
  tcb.retransmitAt = tcb.sendQueue.outstanding === 0 ? undefined : now + retransmissionTimeout(tcb);
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
