/** A host, guest or router: a stack configured as the topology says. */
import { isIpv4, isIpv4Prefix } from '../../net/ip-address';
import type { ResolvedStackDevice } from '../../topology/resolved';
import type { FrameReceiver, Port } from '../kernel/port';
import type { Simulator } from '../kernel/simulator';
import type { BridgeInterface } from '../stack/bridge/bridge-interface';
import type { CachedName } from '../stack/dns/cache';
import type { DnsForwarder } from '../stack/dns/forwarder';
import { Netfilter } from '../stack/netfilter/netfilter';
import { Services } from '../stack/service/services';
import { Stack, type StackListener } from '../stack/stack';
import { learnedStations, type LearnedStation } from './learned-stations';
import { startNames } from './name-services';
import { configureIpv6 } from './ipv6-configuration';
import { MachineInterfaces } from './machine-interfaces';
import { runningTree, type RunningTree } from './running-tree';

export class StackDevice {
  readonly stack: Stack;
  private readonly services: Services;
  /** Connections, NAT and firewall, where the machine has any of it. */
  readonly netfilter: Netfilter | undefined;
  private readonly interfaces: MachineInterfaces;
  private names: DnsForwarder | undefined;

  /** @param firstPort the number of the device's first port */
  constructor(
    simulator: Simulator,
    private readonly config: ResolvedStackDevice,
    firstPort: number,
    listener: StackListener | undefined,
  ) {
    this.stack = new Stack(simulator, config.id, config.forwarding, listener);
    this.stack.ip.sources.reversePathFilter = config.reversePathFilter ?? 0;
    this.services = new Services(this.stack);
    this.interfaces = new MachineInterfaces(this.stack, config, firstPort);
    this.netfilter = this.makeNetfilter();
  }

  /** What its DNS forwarder remembers. */
  cachedNames(): Iterable<CachedName> {
    return this.names?.cachedNames() ?? [];
  }

  /** What gets the frames of the port with this name. */
  receiver(name: string): FrameReceiver | undefined {
    return this.interfaces.receiver(name);
  }

  /** Tells the interface with this name of its port. */
  plug(name: string, port: Port): void {
    this.interfaces.plug(name, port);
  }

  /** `ip link set NAME up` and `down`; false when there is no such interface. */
  setUp(name: string, up: boolean): boolean {
    const on = this.interfaces.get(name);
    if (on !== undefined) {
      on.up = up;
    }
    return on !== undefined;
  }

  /** What the bridges of this machine have learned. */
  stations(): LearnedStation[] {
    return [...this.interfaces.bridges.values()].flatMap(({ bridge }) => learnedStations(bridge));
  }

  /** The spanning trees of its bridges. */
  spanningTrees(): RunningTree[] {
    return [...this.interfaces.bridges].flatMap(([name, { bridge, spanningTree }]) => [
      ...runningTree(name, bridge, spanningTree),
    ]);
  }

  /** The bridge behind the interface with this name. */
  bridge(name: string): BridgeInterface | undefined {
    return this.interfaces.bridges.get(name);
  }

  /** Brings the interfaces up and starts the services; static addresses first, since services bind to them. */
  boot(): void {
    const { config, stack } = this;
    for (const bridge of this.interfaces.bridges.values()) {
      bridge.boot();
    }
    stack.setSearchDomains(config.searchDomains ?? []);
    stack.setNameServers([...config.nameServers, ...(config.ipv6NameServers ?? [])]);
    for (const { name, addressing } of config.interfaces) {
      const on = this.interfaces.get(name);
      if (on !== undefined && addressing.kind === 'static') {
        stack.setAddresses(on, addressing.addresses);
        if (addressing.gateway !== undefined) {
          stack.addDefaultRoute(addressing.gateway, on, 'static');
        }
      }
    }
    configureIpv6(stack, config, this.interfaces.byName);
    if (stack.ipv6 !== undefined) {
      this.netfilter?.coverIpv6(stack.ipv6);
    }
    this.addStaticRoutes();
    this.startServices();
    for (const { name, addressing, groups } of config.interfaces) {
      const on = this.interfaces.get(name);
      if (on !== undefined && groups !== undefined) {
        stack.igmp.joinWhenAddressed(groups, on);
      }
      if (on !== undefined && addressing.kind === 'dhcp') {
        stack.startDhcpClient(on);
      }
    }
  }

  /** Connection tracking, where the machine has NAT or a firewall: Linux loads it on demand too. */
  private makeNetfilter(): Netfilter | undefined {
    const { config, stack } = this;
    const { sourceNat, firewall } = config;
    const outside = sourceNat && this.interfaces.get(sourceNat.outside);
    const nat = sourceNat && outside && { config: sourceNat, outside };
    if (nat === undefined && firewall === undefined) {
      return undefined;
    }
    const netfilter = new Netfilter(stack.ip, stack.icmp, {
      name: config.id,
      ...(nat === undefined ? {} : { nat }),
      ...(firewall === undefined ? {} : { firewall }),
    });
    stack.ip.sender.hook = netfilter;
    return netfilter;
  }

  private addStaticRoutes(): void {
    const { stack, config } = this;
    for (const { to, via, interface: name, metric, type } of config.routes) {
      if (!isIpv4Prefix(to) || (via !== undefined && !isIpv4(via))) {
        continue;
      }
      const on =
        (name === undefined ? undefined : this.interfaces.get(name)) ??
        stack.interfaces.find(candidate => (via === undefined ? type !== undefined : candidate.onLink(via)));
      if (on !== undefined) {
        stack.routes.add({ to, via, on, metric, origin: 'static', ...(type && { type }) });
      }
    }
  }

  private startServices(): void {
    const { stack, config } = this;
    for (const server of config.dhcpServers) {
      const on = this.interfaces.get(server.interface);
      if (on !== undefined) {
        stack.dhcpServer.serve({ ...server, on, router: server.router, domain: server.domain });
      }
    }
    for (const { interface: name, server } of config.dhcpRelays ?? []) {
      const on = this.interfaces.get(name);
      if (on !== undefined) {
        stack.dhcpServer.relayFrom(on, server);
      }
    }
    for (const service of config.services ?? []) {
      this.services.start(service);
    }
    this.names = startNames(stack, config);
  }
}
