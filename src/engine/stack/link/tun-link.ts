/**
 * The kernel's end of a TUN device (Documentation/networking/tuntap.rst): its port is what a process reads and writes, an IP packet at a time.
 * Inside the stack packets have room for an Ethernet header in front all the same, so that IP begins at one place on every interface.
 */
import { ETHERNET_HEADER_BYTES, etherTypeOfPacket } from '../../../wire/ethernet';
import { writeUint16 } from '../../../wire/bytes';
import type { DropReason } from '../../kernel/drop-reason';
import type { Frame } from '../../kernel/frame';
import type { FrameReceiver, Port } from '../../kernel/port';
import type { Link, NetworkInterface } from '../network-interface';

export class TunLink implements Link, FrameReceiver {
  private port: Port | undefined;
  /** What the process has just written, and how the stack sees it. */
  private written: Frame | undefined;
  private arriving: Frame | undefined;

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
      this.port.send(this.withoutHeader(frame));
    }
  }

  /** What a process has written: a packet of a version that the kernel knows (tun_get_user of drivers/net/tun.c). */
  receive(packet: Frame): void {
    const { simulator } = this.on;
    const { bytes } = packet;
    const type = etherTypeOfPacket(bytes);
    if (type === undefined) {
      this.refuse(packet, 'write-too-short');
      return;
    }
    if (!this.on.up) {
      this.refuse(packet, 'write-interface-down');
      return;
    }
    const inside = simulator.pool.allocate(ETHERNET_HEADER_BYTES + bytes.length);
    writeUint16(inside, ETHERNET_HEADER_BYTES - 2, type);
    inside.set(bytes, ETHERNET_HEADER_BYTES);
    this.written = packet;
    this.arriving = simulator.frame(inside);
    this.on.receive(this.arriving);
  }

  carrierChanged(): void {
    this.on.stateChanged();
  }

  /** The port carries IP alone, and so do its records. */
  asRecorded(frame: Frame): Frame {
    return this.written !== undefined && frame === this.arriving ? this.written : this.withoutHeader(frame);
  }

  private refuse(packet: Frame, reason: DropReason): void {
    this.on.simulator.drop(this.on.portNumber, packet, reason);
  }

  private withoutHeader(frame: Frame): Frame {
    return this.on.simulator.frame(frame.bytes.subarray(ETHERNET_HEADER_BYTES));
  }
}
