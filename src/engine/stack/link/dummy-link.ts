/** What a dummy interface is made of: nothing. It is up for the sake of its addresses, and takes every frame for good (drivers/net/dummy.c). */
import type { Frame } from '../../kernel/frame';
import type { Link, NetworkInterface } from '../network-interface';

export class DummyLink implements Link {
  readonly carrier = true;

  constructor(private readonly on: NetworkInterface) {
    on.link = this;
  }

  send(frame: Frame): void {
    this.on.drop(frame, 'dummy-interface');
  }
}
