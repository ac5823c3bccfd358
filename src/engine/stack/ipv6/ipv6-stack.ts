/** The IPv6 side of a stack put together. A stack without an interface that has IPv6 has no such side, and sends no IPv6 frame. */
import { isMulticastIpv6, type Ipv6Address } from '../../../net/ipv6-address';
import type { Ipv6InterfaceAddress } from '../../../net/ipv6-prefix';
import { IP_PROTOCOL } from '../../../wire/ipv4';
import type { MldQuery } from '../../../wire/mld';
import type { NdpMessage } from '../../../wire/ndp';
import type { DropReason } from '../../kernel/drop-reason';
import type { Simulator } from '../../kernel/simulator';
import type { NetworkInterface } from '../network-interface';
import { AdvertisedNameServers } from './advertised-name-servers';
import type { UdpLayer } from '../udp-layer';
import { DestinationCache } from './destination-cache';
import { Dhcpv6Client } from './dhcpv6-client';
import { Dhcpv6Server } from './dhcpv6-server';
import { Icmpv6Errors } from './icmpv6-errors';
import { Icmpv6Layer, type LinkMessageHandler } from './icmpv6-layer';
import type { Ipv6Interface } from './ipv6-interface';
import { Ipv6Interfaces } from './ipv6-interfaces';
import { Ipv6Layer, Ipv6Loopback, type Ipv6Packet } from './ipv6-layer';
import { Ipv6Link, type Ipv6LinkConfig, type Ipv6LinkListener } from './ipv6-link';
import { Ipv6RoutingTable, type Ipv6Route } from './ipv6-routing-table';
import { Ipv6Sender } from './ipv6-sender';
import { Ipv6Redirects } from './redirects';
import type { AdvertisedNames } from './router-discovery';
import { UdpIpv6 } from './udp-over-ipv6';

export interface Ipv6StackListener {
  addressesChanged(on: NetworkInterface): void;
  /** What routers and servers say of name servers is another now. */
  nameServersChanged(): void;
}

export class Ipv6Stack implements LinkMessageHandler, Ipv6LinkListener {
  readonly interfaces = new Ipv6Interfaces();
  readonly destinations = new DestinationCache();
  readonly routes: Ipv6RoutingTable;
  readonly sender: Ipv6Sender;
  readonly layer: Ipv6Layer;
  readonly icmp: Icmpv6Layer;
  readonly errors: Icmpv6Errors;
  readonly nameServers: AdvertisedNameServers;
  readonly dhcpClient: Dhcpv6Client;
  readonly dhcpServer: Dhcpv6Server;
  private readonly links = new Map<NetworkInterface, Ipv6Link>();

  constructor(
    private readonly simulator: Simulator,
    private readonly name: string,
    readonly forwarding: boolean,
    private readonly udp: UdpLayer,
    private readonly listener: Ipv6StackListener,
  ) {
    const loopback = new Ipv6Loopback(simulator);
    const cacheOf = (on: NetworkInterface): ReturnType<typeof this.cacheOf> => this.cacheOf(on);
    this.routes = new Ipv6RoutingTable((via, on) => cacheOf(on)?.mayBeReachable(via) ?? true);
    this.sender = new Ipv6Sender(
      simulator,
      this.interfaces,
      this.routes,
      this.destinations,
      cacheOf,
      loopback,
      simulator.random(`ipv6 ${name}`),
    );
    this.layer = new Ipv6Layer(simulator, this.sender, forwarding);
    loopback.deliverTo(this.layer);
    this.errors = new Icmpv6Errors(this.sender);
    this.layer.errors = this.errors;
    this.layer.detours = new Ipv6Redirects(this.sender, cacheOf);
    this.icmp = new Icmpv6Layer(this.sender, this);
    this.layer.register(IP_PROTOCOL.icmpv6, this.icmp);
    this.nameServers = new AdvertisedNameServers(simulator, listener);
    this.dhcpClient = new Dhcpv6Client(
      simulator,
      udp,
      (names, on) => {
        this.nameServers.advertised(on, names);
      },
      simulator.random(`dhcpv6 ${name}`),
    );
    this.dhcpServer = new Dhcpv6Server(udp);
    const overIpv6 = new UdpIpv6(udp, this.sender, this.errors);
    udp.ipv6 = overIpv6;
    this.layer.register(IP_PROTOCOL.udp, overIpv6);
    this.icmp.register(IP_PROTOCOL.udp, overIpv6);
  }

  /** Gives the interface IPv6, which begins when its link works. */
  enable(on: NetworkInterface, config: Ipv6LinkConfig): void {
    const random = (purpose: string): ReturnType<Simulator['random']> =>
      this.simulator.random(`ipv6 ${this.name} ${on.name} ${purpose}`);
    const link = new Ipv6Link(this.sender, on, this.forwarding, config, this, random);
    this.links.set(on, link);
    this.layer.attach(on);
    on.observe({
      interfaceChanged: () => {
        link.stateChanged();
        if (!on.up) {
          this.dhcpClient.stop(on);
          this.nameServers.forget(on);
        }
      },
    });
    const { advertisement } = config;
    if (advertisement?.otherConfiguration === true) {
      const { nameServers, domains = [] } = advertisement;
      this.dhcpServer.serve(on, { nameServers, domains });
    }
    link.stateChanged();
  }

  linkOf(on: NetworkInterface): Ipv6Link | undefined {
    return this.links.get(on);
  }

  /** Addresses of the interface that may be used, those of wider scope first. */
  addressesOf(on: NetworkInterface): readonly Ipv6InterfaceAddress[] {
    return this.interfaces.of(on)?.usable ?? [];
  }

  addRoute(route: Ipv6Route): void {
    this.routes.add(route);
  }

  /** The interface whose configured networks hold the address. */
  interfaceTowards(address: Ipv6Address): NetworkInterface | undefined {
    for (const [on, link] of this.links) {
      if (link.reaches(address)) {
        return on;
      }
    }
    return undefined;
  }

  /** Whether nothing of the start is left to come: addresses are tested, routers heard or given up. */
  get settled(): boolean {
    return [...this.links.values()].every(({ settled }) => settled);
  }

  neighbourMessage(message: NdpMessage, packet: Ipv6Packet, on: NetworkInterface): DropReason | undefined {
    const link = this.links.get(on);
    return link === undefined ? 'neighbour-discovery-ignored' : link.neighbourMessage(message, packet);
  }

  listenerQuery(query: MldQuery, on: NetworkInterface): DropReason | undefined {
    if (query.group !== 0n && !isMulticastIpv6(query.group)) {
      return 'malformed';
    }
    this.links.get(on)?.groups.queried(query);
    return undefined;
  }

  addressesChanged(side: Ipv6Interface): void {
    this.listener.addressesChanged(side.on);
  }

  linkLocalReady(): void {
    this.listener.nameServersChanged();
  }

  neighbourUnresolved(bytes: Uint8Array, on: NetworkInterface): void {
    this.errors.addressUnreachable(bytes, on);
  }

  routerLost(address: Ipv6Address, on: NetworkInterface, stillRouter: boolean): void {
    this.destinations.forgetRedirectsTo(address);
    if (!stillRouter) {
      this.links.get(on)?.forgetRouter(address);
    }
  }

  namesAdvertised(names: AdvertisedNames, side: Ipv6Interface): void {
    this.nameServers.advertised(side.on, names);
  }

  otherConfigurationOffered({ on }: Ipv6Interface): void {
    if (this.links.get(on)?.wantsStatelessDhcp === true) {
      this.dhcpClient.start(on);
    }
  }

  private cacheOf(on: NetworkInterface): Ipv6Link['cache'] {
    return this.links.get(on)?.cache;
  }
}
