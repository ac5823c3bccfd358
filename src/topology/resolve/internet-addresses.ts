/** The addresses of the simulated internet: all from ranges kept for documentation (RFC 5737, RFC 3849), so that they are nobody's. */
import { ipv4FromNumber, type Ipv4Address } from '../../net/ipv4-address';
import { ipv6FromBigInt, parseIpv6, type Ipv6Address } from '../../net/ipv6-address';
import { ipv6PrefixOf, type Ipv6Prefix } from '../../net/ipv6-prefix';
import { addressAt, lastAddressOf, prefixOf, type Ipv4Prefix } from '../../net/ipv4-prefix';

/** 198.51.100.0/24 (TEST-NET-2): the segment that customers are plugged into. */
export const INTERNET_ACCESS: Ipv4Prefix = prefixOf(ipv4FromNumber(0xc6336400), 24);

/** 198.51.100.1: the provider's router. */
export const INTERNET_GATEWAY: Ipv4Address = addressAt(INTERNET_ACCESS, 1);

/** 198.51.100.53: the provider's resolver. */
export const INTERNET_NAME_SERVER: Ipv4Address = addressAt(INTERNET_ACCESS, 53);

/** What the provider leases: from .100 on. */
export const INTERNET_LEASED: readonly [Ipv4Address, Ipv4Address] = [
  addressAt(INTERNET_ACCESS, 100),
  ipv4FromNumber(lastAddressOf(INTERNET_ACCESS) - 1),
];

/** 203.0.113.10, in TEST-NET-3: the first server that names no address; the next ones follow. */
export const FIRST_SERVER: Ipv4Address = ipv4FromNumber(0xcb00710a);

/** The host part of an IPv6 address of the provider or of a server: that of its IPv4 address, so that the two are easily matched. */
function ipv6At(prefix: Ipv6Prefix, host: number): Ipv6Address {
  return ipv6FromBigInt(prefix.network + BigInt(host));
}

/** 2001:db8:64::/64, of the documentation prefix (RFC 3849): the segment that customers are plugged into. */
export const INTERNET_ACCESS_6: Ipv6Prefix = ipv6PrefixOf(
  parseIpv6('2001:db8:64::') ?? ipv6FromBigInt(0n),
  64,
);

/** 2001:db8:64::1: the provider's router. */
export const INTERNET_GATEWAY_6: Ipv6Address = ipv6At(INTERNET_ACCESS_6, 1);

/** 2001:db8:64::53: the provider's resolver. */
export const INTERNET_NAME_SERVER_6: Ipv6Address = ipv6At(INTERNET_ACCESS_6, 0x53);

/** 2001:db8:113::/64: where servers that name no IPv6 address are. */
const SERVERS_6: Ipv6Prefix = ipv6PrefixOf(parseIpv6('2001:db8:113::') ?? ipv6FromBigInt(0n), 64);

/** 2001:db8:113::a for the first server, and so on. */
export function serverAddress6(index: number): Ipv6Address {
  return ipv6At(SERVERS_6, 10 + index);
}

/** Networks that are nobody's on the internet, with what they are (RFC 1918, RFC 3927, RFC 6598). */
export const PRIVATE_NETWORKS: readonly Ipv4Prefix[] = [
  prefixOf(ipv4FromNumber(0x0a000000), 8),
  prefixOf(ipv4FromNumber(0xac100000), 12),
  prefixOf(ipv4FromNumber(0xc0a80000), 16),
  prefixOf(ipv4FromNumber(0xa9fe0000), 16),
  prefixOf(ipv4FromNumber(0x64400000), 10),
];
