/** The addresses of the simulated internet: all from ranges kept for documentation (RFC 5737), so that they are nobody's. */
import { ipv4FromNumber, type Ipv4Address } from '../../net/ipv4-address';
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

/** Networks that are nobody's on the internet, with what they are (RFC 1918, RFC 3927, RFC 6598). */
export const PRIVATE_NETWORKS: readonly Ipv4Prefix[] = [
  prefixOf(ipv4FromNumber(0x0a000000), 8),
  prefixOf(ipv4FromNumber(0xac100000), 12),
  prefixOf(ipv4FromNumber(0xc0a80000), 16),
  prefixOf(ipv4FromNumber(0xa9fe0000), 16),
  prefixOf(ipv4FromNumber(0x64400000), 10),
];
