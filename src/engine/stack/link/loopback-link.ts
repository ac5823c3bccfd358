/** What the loopback interface is made of: what it sends, it receives, in the order of events (drivers/net/loopback.c). No port sees it. */
import type { EventTarget } from '../../kernel/event-queue';
import type { Frame } from '../../kernel/frame';
import type { Link, NetworkInterface } from '../network-interface';

export class LoopbackLink implements Link, EventTarget {
  readonly carrier = true;

  constructor(private readonly on: NetworkInterface) {
    on.link = this;
  }

  send(frame: Frame): void {
    const { simulator } = this.on;
    simulator.schedule(simulator.now, this, frame, simulator.cause);
  }

  occur(frame: Frame | null, cause: number): void {
    if (frame !== null) {
      this.on.simulator.cause = cause;
      this.on.receive(frame);
    }
  }
}
