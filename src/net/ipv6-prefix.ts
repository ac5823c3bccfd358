/** IPv6 networks (RFC 4291 2.3). */
import { formatIpv6, ipv6FromBigInt, parseIpv6, type Ipv6Address } from './ipv6-address';

/** A network: its first address (host bits zero) and how many leading bits it fixes, 0 to 128. */
export interface Ipv6Prefix {
  readonly network: Ipv6Address;
  readonly length: number;
}

/** An address of an interface together with the network it is on, such as 2001:db8::1/64. */
export interface Ipv6InterfaceAddress {
  readonly address: Ipv6Address;
  readonly prefixLength: number;
}

/** The network that holds `address` at this length. */
export function ipv6PrefixOf(address: Ipv6Address, length: number): Ipv6Prefix {
  const hostBits = BigInt(128 - length);
  return { network: ipv6FromBigInt((address >> hostBits) << hostBits), length };
}

/** Whether the network holds the address. */
export function ipv6PrefixContains(prefix: Ipv6Prefix, address: Ipv6Address): boolean {
  const hostBits = BigInt(128 - prefix.length);
  return address >> hostBits === prefix.network >> hostBits;
}

/** Reads `2001:db8::1/64`, keeping the host part; anything else is undefined. */
export function parseIpv6InterfaceAddress(text: string): Ipv6InterfaceAddress | undefined {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text);
  const address = match?.[1] === undefined ? undefined : parseIpv6(match[1]);
  const prefixLength = Number(match?.[2]);
  return address === undefined || prefixLength > 128 ? undefined : { address, prefixLength };
}

/** Reads `2001:db8::/64`; undefined also when a host bit is set. */
export function parseIpv6Prefix(text: string): Ipv6Prefix | undefined {
  const parsed = parseIpv6InterfaceAddress(text);
  if (parsed === undefined) {
    return undefined;
  }
  const prefix = ipv6PrefixOf(parsed.address, parsed.prefixLength);
  return prefix.network === parsed.address ? prefix : undefined;
}

/** Prints `2001:db8::/64`. */
export function formatIpv6Prefix(prefix: Ipv6Prefix): string {
  return `${formatIpv6(prefix.network)}/${prefix.length}`;
}

/** Prints `2001:db8::1/64`. */
export function formatIpv6InterfaceAddress(value: Ipv6InterfaceAddress): string {
  return `${formatIpv6(value.address)}/${value.prefixLength}`;
}
