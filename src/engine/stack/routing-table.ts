/** The routing table: longest prefix first, then lowest metric (RFC 1812 5.2.4.3; Linux fib_lookup). */
import type { Ipv4Address } from '../../net/ipv4-address';
import { maskOf, type Ipv4Prefix } from '../../net/ipv4-prefix';
import { RouteExceptions } from './ipv4/route-exceptions';
import type { NetworkInterface } from './network-interface';

export interface Route {
  readonly to: Ipv4Prefix;
  /** The next hop; undefined when the destination is on the link. */
  readonly via: Ipv4Address | undefined;
  readonly on: NetworkInterface;
  readonly metric: number;
  /** A route that refuses what it matches, as `ip route add unreachable …` makes; an ordinary one where absent. */
  readonly type?: 'unreachable' | 'prohibit' | 'blackhole';
  /** Who made it: the kernel for an address, the topology file, or a lease. */
  readonly origin: 'connected' | 'static' | 'dhcp';
  /** The record that made it; absent, or NO_CAUSE, where no packet did. */
  readonly cause?: number;
}

export class RoutingTable {
  /** What was learned of single destinations; forgotten when routes go. */
  readonly exceptions = new RouteExceptions();
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
    this.exceptions.clear();
    this.lastDestination = undefined;
  }

  lookup(destination: Ipv4Address): Route | undefined {
    if (destination !== this.lastDestination) {
      this.lastRoute = this.search(destination);
      this.lastDestination = destination;
    }
    return this.lastRoute;
  }

  /** Largest IP packet in bytes that a route is known to carry to this destination. */
  mtu(route: Route, destination: Ipv4Address, now: number): number {
    const { exceptions } = this;
    const known = exceptions.some ? exceptions.find(destination, now)?.mtu : undefined;
    return known === undefined ? route.on.mtu : Math.min(known, route.on.mtu);
  }

  /** Whether the way to this destination carries less than a host believes, so that packets must not carry DF. */
  isLocked(destination: Ipv4Address, now: number): boolean {
    return this.exceptions.some && this.exceptions.find(destination, now)?.locked === true;
  }

  /** The next hop of a route to this destination; undefined when the destination is on the link. */
  nextHop(route: Route, destination: Ipv4Address, now: number): Ipv4Address | undefined {
    const known = this.exceptions.some ? this.exceptions.find(destination, now)?.gateway : undefined;
    return known ?? route.via;
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
