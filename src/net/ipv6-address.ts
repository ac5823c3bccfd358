/** IPv6 addresses as 128-bit integers. */
import ipaddr from 'ipaddr.js';

declare const brand: unique symbol;

/** An IPv6 address, most significant byte first, as an integer from 0 to 2^128 - 1. */
export type Ipv6Address = bigint & { readonly [brand]: 'Ipv6Address' };

/** ::, "this host" before it has an address (RFC 4291 2.5.2). */
export const UNSPECIFIED_IPV6 = 0n as Ipv6Address;

/** ::1 (RFC 4291 2.5.3). */
export const LOOPBACK_IPV6 = 1n as Ipv6Address;

/** ff02::1, all nodes of this link (RFC 4291 2.7.1). */
export const ALL_NODES_IPV6 = ((0xff02n << 112n) | 1n) as Ipv6Address;

/** ff02::2, all routers of this link (RFC 4291 2.7.1). */
export const ALL_ROUTERS_IPV6 = ((0xff02n << 112n) | 2n) as Ipv6Address;

/** The address with this integer value; the value is cut to 128 bits. */
export function ipv6FromBigInt(value: bigint): Ipv6Address {
  return BigInt.asUintN(128, value) as Ipv6Address;
}

/** What an address is made of; said first, since the library takes its time to refuse what only looks like one (`switch-1:2`). */
const CHARACTERS = /^[0-9a-f:.]+$/i;

/** Reads the forms of RFC 4291 2.2, without a zone; anything else is undefined. */
export function parseIpv6(text: string): Ipv6Address | undefined {
  if (!CHARACTERS.test(text) || !ipaddr.IPv6.isValid(text)) {
    return undefined;
  }
  return ipaddr.IPv6.parse(text).parts.reduce(
    (value, part) => (value << 16n) | BigInt(part),
    0n,
  ) as Ipv6Address;
}

/** Prints the form of RFC 5952: lower case, the longest run of zeros as `::`. */
export function formatIpv6(address: Ipv6Address): string {
  const parts = Array.from({ length: 8 }, (_, index) =>
    Number((address >> BigInt(112 - 16 * index)) & 0xffffn),
  );
  return new ipaddr.IPv6(parts).toRFC5952String();
}

/** Whether the address is in ff00::/8 (RFC 4291 2.7). */
export function isMulticastIpv6(address: Ipv6Address): boolean {
  return address >> 120n === 0xffn;
}

/** Whether the address is in fe80::/10 (RFC 4291 2.5.6). */
export function isLinkLocalIpv6(address: Ipv6Address): boolean {
  return address >> 118n === 0x3fan;
}
