/** Which address a DHCP server gives to whom: dnsmasq's choice (its dhcp.c, address_allocate, without --dhcp-sequential-ip). */
import type { Ipv4Address } from '../../../net/ipv4-address';
import { ipv4FromNumber } from '../../../net/ipv4-address';
import type { MacAddress } from '../../../net/mac-address';
import { SECOND } from '../linux-policy';

export interface ServerLease {
  readonly mac: MacAddress;
  readonly address: Ipv4Address;
  /** ns; an offer that nobody takes up ends soon. */
  readonly expiresAt: number;
  /** The client has not asked for it yet. */
  readonly offered?: boolean;
  readonly hostName: string | undefined;
  /** The record of the message that it was given or offered for. */
  readonly cause: number;
}

/**
 * How long nobody gets an address that a client found in use (RFC 2131 4.3.3), in ns: dnsmasq's DECLINE_BACKOFF, which it keeps for
 * reserved addresses; the others it would find in use by a ping.
 */
const DECLINED_FOR = 600 * SECOND;

/** Clients of one network that are remembered (dnsmasq --dhcp-lease-max: 1000). */
const MAXIMUM_LEASES = 1000;

/** The pool of one network. The lease of a client is found by its hardware address. */
export class ServerLeases {
  private readonly byMac = new Map<MacAddress, ServerLease>();
  private readonly byAddress = new Map<Ipv4Address, ServerLease>();
  /** Until when nobody gets an address that was found in use. At most as many as the range and the reservations have. */
  private readonly declinedUntil = new Map<Ipv4Address, number>();
  private readonly kept: ReadonlySet<Ipv4Address>;

  constructor(
    readonly first: Ipv4Address,
    readonly last: Ipv4Address,
    /** Addresses in the range that belong to somebody else, such as the server. */
    private readonly reserved: ReadonlySet<Ipv4Address>,
    /** Addresses inside or outside of the range that one client alone gets. */
    private readonly reservations: ReadonlyMap<MacAddress, Ipv4Address> = new Map(),
  ) {
    this.kept = new Set(reservations.values());
  }

  all(): IterableIterator<ServerLease> {
    return this.byMac.values();
  }

  of(mac: MacAddress): ServerLease | undefined {
    return this.byMac.get(mac);
  }

  /** The lease that a client was given and has now. */
  granted(mac: MacAddress, now: number): ServerLease | undefined {
    const lease = this.byMac.get(mac);
    return lease !== undefined && lease.offered !== true && lease.expiresAt > now ? lease : undefined;
  }

  /** The client took another server's offer: this one's is free again (RFC 2131 3.1 step 4). A lease it has stays. */
  withdrawOffer(mac: MacAddress): void {
    if (this.byMac.get(mac)?.offered === true) {
      this.release(mac);
    }
  }

  /** Whether this client may have this address now. */
  mayHave(mac: MacAddress, address: Ipv4Address, now: number): boolean {
    const own = this.reservations.get(mac);
    // Whoever has a reservation gets that or, while it is in use by another, one of the range.
    const elsewhere = own !== undefined && own !== address && !this.isTaken(own, mac, now);
    const inRange = address >= this.first && address <= this.last;
    const free = inRange && !elsewhere && !this.reserved.has(address) && !this.kept.has(address);
    return (free || own === address) && !this.isTaken(address, mac, now);
  }

  /** Whether another client has it, or somebody unknown. */
  private isTaken(address: Ipv4Address, mac: MacAddress, now: number): boolean {
    const holder = this.byAddress.get(address);
    const held = holder !== undefined && holder.mac !== mac && holder.expiresAt > now;
    return held || (this.declinedUntil.get(address) ?? now) > now;
  }

  /** An address for this client: the one it has or had, the one it asks for, or a free one; undefined when the pool is exhausted. */
  choose(mac: MacAddress, wanted: Ipv4Address | undefined, now: number): Ipv4Address | undefined {
    if (!this.byMac.has(mac) && !this.hasRoom(now)) {
      return undefined;
    }
    const own = this.reservations.get(mac);
    if (own !== undefined && this.mayHave(mac, own, now)) {
      return own;
    }
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

  /** Whether one more client can be remembered; one whose lease has ended is forgotten for it. */
  private hasRoom(now: number): boolean {
    if (this.byMac.size < MAXIMUM_LEASES) {
      return true;
    }
    for (const { mac, expiresAt } of this.byMac.values()) {
      if (expiresAt <= now) {
        this.release(mac);
        return true;
      }
    }
    return false;
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

  /** The client found that somebody else uses the address it was given. */
  decline(mac: MacAddress, address: Ipv4Address, now: number): void {
    if (this.byMac.get(mac)?.address === address) {
      this.release(mac);
      this.declinedUntil.set(address, now + DECLINED_FOR);
    }
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
