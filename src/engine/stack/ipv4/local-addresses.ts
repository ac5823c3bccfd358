/** The addresses that a machine takes packets for: Linux's routing table `local`. */
import { BROADCAST_IPV4, type Ipv4Address } from '../../../net/ipv4-address';
import { lastAddressOf, prefixOf, type Ipv4InterfaceAddress } from '../../../net/ipv4-prefix';

export class LocalAddresses {
  private readonly own = new Set<Ipv4Address>();
  /** The directed broadcast addresses of all interfaces (RFC 919). */
  private readonly broadcasts = new Set<Ipv4Address>();

  has(address: Ipv4Address): boolean {
    return this.own.has(address);
  }

  add(address: Ipv4Address): void {
    this.own.add(address);
  }

  remove(address: Ipv4Address): void {
    this.own.delete(address);
  }

  /** Whether the address means every host of a link of this machine. */
  isBroadcast(address: Ipv4Address): boolean {
    return address === BROADCAST_IPV4 || this.broadcasts.has(address);
  }

  /** Takes the networks of all interfaces, after any of them changed. Networks of two addresses have no broadcast (RFC 3021). */
  setNetworks(addresses: Iterable<Ipv4InterfaceAddress>): void {
    this.broadcasts.clear();
    for (const { address, prefixLength } of addresses) {
      if (prefixLength < 31) {
        this.broadcasts.add(lastAddressOf(prefixOf(address, prefixLength)));
      }
    }
  }
}
