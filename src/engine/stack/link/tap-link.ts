/**
 * The kernel's end of a TAP device (Documentation/networking/tuntap.rst): its port is what a process reads and writes, a frame at a time. The
 * device has carrier while a process has it open, and setting it down is no business of the process, which goes on writing in vain.
 */
import { ETHERNET_HEADER_BYTES } from '../../../wire/ethernet';
import type { Frame } from '../../kernel/frame';
import type { FrameReceiver, Port } from '../../kernel/port';
import type { Link, NetworkInterface } from '../network-interface';

export class TapLink implements Link, FrameReceiver {
  private port: Port | undefined;

  constructor(private readonly on: NetworkInterface) {
    on.link = this;
  }

  plug(port: Port): void {
    this.port = port;
  }

  get carrier(): boolean {
    return this.port?.carrier === true;
  }

  send(frame: Frame): void {
    if (this.port === undefined) {
      this.on.drop(frame, 'port-unconnected');
    } else {
      this.port.send(frame);
    }
  }

  /** What a process has written. */
  receive(frame: Frame): void {
    if (frame.bytes.length < ETHERNET_HEADER_BYTES) {
      this.on.drop(frame, 'write-too-short');
    } else if (!this.on.up) {
      this.on.drop(frame, 'write-interface-down');
    } else {
      this.on.receive(frame);
    }
  }

  carrierChanged(): void {
    this.on.stateChanged();
  }
}
