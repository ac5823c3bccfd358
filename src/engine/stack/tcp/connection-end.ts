/** How connections end, and the timers that end them (RFC 9293 3.6, 3.8.3, 3.8.4). */
import type { ConnectionFailure, ControlBlock } from './control-block';

/** Both sides have closed. */
export function end(tcb: ControlBlock): void {
  stop(tcb);
  tcb.tell({ kind: 'closed' });
}

/** It is over, and not as the user meant it. */
export function fail(tcb: ControlBlock, why: ConnectionFailure): void {
  stop(tcb);
  tcb.tell({ kind: 'failed', why });
}

/** Nothing more happens. */
export function stop(tcb: ControlBlock): void {
  tcb.state = 'closed';
  stopTimers(tcb);
}

/** Waits for duplicates to die out (RFC 9293 3.6.1): the user is done with it. */
export function enterTimeWait(tcb: ControlBlock, now: number): void {
  stopTimers(tcb);
  const first = tcb.state !== 'time-wait';
  tcb.state = 'time-wait';
  tcb.expiresAt = now + tcb.policy.timeWait;
  if (first) {
    tcb.tell({ kind: 'closed' });
  }
}

/** The keep-alive timer begins again with everything that comes (RFC 9293 3.8.4). */
export function restartKeepAlive(tcb: ControlBlock, now: number): void {
  tcb.keepAliveAt = tcb.keepAlive ? now + tcb.policy.keepAliveIdle : undefined;
}

function stopTimers(tcb: ControlBlock): void {
  tcb.retransmitAt = undefined;
  tcb.reorderingAt = undefined;
  tcb.lossProbeAt = undefined;
  tcb.probeAt = undefined;
  tcb.acknowledgeAt = undefined;
  tcb.keepAliveAt = undefined;
  tcb.expiresAt = undefined;
}
