/**
 * What a host learned about single destinations that its routes do not say: a smaller MTU on the way (RFC 1191) or a better next hop
 * (RFC 1122 3.3.1.2). Linux keeps both beside its routes as next hop exceptions, with one time of expiry (net/ipv4/route.c,
 * `update_or_create_fnhe`).
 */
import type { Ipv4Address } from '../../../net/ipv4-address';
import { LINUX } from '../linux-policy';

export interface RouteException {
  /** The next hop that a redirect named. */
  readonly gateway?: Ipv4Address;
  /** Largest IP packet in bytes that the way carries. */
  readonly mtu?: number;
  /** The way carries less than a host believes, so that packets go without DF (RTAX_MTU lock). */
  readonly locked: boolean;
  /** ns. */
  readonly expires: number;
}

export class RouteExceptions {
  private readonly entries = new Map<Ipv4Address, RouteException>();

  /** Whether there may be any at all: what is asked for every packet. */
  get some(): boolean {
    return this.entries.size > 0;
  }

  /** For tables. */
  all(now: number): [Ipv4Address, RouteException][] {
    return [...this.entries].filter(([, { expires }]) => expires > now);
  }

  find(destination: Ipv4Address, now: number): RouteException | undefined {
    const found = this.entries.get(destination);
    if (found !== undefined && found.expires <= now) {
      this.entries.delete(destination);
      return undefined;
    }
    return found;
  }

  /**
   * Keeps what an ICMP "fragmentation needed" said. Below net.ipv4.route.min_pmtu, 0 included, the minimum is kept and DF given up: such
   * messages come from routers older than RFC 1191, or from attackers.
   * @param present the MTU held true until now
   */
  learnMtu(destination: Ipv4Address, mtu: number, present: number, now: number): void {
    if (mtu > present) {
      return;
    }
    const locked = mtu < LINUX.minimumPathMtu;
    this.keep(destination, {
      ...this.find(destination, now),
      mtu: locked ? Math.min(present, LINUX.minimumPathMtu) : mtu,
      locked,
      expires: now + LINUX.pathMtuLifetime,
    });
  }

  /** Keeps what an ICMP redirect said. */
  learnGateway(destination: Ipv4Address, gateway: Ipv4Address, now: number): void {
    this.keep(destination, {
      locked: false,
      ...this.find(destination, now),
      gateway,
      expires: now + LINUX.redirectLifetime,
    });
  }

  /** Forgets everything, as when routes change. */
  clear(): void {
    this.entries.clear();
  }

  private keep(destination: Ipv4Address, exception: RouteException): void {
    this.entries.delete(destination);
    if (this.entries.size >= LINUX.routeExceptions) {
      for (const oldest of this.entries.keys()) {
        this.entries.delete(oldest);
        break;
      }
    }
    this.entries.set(destination, exception);
  }
}
