/** IPv4 addresses as unsigned 32-bit integers. */
import ipaddr from 'ipaddr.js';

declare const brand: unique symbol;

/** An IPv4 address, most significant byte first, as an integer from 0 to 2^32 - 1. */
export type Ipv4Address = number & { readonly [brand]: 'Ipv4Address' };

/** 0.0.0.0, "this host" before it has an address (RFC 1122 3.2.1.3). */
export const UNSPECIFIED_IPV4 = 0 as Ipv4Address;

/** 255.255.255.255, every host on this link (RFC 1122 3.2.1.3). */
export const BROADCAST_IPV4 = 0xffffffff as Ipv4Address;

/** The address with this integer value; the value is cut to 32 bits. */
export function ipv4FromNumber(value: number): Ipv4Address {
  return (value >>> 0) as Ipv4Address;
}

/** Reads four decimal parts without leading zeros; anything else, also `10.1` and `010.0.0.1`, is undefined. */
export function parseIpv4(text: string): Ipv4Address | undefined {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text) || /(^|\.)0\d/.test(text)) {
    return undefined;
  }
  const [a = 0, b = 0, c = 0, d = 0] = ipaddr.IPv4.parse(text).octets;
  return ipv4FromNumber((a << 24) | (b << 16) | (c << 8) | d);
}

/** Prints four decimal parts. */
export function formatIpv4(address: Ipv4Address): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** Whether the address is in 224.0.0.0/4 (RFC 5771). */
export function isMulticastIpv4(address: Ipv4Address): boolean {
  return address >>> 28 === 0xe;
}

/** Whether the address is in 127.0.0.0/8 (RFC 1122 3.2.1.3). */
export function isLoopbackIpv4(address: Ipv4Address): boolean {
  return address >>> 24 === 127;
}
