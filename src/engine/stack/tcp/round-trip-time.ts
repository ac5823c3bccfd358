/** The retransmission time-out (RFC 6298) with Linux's estimator (tcp_rtt_estimator): the variance part is never below a floor. */
import { after } from './sequence';
import type { TcpPolicy } from './policy';

export class RoundTripTime {
  /** Smoothed round trip, ns; undefined before the first sample. */
  smoothed: number | undefined;
  /** Least round trip seen, ns. */
  minimum = Number.POSITIVE_INFINITY;
  /** Four times the mean deviation, ns. */
  private deviation = 0;
  private largestDeviation = 0;
  private variance = 0;
  /** When everything sent up to here is acknowledged, one round trip has passed. */
  private roundEnds = 0;
  /** RTO without back-off, ns. */
  timeout: number;

  constructor(private readonly policy: TcpPolicy) {
    this.timeout = policy.initialTimeout;
  }

  /** Learns from one acknowledgment how long a round trip took, ns. */
  sample(time: number, unacknowledged: number, sendNext: number): void {
    const { policy } = this;
    this.minimum = Math.min(this.minimum, time);
    if (this.smoothed === undefined) {
      this.smoothed = time;
      this.deviation = 2 * time;
      this.variance = Math.max(this.deviation, policy.minimumTimeout);
      this.largestDeviation = this.variance;
      this.roundEnds = sendNext;
    } else {
      this.smooth(time, this.smoothed, unacknowledged, sendNext);
    }
    this.timeout = Math.min(this.smoothed + this.variance, policy.maximumTimeout);
  }

  private smooth(time: number, smoothed: number, unacknowledged: number, sendNext: number): void {
    const error = time - smoothed;
    this.smoothed = smoothed + error / 8;
    let growth = Math.abs(error) - this.deviation / 4;
    if (error < 0 && growth > 0) {
      // A round trip that became shorter must not make the time-out longer.
      growth /= 8;
    }
    this.deviation += growth;
    if (this.deviation > this.largestDeviation) {
      this.largestDeviation = this.deviation;
      this.variance = Math.max(this.variance, this.largestDeviation);
    }
    if (after(unacknowledged, this.roundEnds)) {
      if (this.largestDeviation < this.variance) {
        this.variance -= (this.variance - this.largestDeviation) / 4;
      }
      this.roundEnds = sendNext;
      this.largestDeviation = this.policy.minimumTimeout;
    }
  }
}
