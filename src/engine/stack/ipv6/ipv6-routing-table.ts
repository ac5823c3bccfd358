/** The IPv6 routing table: longest prefix first, then lowest metric, then the router that is known to answer (RFC 4861 5.2, 6.3.6). */
import type { Ipv6Address } from '../../../net/ipv6-address';
import { ipv6PrefixContains, ipv6PrefixOf, type Ipv6Prefix } from '../../../net/ipv6-prefix';
import { UNSPECIFIED_IPV6 } from '../../../net/ipv6-address';
import type { NetworkInterface } from '../network-interface';

export interface Ipv6Route {
  readonly to: Ipv6Prefix;
  /** The next hop; undefined when the destination is on the link. */
  readonly via: Ipv6Address | undefined;
  readonly on: NetworkInterface;
  readonly metric: number;
  /** Who made it: the kernel for an address, the topology file, or a router's advertisement. */
  readonly origin: 'connected' | 'static' | 'advertised';
  /** The record that made it; absent, or NO_CAUSE, where no packet did. */
  readonly cause?: number;
  /** From this ns on the route is gone; Infinity for one that stays. */
  readonly until: number;
  /** Linux route types that refuse: they answer with an error, or with nothing. */
  readonly refuses?: 'unreachable' | 'prohibit' | 'blackhole';
  /** Among default routers (RFC 4191): higher first. */
  readonly preference?: number;
}

/** ::/0. */
export const ANYWHERE_IPV6 = ipv6PrefixOf(UNSPECIFIED_IPV6, 0);

/** Says whether a next hop has lately failed to answer. */
export type ReachabilityOf = (via: Ipv6Address, on: NetworkInterface) => boolean;

export class Ipv6RoutingTable {
  private routes: readonly Ipv6Route[] = [];

  constructor(private readonly mayBeReachable: ReachabilityOf) {}

  get all(): readonly Ipv6Route[] {
    return this.routes;
  }

  add(route: Ipv6Route): void {
    this.routes = [...this.routes, route].sort(
      (a, b) => b.to.length - a.to.length || a.metric - b.metric || (b.preference ?? 0) - (a.preference ?? 0),
    );
  }

  /** Removes every route for which `gone` is true. */
  remove(gone: (route: Ipv6Route) => boolean): void {
    this.routes = this.routes.filter(route => !gone(route));
  }

  /**
   * @param on asks for a route by this interface only: where a link-local destination or a group is meant
   */
  lookup(destination: Ipv6Address, now: number, on?: NetworkInterface): Ipv6Route | undefined {
    let best: Ipv6Route | undefined;
    for (const route of this.routes) {
      if (best !== undefined && (route.to.length < best.to.length || route.metric > best.metric)) {
        break;
      }
      if (
        route.until <= now ||
        !route.on.up ||
        (on !== undefined && route.on !== on) ||
        !ipv6PrefixContains(route.to, destination)
      ) {
        continue;
      }
      if (route.via === undefined || this.mayBeReachable(route.via, route.on)) {
        return route;
      }
      // Where no router answers, the first is asked again and again, so that its return is noticed.
      best ??= route;
    }
    return best;
  }
}
