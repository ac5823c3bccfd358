/** The addresses of one interface as they come and go: tested, used, deprecated, removed, each with the route and the group it brings. */
import { isLinkLocalIpv6, type Ipv6Address } from '../../../net/ipv6-address';
import { solicitedNodeGroup } from '../../../net/ipv6-link-layer';
import { ipv6PrefixOf } from '../../../net/ipv6-prefix';
import type { RandomStream } from '../../kernel/random-stream';
import { Timer, type TimerOwner } from '../../kernel/timer';
import { DuplicateAddressDetection, type UniquenessListener } from './duplicate-address-detection';
import { FOREVER, type AddressOrigin, type Ipv6AddressEntry } from './ipv6-address-entry';
import type { Ipv6Interface } from './ipv6-interface';
import type { Ipv6Sender } from './ipv6-sender';
import { LINUX_IPV6 } from './linux-ipv6-policy';
import type { MulticastListener } from './multicast-listener';

/** Hears of what others depend on. */
export interface AddressingListener {
  /** The addresses that may be used are others now. */
  addressesChanged(side: Ipv6Interface): void;
  /** The link-local address may be used from now on. */
  linkLocalReady(side: Ipv6Interface): void;
}

export interface Lifetimes {
  readonly preferredUntil: number;
  readonly validUntil: number;
}

const WITHOUT_END: Lifetimes = { preferredUntil: FOREVER, validUntil: FOREVER };

/** The timer of addresses that last so long that the clock would overflow is not needed. */
const LONGEST = 2 ** 52;

export class Ipv6Addressing implements UniquenessListener, TimerOwner {
  readonly duplicates: DuplicateAddressDetection;
  private readonly expiry: Timer;

  constructor(
    private readonly sender: Ipv6Sender,
    readonly side: Ipv6Interface,
    readonly groups: MulticastListener,
    private readonly listener: AddressingListener,
    random: RandomStream,
  ) {
    this.duplicates = new DuplicateAddressDetection(sender, side.on, this, random);
    this.expiry = new Timer(sender.simulator, this);
  }

  /** Whether every address is known to be unique or not. */
  get settled(): boolean {
    return this.side.entries.every(({ uniqueness }) => uniqueness !== 'tentative');
  }

  /** Gives the interface an address, which is tested before it is used; its network is on the link. */
  add(
    address: Ipv6Address,
    prefixLength: number,
    origin: AddressOrigin,
    lifetimes: Lifetimes = WITHOUT_END,
  ): void {
    const { side } = this;
    if (side.entryOf(address) !== undefined) {
      return;
    }
    side.put({ address, prefixLength, origin, uniqueness: 'tentative', ...lifetimes });
    if (origin !== 'autoconfiguration') {
      this.addConnectedRoute(address, prefixLength);
    }
    this.groups.join(solicitedNodeGroup(address));
    if (!side.on.resolvesNeighbours) {
      // Nobody is there to have it too (IFF_NOARP; addrconf_dad_begin).
      this.addressUnique(address);
    } else {
      this.duplicates.begin(address);
    }
    this.rearm();
  }

  /** Takes the address away, with its group and its route. */
  remove(address: Ipv6Address): void {
    const { side, sender } = this;
    const entry = side.entryOf(address);
    if (entry === undefined) {
      return;
    }
    this.duplicates.cancel(address);
    side.remove(address);
    this.groups.leave(solicitedNodeGroup(address));
    this.leaveAnycast(entry);
    const to = ipv6PrefixOf(address, entry.prefixLength);
    const shared = side.entries.some(
      other =>
        other.origin !== 'autoconfiguration' &&
        other.prefixLength === to.length &&
        ipv6PrefixOf(other.address, to.length).network === to.network,
    );
    if (!shared && entry.origin !== 'autoconfiguration') {
      sender.routes.remove(
        route =>
          route.on === side.on &&
          route.origin === 'connected' &&
          route.to.length === to.length &&
          route.to.network === to.network,
      );
    }
    this.listener.addressesChanged(side);
  }

  /** Gives an address other lifetimes (RFC 4862 5.5.3 e). */
  extend(address: Ipv6Address, lifetimes: Lifetimes): void {
    const entry = this.side.entryOf(address);
    if (entry !== undefined) {
      this.side.put({ ...entry, ...lifetimes });
      this.rearm();
    }
  }

  /** The interface went down, and all its addresses with it (net.ipv6.conf.*.keep_addr_on_down is 0). */
  clear(): void {
    for (const { address } of this.side.entries) {
      this.remove(address);
    }
  }

  addressUnique(address: Ipv6Address): void {
    const entry = this.settle(address, 'unique');
    if (entry === undefined) {
      return;
    }
    this.joinAnycast(entry);
    this.listener.addressesChanged(this.side);
    if (isLinkLocalIpv6(address)) {
      this.listener.linkLocalReady(this.side);
    }
  }

  addressDuplicate(address: Ipv6Address): void {
    if (this.settle(address, 'duplicate') !== undefined) {
      this.listener.addressesChanged(this.side);
    }
  }

  timerExpired(): void {
    const { now } = this.sender.simulator;
    for (const { address, validUntil } of this.side.entries) {
      if (validUntil <= now) {
        this.remove(address);
      }
    }
    this.rearm();
  }

  private settle(
    address: Ipv6Address,
    uniqueness: Ipv6AddressEntry['uniqueness'],
  ): Ipv6AddressEntry | undefined {
    const entry = this.side.entryOf(address);
    if (entry !== undefined) {
      this.side.put({ ...entry, uniqueness });
    }
    return entry;
  }

  private addConnectedRoute(address: Ipv6Address, prefixLength: number): void {
    const { sender, side } = this;
    const to = ipv6PrefixOf(address, prefixLength);
    const there = sender.routes.all.some(
      route =>
        route.on === side.on &&
        route.origin === 'connected' &&
        route.to.length === to.length &&
        route.to.network === to.network,
    );
    if (!there) {
      const { connectedMetric: metric } = LINUX_IPV6;
      sender.routes.add({ to, via: undefined, on: side.on, metric, origin: 'connected', until: FOREVER });
    }
  }

  /** A router also answers for the first address of each of its networks (RFC 4291 2.6.1; Linux addrconf_join_anycast). */
  private joinAnycast({ address, prefixLength }: Ipv6AddressEntry): void {
    const anycast = ipv6PrefixOf(address, prefixLength).network;
    if (this.side.forwarding && prefixLength < 127 && anycast !== address) {
      this.sender.interfaces.addAnycast(anycast);
      this.groups.join(solicitedNodeGroup(anycast));
    }
  }

  private leaveAnycast({ address, prefixLength, uniqueness }: Ipv6AddressEntry): void {
    const anycast = ipv6PrefixOf(address, prefixLength).network;
    if (this.side.forwarding && prefixLength < 127 && anycast !== address && uniqueness === 'unique') {
      this.sender.interfaces.removeAnycast(anycast);
      this.groups.leave(solicitedNodeGroup(anycast));
    }
  }

  private rearm(): void {
    const ends = this.side.entries.map(({ validUntil }) => validUntil);
    const earliest = Math.min(...ends);
    if (earliest < LONGEST) {
      this.expiry.arm(Math.max(0, earliest - this.sender.simulator.now));
    } else {
      this.expiry.cancel();
    }
  }
}
