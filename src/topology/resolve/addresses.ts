/** Addresses as the file writes them; IPv6 is told to be missing, and what no machine can have is refused. */
import { formatIpv4, isLoopbackIpv4, parseIpv4, type Ipv4Address } from '../../net/ipv4-address';
import {
  formatPrefix,
  lastAddressOf,
  parseInterfaceAddress,
  prefixOf,
  type Ipv4InterfaceAddress,
  type Ipv4Prefix,
} from '../../net/ipv4-prefix';
import type { Place, Report } from '../report';

/** Reads `192.168.1.1`. */
export function readAddress(text: string, place: Place, report: Report): Ipv4Address | undefined {
  if (isIpv6(text, place, report)) {
    return undefined;
  }
  const address = parseIpv4(text);
  if (address === undefined || !isMachineAddress(address)) {
    report.add('bad-address', place, [text]);
    return undefined;
  }
  return address;
}

/** Reads one address or a list of them, leaving out what is none. */
export function readAddresses(
  texts: string | readonly string[] | undefined,
  path: readonly (string | number)[],
  report: Report,
): Ipv4Address[] {
  const list = typeof texts === 'string' ? [texts] : (texts ?? []);
  return list.flatMap((text, index) => {
    const address = readAddress(text, typeof texts === 'string' ? path : [...path, index], report);
    return address === undefined ? [] : [address];
  });
}

/** Reads `192.168.1.10/24`: not the network's own address nor its broadcast, up to /30 (RFC 1122 3.2.1.3, RFC 3021). */
export function readInterfaceAddress(
  text: string,
  place: Place,
  report: Report,
): Ipv4InterfaceAddress | undefined {
  if (isIpv6(text, place, report)) {
    return undefined;
  }
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

/** Reads `192.168.1.0/24`, host bits zero. */
export function readPrefix(text: string, place: Place, report: Report): Ipv4Prefix | undefined {
  if (isIpv6(text, place, report)) {
    return undefined;
  }
  const parsed = parseInterfaceAddress(text);
  if (parsed === undefined) {
    report.add('bad-address/prefix', place, [text]);
    return undefined;
  }
  const prefix = prefixOf(parsed.address, parsed.prefixLength);
  if (prefix.network !== parsed.address) {
    const right = formatPrefix(prefix);
    report.add('host-bits', place, [text, right], { replacement: right });
    return undefined;
  }
  return prefix;
}

/** Whether the address stands for the network as a whole, so that no machine can have it. */
export function reservedRole(prefix: Ipv4Prefix, address: Ipv4Address): 'network' | 'broadcast' | undefined {
  if (prefix.length > 30) {
    return undefined;
  }
  return address === prefix.network ? 'network' : address === lastAddressOf(prefix) ? 'broadcast' : undefined;
}

function isIpv6(text: string, place: Place, report: Report): boolean {
  const found = text.includes(':');
  if (found) {
    report.add('not-simulated/ipv6', place, [text]);
  }
  return found;
}

/** Neither "this network", loopback, multicast nor class E (RFC 1122 3.2.1.3). */
function isMachineAddress(address: Ipv4Address): boolean {
  return address >>> 24 !== 0 && !isLoopbackIpv4(address) && address >>> 28 < 0xe;
}
