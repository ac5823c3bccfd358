/** A host's side of router discovery (RFC 4861 6.3) and of redirects (8.3): solicits routers, believes their advertisements. */
import { ALL_ROUTERS_IPV6, isLinkLocalIpv6, type Ipv6Address } from '../../../net/ipv6-address';
import { IPV6_MINIMUM_MTU } from '../../../wire/ipv6';
import {
  NDP_HOP_LIMIT,
  ndpBytes,
  type Redirect,
  type RouterAdvertisement,
  type RouterPreference,
} from '../../../wire/ndp';
import type { DropReason } from '../../kernel/drop-reason';
import type { RandomStream } from '../../kernel/random-stream';
import { Timer, type TimerOwner } from '../../kernel/timer';
import { endOfLifetime, type Autoconfiguration } from './autoconfiguration';
import type { Ipv6Interface } from './ipv6-interface';
import type { Ipv6Packet } from './ipv6-layer';
import { ANYWHERE_IPV6 } from './ipv6-routing-table';
import type { Ipv6Sender } from './ipv6-sender';
import { LINUX_IPV6 } from './linux-ipv6-policy';
import type { NeighbourCache } from './neighbour-cache';
import { linkLayerOf } from './neighbour-discovery';

/** What advertisements say of name servers: all of one router's at once. */
export interface AdvertisedNames {
  readonly servers: readonly { readonly address: Ipv6Address; readonly until: number }[];
  readonly domains: readonly { readonly name: string; readonly until: number }[];
}

export interface RouterDiscoveryListener {
  namesAdvertised(names: AdvertisedNames, side: Ipv6Interface): void;
  /** A router says that there is more to know by DHCPv6. */
  otherConfigurationOffered(side: Ipv6Interface): void;
}

/** Higher is chosen first (RFC 4191 3.1). */
const PREFERENCE: Readonly<Record<RouterPreference, number>> = { low: 0, medium: 1, high: 2 };

/** Solicitations without an answer after which nobody waits any more, though they go on: no router is there. */
const PATIENCE = 2;

export class RouterDiscovery implements TimerOwner {
  private readonly timer: Timer;
  /** ns until the next solicitation after the coming one. */
  private interval = 0;
  private solicitations = 0;
  private heard = false;

  constructor(
    private readonly sender: Ipv6Sender,
    private readonly side: Ipv6Interface,
    private readonly cache: NeighbourCache | undefined,
    private readonly autoconfiguration: Autoconfiguration,
    private readonly listener: RouterDiscoveryListener,
    private readonly random: RandomStream,
  ) {
    this.timer = new Timer(sender.simulator, this);
  }

  /** Whether a router was heard, or there seems to be none. */
  get settled(): boolean {
    return this.heard || this.solicitations >= PATIENCE;
  }

  /** The link-local address is there: solicits at once, and again in growing intervals until a router answers (RFC 7559). */
  start(): void {
    this.heard = false;
    this.solicitations = 0;
    this.interval = this.vary(LINUX_IPV6.solicitationInterval);
    this.solicit();
  }

  stop(): void {
    this.timer.cancel();
  }

  timerExpired(): void {
    this.solicit();
  }

  /** Why the advertisement is of no use, or undefined. */
  receiveAdvertisement(message: RouterAdvertisement, packet: Ipv6Packet): DropReason | undefined {
    if (!isLinkLocalIpv6(packet.source)) {
      return 'neighbour-discovery-invalid';
    }
    this.heard = true;
    this.timer.cancel();
    this.learnParameters(message);
    const mac = linkLayerOf(message, 'source-link-layer');
    if (mac !== undefined) {
      this.cache?.heard(packet.source, mac, true);
    }
    this.updateDefaultRoute(message, packet.source);
    this.takeOptions(message);
    if (message.otherConfiguration || message.managed) {
      this.listener.otherConfigurationOffered(this.side);
    }
    return undefined;
  }

  /** Why the redirect is of no use, or undefined (RFC 4861 8.1, 8.3). */
  receiveRedirect(message: Redirect, packet: Ipv6Packet): DropReason | undefined {
    const { target, destination } = message;
    const { on } = this.side;
    if (!isLinkLocalIpv6(packet.source) || !(isLinkLocalIpv6(target) || target === destination)) {
      return 'neighbour-discovery-invalid';
    }
    const hop = this.sender.hopTo(destination);
    if (typeof hop === 'string' || hop.on !== on || hop.nextHop !== packet.source) {
      // Only the router that the packets go to may send them elsewhere.
      return 'neighbour-discovery-ignored';
    }
    const mac = linkLayerOf(message, 'target-link-layer');
    if (mac !== undefined) {
      this.cache?.heard(target, mac, target === destination ? undefined : true);
    }
    this.sender.destinations.learnRedirect(destination, { via: target, on }, this.sender.simulator.now);
    return undefined;
  }

  /** The neighbour routes no more (RFC 4861 7.2.5). */
  forgetRouter(address: Ipv6Address): void {
    const { routes } = this.sender;
    routes.remove(route => this.isDefaultBy(route, address));
  }

  /** Forgets what every router said, as when the interface goes down. */
  forgetAll(): void {
    this.stop();
    this.sender.routes.remove(route => route.on === this.side.on && route.origin === 'advertised');
    this.side.mtu = this.side.on.mtu;
    this.side.hopLimit = LINUX_IPV6.hopLimit;
  }

  private solicit(): void {
    const source = this.side.linkLocal;
    if (source === undefined) {
      return;
    }
    const { mac } = this.side.on;
    const message = ndpBytes({
      kind: 'router-solicitation',
      options: this.side.on.resolvesNeighbours ? [{ kind: 'source-link-layer', mac }] : [],
    });
    this.sender.sendControl(this.side.on, source, ALL_ROUTERS_IPV6, message, NDP_HOP_LIMIT);
    this.solicitations++;
    this.timer.arm(this.interval);
    const next = this.interval * (1.9 + 0.2 * this.random.fraction());
    const most = LINUX_IPV6.solicitationMaximumInterval;
    this.interval = next > most ? this.vary(most) : next;
  }

  private learnParameters({ hopLimit, reachableTime }: RouterAdvertisement): void {
    if (hopLimit >= LINUX_IPV6.minimumAdvertisedHopLimit) {
      this.side.hopLimit = hopLimit;
    }
    if (reachableTime > 0) {
      this.cache?.setReachableTime(reachableTime);
    }
  }

  private updateDefaultRoute({ lifetime, preference }: RouterAdvertisement, router: Ipv6Address): void {
    const { routes, simulator } = this.sender;
    this.forgetRouter(router);
    if (lifetime > 0) {
      routes.add({
        to: ANYWHERE_IPV6,
        via: router,
        on: this.side.on,
        metric: LINUX_IPV6.routeMetric,
        origin: 'advertised',
        until: endOfLifetime(simulator.now, lifetime),
        preference: PREFERENCE[preference],
        cause: simulator.cause,
      });
    }
  }

  private isDefaultBy(
    route: { readonly origin: string; readonly via: Ipv6Address | undefined; readonly on: object },
    router: Ipv6Address,
  ): boolean {
    return route.origin === 'advertised' && route.via === router && route.on === this.side.on;
  }

  private takeOptions({ options }: RouterAdvertisement): void {
    const { now } = this.sender.simulator;
    const servers: { address: Ipv6Address; until: number }[] = [];
    const domains: { name: string; until: number }[] = [];
    for (const option of options) {
      switch (option.kind) {
        case 'prefix':
          this.autoconfiguration.take(option);
          break;
        case 'mtu':
          // RFC 4861 6.3.4: within what the link and IPv6 allow.
          if (option.mtu >= IPV6_MINIMUM_MTU && option.mtu <= this.side.on.mtu) {
            this.side.mtu = option.mtu;
          }
          break;
        case 'dns-servers': {
          const until = endOfLifetime(now, option.lifetime);
          servers.push(...option.servers.map(address => ({ address, until })));
          break;
        }
        case 'dns-search': {
          const until = endOfLifetime(now, option.lifetime);
          domains.push(...option.domains.map(name => ({ name, until })));
          break;
        }
        case 'source-link-layer':
        case 'target-link-layer':
        case 'redirected':
        case 'nonce':
        case 'other':
          break;
      }
    }
    if (servers.length > 0 || domains.length > 0) {
      this.listener.namesAdvertised({ servers, domains }, this.side);
    }
  }

  /** Nine to eleven tenths of it (Linux rfc3315_s14_backoff_init). */
  private vary(time: number): number {
    return time * (0.9 + 0.2 * this.random.fraction());
  }
}
