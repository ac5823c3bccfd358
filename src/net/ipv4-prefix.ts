/** IPv4 networks in CIDR form (RFC 4632). */
import { formatIpv4, ipv4FromNumber, parseIpv4, type Ipv4Address } from './ipv4-address';

/** A network: its first address (host bits zero) and how many leading bits it fixes, 0 to 32. */
export interface Ipv4Prefix {
  readonly network: Ipv4Address;
  readonly length: number;
}

/** An address of an interface together with the network it is on, such as 192.168.1.1/24. */
export interface Ipv4InterfaceAddress {
  readonly address: Ipv4Address;
  readonly prefixLength: number;
}

/** The mask with `length` leading ones, 255.255.255.0 for 24. */
export function maskOf(length: number): Ipv4Address {
  return ipv4FromNumber(length === 0 ? 0 : 0xffffffff << (32 - length));
}

/** The network that holds `address` at this length. */
export function prefixOf(address: Ipv4Address, length: number): Ipv4Prefix {
  return { network: ipv4FromNumber(address & maskOf(length)), length };
}

/** Whether the network holds the address. */
export function prefixContains(prefix: Ipv4Prefix, address: Ipv4Address): boolean {
  return (address & maskOf(prefix.length)) >>> 0 === prefix.network;
}

/** Whether the two networks share an address. */
export function prefixesOverlap(one: Ipv4Prefix, other: Ipv4Prefix): boolean {
  const shorter = one.length <= other.length ? one : other;
  const longer = shorter === one ? other : one;
  return prefixContains(shorter, longer.network);
}

/** The last address of the network: its directed broadcast for lengths up to 30 (RFC 919). */
export function lastAddressOf(prefix: Ipv4Prefix): Ipv4Address {
  return ipv4FromNumber(prefix.network | ~maskOf(prefix.length));
}

/** The address this far after the first one of the network. */
export function addressAt(prefix: Ipv4Prefix, offset: number): Ipv4Address {
  return ipv4FromNumber(prefix.network + offset);
}

/** Reads `192.168.1.7/24`, keeping the host part; anything else is undefined. */
export function parseInterfaceAddress(text: string): Ipv4InterfaceAddress | undefined {
  const match = /^([0-9.]+)\/(\d{1,2})$/.exec(text);
  const address = match?.[1] === undefined ? undefined : parseIpv4(match[1]);
  const prefixLength = Number(match?.[2]);
  return address === undefined || prefixLength > 32 ? undefined : { address, prefixLength };
}

/** Reads `192.168.1.0/24`; undefined also when a host bit is set. */
export function parsePrefix(text: string): Ipv4Prefix | undefined {
  const parsed = parseInterfaceAddress(text);
  if (parsed === undefined) {
    return undefined;
  }
  const prefix = prefixOf(parsed.address, parsed.prefixLength);
  return prefix.network === parsed.address ? prefix : undefined;
}

/** Prints `192.168.1.0/24`. */
export function formatPrefix(prefix: Ipv4Prefix): string {
  return `${formatIpv4(prefix.network)}/${prefix.length}`;
}

/** Prints `192.168.1.7/24`. */
export function formatInterfaceAddress(value: Ipv4InterfaceAddress): string {
  return `${formatIpv4(value.address)}/${value.prefixLength}`;
}
