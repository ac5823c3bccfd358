/** Something that is done later in virtual time, unless it is called off: `sleep`. */
import { Timer, type TimerOwner } from '../../engine/kernel/timer';
import type { Simulator } from '../../engine/kernel/simulator';

export class Delay implements TimerOwner {
  private readonly timer: Timer;
  private action: (() => void) | undefined;

  constructor(simulator: Simulator) {
    this.timer = new Timer(simulator, this);
  }

  /** Does it in so many ns, and not what was to be done before. */
  run(delay: number, action: () => void): void {
    this.action = action;
    this.timer.arm(delay);
  }

  cancel(): void {
    this.action = undefined;
    this.timer.cancel();
  }

  timerExpired(): void {
    const { action } = this;
    this.action = undefined;
    action?.();
  }
}
