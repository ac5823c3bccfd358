/** What is known of single destinations beside the routes to them (RFC 4861 5.1): path MTU (RFC 8201) and redirects. Times in ns. */
import type { Ipv6Address } from '../../../net/ipv6-address';
import type { NetworkInterface } from '../network-interface';
import { SECOND } from '../linux-policy';
import { LINUX_IPV6 } from './linux-ipv6-policy';

export interface RedirectedHop {
  readonly via: Ipv6Address;
  readonly on: NetworkInterface;
}

interface Destination {
  mtu: number;
  mtuUntil: number;
  hop: RedirectedHop | undefined;
  hopUsed: number;
}

/** route.gc_timeout: a redirect that nobody used for this long is forgotten. */
const REDIRECT_IDLE = 60 * SECOND;

export class DestinationCache {
  private readonly destinations = new Map<Ipv6Address, Destination>();

  /** Bytes of the largest packet known to get there, or what the first link carries. */
  pathMtu(destination: Ipv6Address, linkMtu: number, now: number): number {
    const known = this.destinations.get(destination);
    return known !== undefined && known.mtuUntil > now ? Math.min(known.mtu, linkMtu) : linkMtu;
  }

  /** A router could not carry more than `mtu` bytes. */
  learnMtu(destination: Ipv6Address, mtu: number, now: number): void {
    const entry = this.entry(destination);
    entry.mtu = mtu;
    entry.mtuUntil = now + LINUX_IPV6.pathMtuLifetime;
  }

  /** A router knows a better first hop. */
  learnRedirect(destination: Ipv6Address, hop: RedirectedHop, now: number): void {
    const entry = this.entry(destination);
    entry.hop = hop;
    entry.hopUsed = now;
  }

  /** The first hop that a router advised, while it is in use. */
  redirect(destination: Ipv6Address, now: number): RedirectedHop | undefined {
    const entry = this.destinations.get(destination);
    if (entry?.hop === undefined) {
      return undefined;
    }
    if (now - entry.hopUsed >= REDIRECT_IDLE) {
      entry.hop = undefined;
      return undefined;
    }
    entry.hopUsed = now;
    return entry.hop;
  }

  /** Forgets advice to use a neighbour that is no router, or does not answer (RFC 4861 7.2.5, 7.3.3). */
  forgetRedirectsTo(via: Ipv6Address): void {
    for (const entry of this.destinations.values()) {
      if (entry.hop?.via === via) {
        entry.hop = undefined;
      }
    }
  }

  private entry(destination: Ipv6Address): Destination {
    const known = this.destinations.get(destination);
    if (known !== undefined) {
      return known;
    }
    if (this.destinations.size >= LINUX_IPV6.pathMtuEntries) {
      for (const oldest of this.destinations.keys()) {
        this.destinations.delete(oldest);
        break;
      }
    }
    const fresh: Destination = { mtu: 0, mtuUntil: 0, hop: undefined, hopUsed: 0 };
    this.destinations.set(destination, fresh);
    return fresh;
  }
}
