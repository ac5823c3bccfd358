/** Addresses of either version: an IPv4 address is a number, an IPv6 address a bigint, so `typeof` tells them apart. */
import { formatIpv4, parseIpv4, type Ipv4Address } from './ipv4-address';
import { formatInterfaceAddress, type Ipv4InterfaceAddress, type Ipv4Prefix } from './ipv4-prefix';
import { formatIpv6, parseIpv6, type Ipv6Address } from './ipv6-address';
import { formatIpv6InterfaceAddress, type Ipv6InterfaceAddress, type Ipv6Prefix } from './ipv6-prefix';

export type IpAddress = Ipv4Address | Ipv6Address;
export type IpPrefix = Ipv4Prefix | Ipv6Prefix;
export type IpInterfaceAddress = Ipv4InterfaceAddress | Ipv6InterfaceAddress;

export function isIpv4(address: IpAddress): address is Ipv4Address {
  return typeof address === 'number';
}

/** Whether a network is one of IPv4. */
export function isIpv4Prefix(prefix: IpPrefix): prefix is Ipv4Prefix {
  return typeof prefix.network === 'number';
}

/** Reads an address of either version; anything else is undefined. */
export function parseIp(text: string): IpAddress | undefined {
  return parseIpv4(text) ?? parseIpv6(text);
}

export function formatIp(address: IpAddress): string {
  return isIpv4(address) ? formatIpv4(address) : formatIpv6(address);
}

/** Whether an interface's address is one of IPv4. */
export function isIpv4InterfaceAddress(value: IpInterfaceAddress): value is Ipv4InterfaceAddress {
  return isIpv4(value.address);
}

/** Prints `192.168.1.7/24` or `2001:db8::7/64`. */
export function formatIpInterfaceAddress(value: IpInterfaceAddress): string {
  return isIpv4InterfaceAddress(value) ? formatInterfaceAddress(value) : formatIpv6InterfaceAddress(value);
}
