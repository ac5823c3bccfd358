/** Ethernet hardware addresses (EUI-48, IEEE 802-2014 clause 8) as 48-bit integers: quick to compare, to hash and to store. */
import type { Ipv4Address } from './ipv4-address';

declare const brand: unique symbol;

/** A 48-bit hardware address, most significant byte first, as an exact integer. */
export type MacAddress = number & { readonly [brand]: 'MacAddress' };

const LARGEST = 2 ** 48 - 1;

/** ff:ff:ff:ff:ff:ff, every station on the segment (IEEE 802-2014 clause 8.2). */
export const BROADCAST_MAC = LARGEST as MacAddress;

/** 00:00:00:00:00:00, written where a hardware address is not known yet (RFC 826 target of a request). */
export const UNKNOWN_MAC = 0 as MacAddress;

/** The address with this integer value; the value is cut to 48 bits. */
export function macFromNumber(value: number): MacAddress {
  return (Math.abs(Math.trunc(value)) % (LARGEST + 1)) as MacAddress;
}

/** Reads `08:00:27:12:34:56`, `08-00-27-12-34-56` or VirtualBox's `080027123456`; anything else is undefined. */
export function parseMac(text: string): MacAddress | undefined {
  const separated = /^[0-9a-f]{2}([:-])[0-9a-f]{2}(?:\1[0-9a-f]{2}){4}$/i;
  const bare = /^[0-9a-f]{12}$/i;
  if (!separated.test(text) && !bare.test(text)) {
    return undefined;
  }
  return parseInt(text.replace(/[:-]/g, ''), 16) as MacAddress;
}

/** Prints lower-case hexadecimal with colons, as Linux and Wireshark do. */
export function formatMac(mac: MacAddress): string {
  const digits = mac.toString(16).padStart(12, '0');
  return digits.replace(/(..)(?=.)/g, '$1:');
}

/** 01:00:5e:00:00:00, of which IPv4 groups fill the low 23 bits (RFC 1112 6.4). */
const IPV4_GROUPS = 0x01_00_5e_00_00_00;

/** The address that frames to an IPv4 multicast group carry. */
export function macOfIpv4Group(group: Ipv4Address): MacAddress {
  return (IPV4_GROUPS + (group & 0x7f_ffff)) as MacAddress;
}

/** Whether the group bit is set: multicast or broadcast (IEEE 802-2014 clause 8.2.2). */
export function isGroupMac(mac: MacAddress): boolean {
  return Math.floor(mac / 2 ** 40) % 2 === 1;
}
