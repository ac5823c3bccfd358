/** The routing table: longest prefix first, then lowest metric (RFC 1812 5.2.4.3; Linux fib_lookup). */
import type { Ipv4Address } from '../../net/ipv4-address';
import { maskOf, type Ipv4Prefix } from '../../net/ipv4-prefix';
import type { NetworkInterface } from './network-interface';

export interface Route {
  readonly to: Ipv4Prefix;
  /** The next hop; undefined when the destination is on the link. */
  readonly via: Ipv4Address | undefined;
  readonly on: NetworkInterface;
  readonly metric: number;
  /** Who made it: the kernel for an address, the topology file, or a lease. */
  readonly origin: 'connected' | 'static' | 'dhcp';
}

export class RoutingTable {
  private routes: { readonly route: Route; readonly network: number; readonly mask: number }[] = [];
  /** The answer of the last look-up: packets come in runs. */
  private lastDestination: Ipv4Address | undefined;
  private lastRoute: Route | undefined;

  /** Those in force: what leads through an interface that is down is not. */
  get all(): readonly Route[] {
    return this.routes.map(({ route }) => route).filter(({ on }) => on.up);
  }

  /** Must be called when an interface has been set up or down. */
  refresh(): void {
    this.lastDestination = undefined;
  }

  add(route: Route): void {
    this.routes.push({ route, network: route.to.network, mask: maskOf(route.to.length) });
    this.routes.sort((a, b) => b.route.to.length - a.route.to.length || a.route.metric - b.route.metric);
    this.lastDestination = undefined;
  }

  /** Removes every route for which `gone` is true. */
  remove(gone: (route: Route) => boolean): void {
    this.routes = this.routes.filter(({ route }) => !gone(route));
    this.lastDestination = undefined;
  }

  lookup(destination: Ipv4Address): Route | undefined {
    if (destination !== this.lastDestination) {
      this.lastRoute = this.search(destination);
      this.lastDestination = destination;
    }
    return this.lastRoute;
  }

  private search(destination: Ipv4Address): Route | undefined {
    for (const { route, network, mask } of this.routes) {
      if ((destination & mask) >>> 0 === network && route.on.up) {
        return route;
      }
    }
    return undefined;
  }
}
