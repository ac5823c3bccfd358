/** IPv4 of a stack: what comes in is checked, delivered or forwarded, what goes out is routed (RFC 791, RFC 1122 3.2–3.3, RFC 1812 5). */
import {
  BROADCAST_IPV4,
  isLoopbackIpv4,
  isMulticastIpv4,
  UNSPECIFIED_IPV4,
  type Ipv4Address,
} from '../../net/ipv4-address';
import { destinationMac, ETHERTYPE, writeEthernetHeader } from '../../wire/ethernet';
import { BROADCAST_MAC, isGroupMac, macOfIpv4Group, UNKNOWN_MAC } from '../../net/mac-address';
import {
  checkIpv4,
  decrementTimeToLive,
  destinationAddress,
  dontFragment,
  IPV4_MAXIMUM_BYTES,
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
import type { ErrorReporter } from './ipv4/error-reporter';
import { fragmentIpv4 } from './ipv4/fragmentation';
import { FragmentQueue } from './ipv4/fragment-queue';
import { IP_AT, type PacketOptions } from './ipv4/ip-packet';
import { LocalAddresses } from './ipv4/local-addresses';
import { LoopbackDelivery } from './ipv4/loopback-delivery';
import type { NetworkInterface } from './network-interface';
import type { Route, RoutingTable } from './routing-table';

export { IP_AT, PACKET_HEADER_BYTES, mayBeAnswered, payloadAt, payloadLength } from './ipv4/ip-packet';
export type { ErrorReporter } from './ipv4/error-reporter';
export type { PacketOptions } from './ipv4/ip-packet';

/** The MTU of the loopback interface (`ip link show lo`). */
const LOOPBACK_MTU = 65_536;

/** What a route that refuses packets is to them. */
const REFUSAL = {
  unreachable: 'route-unreachable',
  prohibit: 'route-prohibited',
  blackhole: 'route-blackhole',
} as const;

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

export class Ipv4Layer {
  private readonly protocols = new Map<number, ProtocolHandler>();
  private readonly local = new LocalAddresses();
  private readonly loopback: LoopbackDelivery;
  private readonly interfaces: NetworkInterface[] = [];
  /** Fragments of packets to this machine. */
  private readonly fragments: FragmentQueue;
  /** Fragments of all packets, where a hook wants them whole (Linux `nf_defrag_ipv4`). */
  private readonly trackedFragments: FragmentQueue;

  /** net.ipv4.conf.*.rp_filter: 0 off, 1 strict, 2 loose (RFC 3704). */
  reversePathFilter: 0 | 1 | 2 = 0;
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
    this.loopback = new LoopbackDelivery(simulator, frame => {
      const on = this.anyInterface();
      if (on !== undefined) {
        this.deliver(frame, on);
      }
    });
    this.fragments = new FragmentQueue(simulator, (first, on) => {
      this.errors?.reassemblyTimedOut(first, on);
    });
    this.trackedFragments = new FragmentQueue(simulator, (first, on) => {
      // Only the destination says that it waited in vain (RFC 792; Linux frag_expire_skip_icmp).
      if (this.local.has(destinationAddress(first.bytes, IP_AT))) {
        this.errors?.reassemblyTimedOut(first, on);
      }
    });
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
    this.local.remove(address);
  }

  /** Takes note of the networks of all interfaces, after they changed. */
  addressesChanged(): void {
    this.local.setNetworks(this.interfaces.flatMap(({ addresses }) => addresses));
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
      this.route(frame, on, 0);
    } else {
      this.filter(this.hook, frame, on);
    }
  }

  /** Hands a packet for this host to its protocol. */
  deliver(received: Frame, on: NetworkInterface): void {
    const frame = isFragment(received.bytes, IP_AT) ? this.fragments.take(received, on)?.frame : received;
    if (frame === undefined) {
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

  /** Largest IP packet in bytes that the way to this destination is known to carry. */
  pathMtu(destination: Ipv4Address): number {
    if (this.local.has(destination)) {
      return LOOPBACK_MTU;
    }
    const route = this.routes.lookup(destination);
    return route === undefined ? IPV4_MAXIMUM_BYTES : this.routes.mtu(route, destination, this.simulator.now);
  }

  /** Takes note that a router on the way to this destination carries no more than so many bytes (RFC 1191). */
  learnPathMtu(destination: Ipv4Address, mtu: number): void {
    const present = this.pathMtu(destination);
    this.routes.exceptions.learnMtu(destination, mtu, present, this.simulator.now);
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
    const length = bytes.length - IP_AT;
    if (length > IPV4_MAXIMUM_BYTES) {
      this.dropUnsent(bytes, 'packet-too-big');
      return false;
    }
    const never = options.neverFragment === true;
    writeIpv4Header(bytes, IP_AT, {
      totalLength: length,
      // Nothing tells fragments of a packet apart that has none (RFC 6864; Linux ip_select_ident_segs).
      identification: never ? 0 : identification,
      dontFragment: options.dontFragment && (never || this.fits(length, destination, route)),
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
      const on = route?.on ?? this.anyInterface();
      on?.refuse(this.unsent(bytes, on), refused);
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
    const [on] = this.interfaces;
    on?.drop(this.unsent(bytes, on), reason);
  }

  /** The frame that a packet would have been in: for nobody in particular, since no neighbour was asked for. */
  private unsent(bytes: Uint8Array, on: NetworkInterface): Frame {
    writeEthernetHeader(bytes, UNKNOWN_MAC, on.mac, ETHERTYPE.ipv4);
    return this.simulator.frame(bytes);
  }

  /** Whether it passes on packets of others. */
  get forwards(): boolean {
    return this.forwarding;
  }

  /** Whether the hardware address of this neighbour is known, or not needed; if not, it is asked for. */
  knowsNeighbour(address: Ipv4Address, on: NetworkInterface): boolean {
    return this.arpOf.get(on)?.knows(address) ?? true;
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
    if (route.type !== undefined) {
      route.on.drop(this.unsent(bytes, route.on), REFUSAL[route.type]);
      return false;
    }
    const mtu = this.routes.mtu(route, destination, this.simulator.now);
    if (bytes.length - IP_AT > mtu && dontFragment(bytes, IP_AT)) {
      // The program that sends it is told so: EMSGSIZE.
      route.on.drop(this.unsent(bytes, route.on), 'packet-too-big');
      return false;
    }
    return this.output(bytes, route.on, this.routes.nextHop(route, destination, this.simulator.now), mtu);
  }

  /** Whether a packet of this stack's own may carry DF: it fits, and the way is not one that lies about its MTU. */
  private fits(length: number, destination: Ipv4Address, route: Route | undefined): boolean {
    const { routes, local, simulator } = this;
    if (route === undefined || local.has(destination)) {
      return true;
    }
    return (
      length <= routes.mtu(route, destination, simulator.now) && !routes.isLocked(destination, simulator.now)
    );
  }

  /** Shows a packet from outside to the hook, whole. */
  private filter(hook: PacketHook, frame: Frame, on: NetworkInterface): void {
    let whole = frame;
    let largestFragment = 0;
    if (isFragment(frame.bytes, IP_AT)) {
      const packet = this.trackedFragments.take(frame, on);
      if (packet === undefined) {
        return;
      }
      whole = packet.frame;
      largestFragment = packet.largestFragment;
    }
    const passed = hook.prerouting(whole, on);
    if (passed instanceof Frame) {
      this.route(passed, on, largestFragment);
    } else if (passed !== undefined) {
      on.refuse(whole, passed);
    }
  }

  /** @param largestFragment of a packet that was put together here: it is cut again, to no larger ones; 0 for one that came as it is */
  private route(frame: Frame, on: NetworkInterface, largestFragment: number): void {
    if (this.reversePathFilter !== 0 && !this.isReversePath(sourceAddress(frame.bytes, IP_AT), on)) {
      on.drop(frame, 'reverse-path');
      return;
    }
    const destination = destinationAddress(frame.bytes, IP_AT);
    if (this.local.has(destination) || isMulticastIpv4(destination) || this.local.isBroadcast(destination)) {
      this.deliver(frame, on);
      return;
    }
    if (!this.forwarding) {
      on.drop(frame, 'forwarding-off');
      return;
    }
    this.forward(frame, on, destination, largestFragment);
  }

  /** Whether packets to this source would leave by the interface it came by, or by any where the filter is loose (fib_validate_source). */
  private isReversePath(source: Ipv4Address, on: NetworkInterface): boolean {
    if (source === UNSPECIFIED_IPV4) {
      return true;
    }
    const back = this.routes.lookup(source);
    return back !== undefined && back.type === undefined && (this.reversePathFilter === 2 || back.on === on);
  }

  private forward(
    frame: Frame,
    on: NetworkInterface,
    destination: Ipv4Address,
    largestFragment: number,
  ): void {
    const { bytes } = frame;
    if (isGroupMac(destinationMac(bytes))) {
      // RFC 1812 5.3.4: what came to everyone on a link stays there, or two routers would multiply it.
      on.drop(frame, 'broadcast-ignored');
      return;
    }
    const route = this.routes.lookup(destination);
    if (route === undefined) {
      on.drop(frame, 'no-route');
      this.errors?.noRoute(frame, on);
      return;
    }
    if (route.type !== undefined) {
      this.refuse(frame, on, route.type);
      return;
    }
    if (timeToLive(bytes, IP_AT) <= 1) {
      on.drop(frame, 'ttl-expired');
      this.errors?.timeExceeded(frame, on);
      return;
    }
    const length = totalLength(bytes, IP_AT);
    const { mtu } = route.on;
    // What arrived in fragments that fit may leave in such (Linux ip_exceeds_mtu).
    if ((largestFragment === 0 ? length : largestFragment) > mtu && dontFragment(bytes, IP_AT)) {
      on.drop(frame, 'packet-too-big');
      this.errors?.tooBig(frame, on, mtu);
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
    // None about what NAT may still change (Linux nf_nat_icmp_reply_translation drops such).
    if (route.on === on && this.hook === undefined && on.onLink(sourceAddress(bytes, IP_AT))) {
      this.errors?.betterGateway(copy, on, route.via ?? destination);
    }
    const limit = largestFragment === 0 ? mtu : Math.min(mtu, largestFragment);
    this.output(copy, route.on, route.via, limit);
  }

  private refuse(frame: Frame, on: NetworkInterface, type: Exclude<Route['type'], undefined>): void {
    on.drop(frame, REFUSAL[type]);
    if (type !== 'blackhole') {
      this.errors?.refused(frame, on, type);
    }
  }

  /** @param limit largest IP packet in bytes that may leave; a larger one is cut */
  private output(
    bytes: Uint8Array,
    on: NetworkInterface,
    via: Ipv4Address | undefined,
    limit: number,
  ): boolean {
    const refused = this.hook?.postrouting(bytes, on);
    if (refused !== undefined) {
      on.refuse(this.simulator.frame(bytes), refused);
      return false;
    }
    if (bytes.length - IP_AT <= limit) {
      this.transmit(bytes, on, via);
      return true;
    }
    for (const fragment of fragmentIpv4(bytes, IP_AT, limit, this.simulator.pool)) {
      this.transmit(fragment, on, via);
    }
    return true;
  }

  private transmit(bytes: Uint8Array, on: NetworkInterface, via: Ipv4Address | undefined): void {
    const destination = destinationAddress(bytes, IP_AT);
    if (this.local.isBroadcast(destination)) {
      writeEthernetHeader(bytes, BROADCAST_MAC, on.mac, ETHERTYPE.ipv4);
      on.send(bytes);
    } else if (isMulticastIpv4(destination)) {
      writeEthernetHeader(bytes, macOfIpv4Group(destination), on.mac, ETHERTYPE.ipv4);
      on.send(bytes);
    } else {
      const arp = this.arpOf.get(on);
      if (arp === undefined) {
        writeEthernetHeader(bytes, UNKNOWN_MAC, on.mac, ETHERTYPE.ipv4);
        on.send(bytes);
      } else {
        arp.transmit(bytes, via ?? destination);
      }
    }
  }
}
