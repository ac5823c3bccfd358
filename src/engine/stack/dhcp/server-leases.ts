/** Which address a DHCP server gives to whom: dnsmasq's choice (its dhcp.c, address_allocate, without --dhcp-sequential-ip). */
import type { Ipv4Address } from '../../../net/ipv4-address';
import { ipv4FromNumber } from '../../../net/ipv4-address';
import type { MacAddress } from '../../../net/mac-address';

export interface ServerLease {
  readonly mac: MacAddress;
  readonly address: Ipv4Address;
  /** ns; an offer that nobody takes up ends soon. */
  readonly expiresAt: number;
  readonly hostName: string | undefined;
}

/** The pool of one network. The lease of a client is found by its hardware address. */
export class ServerLeases {
  private readonly byMac = new Map<MacAddress, ServerLease>();
  private readonly byAddress = new Map<Ipv4Address, ServerLease>();

  constructor(
    readonly first: Ipv4Address,
    readonly last: Ipv4Address,
    /** Addresses in the range that belong to somebody else, such as the server. */
    private readonly reserved: ReadonlySet<Ipv4Address>,
  ) {}

  all(): IterableIterator<ServerLease> {
    return this.byMac.values();
  }

  of(mac: MacAddress): ServerLease | undefined {
    return this.byMac.get(mac);
  }

  /** Whether this client may have this address now. */
  mayHave(mac: MacAddress, address: Ipv4Address, now: number): boolean {
    const inRange = address >= this.first && address <= this.last && !this.reserved.has(address);
    const holder = this.byAddress.get(address);
    return inRange && (holder === undefined || holder.mac === mac || holder.expiresAt <= now);
  }

  /** An address for this client: the one it has or had, the one it asks for, or a free one; undefined when the pool is exhausted. */
  choose(mac: MacAddress, wanted: Ipv4Address | undefined, now: number): Ipv4Address | undefined {
    const known = this.byMac.get(mac);
    if (known !== undefined && this.mayHave(mac, known.address, now)) {
      return known.address;
    }
    if (wanted !== undefined && this.mayHave(mac, wanted, now)) {
      return wanted;
    }
    const size = this.last - this.first + 1;
    const start = hashOf(mac) % size;
    for (let tried = 0; tried < size; tried++) {
      const address = ipv4FromNumber(this.first + ((start + tried) % size));
      if (this.mayHave(mac, address, now)) {
        return address;
      }
    }
    return undefined;
  }

  hold(lease: ServerLease): void {
    this.release(lease.mac);
    const former = this.byAddress.get(lease.address);
    if (former !== undefined) {
      this.byMac.delete(former.mac);
    }
    this.byMac.set(lease.mac, lease);
    this.byAddress.set(lease.address, lease);
  }

  release(mac: MacAddress): void {
    const lease = this.byMac.get(mac);
    if (lease !== undefined) {
      this.byMac.delete(mac);
      this.byAddress.delete(lease.address);
    }
  }
}

/** dnsmasq spreads clients over the range by the SDBM hash of the hardware address. */
function hashOf(mac: MacAddress): number {
  let hash = 0;
  for (let shift = 40; shift >= 0; shift -= 8) {
    const byte = Math.floor(mac / 2 ** shift) % 256;
    hash = (byte + (hash << 6) + (hash << 16) - hash) >>> 0;
  }
  return hash;
}
