/** A network interface of a stack: an Ethernet station with its addresses. */
import type { Ipv4Address } from '../../net/ipv4-address';
import { lastAddressOf, prefixContains, prefixOf, type Ipv4InterfaceAddress } from '../../net/ipv4-prefix';
import { BROADCAST_MAC, isGroupMac, type MacAddress } from '../../net/mac-address';
import { destinationMac, ETHERNET_HEADER_BYTES, etherType } from '../../wire/ethernet';
import type { DropReason, Refusal } from '../kernel/drop-reason';
import type { Frame } from '../kernel/frame';
import type { FrameReceiver, Port } from '../kernel/port';
import type { Simulator } from '../kernel/simulator';

/** A protocol above Ethernet. */
export interface EtherTypeHandler {
  receive(frame: Frame, on: NetworkInterface): void;
}

/** What listens to an interface below IP, as a DHCP client's packet socket does. */
export interface PacketTap {
  /** Sees every IPv4 frame that reached the station; true when it used it and nobody else should. */
  tap(frame: Frame, on: NetworkInterface): boolean;
}

export class NetworkInterface implements FrameReceiver {
  private readonly handlers = new Map<number, EtherTypeHandler>();
  private list: readonly Ipv4InterfaceAddress[] = [];

  /** The packet socket open on this interface, if any. */
  packetTap: PacketTap | undefined;

  constructor(
    readonly simulator: Simulator,
    readonly name: string,
    readonly mac: MacAddress,
    /** Largest IP packet in bytes. */
    readonly mtu: number,
    readonly portNumber: number,
  ) {}

  private portOrNone: Port | undefined;

  /** The port whose frames this interface receives. */
  set port(port: Port) {
    this.portOrNone = port;
  }

  get port(): Port | undefined {
    return this.portOrNone;
  }

  get addresses(): readonly Ipv4InterfaceAddress[] {
    return this.list;
  }

  set addresses(addresses: readonly Ipv4InterfaceAddress[]) {
    this.list = addresses;
  }

  /** The address that packets from here carry when nobody chose another. */
  get primaryAddress(): Ipv4Address | undefined {
    return this.list[0]?.address;
  }

  /** Hands frames of this EtherType to `handler`. */
  register(type: number, handler: EtherTypeHandler): void {
    this.handlers.set(type, handler);
  }

  /** Whether the address is on one of this interface's own networks. */
  onLink(address: Ipv4Address): boolean {
    return this.addressTowards(address) !== undefined;
  }

  /** This interface's address on the network that holds `other`. */
  addressTowards(other: Ipv4Address): Ipv4Address | undefined {
    return this.list.find(own => prefixContains(prefixOf(own.address, own.prefixLength), other))?.address;
  }

  /** Whether the address is the directed broadcast of one of this interface's networks (RFC 919). */
  isDirectedBroadcast(address: Ipv4Address): boolean {
    for (const own of this.list) {
      if (own.prefixLength < 31 && lastAddressOf(prefixOf(own.address, own.prefixLength)) === address) {
        return true;
      }
    }
    return false;
  }

  /** Sends a frame whose every byte is written. */
  send(bytes: Uint8Array): void {
    const frame = this.simulator.frame(bytes);
    if (this.portOrNone === undefined) {
      this.simulator.drop(this.portNumber, frame, 'port-unconnected');
      return;
    }
    this.portOrNone.send(frame);
  }

  receive(frame: Frame): void {
    const { bytes } = frame;
    if (bytes.length < ETHERNET_HEADER_BYTES) {
      this.drop(frame, 'malformed');
      return;
    }
    const destination = destinationMac(bytes);
    if (destination !== this.mac && destination !== BROADCAST_MAC && !isGroupMac(destination)) {
      this.drop(frame, 'not-for-this-station');
      return;
    }
    const handler = this.handlers.get(etherType(bytes));
    if (handler === undefined) {
      this.drop(frame, 'ethertype-unknown');
      return;
    }
    handler.receive(frame, this);
  }

  /** Records that a frame that came in here, or would have left here, goes no further. */
  drop(frame: Frame, reason: DropReason): void {
    this.simulator.drop(this.portNumber, frame, reason);
  }

  /** As `drop`, for what a rule decided. */
  refuse(frame: Frame, { reason, rule }: Refusal): void {
    this.simulator.drop(this.portNumber, frame, reason, rule);
  }
}
