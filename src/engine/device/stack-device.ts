/** A host, guest or router: a stack configured as the topology says. */
import { isIpv4, isIpv4Prefix } from '../../net/ip-address';
import type { ResolvedStackDevice } from '../../topology/resolved';
import type { Port } from '../kernel/port';
import type { Simulator } from '../kernel/simulator';
import { DnsForwarder } from '../stack/dns/forwarder';
import { Masquerade } from '../stack/nat/masquerade';
import type { NetworkInterface } from '../stack/network-interface';
import { Stack, type StackListener } from '../stack/stack';

export class StackDevice {
  readonly stack: Stack;
  private readonly byName = new Map<string, NetworkInterface>();

  /** @param firstPort the number of the device's first port */
  constructor(
    simulator: Simulator,
    private readonly config: ResolvedStackDevice,
    firstPort: number,
    listener: StackListener | undefined,
  ) {
    this.stack = new Stack(simulator, config.id, config.forwarding, listener);
    config.interfaces.forEach(({ name, mac, mtu }, index) => {
      this.byName.set(name, this.stack.addInterface(name, mac, mtu, firstPort + index));
    });
    this.installNat(simulator);
  }

  interface(name: string): NetworkInterface | undefined {
    return this.byName.get(name);
  }

  /** The receiver of frames for this interface's port. */
  plug(name: string, port: Port): void {
    const on = this.byName.get(name);
    if (on !== undefined) {
      on.port = port;
    }
  }

  /** Brings the interfaces up and starts the services; static addresses first, since services bind to them. */
  boot(): void {
    const { config, stack } = this;
    stack.setNameServers(config.nameServers);
    for (const { name, addressing } of config.interfaces) {
      const on = this.byName.get(name);
      if (on !== undefined && addressing.kind === 'static') {
        stack.setAddresses(on, addressing.addresses);
        if (addressing.gateway !== undefined) {
          stack.addDefaultRoute(addressing.gateway, on, 'static');
        }
      }
    }
    this.addStaticRoutes();
    this.startServices();
    for (const { name, addressing } of config.interfaces) {
      const on = this.byName.get(name);
      if (on !== undefined && addressing.kind === 'dhcp') {
        stack.startDhcpClient(on);
      }
    }
  }

  private installNat(simulator: Simulator): void {
    const outside = this.config.sourceNat && this.byName.get(this.config.sourceNat.outside);
    if (outside !== undefined) {
      this.stack.ip.hook = new Masquerade(simulator, outside, this.config.id);
    }
  }

  private addStaticRoutes(): void {
    const { stack, config } = this;
    for (const { to, via, interface: name, metric } of config.routes) {
      if (!isIpv4Prefix(to) || (via !== undefined && !isIpv4(via))) {
        continue;
      }
      const on =
        (name === undefined ? undefined : this.byName.get(name)) ??
        stack.interfaces.find(candidate => via !== undefined && candidate.onLink(via));
      if (on !== undefined) {
        stack.routes.add({ to, via, on, metric, origin: 'static' });
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
    if (config.dnsForwarder) {
      // The forwarder lives as long as its socket, which the stack holds.
      new DnsForwarder(stack.simulator, stack.udp, () => stack.resolver.servers, config.id);
    }
  }
}
