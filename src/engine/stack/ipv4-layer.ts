/** IPv4 of a stack: what comes in is checked, delivered or forwarded, what goes out is routed (RFC 791, RFC 1122 3.2–3.3, RFC 1812 5). */
import {
  BROADCAST_IPV4,
  isLoopbackIpv4,
  isMulticastIpv4,
  UNSPECIFIED_IPV4,
  type Ipv4Address,
} from '../../net/ipv4-address';
import { destinationMac, ETHERNET_HEADER_BYTES, ETHERTYPE, writeEthernetHeader } from '../../wire/ethernet';
import { BROADCAST_MAC, isGroupMac, UNKNOWN_MAC } from '../../net/mac-address';
import {
  checkIpv4,
  decrementTimeToLive,
  destinationAddress,
  dontFragment,
  headerLength,
  IPV4_HEADER_BYTES,
  isFragment,
  protocol,
  sourceAddress,
  timeToLive,
  totalLength,
  writeIpv4Header,
} from '../../wire/ipv4';
import type { DropReason, Refusal } from '../kernel/drop-reason';
import { Frame } from '../kernel/frame';
import type { Simulator } from '../kernel/simulator';
import type { Arp } from './arp';
import type { NetworkInterface } from './network-interface';
import type { Route, RoutingTable } from './routing-table';

/** Where the IP header of every frame begins. */
export const IP_AT = ETHERNET_HEADER_BYTES;

/** Bytes in front of the payload of a packet without options. */
export const PACKET_HEADER_BYTES = ETHERNET_HEADER_BYTES + IPV4_HEADER_BYTES;

/** How a packet of this stack's own is marked; sockets keep one such object for all their packets. */
export interface PacketOptions {
  readonly timeToLive: number;
  readonly typeOfService: number;
  readonly dontFragment: boolean;
  /** For a socket that counts its own packets; IP chooses where absent. */
  readonly identification?: number;
}

/** A protocol above IP. */
export interface ProtocolHandler {
  /** A whole packet for this host; the IP header is valid, the payload unchecked. */
  receive(frame: Frame, on: NetworkInterface): void;
}

/** Sees packets as they pass at the five points of netfilter, may rewrite them and may refuse them: connection tracking, NAT, firewall. */
export interface PacketHook {
  /**
   * Before a packet from outside is routed: gives the frame to go on with, or why it may not; undefined when the hook keeps it and
   * answers for it.
   */
  prerouting(frame: Frame, on: NetworkInterface): Frame | Refusal | undefined;
  /** Before a whole packet is delivered here, also one from this stack itself. */
  input(frame: Frame, on: NetworkInterface): Refusal | undefined;
  /** Before a packet is passed on: its time to live is taken down and its route known. */
  forward(bytes: Uint8Array, from: NetworkInterface, out: NetworkInterface): Refusal | undefined;
  /** Before a packet of this stack's own goes out: may change `bytes` in place, and is routed anew when its destination changed. */
  output(bytes: Uint8Array, out: NetworkInterface | undefined): Refusal | undefined;
  /** Before a packet leaves: may change `bytes` in place. */
  postrouting(bytes: Uint8Array, out: NetworkInterface): Refusal | undefined;
}

/** Speaks of packets that could not be used, to whoever sent them. */
export interface ErrorReporter {
  protocolUnreachable(frame: Frame, on: NetworkInterface): void;
  noRoute(frame: Frame, on: NetworkInterface): void;
  timeExceeded(frame: Frame, on: NetworkInterface): void;
  tooBig(frame: Frame, on: NetworkInterface, mtu: number): void;
}

export class Ipv4Layer {
  private readonly protocols = new Map<number, ProtocolHandler>();
  private readonly local = new Set<Ipv4Address>();
  private readonly loopback: LoopbackDelivery;
  private readonly interfaces: NetworkInterface[] = [];

  hook: PacketHook | undefined;
  errors: ErrorReporter | undefined;

  constructor(
    readonly simulator: Simulator,
    readonly routes: RoutingTable,
    /** Of the interfaces whose next hops have hardware addresses. */
    private readonly arpOf: ReadonlyMap<NetworkInterface, Arp>,
    /** net.ipv4.ip_forward. */
    private readonly forwarding: boolean,
  ) {
    this.loopback = new LoopbackDelivery(this);
  }

  /** Takes the IPv4 frames of an interface. */
  attach(on: NetworkInterface): void {
    on.register(ETHERTYPE.ipv4, this);
    this.interfaces.push(on);
  }

  register(number: number, handler: ProtocolHandler): void {
    this.protocols.set(number, handler);
  }

  isLocal(address: Ipv4Address): boolean {
    return this.local.has(address);
  }

  addLocal(address: Ipv4Address): void {
    this.local.add(address);
  }

  removeLocal(address: Ipv4Address): void {
    this.local.delete(address);
  }

  receive(frame: Frame, on: NetworkInterface): void {
    const problem = checkIpv4(frame.bytes, IP_AT, frame.bytes.length - IP_AT);
    if (problem !== undefined) {
      on.drop(frame, problem === 'bad-checksum' ? 'checksum-wrong' : 'malformed');
      return;
    }
    if (on.packetTap?.tap(frame, on) === true) {
      return;
    }
    const source = sourceAddress(frame.bytes, IP_AT);
    if (isMulticastIpv4(source) || source === BROADCAST_IPV4 || isLoopbackIpv4(source)) {
      on.drop(frame, 'source-invalid');
      return;
    }
    if (isLoopbackIpv4(destinationAddress(frame.bytes, IP_AT))) {
      // No link leads there (RFC 1122 3.2.1.3 g).
      on.drop(frame, 'no-route');
      return;
    }
    if (this.hook === undefined) {
      this.route(frame, on);
      return;
    }
    const passed = this.hook.prerouting(frame, on);
    if (passed instanceof Frame) {
      this.route(passed, on);
    } else if (passed !== undefined) {
      on.refuse(frame, passed);
    }
  }

  /** Hands a packet for this host to its protocol. */
  deliver(frame: Frame, on: NetworkInterface): void {
    if (isFragment(frame.bytes, IP_AT)) {
      on.drop(frame, 'fragment-unsupported');
      return;
    }
    const refused = this.hook?.input(frame, on);
    if (refused !== undefined) {
      on.refuse(frame, refused);
      return;
    }
    const handler = this.protocols.get(protocol(frame.bytes, IP_AT));
    if (handler === undefined) {
      on.drop(frame, 'protocol-unreachable');
      this.errors?.protocolUnreachable(frame, on);
      return;
    }
    handler.receive(frame, on);
  }

  /** Whether a packet to this address is for everyone on the link it came by or goes to. */
  isBroadcast(address: Ipv4Address, on: NetworkInterface): boolean {
    return address === BROADCAST_IPV4 || on.isDirectedBroadcast(address);
  }

  /** The address a packet to this destination carries as its source; undefined when there is none. */
  sourceFor(route: Route): Ipv4Address | undefined {
    const { on, via, to } = route;
    const towards = via ?? to.network;
    const sameNet = on.addresses.length > 1 ? on.addressTowards(towards) : undefined;
    return sameNet ?? on.primaryAddress;
  }

  /**
   * Completes and sends a packet of this stack's own whose payload is in place behind PACKET_HEADER_BYTES.
   * @param route from `routes.lookup(destination)`; undefined is recorded as a drop
   */
  send(
    bytes: Uint8Array,
    source: Ipv4Address,
    destination: Ipv4Address,
    protocolNumber: number,
    options: PacketOptions,
    identification: number,
    route: Route | undefined,
  ): boolean {
    writeIpv4Header(bytes, IP_AT, {
      totalLength: bytes.length - IP_AT,
      identification,
      dontFragment: options.dontFragment,
      timeToLive: options.timeToLive,
      typeOfService: options.typeOfService,
      protocol: protocolNumber,
      source,
      destination,
    });
    if (this.hook === undefined) {
      return this.sendWritten(bytes, destination, route);
    }
    const refused = this.hook.output(bytes, route?.on);
    if (refused !== undefined) {
      (route?.on ?? this.anyInterface())?.refuse(this.simulator.frame(bytes), refused);
      return false;
    }
    const onward = destinationAddress(bytes, IP_AT);
    return this.sendWritten(bytes, onward, onward === destination ? route : this.routes.lookup(onward));
  }

  /** Sends to every host of one link, without needing an address or a route (DHCP). */
  sendOnLink(
    bytes: Uint8Array,
    source: Ipv4Address,
    protocolNumber: number,
    options: PacketOptions,
    on: NetworkInterface,
  ): void {
    writeIpv4Header(bytes, IP_AT, {
      totalLength: bytes.length - IP_AT,
      identification: 0,
      dontFragment: options.dontFragment,
      timeToLive: options.timeToLive,
      typeOfService: options.typeOfService,
      protocol: protocolNumber,
      source,
      destination: BROADCAST_IPV4,
    });
    writeEthernetHeader(bytes, BROADCAST_MAC, on.mac, ETHERTYPE.ipv4);
    on.send(bytes);
  }

  /** Records a packet that could not even be given to an interface, at the stack's first one. */
  dropUnsent(bytes: Uint8Array, reason: DropReason): void {
    this.interfaces[0]?.drop(this.simulator.frame(bytes), reason);
  }

  /** The interface that local deliveries name as theirs. */
  anyInterface(): NetworkInterface | undefined {
    return this.interfaces[0];
  }

  private sendWritten(bytes: Uint8Array, destination: Ipv4Address, route: Route | undefined): boolean {
    if (this.local.has(destination)) {
      this.loopback.schedule(bytes);
      return true;
    }
    if (route === undefined) {
      this.dropUnsent(bytes, 'no-route');
      return false;
    }
    if (bytes.length - IP_AT > route.on.mtu) {
      route.on.drop(this.simulator.frame(bytes), 'fragment-unsupported');
      return false;
    }
    return this.output(bytes, route);
  }

  private route(frame: Frame, on: NetworkInterface): void {
    const destination = destinationAddress(frame.bytes, IP_AT);
    if (
      this.local.has(destination) ||
      destination === BROADCAST_IPV4 ||
      isMulticastIpv4(destination) ||
      on.isDirectedBroadcast(destination)
    ) {
      this.deliver(frame, on);
      return;
    }
    if (!this.forwarding) {
      on.drop(frame, 'forwarding-off');
      return;
    }
    this.forward(frame, on, destination);
  }

  private forward(frame: Frame, on: NetworkInterface, destination: Ipv4Address): void {
    const { bytes } = frame;
    if (isGroupMac(destinationMac(bytes))) {
      // RFC 1812 5.3.4: what came to everyone on a link stays there, or two routers would multiply it.
      on.drop(frame, 'broadcast-ignored');
      return;
    }
    if (timeToLive(bytes, IP_AT) <= 1) {
      on.drop(frame, 'ttl-expired');
      this.errors?.timeExceeded(frame, on);
      return;
    }
    const route = this.routes.lookup(destination);
    if (route === undefined) {
      on.drop(frame, 'no-route');
      this.errors?.noRoute(frame, on);
      return;
    }
    const length = totalLength(bytes, IP_AT);
    if (length > route.on.mtu) {
      if (dontFragment(bytes, IP_AT)) {
        on.drop(frame, 'packet-too-big');
        this.errors?.tooBig(frame, on, route.on.mtu);
      } else {
        on.drop(frame, 'fragment-unsupported');
      }
      return;
    }
    // Padding behind the packet belongs to the link it came by, so only the packet itself goes on.
    const copy = this.simulator.pool.copy(bytes, IP_AT + length);
    decrementTimeToLive(copy, IP_AT);
    const refused = this.hook?.forward(copy, on, route.on);
    if (refused !== undefined) {
      on.refuse(frame, refused);
      return;
    }
    this.output(copy, route);
  }

  private output(bytes: Uint8Array, route: Route): boolean {
    const { on } = route;
    const refused = this.hook?.postrouting(bytes, on);
    if (refused !== undefined) {
      on.refuse(this.simulator.frame(bytes), refused);
      return false;
    }
    const destination = destinationAddress(bytes, IP_AT);
    if (destination === BROADCAST_IPV4 || on.isDirectedBroadcast(destination)) {
      writeEthernetHeader(bytes, BROADCAST_MAC, on.mac, ETHERTYPE.ipv4);
      on.send(bytes);
      return true;
    }
    const arp = this.arpOf.get(on);
    if (arp === undefined) {
      writeEthernetHeader(bytes, UNKNOWN_MAC, on.mac, ETHERTYPE.ipv4);
      on.send(bytes);
      return true;
    }
    arp.transmit(bytes, route.via ?? destination);
    return true;
  }
}

/** Packets of a host to itself: they cross no port, but take their turn in the event queue. */
class LoopbackDelivery {
  constructor(private readonly layer: Ipv4Layer) {}

  schedule(bytes: Uint8Array): void {
    const { simulator } = this.layer;
    simulator.schedule(simulator.now, this, simulator.frame(bytes), simulator.cause);
  }

  occur(frame: Frame | null, cause: number): void {
    const on = this.layer.anyInterface();
    if (frame !== null && on !== undefined) {
      this.layer.simulator.cause = cause;
      this.layer.deliver(frame, on);
    }
  }
}

/** Whether an address can be the source of a packet that deserves an answer. */
export function mayBeAnswered(source: Ipv4Address): boolean {
  return source !== UNSPECIFIED_IPV4 && source !== BROADCAST_IPV4 && !isMulticastIpv4(source);
}

/** Where the payload of a valid packet begins. */
export function payloadAt(bytes: Uint8Array): number {
  return IP_AT + headerLength(bytes, IP_AT);
}

/** Bytes of payload of a valid packet. */
export function payloadLength(bytes: Uint8Array): number {
  return totalLength(bytes, IP_AT) - headerLength(bytes, IP_AT);
}
