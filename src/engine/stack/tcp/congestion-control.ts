/** How much may be in the network: slow start and congestion avoidance (RFC 5681 3.1), Reno's or CUBIC's (RFC 9438). Windows in segments, as in Linux. */
import { SECOND } from '../linux-policy';

/** RFC 9438 4.6, beta_cubic. */
const CUBIC_BETA = 0.7;
/** RFC 9438 5, C in segments per second cubed. */
const CUBIC_C = 0.4;
/** RFC 9438 4.3: how CUBIC's Reno-friendly window grows, 3 (1 - beta) / (1 + beta). */
const FRIENDLY_GROWTH = (3 * (1 - CUBIC_BETA)) / (1 + CUBIC_BETA);

/** RFC 5681 3.1: ssthresh is never below two segments. */
const LEAST_THRESHOLD = 2;

export class CongestionControl {
  /** May be in flight. */
  window: number;
  /** Slow start ends here. */
  threshold = Number.POSITIVE_INFINITY;
  /** Acknowledged segments that do not yet make up a whole one of growth. */
  private part = 0;
  private largestBefore = 0;
  private epochStart: number | undefined;
  private epochWindow = 0;
  private friendlyWindow = 0;
  private inflection = 0;

  constructor(
    private readonly algorithm: 'cubic' | 'reno',
    readonly initialWindow: number,
  ) {
    this.window = initialWindow;
  }

  get slowStart(): boolean {
    return this.window < this.threshold;
  }

  /** So many segments were acknowledged while the window was in use (RFC 5681 3.1, RFC 7661 for the condition). */
  acknowledged(segments: number, now: number, roundTrip: number): void {
    let left = segments;
    if (this.slowStart) {
      const grown = Math.min(left, this.threshold - this.window);
      this.window += grown;
      left -= grown;
    }
    if (left > 0) {
      this.avoid(left, now, roundTrip);
    }
  }

  /** Congestion: the window that the loss leaves, which also becomes the threshold. */
  reduce(): number {
    this.epochStart = undefined;
    this.part = 0;
    if (this.algorithm === 'reno') {
      this.threshold = Math.max(LEAST_THRESHOLD, Math.floor(this.window / 2));
      return this.threshold;
    }
    // Fast convergence (RFC 9438 4.7).
    this.largestBefore =
      this.window < this.largestBefore ? (this.window * (1 + CUBIC_BETA)) / 2 : this.window;
    this.threshold = Math.max(LEAST_THRESHOLD, Math.floor(this.window * CUBIC_BETA));
    return this.threshold;
  }

  /** Begins again after nothing was sent for this many time-outs (RFC 5681 4.1; tcp_cwnd_restart halves once for each). */
  restart(timeouts: number): void {
    this.threshold = Math.max(this.threshold, (this.window >> 1) + (this.window >> 2));
    const restart = Math.min(this.initialWindow, this.window);
    let window = this.window;
    for (let left = timeouts; left > 0 && window > restart; left--) {
      window >>= 1;
    }
    this.window = Math.max(window, restart);
    this.epochStart = undefined;
  }

  private avoid(segments: number, now: number, roundTrip: number): void {
    const goal = this.algorithm === 'cubic' ? this.cubicGoal(segments, now, roundTrip) : this.window + 1;
    // One segment more for each window's worth of acknowledgments that the goal is away from (RFC 9438 4.4, 4.5).
    this.part += (segments * Math.max(0, goal - this.window)) / this.window;
    if (this.part >= 1) {
      const whole = Math.floor(this.part);
      this.window += whole;
      this.part -= whole;
    }
  }

  private cubicGoal(segments: number, now: number, roundTrip: number): number {
    if (this.epochStart === undefined) {
      this.epochStart = now;
      this.epochWindow = this.window;
      this.friendlyWindow = this.window;
      const below = Math.max(0, this.largestBefore - this.epochWindow);
      this.inflection = Math.cbrt(below / CUBIC_C);
    }
    const time = (now - this.epochStart + roundTrip) / SECOND;
    const target = CUBIC_C * (time - this.inflection) ** 3 + Math.max(this.largestBefore, this.epochWindow);
    this.friendlyWindow += (FRIENDLY_GROWTH * segments) / this.friendlyWindow;
    const goal = Math.max(target, this.friendlyWindow);
    return Math.min(Math.max(goal, this.window), this.window * 1.5);
  }
}
