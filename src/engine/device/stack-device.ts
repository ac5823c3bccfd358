/** A host, guest or router: a stack configured as the topology says. */
import { isIpv4, isIpv4Prefix } from '../../net/ip-address';
import type { ResolvedInterface, ResolvedStackDevice } from '../../topology/resolved';
import type { FrameReceiver, Port } from '../kernel/port';
import type { Simulator } from '../kernel/simulator';
import { BridgeInterface } from '../stack/bridge/bridge-interface';
import { DnsForwarder } from '../stack/dns/forwarder';
import { TapLink } from '../stack/link/tap-link';
import { TunLink } from '../stack/link/tun-link';
import { Netfilter } from '../stack/netfilter/netfilter';
import type { NetworkInterface } from '../stack/network-interface';
import { Services } from '../stack/service/services';
import { Stack, type StackListener } from '../stack/stack';
import { configureIpv6 } from './ipv6-configuration';

export class StackDevice {
  readonly stack: Stack;
  private readonly services: Services;
  /** Connections, NAT and firewall, where the machine has any of it. */
  readonly netfilter: Netfilter | undefined;
  private readonly byName = new Map<string, NetworkInterface>();
  private readonly bridges = new Map<string, BridgeInterface>();
  /** What has a port below the interface of the same name. */
  private readonly ports = new Map<string, { receiver: FrameReceiver; plug: (port: Port) => void }>();

  /** @param firstPort the number of the device's first port */
  constructor(
    simulator: Simulator,
    private readonly config: ResolvedStackDevice,
    firstPort: number,
    listener: StackListener | undefined,
  ) {
    this.stack = new Stack(simulator, config.id, config.forwarding, listener);
    this.stack.ip.reversePathFilter = config.reversePathFilter ?? 0;
    this.services = new Services(this.stack);
    for (const each of config.interfaces) {
      this.addInterface(each, this.portNumberOf(each, firstPort));
    }
    for (const each of config.interfaces) {
      this.addLink(each);
    }
    this.netfilter = this.makeNetfilter();
  }

  interface(name: string): NetworkInterface | undefined {
    return this.byName.get(name);
  }

  /** What gets the frames of the port with this name. */
  receiver(name: string): FrameReceiver | undefined {
    return this.ports.get(name)?.receiver;
  }

  /** Tells the interface with this name of its port. */
  plug(name: string, port: Port): void {
    this.ports.get(name)?.plug(port);
  }

  /** `ip link set NAME up` and `down`; false when there is no such interface. */
  setUp(name: string, up: boolean): boolean {
    const on = this.byName.get(name);
    if (on !== undefined) {
      on.up = up;
    }
    return on !== undefined;
  }

  private addInterface({ name, link, mac, mtu, up }: ResolvedInterface, portNumber: number): void {
    const resolvesNeighbours = link?.kind !== 'tun' && link?.kind !== 'loopback' && link?.kind !== 'dummy';
    const on = this.stack.addInterface(name, mac, mtu, portNumber, resolvesNeighbours);
    on.up = up ?? true;
    this.byName.set(name, on);
  }

  /** Makes what the interface is made of; all interfaces exist by now. */
  private addLink({ name, link }: ResolvedInterface): void {
    const on = this.byName.get(name);
    if (on === undefined) {
      return;
    }
    switch (link?.kind) {
      case undefined:
      case 'port':
        this.ports.set(name, {
          receiver: on,
          plug: port => {
            on.port = port;
          },
        });
        return;
      case 'tap':
      case 'tun': {
        const device = link.kind === 'tap' ? new TapLink(on) : new TunLink(on);
        this.ports.set(name, {
          receiver: device,
          plug: port => {
            device.plug(port);
          },
        });
        return;
      }
      case 'bridge':
        this.bridges.set(name, new BridgeInterface(on, this.membersOf(name), link));
        return;
      case 'vlan':
      case 'vxlan':
      case 'loopback':
      case 'dummy':
        return;
    }
  }

  /** The bridge behind the interface with this name. */
  bridge(name: string): BridgeInterface | undefined {
    return this.bridges.get(name);
  }

  /** Members of a bridge in file order. A bridge in a bridge is not one, as Linux has it (br_add_if: ELOOP). */
  private membersOf(bridge: string): NetworkInterface[] {
    return this.config.interfaces.flatMap(({ name, link, bridge: master }) => {
      const member = this.byName.get(name);
      return master === bridge && link?.kind !== 'bridge' && member !== undefined ? [member] : [];
    });
  }

  /** The port where drops of an interface are recorded: its own, that of its parent, or the machine's first Ethernet port. */
  private portNumberOf({ name, link }: ResolvedInterface, firstPort: number): number {
    const { ports, interfaces } = this.config;
    let below = name;
    let next = link;
    // As many steps as there are interfaces, should VLANs be their own parents.
    for (let step = 0; step < interfaces.length && next?.kind === 'vlan'; step++) {
      const { parent } = next;
      below = parent;
      next = interfaces.find(each => each.name === parent)?.link;
    }
    const own = ports.findIndex(port => port.name === below);
    const index = own >= 0 ? own : ports.findIndex(port => port.carries !== 'ip');
    return index < 0 ? -1 : firstPort + index;
  }

  /** Brings the interfaces up and starts the services; static addresses first, since services bind to them. */
  boot(): void {
    const { config, stack } = this;
    for (const bridge of this.bridges.values()) {
      bridge.boot();
    }
    stack.setNameServers([...config.nameServers, ...(config.ipv6NameServers ?? [])]);
    for (const { name, addressing } of config.interfaces) {
      const on = this.byName.get(name);
      if (on !== undefined && addressing.kind === 'static') {
        stack.setAddresses(on, addressing.addresses);
        if (addressing.gateway !== undefined) {
          stack.addDefaultRoute(addressing.gateway, on, 'static');
        }
      }
    }
    configureIpv6(stack, config, this.byName);
    this.addStaticRoutes();
    this.startServices();
    for (const { name, addressing } of config.interfaces) {
      const on = this.byName.get(name);
      if (on !== undefined && addressing.kind === 'dhcp') {
        stack.startDhcpClient(on);
      }
    }
  }

  /** Connection tracking, where the machine has NAT or a firewall: Linux loads it on demand too. */
  private makeNetfilter(): Netfilter | undefined {
    const { config, stack } = this;
    const { sourceNat, firewall } = config;
    const outside = sourceNat && this.byName.get(sourceNat.outside);
    const nat = sourceNat && outside && { config: sourceNat, outside };
    if (nat === undefined && firewall === undefined) {
      return undefined;
    }
    const netfilter = new Netfilter(stack.ip, stack.icmp, {
      name: config.id,
      ...(nat === undefined ? {} : { nat }),
      ...(firewall === undefined ? {} : { firewall }),
    });
    stack.ip.hook = netfilter;
    return netfilter;
  }

  private addStaticRoutes(): void {
    const { stack, config } = this;
    for (const { to, via, interface: name, metric, type } of config.routes) {
      if (!isIpv4Prefix(to) || (via !== undefined && !isIpv4(via))) {
        continue;
      }
      const on =
        (name === undefined ? undefined : this.byName.get(name)) ??
        stack.interfaces.find(candidate => (via === undefined ? type !== undefined : candidate.onLink(via)));
      if (on !== undefined) {
        stack.routes.add({ to, via, on, metric, origin: 'static', ...(type && { type }) });
      }
    }
  }

  private startServices(): void {
    const { stack, config } = this;
    for (const server of config.dhcpServers) {
      const on = this.byName.get(server.interface);
      if (on !== undefined) {
        stack.dhcpServer.serve({ ...server, on, router: server.router, domain: server.domain });
      }
    }
    for (const service of config.services ?? []) {
      this.services.start(service);
    }
    if (config.dnsForwarder) {
      // The forwarder lives as long as its socket, which the stack holds.
      new DnsForwarder(stack.simulator, stack.udp, () => stack.resolver.servers, config.id);
    }
  }
}
