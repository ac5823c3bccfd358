/** What a DHCP server is told besides its range: reservations and further options. */
import { formatIpv4, parseIpv4, type Ipv4Address } from '../../net/ipv4-address';
import { formatPrefix, prefixContains, type Ipv4Prefix } from '../../net/ipv4-prefix';
import { parseMac, type MacAddress } from '../../net/mac-address';
import type { DhcpOptionSource } from '../file-source';
import type { TopologyPath } from '../resolved';
import { nearest } from '../suggestion';
import { readAddress } from './addresses';
import { findInterface, interfacesOf, isMachine, type Draft } from './draft';

interface Reservation {
  readonly mac: MacAddress;
  readonly address: Ipv4Address;
}

/** Reads `NODE: ADDRESS`, `NODE:INTERFACE: ADDRESS` or `MAC: ADDRESS`. Call it when hardware addresses are given. */
export function readReservations(
  draft: Draft,
  source: Readonly<Record<string, string>> | undefined,
  subnet: Ipv4Prefix,
  path: TopologyPath,
): Reservation[] {
  const found: Reservation[] = [];
  const taken = new Set<Ipv4Address>();
  for (const [key, text] of Object.entries(source ?? {})) {
    const place = [...path, key];
    const mac = stationOf(draft, key, place);
    const address = readAddress(text, place, draft.report);
    if (address === undefined || mac === undefined) {
      continue;
    }
    if (!prefixContains(subnet, address)) {
      draft.report.add('outside-subnet', place, [text, formatPrefix(subnet), String(path[1])]);
    } else if (taken.has(address)) {
      draft.report.add('duplicate-reservation', place, [formatIpv4(address)]);
    } else {
      taken.add(address);
      found.push({ mac, address });
    }
  }
  return found;
}

function stationOf(draft: Draft, key: string, place: TopologyPath): MacAddress | undefined {
  const mac = parseMac(key);
  if (mac !== undefined) {
    return mac;
  }
  const [device = '', name] = key.split(':');
  const node = draft.names.nodes.get(device);
  if (!isMachine(node)) {
    const machines = [...draft.names.nodes].filter(([, one]) => isMachine(one)).map(([one]) => one);
    const suggestion = draft.report.full ? undefined : nearest(device, machines);
    const id = suggestion === undefined ? 'unknown-node' : 'unknown-node/suggestion';
    const values = suggestion === undefined ? [device] : [device, suggestion];
    draft.report.add(id, { key: place }, values, suggestion === undefined ? {} : { replacement: suggestion });
    return undefined;
  }
  const interfaces = interfacesOf(draft, device);
  const found =
    name === undefined
      ? (interfaces.find(({ addressing }) => addressing.kind === 'dhcp') ?? interfaces[0])
      : findInterface(draft, device, name);
  if (found === undefined) {
    draft.report.add('unknown-interface', { key: place }, [device, name ?? '']);
  }
  return found?.mac;
}

interface DhcpOption {
  readonly code: number;
  readonly data: Uint8Array;
}

type OptionForm = 'addresses' | 'text' | 'u8' | 'u16' | 'u32' | 'flag' | 'domains';

/** Options by the names that dnsmasq and the registries have for them, each with its code and form (RFC 2132; 119: RFC 3397). */
const NAMED_OPTIONS: Readonly<Record<string, readonly [code: number, form: OptionForm]>> = {
  'time-offset': [2, 'u32'],
  'log-servers': [7, 'addresses'],
  'boot-file-size': [13, 'u16'],
  'root-path': [17, 'text'],
  'ip-forwarding': [19, 'flag'],
  'default-ttl': [23, 'u8'],
  'interface-mtu': [26, 'u16'],
  broadcast: [28, 'addresses'],
  'ntp-servers': [42, 'addresses'],
  'netbios-name-servers': [44, 'addresses'],
  'tftp-server-name': [66, 'text'],
  'bootfile-name': [67, 'text'],
  'domain-search': [119, 'domains'],
  'tftp-server': [150, 'addresses'],
};

/** Options that the protocol or other keys here decide: pad, mask, router, DNS, domain, overload, the lease and message itself, end. */
const OWN_CODES: readonly number[] = [0, 1, 3, 6, 15, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 61, 82, 255];

/** RFC 2132 section 2: one octet of length. */
const LONGEST_DATA = 255;

/** Reads options by name or number. */
export function readOptions(
  draft: Draft,
  source: Readonly<Record<string, DhcpOptionSource>> | undefined,
  path: TopologyPath,
): DhcpOption[] {
  return Object.entries(source ?? {}).flatMap(([key, value]) => {
    const place = [...path, key];
    const named = NAMED_OPTIONS[key];
    const code = named?.[0] ?? (/^\d{1,3}$/.test(key) ? Number(key) : -1);
    if (code < 0 || code > 255 || OWN_CODES.includes(code)) {
      reportOption(draft, key, code, place);
      return [];
    }
    const form = named?.[1] ?? Object.values(NAMED_OPTIONS).find(([one]) => one === code)?.[1];
    const data = form === undefined ? anyData(value) : formData(form, value);
    if (data === undefined || data.length === 0 || data.length > LONGEST_DATA) {
      draft.report.add('dhcp-option/value', place, [key]);
      return [];
    }
    return [{ code, data: Uint8Array.from(data) }];
  });
}

function reportOption(draft: Draft, key: string, code: number, place: TopologyPath): void {
  const suggestion = code >= 0 || draft.report.full ? undefined : nearest(key, Object.keys(NAMED_OPTIONS));
  if (suggestion === undefined) {
    draft.report.add(OWN_CODES.includes(code) ? 'dhcp-option/own' : 'dhcp-option', { key: place }, [key]);
  } else {
    const options = { replacement: suggestion };
    draft.report.add('dhcp-option/suggestion', { key: place }, [key, suggestion], options);
  }
}

function formData(form: OptionForm, value: DhcpOptionSource): number[] | undefined {
  const list = typeof value === 'object' ? value : [value];
  switch (form) {
    case 'addresses':
      return joined(list.map(one => addressBytes(String(one))));
    case 'domains':
      return joined(list.map(one => domainBytes(String(one))));
    case 'text':
      return typeof value === 'string' ? textBytes(value) : undefined;
    case 'flag':
      return typeof value === 'boolean' ? [Number(value)] : undefined;
    case 'u8':
      return numberBytes(value, 1);
    case 'u16':
      return numberBytes(value, 2);
    case 'u32':
      return numberBytes(value, 4);
  }
}

/** Without a known form: addresses, `0x…` bytes, text, or the least bytes that hold a number. */
function anyData(value: DhcpOptionSource): number[] | undefined {
  if (typeof value === 'object') {
    return joined(value.map(one => anyData(one)));
  }
  if (typeof value === 'boolean') {
    return [Number(value)];
  }
  if (typeof value === 'number') {
    return numberBytes(value, value > 0xffff ? 4 : value > 0xff ? 2 : 1);
  }
  const hexadecimal = /^0x((?:[0-9a-f]{2})+)$/i.exec(value)?.[1];
  return hexadecimal === undefined
    ? (addressBytes(value) ?? textBytes(value))
    : (hexadecimal.match(/../g) ?? []).map(pair => parseInt(pair, 16));
}

const joined = (parts: readonly (readonly number[] | undefined)[]): number[] | undefined =>
  parts.some(part => part === undefined) ? undefined : parts.flatMap(part => part ?? []);

function addressBytes(text: string): number[] | undefined {
  const address = parseIpv4(text);
  return address === undefined ? undefined : [24, 16, 8, 0].map(shift => (address >>> shift) & 0xff);
}

function numberBytes(value: DhcpOptionSource, width: number): number[] | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value >= 256 ** width) {
    return undefined;
  }
  return Array.from({ length: width }, (_, index) => Math.floor(value / 256 ** (width - 1 - index)) % 256);
}

/** UTF-8, as in all texts of DHCP that people read. */
const textBytes = (text: string): number[] => [...new TextEncoder().encode(text)];

/** Labels with their lengths, without compression (RFC 3397 section 2, RFC 1035 3.1). */
function domainBytes(text: string): number[] | undefined {
  const labels = text.replace(/\.$/, '').split('.').map(textBytes);
  const valid = labels.every(label => label.length > 0 && label.length < 64);
  return valid ? [...labels.flatMap(label => [label.length, ...label]), 0] : undefined;
}
