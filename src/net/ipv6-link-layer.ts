/** What IPv6 derives from hardware addresses and the other way round (RFC 4291, RFC 2464). */
import { ipv6FromBigInt, type Ipv6Address } from './ipv6-address';
import type { Ipv6Prefix } from './ipv6-prefix';
import { macFromNumber, type MacAddress } from './mac-address';

/** fe80::/64: the network of every interface's link-local address (RFC 4291 2.5.6, RFC 2464 5). */
export const LINK_LOCAL_PREFIX: Ipv6Prefix = { network: ipv6FromBigInt(0xfe80n << 112n), length: 64 };

/** ff02::1:ff00:0/104 (RFC 4291 2.7.1). */
const SOLICITED_NODE = 0xff02_0000_0000_0000_0000_0001_ff00_0000n;

/** Bits of an interface identifier in a /64 (RFC 4291 2.5.1). */
const IDENTIFIER_BITS = 64n;

/** The modified EUI-64 identifier: ff:fe in the middle, the universal bit turned over (RFC 4291 appendix A; Linux addr_gen_mode 0). */
export function interfaceIdentifier(mac: MacAddress): bigint {
  const bits = BigInt(mac);
  return (((bits >> 24n) << 40n) | (0xfffen << 24n) | (bits & 0xff_ffffn)) ^ (1n << 57n);
}

/** The address that an interface makes of a /64 and its hardware address (RFC 4862 5.5.3 d). */
export function autoconfiguredAddress(prefix: Ipv6Prefix, mac: MacAddress): Ipv6Address {
  return ipv6FromBigInt(((prefix.network >> IDENTIFIER_BITS) << IDENTIFIER_BITS) | interfaceIdentifier(mac));
}

/** The group in which a neighbour with this address hears solicitations (RFC 4291 2.7.1). */
export function solicitedNodeGroup(address: Ipv6Address): Ipv6Address {
  return ipv6FromBigInt(SOLICITED_NODE | (address & 0xff_ffffn));
}

/** 33:33 and the last four bytes of the group (RFC 2464 7). */
export function multicastMac(group: Ipv6Address): MacAddress {
  return macFromNumber(0x3333_0000_0000 + Number(group & 0xffff_ffffn));
}
