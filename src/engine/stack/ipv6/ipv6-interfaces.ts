/** The interfaces of a stack that speak IPv6, and whose address is whose. */
import {
  ALL_NODES_IPV6,
  isLinkLocalIpv6,
  isMulticastIpv6,
  LOOPBACK_IPV6,
  type Ipv6Address,
} from '../../../net/ipv6-address';
import type { NetworkInterface } from '../network-interface';
import { isUsableAddress } from './ipv6-address-entry';
import type { Ipv6Interface } from './ipv6-interface';

export class Ipv6Interfaces {
  private readonly byInterface = new Map<NetworkInterface, Ipv6Interface>();
  /** Addresses beside those of the interfaces: of servers that one stack stands for. */
  private readonly further = new Set<Ipv6Address>();
  /** Addresses that other nodes may have too (RFC 4291 2.6), each with how many reasons there are. */
  private readonly anycast = new Map<Ipv6Address, number>();

  get all(): Iterable<Ipv6Interface> {
    return this.byInterface.values();
  }

  add(side: Ipv6Interface): void {
    this.byInterface.set(side.on, side);
  }

  of(on: NetworkInterface): Ipv6Interface | undefined {
    return this.byInterface.get(on);
  }

  /** Makes the stack answer for an address that is on none of its interfaces. */
  addFurther(address: Ipv6Address): void {
    this.further.add(address);
  }

  addAnycast(address: Ipv6Address): void {
    this.anycast.set(address, (this.anycast.get(address) ?? 0) + 1);
  }

  removeAnycast(address: Ipv6Address): void {
    const reasons = (this.anycast.get(address) ?? 0) - 1;
    if (reasons > 0) {
      this.anycast.set(address, reasons);
    } else {
      this.anycast.delete(address);
    }
  }

  isAnycast(address: Ipv6Address): boolean {
    return this.anycast.has(address);
  }

  /** The interface that holds the address, whether it may be used yet or not. */
  holderOf(address: Ipv6Address): Ipv6Interface | undefined {
    for (const side of this.byInterface.values()) {
      if (side.entryOf(address) !== undefined) {
        return side;
      }
    }
    return undefined;
  }

  /** Whether packets to this unicast or anycast address are for this node. */
  isLocal(address: Ipv6Address): boolean {
    if (address === LOOPBACK_IPV6 || this.further.has(address) || this.anycast.has(address)) {
      return true;
    }
    const entry = this.holderOf(address)?.entryOf(address);
    return entry !== undefined && isUsableAddress(entry);
  }

  /** Whether packets may come from this address: not from an anycast one (RFC 4291 2.6). */
  isOwnUnicast(address: Ipv6Address): boolean {
    return !this.anycast.has(address) && this.isLocal(address);
  }

  /** Whether a packet that came in on `side` with this destination is for this node. */
  accepts(destination: Ipv6Address, side: Ipv6Interface): boolean {
    if (isMulticastIpv6(destination)) {
      return destination === ALL_NODES_IPV6 || side.groups.has(destination);
    }
    // A link-local address is one of its own link only (RFC 4291 2.5.6).
    return isLinkLocalIpv6(destination)
      ? this.isLocal(destination) && side.entryOf(destination) !== undefined
      : this.isLocal(destination);
  }
}
