/** Packets of a host to itself: they cross no port, but take their turn in the event queue. */
import type { EventTarget } from '../../kernel/event-queue';
import type { Frame } from '../../kernel/frame';
import type { Simulator } from '../../kernel/simulator';

export class LoopbackDelivery implements EventTarget {
  constructor(
    private readonly simulator: Simulator,
    private readonly deliver: (frame: Frame) => void,
  ) {}

  schedule(bytes: Uint8Array): void {
    const { simulator } = this;
    simulator.schedule(simulator.now, this, simulator.frame(bytes), simulator.cause);
  }

  occur(frame: Frame | null, cause: number): void {
    if (frame !== null) {
      this.simulator.cause = cause;
      this.deliver(frame);
    }
  }
}
