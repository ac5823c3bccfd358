/** IPv6 on one interface put together: addresses, neighbours, groups, and its routers or its own advertisements. */
import {
  ALL_ROUTERS_IPV6,
  isLinkLocalIpv6,
  parseIpv6,
  UNSPECIFIED_IPV6,
  type Ipv6Address,
} from '../../../net/ipv6-address';
import { autoconfiguredAddress, LINK_LOCAL_PREFIX } from '../../../net/ipv6-link-layer';
import { ipv6PrefixContains, ipv6PrefixOf, type Ipv6InterfaceAddress } from '../../../net/ipv6-prefix';
import type { NdpMessage } from '../../../wire/ndp';
import type { DropReason } from '../../kernel/drop-reason';
import type { RandomStream } from '../../kernel/random-stream';
import type { NetworkInterface } from '../network-interface';
import { Autoconfiguration } from './autoconfiguration';
import { DHCPV6_SERVERS } from './dhcpv6-client';
import { FOREVER } from './ipv6-address-entry';
import { Ipv6Addressing, type AddressingListener } from './ipv6-addressing';
import { Ipv6Interface } from './ipv6-interface';
import type { Ipv6Packet } from './ipv6-layer';
import { ANYWHERE_IPV6 } from './ipv6-routing-table';
import type { Ipv6Sender } from './ipv6-sender';
import { LINUX_IPV6 } from './linux-ipv6-policy';
import { MulticastListener } from './multicast-listener';
import { NeighbourCache } from './neighbour-cache';
import { NeighbourDiscovery, type NeighbourListener } from './neighbour-discovery';
import { RouterAdvertiser, type AdvertisementContent } from './router-advertiser';
import { RouterDiscovery, type RouterDiscoveryListener } from './router-discovery';

/** How an interface gets its IPv6. */
export interface Ipv6LinkConfig {
  /** Beside the link-local address. */
  readonly addresses: readonly Ipv6InterfaceAddress[];
  readonly gateway?: Ipv6Address;
  /** Takes addresses and routes from router advertisements; a forwarding node does not (accept_ra is 1). */
  readonly autoconfiguration: boolean;
  /** Asks for options by DHCPv6 when an advertisement says so. */
  readonly statelessDhcp: boolean;
  /** What the interface tells hosts, where this node is their router. */
  readonly advertisement?: AdvertisementContent;
  /** In place of the address made of the hardware address. */
  readonly linkLocal?: Ipv6Address;
}

export interface Ipv6LinkListener extends RouterDiscoveryListener, NeighbourListener {
  /** The addresses that may be used are others now. */
  addressesChanged(side: Ipv6Interface): void;
  linkLocalReady(side: Ipv6Interface): void;
}

/** ff05::2: every router of the site (RFC 4291 2.7.1), which Linux joins too when it forwards (measured). */
const ALL_SITE_ROUTERS = parseIpv6('ff05::2') ?? UNSPECIFIED_IPV6;

export class Ipv6Link implements AddressingListener {
  readonly side: Ipv6Interface;
  readonly addressing: Ipv6Addressing;
  readonly groups: MulticastListener;
  /** Undefined where next hops have no hardware addresses. */
  readonly cache: NeighbourCache | undefined;
  private readonly neighbours: NeighbourDiscovery;
  private readonly routers: RouterDiscovery | undefined;
  private readonly advertiser: RouterAdvertiser | undefined;
  private configured = false;

  /** @param random a stream for each purpose, so that one does not change what another draws */
  constructor(
    private readonly sender: Ipv6Sender,
    readonly on: NetworkInterface,
    forwarding: boolean,
    private readonly config: Ipv6LinkConfig,
    private readonly listener: Ipv6LinkListener,
    random: (purpose: string) => RandomStream,
  ) {
    const side = new Ipv6Interface(on, forwarding);
    this.side = side;
    this.groups = new MulticastListener(sender, side, random('listener'));
    this.addressing = new Ipv6Addressing(sender, side, this.groups, this, random('duplicates'));
    const { duplicates } = this.addressing;
    this.neighbours = new NeighbourDiscovery(sender, side, duplicates, () => this.cache, listener);
    this.cache = on.resolvesNeighbours
      ? new NeighbourCache(sender.simulator, on, this.neighbours, random('neighbours'))
      : undefined;
    if (config.autoconfiguration && !forwarding) {
      const autoconfiguration = new Autoconfiguration(sender, this.addressing);
      const { cache } = this;
      this.routers = new RouterDiscovery(sender, side, cache, autoconfiguration, listener, random('routers'));
    }
    if (config.advertisement !== undefined) {
      const { advertisement } = config;
      this.advertiser = new RouterAdvertiser(sender, side, this.cache, advertisement, random('advertiser'));
    }
    sender.interfaces.add(side);
  }

  /** Whether the address is on a network of the configuration's addresses, or on the link itself. */
  reaches(address: Ipv6Address): boolean {
    return (
      isLinkLocalIpv6(address) ||
      this.config.addresses.some(own =>
        ipv6PrefixContains(ipv6PrefixOf(own.address, own.prefixLength), address),
      )
    );
  }

  get wantsStatelessDhcp(): boolean {
    return this.config.statelessDhcp;
  }

  /** Whether its addresses are known to be unique or not, and its routers have spoken or seem not to be there. */
  get settled(): boolean {
    return !this.configured || (this.addressing.settled && (this.routers?.settled ?? true));
  }

  /** The interface was set up or down, or carrier came or went. */
  stateChanged(): void {
    if (!this.on.up) {
      this.takeDown();
    } else if (!this.on.running) {
      // Addresses stay, neighbours do not (net.ipv6.conf.*.ndisc_evict_nocarrier is 1).
      this.cache?.clear();
    } else if (this.configured) {
      // Switches that listen may have forgotten who listens (Linux addrconf_notify: ipv6_mc_up).
      this.groups.linkUp();
    } else {
      this.configure();
    }
  }

  addressesChanged(side: Ipv6Interface): void {
    this.listener.addressesChanged(side);
  }

  linkLocalReady(side: Ipv6Interface): void {
    this.groups.linkLocalReady();
    this.routers?.start();
    this.advertiser?.start();
    this.listener.linkLocalReady(side);
  }

  /** Why the message is of no use, or undefined. */
  neighbourMessage(message: NdpMessage, packet: Ipv6Packet): DropReason | undefined {
    switch (message.kind) {
      case 'neighbour-solicitation':
        return this.neighbours.receiveSolicitation(message, packet);
      case 'neighbour-advertisement':
        return this.neighbours.receiveAdvertisement(message, packet);
      case 'router-solicitation':
        return this.advertiser?.receiveSolicitation(message, packet) ?? this.ignoredUnless(this.advertiser);
      case 'router-advertisement':
        return this.routers?.receiveAdvertisement(message, packet) ?? this.ignoredUnless(this.routers);
      case 'redirect':
        return this.routers?.receiveRedirect(message, packet) ?? this.ignoredUnless(this.routers);
    }
  }

  /** A neighbour that was a router is none any more. */
  forgetRouter(address: Ipv6Address): void {
    this.routers?.forgetRouter(address);
  }

  private ignoredUnless(user: object | undefined): DropReason | undefined {
    return user === undefined ? 'neighbour-discovery-ignored' : undefined;
  }

  /** What a network manager does when the link is there for the first time. */
  private configure(): void {
    this.configured = true;
    const { config, on, addressing, side, sender } = this;
    if (side.forwarding) {
      this.groups.join(ALL_ROUTERS_IPV6);
      this.groups.join(ALL_SITE_ROUTERS);
    }
    if (config.advertisement?.otherConfiguration === true) {
      this.groups.join(DHCPV6_SERVERS);
    }
    for (const { address, prefixLength } of config.addresses) {
      addressing.add(address, prefixLength, 'static');
    }
    const linkLocal = config.linkLocal ?? autoconfiguredAddress(LINK_LOCAL_PREFIX, on.mac);
    addressing.add(linkLocal, LINK_LOCAL_PREFIX.length, 'link-local');
    if (config.gateway !== undefined) {
      sender.routes.add({
        to: ANYWHERE_IPV6,
        via: config.gateway,
        on,
        metric: LINUX_IPV6.routeMetric,
        origin: 'connected',
        until: FOREVER,
      });
    }
  }

  private takeDown(): void {
    this.configured = false;
    this.routers?.forgetAll();
    this.advertiser?.stop();
    this.addressing.clear();
    this.sender.routes.remove(route => route.on === this.on && route.origin === 'connected');
    for (const group of this.side.groups.keys()) {
      this.side.groups.delete(group);
    }
    this.groups.linkDown();
    this.cache?.clear();
  }
}
