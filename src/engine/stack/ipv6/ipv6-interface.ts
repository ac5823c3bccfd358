/** What IPv6 knows of one interface: its addresses, its groups and what routers said of its link. */
import { isLinkLocalIpv6, type Ipv6Address } from '../../../net/ipv6-address';
import { ipv6PrefixContains, ipv6PrefixOf, type Ipv6InterfaceAddress } from '../../../net/ipv6-prefix';
import type { NetworkInterface } from '../network-interface';
import { isUsableAddress, type Ipv6AddressEntry } from './ipv6-address-entry';
import { LINUX_IPV6 } from './linux-ipv6-policy';

export class Ipv6Interface {
  /** Those of wider scope first, as Linux sorts them. */
  entries: readonly Ipv6AddressEntry[] = [];

  /** Groups whose packets are for this node, each with how many reasons there are to listen. */
  readonly groups = new Map<Ipv6Address, number>();

  /** Of packets that nobody gave another: a router's advertised one, or the default (RFC 4861 6.3.4). */
  hopLimit: number = LINUX_IPV6.hopLimit;

  /** Largest packet in bytes: the link's, or a smaller one that a router advertised. */
  mtu: number;

  constructor(
    readonly on: NetworkInterface,
    /** Whether packets for others pass through this node. */
    readonly forwarding: boolean,
  ) {
    this.mtu = on.mtu;
  }

  /** The link-local address once it may be used. */
  get linkLocal(): Ipv6Address | undefined {
    return this.entries.find(entry => isUsableAddress(entry) && isLinkLocalIpv6(entry.address))?.address;
  }

  /** Addresses that packets may come from and go to. */
  get usable(): readonly Ipv6InterfaceAddress[] {
    return this.entries.filter(isUsableAddress);
  }

  entryOf(address: Ipv6Address): Ipv6AddressEntry | undefined {
    return this.entries.find(entry => entry.address === address);
  }

  /** Whether the address is on a network of this interface's own addresses. */
  onLink(address: Ipv6Address): boolean {
    return this.entries.some(entry =>
      ipv6PrefixContains(ipv6PrefixOf(entry.address, entry.prefixLength), address),
    );
  }

  /** Adds the entry, or puts it in the place of the one with the same address. */
  put(entry: Ipv6AddressEntry): void {
    if (this.entryOf(entry.address) !== undefined) {
      this.entries = this.entries.map(old => (old.address === entry.address ? entry : old));
      return;
    }
    const entries = [...this.entries, entry];
    this.entries = [
      ...entries.filter(({ address }) => !isLinkLocalIpv6(address)),
      ...entries.filter(({ address }) => isLinkLocalIpv6(address)),
    ];
  }

  remove(address: Ipv6Address): void {
    this.entries = this.entries.filter(entry => entry.address !== address);
  }
}
