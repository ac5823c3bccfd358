/** What a stack sends by IPv6: finds the way, completes headers, cuts what is too large, hands it to the link. */
import { isIpv4, type IpAddress } from '../../../net/ip-address';
import { isLinkLocalIpv6, isMulticastIpv6, LOOPBACK_IPV6, type Ipv6Address } from '../../../net/ipv6-address';
import { multicastMac } from '../../../net/ipv6-link-layer';
import { readUint32 } from '../../../wire/bytes';
import { UNKNOWN_MAC } from '../../../net/mac-address';
import { ETHERTYPE, writeEthernetHeader } from '../../../wire/ethernet';
import { finishIcmpv6 } from '../../../wire/icmpv6';
import { IP_PROTOCOL } from '../../../wire/ipv4';
import { IPV6_MINIMUM_MTU, writeIpv6Header } from '../../../wire/ipv6';
import { IPV6_EXTENSION } from '../../../wire/ipv6-extension';
import type { DropReason } from '../../kernel/drop-reason';
import type { Frame } from '../../kernel/frame';
import type { RandomStream } from '../../kernel/random-stream';
import type { Simulator } from '../../kernel/simulator';
import type { IpOutput } from '../ip-output';
import type { PacketHook } from '../ipv4/packet-hook';
import type { PacketOptions } from '../ipv4/ip-packet';
import { LINUX } from '../linux-policy';
import type { NetworkInterface } from '../network-interface';
import type { DestinationCache } from './destination-cache';
import { fragmentsOf, type CutPlace } from './fragmentation';
import { isDeprecated, isUsableAddress } from './ipv6-address-entry';
import { IPV6_AT, IPV6_PACKET_HEADER_BYTES } from './ip-packet';
import type { Ipv6Interfaces } from './ipv6-interfaces';
import type { Ipv6RoutingTable } from './ipv6-routing-table';
import { LINUX_IPV6 } from './linux-ipv6-policy';
import type { NeighbourCache } from './neighbour-cache';
import type { CutPacket } from './reassembly';
import { selectSource, type SourceCandidate } from './source-selection';
import { MAXIMUM_PAYLOAD, writeUnsentIpv6Header } from './unsent-packet';

/** The first step of a packet's way. */
export interface Hop {
  readonly on: NetworkInterface;
  readonly nextHop: Ipv6Address;
}

/** Takes packets of this node to itself. */
export interface LocalDelivery {
  schedule(bytes: Uint8Array, on: NetworkInterface): void;
}

export interface ControlOptions {
  /** A hop-by-hop header in front of the message. */
  readonly extension?: Uint8Array;
  /** Whether it has a flow label: what programs send has one, what the kernel sends has none (measured). */
  readonly labelled?: boolean;
}

export class Ipv6Sender implements IpOutput {
  readonly version = 6;
  readonly headerBytes = IPV6_PACKET_HEADER_BYTES;

  /** Sees every packet as it passes: a firewall. */
  hook: PacketHook | undefined;

  /** Keeps flow labels from being guessed (net.ipv6.auto_flowlabels 1). */
  private readonly secret: number;

  constructor(
    readonly simulator: Simulator,
    readonly interfaces: Ipv6Interfaces,
    readonly routes: Ipv6RoutingTable,
    readonly destinations: DestinationCache,
    private readonly neighboursOf: (on: NetworkInterface) => NeighbourCache | undefined,
    private readonly local: LocalDelivery,
    private readonly random: RandomStream,
  ) {
    this.secret = random.word();
  }

  isLocal(address: IpAddress): boolean {
    return !isIpv4(address) && this.interfaces.isLocal(address);
  }

  sourceFor(destination: IpAddress, on?: NetworkInterface): Ipv6Address | undefined {
    if (isIpv4(destination)) {
      return undefined;
    }
    if (this.interfaces.isLocal(destination)) {
      return destination;
    }
    const hop = this.hopTo(destination, on);
    return typeof hop === 'string' ? undefined : selectSource(this.candidates(hop.on), destination);
  }

  pathMtu(destination: IpAddress): number {
    const hop = isIpv4(destination) ? 'no-route' : this.hopTo(destination);
    return isIpv4(destination) || typeof hop === 'string'
      ? IPV6_MINIMUM_MTU
      : this.destinations.pathMtu(destination, this.linkMtuOf(hop.on), this.simulator.now);
  }

  allocate(payloadBytes: number): Uint8Array {
    return this.simulator.pool.allocate(IPV6_PACKET_HEADER_BYTES + payloadBytes);
  }

  /**
   * @param options `timeToLive` is the hop limit; 64, which a socket has when nobody chose another, gives way to what the interface
   *   or a group has. There is no "don't fragment" in IPv6: what is too large for the path is cut here (RFC 8200 5).
   * @param on the interface that a link-local address or a group is meant on
   */
  send(
    bytes: Uint8Array,
    source: IpAddress,
    destination: IpAddress,
    protocol: number,
    options: PacketOptions,
    on?: NetworkInterface,
  ): boolean {
    if (isIpv4(source) || isIpv4(destination)) {
      this.dropUnsent(bytes, 'no-route');
      return false;
    }
    if (bytes.length - IPV6_PACKET_HEADER_BYTES > MAXIMUM_PAYLOAD) {
      writeUnsentIpv6Header(bytes, destination, protocol, options, source);
      this.dropUnsent(bytes, 'packet-too-big');
      return false;
    }
    const local = this.interfaces.isLocal(destination);
    const hop = local ? this.localHop(destination, on) : this.hopTo(destination, on);
    writeIpv6Header(bytes, IPV6_AT, {
      trafficClass: options.typeOfService,
      flowLabel: 0,
      payloadLength: bytes.length - IPV6_PACKET_HEADER_BYTES,
      nextHeader: protocol,
      hopLimit: this.hopLimitFor(options.timeToLive, destination, hop),
      source,
      destination,
    });
    if (options.unlabelled !== true) {
      this.writeFlowLabel(bytes, protocol);
    }
    return this.sendWritten(bytes, destination, hop, local);
  }

  /**
   * Sends an ICMPv6 message of neighbour discovery or multicast listener discovery: no route.
   * @param message its checksum is written here
   */
  sendControl(
    on: NetworkInterface,
    source: Ipv6Address,
    destination: Ipv6Address,
    message: Uint8Array,
    hopLimit: number,
    { extension = NOTHING, labelled = false }: ControlOptions = {},
  ): void {
    const at = IPV6_PACKET_HEADER_BYTES + extension.length;
    const bytes = this.simulator.pool.allocate(at + message.length);
    bytes.set(extension, IPV6_PACKET_HEADER_BYTES);
    bytes.set(message, at);
    writeIpv6Header(bytes, IPV6_AT, {
      trafficClass: 0,
      flowLabel: 0,
      payloadLength: bytes.length - IPV6_PACKET_HEADER_BYTES,
      nextHeader: extension.length > 0 ? IPV6_EXTENSION.hopByHop : IP_PROTOCOL.icmpv6,
      hopLimit,
      source,
      destination,
    });
    if (labelled) {
      this.writeFlowLabel(bytes, IP_PROTOCOL.icmpv6);
    }
    finishIcmpv6(bytes, at, message.length, IPV6_AT);
    const refused = this.hook?.output(bytes, on);
    if (refused === undefined) {
      this.transmit(bytes, { on, nextHop: destination });
    } else {
      on.refuse(this.unsent(bytes, on), refused);
    }
  }

  /** Where a packet to this destination goes first, or why it cannot. */
  hopTo(destination: Ipv6Address, on?: NetworkInterface): Hop | DropReason {
    const { now } = this.simulator;
    if (isMulticastIpv6(destination)) {
      const out = on ?? this.anyInterface();
      return out === undefined ? 'no-route' : { on: out, nextHop: destination };
    }
    const redirected = this.destinations.redirect(destination, now);
    if (redirected?.on.up === true) {
      return { on: redirected.on, nextHop: redirected.via };
    }
    const route = this.routes.lookup(destination, now, isLinkLocalIpv6(destination) ? on : undefined);
    if (route === undefined) {
      return 'no-route';
    }
    return route.refuses === undefined
      ? { on: route.on, nextHop: route.via ?? destination }
      : REFUSALS[route.refuses];
  }

  /** Hands a finished packet to the link. */
  transmit(bytes: Uint8Array, { on, nextHop }: Hop): void {
    if (isMulticastIpv6(nextHop)) {
      writeEthernetHeader(bytes, multicastMac(nextHop), on.mac, ETHERTYPE.ipv6);
      on.send(bytes);
      return;
    }
    const neighbours = this.neighboursOf(on);
    if (neighbours !== undefined) {
      neighbours.transmit(bytes, nextHop);
      return;
    }
    writeEthernetHeader(bytes, on.mac, on.mac, ETHERTYPE.ipv6);
    on.send(bytes);
  }

  /**
   * Sends a packet that may leave.
   * @param cut how it came, where it was put together on its way: it leaves in fragments no larger than those it came in, and none
   *   smaller than every link carries (Linux ip6_fragment, frag_max_size)
   */
  output(bytes: Uint8Array, hop: Hop, cut?: CutPacket): boolean {
    const refused = this.hook?.postrouting(bytes, hop.on);
    if (refused !== undefined) {
      hop.on.refuse(this.simulator.frame(bytes), refused);
      return false;
    }
    if (cut !== undefined && bytes.length - IPV6_AT > cut.largest) {
      this.transmitFragments(bytes, hop, Math.max(cut.largest, IPV6_MINIMUM_MTU), cut);
    } else {
      this.transmit(bytes, hop);
    }
    return true;
  }

  private transmitFragments(bytes: Uint8Array, hop: Hop, mtu: number, place?: CutPlace): void {
    const allocate = (length: number): Uint8Array => this.simulator.pool.allocate(length);
    for (const fragment of fragmentsOf(bytes, IPV6_AT, mtu, this.random.word(), allocate, place)) {
      this.transmit(fragment, hop);
    }
  }

  /** Largest packet in bytes that an interface carries. */
  linkMtuOf(on: NetworkInterface): number {
    return this.interfaces.of(on)?.mtu ?? on.mtu;
  }

  /** Records a packet that could not even be given to an interface, at the stack's first one. */
  dropUnsent(bytes: Uint8Array, reason: DropReason): void {
    const on = this.anyInterface();
    on?.drop(this.unsent(bytes, on), reason);
  }

  /** The frame that a packet would have been in: for nobody in particular, since no neighbour was asked for. */
  private unsent(bytes: Uint8Array, on: NetworkInterface): Frame {
    writeEthernetHeader(bytes, UNKNOWN_MAC, on.mac, ETHERTYPE.ipv6);
    return this.simulator.frame(bytes);
  }

  /** The first interface with IPv6. */
  anyInterface(): NetworkInterface | undefined {
    for (const { on } of this.interfaces.all) {
      return on;
    }
    return undefined;
  }

  private sendWritten(
    bytes: Uint8Array,
    destination: Ipv6Address,
    hop: Hop | DropReason,
    local: boolean,
  ): boolean {
    const refused = this.hook?.output(bytes, typeof hop === 'string' ? undefined : hop.on);
    if (refused !== undefined) {
      const on = typeof hop === 'string' ? this.anyInterface() : hop.on;
      on?.refuse(this.unsent(bytes, on), refused);
      return false;
    }
    if (typeof hop === 'string') {
      this.dropUnsent(bytes, hop);
      return false;
    }
    if (local) {
      this.local.schedule(bytes, hop.on);
      return true;
    }
    if (isMulticastIpv6(destination) && this.interfaces.of(hop.on)?.groups.has(destination) === true) {
      // IPV6_MULTICAST_LOOP is on: members on this node hear it too.
      this.local.schedule(this.simulator.pool.copy(bytes), hop.on);
    }
    return this.sendWithin(bytes, destination, hop);
  }

  private sendWithin(bytes: Uint8Array, destination: Ipv6Address, hop: Hop): boolean {
    const mtu = this.destinations.pathMtu(destination, this.linkMtuOf(hop.on), this.simulator.now);
    if (bytes.length - IPV6_AT <= mtu) {
      return this.output(bytes, hop);
    }
    // The hook sees the packet whole, before it is cut (Linux ip6_output, ip6_finish_output).
    const refused = this.hook?.postrouting(bytes, hop.on);
    if (refused !== undefined) {
      hop.on.refuse(this.unsent(bytes, hop.on), refused);
      return false;
    }
    this.transmitFragments(bytes, hop, mtu);
    return true;
  }

  private localHop(destination: Ipv6Address, on: NetworkInterface | undefined): Hop | DropReason {
    const holder = destination === LOOPBACK_IPV6 ? undefined : this.interfaces.holderOf(destination)?.on;
    const out = holder ?? on ?? this.anyInterface();
    return out === undefined ? 'no-route' : { on: out, nextHop: destination };
  }

  private hopLimitFor(wanted: number, destination: Ipv6Address, hop: Hop | DropReason): number {
    if (wanted !== LINUX.timeToLive) {
      return wanted;
    }
    if (isMulticastIpv6(destination)) {
      return LINUX_IPV6.multicastHopLimit;
    }
    return typeof hop === 'string' ? wanted : (this.interfaces.of(hop.on)?.hopLimit ?? wanted);
  }

  /** Every usable address of this node (RFC 6724 4; Linux ipv6_dev_get_saddr). */
  private candidates(outgoing: NetworkInterface): SourceCandidate[] {
    const candidates: SourceCandidate[] = [];
    for (const { on, entries } of this.interfaces.all) {
      for (const entry of entries) {
        if (isUsableAddress(entry)) {
          const deprecated = isDeprecated(entry, this.simulator.now);
          candidates.push({ ...entry, deprecated, outgoing: on === outgoing });
        }
      }
    }
    return candidates;
  }

  /** One label for all packets of a flow: the hash of its addresses, protocol and, where it has them, ports (RFC 6437; measured). */
  private writeFlowLabel(bytes: Uint8Array, protocol: number): void {
    let hash = this.secret ^ protocol;
    for (let at = IPV6_AT + 8; at < IPV6_PACKET_HEADER_BYTES; at += 4) {
      hash = mixed(hash, readUint32(bytes, at));
    }
    if (protocol === IP_PROTOCOL.udp || protocol === IP_PROTOCOL.tcp) {
      hash = mixed(hash, readUint32(bytes, IPV6_PACKET_HEADER_BYTES));
    } else if (protocol === IP_PROTOCOL.icmpv6) {
      // Type and code stand in the place of ports (flowi6: uli).
      hash = mixed(hash, readUint32(bytes, IPV6_PACKET_HEADER_BYTES) >>> 16);
    }
    const label = hash & 0xf_ffff || 1;
    bytes[IPV6_AT + 1] = ((bytes[IPV6_AT + 1] ?? 0) & 0xf0) | (label >>> 16);
    bytes[IPV6_AT + 2] = label >>> 8;
    bytes[IPV6_AT + 3] = label;
  }
}

/** Linux answers for an unreachable route as if there were none (ip6_rt_init_dst_reject). */
const REFUSALS = {
  unreachable: 'no-route',
  prohibit: 'route-prohibited',
  blackhole: 'route-blackhole',
} as const;

const NOTHING = new Uint8Array(0);

/** One step of a multiplicative hash, its high bits folded down. */
function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e3779b1);
  return product ^ (product >>> 15);
}
