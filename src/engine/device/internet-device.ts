/**
 * The outside world as a customer sees it: one access segment with the provider's router, which leases public addresses and resolves
 * names, and the servers behind it, which all answer from the same stack.
 */
import { addressAt, lastAddressOf } from '../../net/ipv4-prefix';
import { ipv4FromNumber } from '../../net/ipv4-address';
import { macFromNumber, type MacAddress } from '../../net/mac-address';
import type { ResolvedInternet } from '../../topology/resolved';
import { Port, type FrameReceiver } from '../kernel/port';
import type { Simulator } from '../kernel/simulator';
import { Bridge } from '../stack/bridge/bridge';
import { SWITCH_POLICY } from '../stack/bridge/bridge-policy';
import type { BridgePort } from '../stack/bridge/bridge-port';
import { DnsServer } from '../stack/dns/server';
import { SECOND } from '../stack/linux-policy';
import { Services } from '../stack/service/services';
import { FOREVER } from '../stack/ipv6/ipv6-address-entry';
import { LINUX_IPV6 } from '../stack/ipv6/linux-ipv6-policy';
import type { NetworkInterface } from '../stack/network-interface';
import { Stack } from '../stack/stack';

/** Seconds a customer may keep an address: a provider's usual day. */
const LEASE_SECONDS = 86_400;

/** AdvDefaultLifetime: three times the longest interval of advertisements (RFC 4861 6.2.1). */
const ROUTER_LIFETIME_SECONDS = 1800;

/** Customers' addresses begin this far into the access network, above the provider's own. */
const FIRST_CUSTOMER = 100;

/** The provider's router on its internal port, when no port of the topology names a hardware address. */
const ROUTER_MAC = macFromNumber(0x02_00_5e_00_00_01);

const ETHERNET_MTU = 1500;

export class InternetDevice {
  readonly stack: Stack;
  private readonly segment: Bridge;
  private readonly customers = new Map<string, BridgePort>();
  private readonly names: DnsServer;
  private readonly services: Services;

  constructor(
    simulator: Simulator,
    private readonly config: ResolvedInternet,
    firstPort: number,
  ) {
    this.segment = new Bridge(simulator, { policy: SWITCH_POLICY, ageing: 300 * SECOND });
    config.ports.forEach(({ name }, index) => {
      this.customers.set(name, this.addSegmentPort(name, index + 1, firstPort + index));
    });
    this.stack = new Stack(simulator, config.id, false, undefined);
    this.names = new DnsServer(this.stack);
    this.services = new Services(this.stack);
    const mac: MacAddress = config.ports[0]?.mac ?? ROUTER_MAC;
    const access = this.stack.addInterface('access', mac, ETHERNET_MTU, firstPort);
    // What the segment drops of the provider's own frames is recorded where those frames would have left.
    joinInside(simulator, this.addSegmentPort('access', config.ports.length + 1, firstPort), access);
  }

  /** What receives the frames of a customer's port. */
  receiver(name: string): FrameReceiver | undefined {
    return this.customers.get(name);
  }

  plug(name: string, port: Port): void {
    const customer = this.customers.get(name);
    if (customer !== undefined) {
      customer.link = port;
    }
  }

  boot(): void {
    const { stack, config } = this;
    const [access] = stack.interfaces;
    if (access === undefined) {
      return;
    }
    const { length } = config.access;
    stack.setAddresses(access, [
      { address: config.gateway, prefixLength: length },
      { address: config.nameServer, prefixLength: length },
    ]);
    for (const server of config.servers) {
      stack.ip.addLocal(server.address);
      this.names.add(server.name, server.address);
      for (const service of server.services ?? []) {
        this.services.start(service, server.address);
      }
    }
    this.startIpv6(access);
    for (const record of config.zone ?? []) {
      this.names.addRecord(record);
    }
    stack.setNameServers([config.nameServer]);
    stack.dhcpServer.serve({
      on: access,
      subnet: config.access,
      first: addressAt(config.access, FIRST_CUSTOMER),
      last: ipv4FromNumber(lastAddressOf(config.access) - 1),
      leaseSeconds: LEASE_SECONDS,
      authoritative: true,
      router: config.gateway,
      nameServers: [config.nameServer],
      domain: undefined,
    });
  }

  /** IPv6 for customers: the provider's router advertises the access network and knows the way to their own prefixes. */
  private startIpv6(access: NetworkInterface): void {
    const { ipv6, servers } = this.config;
    if (ipv6 === undefined) {
      return;
    }
    const { access: network, gateway, nameServer, routes = [] } = ipv6;
    const { length: prefixLength } = network;
    const addresses = [gateway, nameServer].map(address => ({ address, prefixLength }));
    const advertisement = {
      prefixes: [network],
      lifetime: ROUTER_LIFETIME_SECONDS,
      nameServers: [nameServer],
      otherConfiguration: false,
    };
    const link = { addresses, autoconfiguration: false, statelessDhcp: false, advertisement };
    this.stack.enableIpv6(access, link, true);
    for (const { to, via } of routes) {
      const { routeMetric: metric } = LINUX_IPV6;
      this.stack.ipv6?.addRoute({ to, via, on: access, metric, origin: 'static', until: FOREVER });
    }
    for (const { name, ipv6: address, services = [] } of servers) {
      if (address !== undefined) {
        this.stack.ipv6?.interfaces.addFurther(address);
        this.names.add(name, address);
        for (const service of services) {
          this.services.start(service, address);
        }
      }
    }
  }

  private addSegmentPort(name: string, number: number, record: number): BridgePort {
    return this.segment.addPort({ name, number, record, vlans: undefined, local: false });
  }
}

/** Connects an interface to a switch inside the same device: instantly, without loss, and unseen by the trace. */
function joinInside(
  simulator: Simulator,
  segment: BridgePort,
  on: { receive: FrameReceiver['receive']; port: Port | undefined },
): void {
  const outer = new Port(simulator, -1, segment);
  const inner = new Port(simulator, -1, on);
  segment.link = outer;
  on.port = inner;
  inner.connect(outer, {
    nanosecondsPerByte: 0,
    delay: 0,
    jitter: 0,
    loss: 0,
    queue: 1024,
    up: true,
    random: simulator.random('inside'),
  });
}
