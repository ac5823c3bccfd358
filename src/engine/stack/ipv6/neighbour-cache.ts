/** The neighbour cache of one interface (RFC 4861 5.1, 7.3): the table of neighbours, with what only IPv6 says of them. */
import type { Ipv6Address } from '../../../net/ipv6-address';
import type { MacAddress } from '../../../net/mac-address';
import { ETHERTYPE } from '../../../wire/ethernet';
import type { RandomStream } from '../../kernel/random-stream';
import type { Simulator } from '../../kernel/simulator';
import { MILLISECOND } from '../linux-policy';
import { isUsable } from '../neighbour/neighbour-entry';
import { NeighbourTable, type Neighbour } from '../neighbour/neighbour-table';
import type { NetworkInterface } from '../network-interface';

/** What the cache needs done. */
export interface NeighbourCacheOwner {
  /**
   * Sends a neighbour solicitation.
   * @param mac the neighbour's address when it alone is asked
   * @param waiting a packet for it, whose source the question should carry
   */
  solicit(target: Ipv6Address, mac: MacAddress | undefined, waiting: Uint8Array | undefined): void;
  /** Nobody answered: `bytes` is a frame that waited, its hardware addresses still unwritten. */
  neighbourUnresolved(bytes: Uint8Array, on: NetworkInterface): void;
  /** A neighbour that was a router is none any more, or does not answer. */
  routerLost(address: Ipv6Address, stillRouter: boolean): void;
}

export class NeighbourCache {
  private readonly table: NeighbourTable<Ipv6Address>;

  constructor(
    simulator: Simulator,
    on: NetworkInterface,
    private readonly owner: NeighbourCacheOwner,
    random: RandomStream,
  ) {
    this.table = new NeighbourTable<Ipv6Address>(
      simulator,
      on,
      ETHERTYPE.ipv6,
      {
        solicit: (target, mac, waiting) => {
          owner.solicit(target, mac, waiting);
        },
        neighbourUnresolved: (bytes, out) => {
          owner.neighbourUnresolved(bytes, out);
        },
        gaveUp: ({ address, isRouter }) => {
          if (isRouter) {
            owner.routerLost(address, true);
          }
        },
      },
      random,
    );
  }

  /** What is known of each neighbour, for tables. */
  entries(): IterableIterator<Neighbour<Ipv6Address>> {
    return this.table.entries();
  }

  /** A router advertised how long answers count, in ms (RFC 4861 6.3.4). */
  setReachableTime(milliseconds: number): void {
    this.table.setReachableTime(milliseconds * MILLISECOND);
  }

  /** False for a neighbour that was asked in vain (RFC 4861 6.3.6). */
  mayBeReachable(address: Ipv6Address): boolean {
    return this.table.get(address)?.entry.state !== 'failed';
  }

  /** The neighbour's hardware address, if it is known. */
  macOf(address: Ipv6Address): MacAddress | undefined {
    const entry = this.table.get(address)?.entry;
    return entry !== undefined && isUsable(entry) ? entry.mac : undefined;
  }

  /** Sends a frame with an IPv6 packet to this neighbour, as soon as its hardware address is known. */
  transmit(bytes: Uint8Array, nextHop: Ipv6Address): void {
    this.table.transmit(bytes, nextHop);
  }

  /** A neighbour's message carried its hardware address; it becomes known if it was not (RFC 4861 7.2.3, 6.2.6, 6.3.4, 8.3). */
  heard(address: Ipv6Address, mac: MacAddress, isRouter?: boolean): void {
    const neighbour = this.table.learn(address, { kind: 'heard', mac, solicited: false }, true);
    if (neighbour !== undefined && isRouter !== undefined) {
      this.setRouter(neighbour, isRouter);
    }
  }

  /** A neighbour advertised itself. False when nobody had asked for it (RFC 4861 7.2.5). */
  advertised(
    address: Ipv6Address,
    mac: MacAddress | undefined,
    flags: { readonly router: boolean; readonly solicited: boolean; readonly override: boolean },
  ): boolean {
    const { solicited, override, router } = flags;
    const neighbour = this.table.learn(address, { kind: 'advertised', mac, solicited, override }, false);
    if (neighbour !== undefined && isUsable(neighbour.entry)) {
      this.setRouter(neighbour, router);
    }
    return neighbour !== undefined;
  }

  /** A transport heard from the neighbour, so it is there (RFC 4861 7.3.1). */
  confirm(address: Ipv6Address): void {
    const entry = this.table.get(address)?.entry;
    if (entry !== undefined && isUsable(entry)) {
      this.table.learn(address, { kind: 'heard', mac: entry.mac, solicited: true }, false);
    }
  }

  /** Forgets everyone, as when the interface goes down; what waited is lost. */
  clear(): void {
    this.table.clear();
  }

  private setRouter(neighbour: Neighbour<Ipv6Address>, isRouter: boolean): void {
    const lost = neighbour.isRouter && !isRouter;
    neighbour.isRouter = isRouter;
    if (lost) {
      this.owner.routerLost(neighbour.address, false);
    }
  }
}
