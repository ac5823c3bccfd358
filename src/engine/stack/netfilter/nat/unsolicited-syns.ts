/**
 * SYNs from outside that nobody inside asked for: they wait, since the inside may be opening the same connection from its end; only then
 * is the sender told (RFC 5382 REQ-4).
 */
import type { Frame } from '../../../kernel/frame';
import type { Simulator } from '../../../kernel/simulator';
import { Timer } from '../../../kernel/timer';
import type { NetworkInterface } from '../../network-interface';

/** SYNs that wait at once; further ones are refused silently, so that a flood costs nothing. */
export const MOST_WAITING = 64;

interface WaitingSyn {
  readonly frame: Frame;
  readonly on: NetworkInterface;
  readonly until: number;
  readonly cause: number;
}

export class UnsolicitedSyns {
  private readonly waiting: WaitingSyn[] = [];
  private readonly timer: Timer;

  /** @param ended gets each SYN when its time is over, with the cause it came by as the present one */
  constructor(
    private readonly simulator: Simulator,
    /** ns */
    private readonly wait: number,
    private readonly ended: (frame: Frame, on: NetworkInterface) => void,
  ) {
    this.timer = new Timer(simulator, this);
  }

  /** Keeps the SYN; false when too many are waiting. */
  hold(frame: Frame, on: NetworkInterface): boolean {
    if (this.waiting.length === MOST_WAITING) {
      return false;
    }
    const { now, cause } = this.simulator;
    this.waiting.push({ frame, on, until: now + this.wait, cause });
    if (!this.timer.armed) {
      this.timer.arm(this.wait);
    }
    return true;
  }

  timerExpired(): void {
    const { simulator, waiting } = this;
    for (let first = waiting[0]; first !== undefined && first.until <= simulator.now; first = waiting[0]) {
      waiting.shift();
      simulator.cause = first.cause;
      this.ended(first.frame, first.on);
    }
    const [next] = waiting;
    if (next !== undefined) {
      this.timer.arm(next.until - simulator.now);
    }
  }
}
