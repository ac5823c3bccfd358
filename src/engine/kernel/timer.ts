/** Timers of devices. Arming again for later costs nothing: the pending event finds out when it comes. */
import type { EventTarget } from './event-queue';
import type { Simulator } from './simulator';

/** Who is told when a timer runs out. */
export interface TimerOwner {
  timerExpired(timer: Timer): void;
}

export class Timer implements EventTarget {
  /** When it will run out in ns; undefined while it is off. */
  private deadline: number | undefined;
  /** When the pending event comes; an event of an older generation is ignored. */
  private pending: number | undefined;
  private generation = 0;
  private cause = -1;

  constructor(
    private readonly simulator: Simulator,
    private readonly owner: TimerOwner,
  ) {}

  get armed(): boolean {
    return this.deadline !== undefined;
  }

  /** ns until it runs out; 0 while it is off. */
  get remaining(): number {
    return this.deadline === undefined ? 0 : this.deadline - this.simulator.now;
  }

  /** Runs out `delay` ns from now, and not at any time set before. What follows will have the present cause. */
  arm(delay: number): void {
    const deadline = this.simulator.now + Math.round(delay);
    this.deadline = deadline;
    this.cause = this.simulator.cause;
    if (this.pending === undefined || this.pending > deadline) {
      this.expectAt(deadline);
    }
  }

  cancel(): void {
    this.deadline = undefined;
  }

  occur(_frame: null, generation: number): void {
    if (generation !== this.generation) {
      return;
    }
    this.pending = undefined;
    const { deadline } = this;
    if (deadline === undefined) {
      return;
    }
    if (deadline > this.simulator.now) {
      this.expectAt(deadline);
      return;
    }
    this.deadline = undefined;
    this.simulator.cause = this.cause;
    this.owner.timerExpired(this);
  }

  private expectAt(time: number): void {
    this.pending = time;
    this.simulator.schedule(time, this, null, ++this.generation);
  }
}
