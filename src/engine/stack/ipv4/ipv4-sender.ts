/** How an IPv4 packet leaves a stack: routed, shown to the hooks, cut to size and addressed to its next hop (RFC 791, RFC 1122 3.3). */
import { isMulticastIpv4, BROADCAST_IPV4, type Ipv4Address } from '../../../net/ipv4-address';
import { BROADCAST_MAC, macOfIpv4Group, UNKNOWN_MAC } from '../../../net/mac-address';
import { ETHERTYPE, writeEthernetHeader } from '../../../wire/ethernet';
import { destinationAddress, dontFragment, IPV4_MAXIMUM_BYTES, writeIpv4Header } from '../../../wire/ipv4';
import type { DropReason } from '../../kernel/drop-reason';
import type { Frame } from '../../kernel/frame';
import type { Simulator } from '../../kernel/simulator';
import type { Arp } from '../neighbour/arp';
import type { NetworkInterface } from '../network-interface';
import type { Route, RoutingTable } from '../routing-table';
import { fragmentIpv4 } from './fragmentation';
import type { GroupReceiver } from './group-receiver';
import { IP_AT, type PacketOptions } from './ip-packet';
import type { LocalAddresses } from './local-addresses';
import type { LoopbackDelivery } from './loopback-delivery';
import type { PacketHook } from './packet-hook';
import { ROUTE_REFUSAL } from './route-refusal';
import { writeUnsentHeader } from './unsent-packet';

/** The MTU of the loopback interface (`ip link show lo`). */
const LOOPBACK_MTU = 65_536;

export class Ipv4Sender {
  /** Sees every packet of the stack as it passes, those that come in too: connection tracking, NAT, firewall. */
  hook: PacketHook | undefined;
  /** The groups that this machine listens to itself. */
  groups: GroupReceiver | undefined;

  constructor(
    readonly simulator: Simulator,
    readonly routes: RoutingTable,
    private readonly local: LocalAddresses,
    private readonly loopback: LoopbackDelivery,
    private readonly interfaces: readonly NetworkInterface[],
    /** Of the interfaces whose next hops have hardware addresses. */
    private readonly arpOf: ReadonlyMap<NetworkInterface, Arp>,
  ) {}

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
      writeUnsentHeader(bytes, destination, protocolNumber, options, source);
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
      ...(options.headerOptions === undefined ? {} : { options: options.headerOptions }),
    });
    if (this.hook === undefined) {
      return this.sendWritten(bytes, destination, route);
    }
    const refused = this.hook.output(bytes, route?.on);
    if (refused !== undefined) {
      const on = route?.on ?? this.interfaces[0];
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

  /** Sends to a group of one link, whatever the routes say (IGMP; Linux `igmpv3_newpack`). */
  sendToGroup(
    bytes: Uint8Array,
    source: Ipv4Address,
    group: Ipv4Address,
    protocolNumber: number,
    { headerOptions, ...options }: PacketOptions,
    on: NetworkInterface,
  ): void {
    writeIpv4Header(bytes, IP_AT, {
      ...options,
      totalLength: bytes.length - IP_AT,
      // Never cut, so it needs none (RFC 6864; measured).
      identification: 0,
      protocol: protocolNumber,
      source,
      destination: group,
      ...(headerOptions === undefined ? {} : { options: headerOptions }),
    });
    writeEthernetHeader(bytes, macOfIpv4Group(group), on.mac, ETHERTYPE.ipv4);
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

  /** Whether the hardware address of this neighbour is known, or not needed; if not, it is asked for. */
  knowsNeighbour(address: Ipv4Address, on: NetworkInterface): boolean {
    return this.arpOf.get(on)?.knows(address) ?? true;
  }

  /** Sends a routed packet. @param limit largest IP packet in bytes that may leave; a larger one is cut */
  output(bytes: Uint8Array, on: NetworkInterface, via: Ipv4Address | undefined, limit: number): boolean {
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
      route.on.drop(this.unsent(bytes, route.on), ROUTE_REFUSAL[route.type]);
      return false;
    }
    const mtu = this.routes.mtu(route, destination, this.simulator.now);
    if (bytes.length - IP_AT > mtu && dontFragment(bytes, IP_AT)) {
      // The program that sends it is told so: EMSGSIZE.
      route.on.drop(this.unsent(bytes, route.on), 'packet-too-big');
      return false;
    }
    if (isMulticastIpv4(destination) && this.groups?.isMember(destination, route.on) === true) {
      // IP_MULTICAST_LOOP is 1: whoever listens here hears it as well (Linux ip_mc_output).
      this.loopback.schedule(this.simulator.pool.copy(bytes));
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
}
