/** A TCP/IP stack put together: the interfaces, ARP, IP, ICMP, UDP and the services of one machine. */
import { isIpv4, type IpAddress, type IpInterfaceAddress } from '../../net/ip-address';
import { ipv4FromNumber, UNSPECIFIED_IPV4, type Ipv4Address } from '../../net/ipv4-address';
import { prefixOf, type Ipv4InterfaceAddress } from '../../net/ipv4-prefix';
import type { MacAddress } from '../../net/mac-address';
import type { RandomStream } from '../kernel/random-stream';
import type { Simulator } from '../kernel/simulator';
import { NO_CAUSE } from '../kernel/traffic-observer';
import { Arp } from './neighbour/arp';
import { DhcpClient } from './dhcp/client';
import type { Lease } from './dhcp/client-state';
import { DhcpServer } from './dhcp/server';
import { DnsResolver } from './dns/resolver';
import { IcmpLayer } from './icmp-layer';
import { IgmpLayer } from './igmp/igmp-layer';
import { Ipv4Output } from './ipv4-output';
import { Ipv4Layer } from './ipv4-layer';
import { Ipv6Stack } from './ipv6/ipv6-stack';
import type { Ipv6LinkConfig } from './ipv6/ipv6-link';
import { TcpOverIpv6 } from './ipv6/tcp-over-ipv6';
import { NetworkInterface, type InterfaceStateListener } from './network-interface';
import { PacketIdentification } from './packet-identification';
import { Ping, type EchoOutcome, type PingRequest, type RunningPing } from './ping';
import { RoutingTable } from './routing-table';
import { LINUX_TCP } from './tcp/policy';
import { TcpLayer } from './tcp/tcp-layer';
import { TcpOverIpv4 } from './tcp/tcp-over-ipv4';
import { Traceroute, type TracerouteHop, type TracerouteOptions } from './traceroute';
import { UdpLayer } from './udp-layer';

/** Everything, for a default route. */
const ANYWHERE = prefixOf(UNSPECIFIED_IPV4, 0);

/** 127.0.0.1, which every host answers for (RFC 1122 3.2.1.3). */
const LOOPBACK = ipv4FromNumber(0x7f000001);

/** Identifiers tried before a ping gives up: enough unless nearly all 65,535 are in use. */
const IDENTIFIER_TRIES = 64;

export interface StackListener {
  addressesChanged(on: NetworkInterface): void;
}

export class Stack implements InterfaceStateListener {
  readonly routes = new RoutingTable();
  readonly ip: Ipv4Layer;
  readonly icmp: IcmpLayer;
  readonly igmp: IgmpLayer;
  readonly udp: UdpLayer;
  readonly tcp: TcpLayer;
  readonly resolver: DnsResolver;
  readonly dhcpServer: DhcpServer;
  readonly interfaces: NetworkInterface[] = [];
  private readonly arps = new Map<NetworkInterface, Arp>();
  private ipv6Side: Ipv6Stack | undefined;
  private readonly clients: DhcpClient[] = [];
  private readonly random: RandomStream;
  private leasedDomain: string | undefined;
  private nameServers: readonly IpAddress[] = [];
  private searchDomains: readonly string[] = [];
  /** The static name servers stand before the leased ones, as resolvconf orders them. */
  private readonly leasedNameServers = new Map<NetworkInterface, readonly Ipv4Address[]>();

  constructor(
    readonly simulator: Simulator,
    /** The device's name: its random streams and its DHCP host name come from it. */
    readonly name: string,
    forwarding: boolean,
    private readonly listener: StackListener | undefined,
  ) {
    this.random = simulator.random(`stack ${name}`);
    const identification = new PacketIdentification(simulator.random(`identification ${name}`));
    this.ip = new Ipv4Layer(simulator, this.routes, this.arps, forwarding);
    this.icmp = new IcmpLayer(this.ip, identification);
    this.igmp = new IgmpLayer(this.ip, name);
    this.udp = new UdpLayer(this.ip, this.icmp, identification, simulator.random(`udp ${name}`));
    this.tcp = new TcpLayer(simulator, name, LINUX_TCP);
    this.tcp.addIp(new Ipv4Output(this.ip, identification));
    new TcpOverIpv4(this.tcp, this.ip, this.icmp);
    this.resolver = new DnsResolver(simulator, this.udp, this.tcp, name);
    this.dhcpServer = new DhcpServer(simulator, this.udp);
    this.ip.addLocal(LOOPBACK);
  }

  /** @param resolvesNeighbours false for an interface that needs no hardware addresses: TUN, loopback, dummy */
  addInterface(
    name: string,
    mac: MacAddress,
    mtu: number,
    portNumber: number,
    resolvesNeighbours = true,
  ): NetworkInterface {
    const on = new NetworkInterface(this.simulator, name, mac, mtu, portNumber, resolvesNeighbours);
    this.interfaces.push(on);
    this.ip.attach(on);
    on.observe(this);
    if (!resolvesNeighbours) {
      return on;
    }
    this.arps.set(
      on,
      new Arp(
        this.simulator,
        on,
        address => this.ip.isLocal(address),
        {
          neighbourUnresolved: (bytes, out) => {
            this.icmp.errors.hostUnreachable(bytes, out);
          },
        },
        this.simulator.random(`arp ${this.name} ${name}`),
      ),
    );
    return on;
  }

  /** Routes through an interface hold while it is up, and its neighbours are forgotten when it goes down (measured on Linux 6.18). */
  interfaceChanged(on: NetworkInterface): void {
    this.routes.refresh();
    this.igmp.interfaceChanged(on);
    if (!on.up) {
      this.arps.get(on)?.clear();
    }
  }

  /** The IPv6 side, where an interface has IPv6. */
  get ipv6(): Ipv6Stack | undefined {
    return this.ipv6Side;
  }

  /**
   * Gives the interface IPv6, which begins when its link works.
   * @param forwarding `net.ipv6.conf.all.forwarding`; the same for all interfaces
   */
  enableIpv6(on: NetworkInterface, config: Ipv6LinkConfig, forwarding: boolean): void {
    this.ipv6Side ??= this.makeIpv6Side(forwarding);
    this.ipv6Side.enable(on, config);
  }

  /** The addresses of the interface that may be used: IPv4, then IPv6 with the link-local one last. */
  addressesOf(on: NetworkInterface): readonly IpInterfaceAddress[] {
    return this.ipv6Side === undefined ? on.addresses : [...on.addresses, ...this.ipv6Side.addressesOf(on)];
  }

  arpOf(on: NetworkInterface): Arp | undefined {
    return this.arps.get(on);
  }

  /**
   * Gives the interface these addresses and the routes that follow from them, in place of what it had.
   * @param cause the record that brought them
   */
  setAddresses(
    on: NetworkInterface,
    addresses: readonly Ipv4InterfaceAddress[],
    cause: number = NO_CAUSE,
  ): void {
    for (const { address } of on.addresses) {
      this.ip.removeLocal(address);
    }
    this.routes.remove(route => route.on === on && route.origin !== 'static');
    on.addresses = addresses;
    for (const { address, prefixLength } of addresses) {
      this.ip.addLocal(address);
      const to = prefixOf(address, prefixLength);
      this.routes.add({ to, via: undefined, on, metric: 0, origin: 'connected', cause });
    }
    this.ip.addressesChanged();
    this.igmp.addressesChanged(on);
    this.listener?.addressesChanged(on);
  }

  /** @param cause the record that brought it */
  addDefaultRoute(
    via: Ipv4Address,
    on: NetworkInterface,
    origin: 'static' | 'dhcp',
    cause: number = NO_CAUSE,
  ): void {
    this.routes.add({ to: ANYWHERE, via, on, metric: 0, origin, cause });
  }

  /** Domains to append to short names, before the leased one. */
  setSearchDomains(domains: readonly string[]): void {
    this.searchDomains = domains;
    this.updateResolver();
  }

  /** Of either version, in the order they are asked. */
  setNameServers(servers: readonly IpAddress[]): void {
    this.nameServers = servers;
    this.updateResolver();
  }

  /** Configures the interface by DHCP, beginning now. */
  startDhcpClient(on: NetworkInterface): void {
    const client = new DhcpClient(this.ip, this.udp, on, this.name, {
      leaseGranted: (held, lease) => {
        this.applyLease(held, lease);
      },
      leaseLost: held => {
        this.leasedNameServers.delete(held);
        this.updateResolver();
        this.setAddresses(held, []);
      },
    });
    this.clients.push(client);
    client.start();
  }

  /** What its DHCP clients have leased. */
  get leases(): readonly Lease[] {
    return this.clients.flatMap(({ lease }) => lease ?? []);
  }

  /** Asks for every lease anew, or for more time, as `kill -USR1` of udhcpc; false without a DHCP client. */
  renewLeases(): boolean {
    for (const client of this.clients) {
      client.renewNow();
    }
    return this.clients.length > 0;
  }

  /** Gives every lease back, as `kill -USR2` of udhcpc; false without a DHCP client. */
  releaseLeases(): boolean {
    for (const client of this.clients) {
      client.release();
    }
    return this.clients.length > 0;
  }

  /** The hardware address that belongs to a neighbour's address, where ARP knows one. */
  neighbourMac(address: IpAddress): MacAddress | undefined {
    for (const arp of isIpv4(address) ? this.arps.values() : []) {
      for (const { address: known, entry } of arp.entries()) {
        const { state, mac } = entry;
        if (known === address && state !== 'incomplete' && state !== 'failed') {
          return mac;
        }
      }
    }
    return undefined;
  }

  /** Whether every DHCP client is bound, or has asked in vain for a whole round, and IPv6 has its addresses. */
  get settled(): boolean {
    return this.clients.every(client => client.settled) && (this.ipv6Side?.settled ?? true);
  }

  /**
   * Runs `ping` under a random identifier, as ping with a raw socket does. `done` gets no outcome when no identifier is free.
   * @returns the ping, where one runs
   */
  ping(
    request: Omit<PingRequest, 'identifier'>,
    done: (outcomes: readonly EchoOutcome[]) => void,
  ): RunningPing | undefined {
    for (let tries = 0; tries < IDENTIFIER_TRIES; tries++) {
      const identifier = this.random.integer(1, 0xffff);
      const ping = this.makePing({ ...request, identifier }, done);
      if (ping === undefined || ping.start()) {
        return ping;
      }
    }
    done([]);
    return undefined;
  }

  /** Runs `traceroute`; `done` gets no hop when there is no way to the destination. */
  traceroute(
    destination: IpAddress,
    options: TracerouteOptions,
    done: (hops: readonly TracerouteHop[]) => void,
  ): void {
    new Traceroute(this.simulator, this.udp, destination, options, done).start();
  }

  /** Undefined, and told so, where the machine does not speak the destination's version of IP. */
  private makePing(
    request: PingRequest,
    done: (outcomes: readonly EchoOutcome[]) => void,
  ): (RunningPing & { start(): boolean }) | undefined {
    const { destination } = request;
    if (isIpv4(destination)) {
      return new Ping(this.simulator, this.icmp, { ...request, destination }, done);
    }
    const { ipv6Side } = this;
    if (ipv6Side === undefined) {
      const unsent: EchoOutcome = { sequence: 1, result: 'not-sent', time: 0 };
      request.progress?.(unsent);
      done([unsent]);
      return undefined;
    }
    return new Ping(this.simulator, ipv6Side.icmp, { ...request, destination }, done);
  }

  private makeIpv6Side(forwarding: boolean): Ipv6Stack {
    const side = new Ipv6Stack(this.simulator, this.name, forwarding, this.udp, {
      addressesChanged: on => this.listener?.addressesChanged(on),
      nameServersChanged: () => {
        this.updateResolver();
      },
    });
    this.tcp.addIp(side.sender);
    new TcpOverIpv6(this.tcp, side.layer, side.icmp);
    return side;
  }

  private applyLease(on: NetworkInterface, lease: Lease): void {
    const same = on.addresses.length === 1 && on.primaryAddress === lease.address;
    if (!same) {
      this.setAddresses(on, [{ address: lease.address, prefixLength: lease.prefixLength }], lease.cause);
    }
    this.routes.remove(route => route.on === on && route.origin === 'dhcp');
    const [router] = lease.routers;
    if (router !== undefined) {
      this.addDefaultRoute(router, on, 'dhcp', lease.cause);
    }
    this.leasedNameServers.set(on, lease.nameServers);
    this.leasedDomain = lease.domain ?? this.leasedDomain;
    this.updateResolver();
  }

  /** The search domain of the newest lease that has one. */
  get domain(): string | undefined {
    return this.leasedDomain;
  }

  private updateResolver(): void {
    const leased = [...this.leasedNameServers.values()].flat();
    const advertised = this.ipv6Side?.nameServers.servers ?? [];
    this.resolver.servers = [...new Set([...this.nameServers, ...leased, ...advertised])];
    const { leasedDomain } = this;
    this.resolver.searchDomains = [
      ...this.searchDomains,
      ...(leasedDomain === undefined || leasedDomain === '' ? [] : [leasedDomain]),
    ];
  }
}
