/** What happens when a timer of a connection runs out (RFC 6298 5.4–5.7, RFC 9293 3.8.4, 3.8.6.1; Linux tcp_timer.c). */
import { end, fail, stop } from './connection-end';
import type { ControlBlock } from './control-block';
import { enterLoss, enterRecovery, findLostByTime } from './loss-recovery';
import { armRetransmission, retriesAsTime } from './retransmission-timer';
import {
  probeInterval,
  probeWindow,
  retransmit,
  transmitAcknowledgment,
  transmitAllowed,
  transmitLossProbe,
  transmitProbe,
} from './transmission';

/** Does what is due at `now`. */
export function timerExpired(tcb: ControlBlock, now: number): void {
  if (isDue(tcb.acknowledgeAt, now)) {
    tcb.acknowledgeAt = undefined;
    tcb.delayed.waitedInVain(tcb.roundTrip.timeout);
    transmitAcknowledgment(tcb, now);
  }
  if (isDue(tcb.reorderingAt, now)) {
    tcb.reorderingAt = undefined;
    reorderingOver(tcb, now);
  }
  if (isDue(tcb.lossProbeAt, now)) {
    transmitLossProbe(tcb, now);
  }
  if (isDue(tcb.retransmitAt, now)) {
    tcb.retransmitAt = undefined;
    retransmissionDue(tcb, now);
  }
  if (isDue(tcb.probeAt, now)) {
    tcb.probeAt = undefined;
    probeDue(tcb, now);
  }
  if (isDue(tcb.keepAliveAt, now)) {
    tcb.keepAliveAt = undefined;
    keepAliveDue(tcb, now);
  }
  if (isDue(tcb.expiresAt, now)) {
    tcb.expiresAt = undefined;
    if (tcb.state === 'fin-wait-2') {
      end(tcb);
    } else {
      stop(tcb);
    }
  }
}

function isDue(deadline: number | undefined, now: number): boolean {
  return deadline !== undefined && deadline <= now;
}

/** RFC 8985 6.3: what was given a little more time has not come. */
function reorderingOver(tcb: ControlBlock, now: number): void {
  findLostByTime(tcb, now);
  if (tcb.sendQueue.lost > tcb.sendQueue.retransmitted) {
    if (tcb.phase === 'open' || tcb.phase === 'disorder') {
      enterRecovery(tcb);
      tcb.congestion.window = tcb.sendQueue.inFlight + 1;
    }
    transmitAllowed(tcb, now);
  }
}

/** tcp_retransmit_timer */
function retransmissionDue(tcb: ControlBlock, now: number): void {
  const { earliest } = tcb.sendQueue;
  if (earliest === undefined) {
    return;
  }
  if (givesUp(tcb, now)) {
    fail(tcb, tcb.softError ?? 'timed-out');
    return;
  }
  const handshake = tcb.state === 'syn-sent' || tcb.state === 'syn-received';
  if (!handshake) {
    enterLoss(tcb, now);
  }
  tcb.lossProbeEnd = undefined;
  tcb.lossProbeAt = undefined;
  tcb.retransmittingSince ??= now;
  tcb.timeouts++;
  const first = tcb.sendQueue.earliest;
  if (first !== undefined) {
    retransmit(tcb, first, now);
  }
  if (tcb.state !== 'syn-sent' || tcb.timeouts > tcb.policy.synLinearTimeouts) {
    tcb.backoff++;
  }
  armRetransmission(tcb, now);
}

/** tcp_write_timeout: SYNs are counted, data has as long as its retransmissions with the least time-out would take. */
function givesUp(tcb: ControlBlock, now: number): boolean {
  const { policy } = tcb;
  if (tcb.state === 'syn-sent') {
    return tcb.timeouts >= policy.synRetries;
  }
  if (tcb.state === 'syn-received') {
    return tcb.timeouts >= policy.synAckRetries;
  }
  const since = tcb.retransmittingSince;
  const patience =
    tcb.userTimeout ?? retriesAsTime(policy.minimumTimeout, policy.maximumTimeout, policy.dataRetries);
  return since !== undefined && tcb.timeouts > 0 && now - since >= patience;
}

/** tcp_probe_timer */
function probeDue(tcb: ControlBlock, now: number): void {
  if (tcb.sendQueue.outstanding > 0) {
    return;
  }
  if (tcb.probes >= tcb.policy.probeRetries) {
    fail(tcb, tcb.softError ?? 'timed-out');
    return;
  }
  tcb.probes++;
  probeWindow(tcb, now);
  tcb.backoff++;
  if (tcb.sendQueue.outstanding === 0) {
    tcb.probeAt = now + probeInterval(tcb);
  }
}

/** tcp_keepalive_timer */
function keepAliveDue(tcb: ControlBlock, now: number): void {
  const { policy } = tcb;
  if (tcb.sendQueue.outstanding > 0) {
    tcb.keepAliveAt = now + policy.keepAliveIdle;
  } else if (tcb.keepAlivesSent >= policy.keepAliveProbes) {
    fail(tcb, 'timed-out');
  } else {
    tcb.keepAlivesSent++;
    transmitProbe(tcb, now);
    tcb.keepAliveAt = now + policy.keepAliveInterval;
  }
}
