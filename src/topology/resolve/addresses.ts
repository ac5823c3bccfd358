/** Addresses as the file writes them; what no machine can have is refused. */
import { isIpv4Prefix, parseIp, type IpAddress, type IpPrefix } from '../../net/ip-address';
import { formatIpv4, isLoopbackIpv4, parseIpv4, type Ipv4Address } from '../../net/ipv4-address';
import {
  formatPrefix,
  lastAddressOf,
  parseInterfaceAddress,
  prefixOf,
  type Ipv4InterfaceAddress,
  type Ipv4Prefix,
} from '../../net/ipv4-prefix';
import { isMulticastIpv6, LOOPBACK_IPV6, UNSPECIFIED_IPV6, type Ipv6Address } from '../../net/ipv6-address';
import {
  formatIpv6Prefix,
  ipv6PrefixOf,
  parseIpv6InterfaceAddress,
  type Ipv6InterfaceAddress,
} from '../../net/ipv6-prefix';
import type { Texts } from '../file-source';
import type { Place, Report } from '../report';
import { listOf, placeOf } from './draft';

/** Reads `192.168.1.1`. */
export function readAddress(text: string, place: Place, report: Report): Ipv4Address | undefined {
  const address = parseIpv4(text);
  if (address === undefined || !isMachineAddress(address)) {
    report.add('bad-address', place, [text]);
    return undefined;
  }
  return address;
}

/** Reads `192.168.1.1` or `2001:db8::1`. */
export function readIp(text: string, place: Place, report: Report): IpAddress | undefined {
  if (!text.includes(':')) {
    return readAddress(text, place, report);
  }
  const address = parseIp(text);
  if (typeof address !== 'bigint' || !isMachineIpv6(address)) {
    report.add('bad-address/ipv6', place, [text]);
    return undefined;
  }
  return address;
}

export interface BothAddresses {
  readonly ipv4: Ipv4Address[];
  readonly ipv6: Ipv6Address[];
}

/** Reads one address or a list of them, of both versions, leaving out what is none. */
export function readIps(
  texts: Texts | undefined,
  path: readonly (string | number)[],
  report: Report,
): BothAddresses {
  const found: BothAddresses = { ipv4: [], ipv6: [] };
  listOf(texts).forEach((text, index) => {
    const address = readIp(text, placeOf(texts, path, index), report);
    if (typeof address === 'bigint') {
      found.ipv6.push(address);
    } else if (address !== undefined) {
      found.ipv4.push(address);
    }
  });
  return found;
}

/** Reads `192.168.1.10/24`: not the network's own address nor its broadcast, up to /30 (RFC 1122 3.2.1.3, RFC 3021). */
export function readInterfaceAddress(
  text: string,
  place: Place,
  report: Report,
): Ipv4InterfaceAddress | undefined {
  const parsed = parseInterfaceAddress(text);
  if (parsed === undefined || parsed.prefixLength === 0) {
    report.add('bad-address/prefix', place, [text]);
    return undefined;
  }
  if (!isMachineAddress(parsed.address)) {
    report.add('bad-address', place, [text]);
    return undefined;
  }
  const role = reservedRole(prefixOf(parsed.address, parsed.prefixLength), parsed.address);
  if (role !== undefined) {
    const network = formatPrefix(prefixOf(parsed.address, parsed.prefixLength));
    report.add('bad-address/reserved', place, [formatIpv4(parsed.address), role, network]);
    return undefined;
  }
  return parsed;
}

/** Reads `2001:db8::1/64`. */
export function readInterfaceAddress6(
  text: string,
  place: Place,
  report: Report,
): Ipv6InterfaceAddress | undefined {
  const parsed = parseIpv6InterfaceAddress(text);
  if (parsed === undefined || parsed.prefixLength === 0 || !isMachineIpv6(parsed.address)) {
    report.add('bad-address/ipv6-prefix', place, [text]);
    return undefined;
  }
  return parsed;
}

/** Reads `192.168.1.0/24`, host bits zero. */
export function readPrefix(text: string, place: Place, report: Report): Ipv4Prefix | undefined {
  const prefix = text.includes(':') ? undefined : readIpPrefix(text, place, report);
  if (text.includes(':')) {
    report.add('bad-address/prefix', place, [text]);
  }
  return prefix !== undefined && isIpv4Prefix(prefix) ? prefix : undefined;
}

/** Reads a network of either version, host bits zero. */
export function readIpPrefix(text: string, place: Place, report: Report): IpPrefix | undefined {
  const parsed = text.includes(':') ? parseIpv6InterfaceAddress(text) : parseInterfaceAddress(text);
  if (parsed === undefined) {
    report.add(text.includes(':') ? 'bad-address/ipv6-prefix' : 'bad-address/prefix', place, [text]);
    return undefined;
  }
  const { address, prefixLength } = parsed;
  const prefix =
    typeof address === 'bigint' ? ipv6PrefixOf(address, prefixLength) : prefixOf(address, prefixLength);
  if (prefix.network !== address) {
    const right = formatIpPrefix(prefix);
    report.add('host-bits', place, [text, right], { replacement: right });
    return undefined;
  }
  return prefix;
}

/** Reads an address, which stands for itself alone, or a network. */
export function readAddressOrPrefix(text: string, place: Place, report: Report): IpPrefix | undefined {
  if (text.includes('/')) {
    return readIpPrefix(text, place, report);
  }
  const address = readIp(text, place, report);
  switch (typeof address) {
    case 'number':
      return { network: address, length: 32 };
    case 'bigint':
      return { network: address, length: 128 };
    default:
      return undefined;
  }
}

/** Prints a network of either version. */
export function formatIpPrefix(prefix: IpPrefix): string {
  return isIpv4Prefix(prefix) ? formatPrefix(prefix) : formatIpv6Prefix(prefix);
}

/** Whether the address stands for the network as a whole, so that no machine can have it. */
export function reservedRole(prefix: Ipv4Prefix, address: Ipv4Address): 'network' | 'broadcast' | undefined {
  if (prefix.length > 30) {
    return undefined;
  }
  return address === prefix.network ? 'network' : address === lastAddressOf(prefix) ? 'broadcast' : undefined;
}

/** Neither "this network", loopback, multicast nor class E (RFC 1122 3.2.1.3). */
function isMachineAddress(address: Ipv4Address): boolean {
  return address >>> 24 !== 0 && !isLoopbackIpv4(address) && address >>> 28 < 0xe;
}

/** Neither unspecified, loopback nor multicast (RFC 4291 2.4). */
function isMachineIpv6(address: Ipv6Address): boolean {
  return address !== UNSPECIFIED_IPV6 && address !== LOOPBACK_IPV6 && !isMulticastIpv6(address);
}
