/** The options of neighbour discovery messages (RFC 4861 4.6, RFC 8106, RFC 3971). */
import type { Ipv6Address } from '../net/ipv6-address';
import { ipv6PrefixOf, type Ipv6Prefix } from '../net/ipv6-prefix';
import type { MacAddress } from '../net/mac-address';
import { readUint32, readUint48, writeUint32, writeUint48 } from './bytes';
import { dnsNamesBytes, readDnsNames } from './dns-name-list';
import { readIpv6Address, writeIpv6Address } from './ipv6';
import type { WireProblem } from './problem';

/** IANA "IPv6 Neighbor Discovery Option Formats". */
export const NDP_OPTION = {
  sourceLinkLayer: 1,
  targetLinkLayer: 2,
  prefixInformation: 3,
  redirectedHeader: 4,
  mtu: 5,
  /** RFC 3971 5.3.2; Linux puts it in solicitations of duplicate address detection (RFC 7527). */
  nonce: 14,
  /** RFC 8106 5.1 */
  recursiveDnsServer: 25,
  /** RFC 8106 5.2 */
  dnsSearchList: 31,
} as const;

/** A lifetime without end, in seconds (RFC 4861 4.6.2). */
export const INFINITE_LIFETIME = 0xffff_ffff;

/** Lifetimes are in seconds. */
export interface PrefixInformation {
  readonly kind: 'prefix';
  readonly prefix: Ipv6Prefix;
  readonly onLink: boolean;
  readonly autonomous: boolean;
  readonly validLifetime: number;
  readonly preferredLifetime: number;
}

export type NdpOption =
  | { readonly kind: 'source-link-layer'; readonly mac: MacAddress }
  | { readonly kind: 'target-link-layer'; readonly mac: MacAddress }
  | PrefixInformation
  /** As much of the redirected packet as fits; behind it may be padding up to eight bytes. */
  | { readonly kind: 'redirected'; readonly packet: Uint8Array }
  | { readonly kind: 'mtu'; readonly mtu: number }
  | { readonly kind: 'nonce'; readonly nonce: Uint8Array }
  | { readonly kind: 'dns-servers'; readonly lifetime: number; readonly servers: readonly Ipv6Address[] }
  | { readonly kind: 'dns-search'; readonly lifetime: number; readonly domains: readonly string[] }
  /** One that is not known here: its bytes behind type and length. */
  | { readonly kind: 'other'; readonly type: number; readonly data: Uint8Array };

const ON_LINK = 0x80;
const AUTONOMOUS = 0x40;

/** Reads the options from `at` to `end`: each has a length in units of 8 bytes, never 0 (RFC 4861 4.6). */
export function parseNdpOptions(b: Uint8Array, at: number, end: number): NdpOption[] | WireProblem {
  const options: NdpOption[] = [];
  for (let position = at; position < end;) {
    const length = (b[position + 1] ?? 0) * 8;
    if (length === 0 || position + length > end) {
      return 'bad-option';
    }
    options.push(parseOption(b, position, length));
    position += length;
  }
  return options;
}

/** An option whose length does not fit its kind is passed over like an unknown one (RFC 4861 4.6). */
function parseOption(b: Uint8Array, at: number, length: number): NdpOption {
  const type = b[at] ?? 0;
  const other: NdpOption = { kind: 'other', type, data: b.slice(at + 2, at + length) };
  switch (type) {
    case NDP_OPTION.sourceLinkLayer:
      return length === 8 ? { kind: 'source-link-layer', mac: readUint48(b, at + 2) as MacAddress } : other;
    case NDP_OPTION.targetLinkLayer:
      return length === 8 ? { kind: 'target-link-layer', mac: readUint48(b, at + 2) as MacAddress } : other;
    case NDP_OPTION.prefixInformation:
      return length === 32 && (b[at + 2] ?? 0) <= 128 ? parsePrefixInformation(b, at) : other;
    case NDP_OPTION.redirectedHeader:
      return { kind: 'redirected', packet: b.slice(at + 8, at + length) };
    case NDP_OPTION.mtu:
      return length === 8 ? { kind: 'mtu', mtu: readUint32(b, at + 4) } : other;
    case NDP_OPTION.nonce:
      return { kind: 'nonce', nonce: b.slice(at + 2, at + length) };
    case NDP_OPTION.recursiveDnsServer:
      return length >= 24 && length % 16 === 8 ? parseServers(b, at, length) : other;
    case NDP_OPTION.dnsSearchList: {
      const domains = readDnsNames(b, at + 8, at + length);
      return typeof domains === 'string'
        ? other
        : { kind: 'dns-search', lifetime: readUint32(b, at + 4), domains };
    }
    default:
      return other;
  }
}

function parsePrefixInformation(b: Uint8Array, at: number): NdpOption {
  const flags = b[at + 3] ?? 0;
  return {
    kind: 'prefix',
    prefix: ipv6PrefixOf(readIpv6Address(b, at + 16), b[at + 2] ?? 0),
    onLink: (flags & ON_LINK) !== 0,
    autonomous: (flags & AUTONOMOUS) !== 0,
    validLifetime: readUint32(b, at + 4),
    preferredLifetime: readUint32(b, at + 8),
  };
}

function parseServers(b: Uint8Array, at: number, length: number): NdpOption {
  const servers: Ipv6Address[] = [];
  for (let position = at + 8; position < at + length; position += 16) {
    servers.push(readIpv6Address(b, position));
  }
  return { kind: 'dns-servers', lifetime: readUint32(b, at + 4), servers };
}

/** The bytes of the options, one behind the other, each padded to 8 bytes. */
export function ndpOptionBytes(options: readonly NdpOption[]): Uint8Array {
  const parts = options.map(option => padded(optionContent(option)));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Type, a place for the length, and the data. */
function optionContent(option: NdpOption): Uint8Array {
  switch (option.kind) {
    case 'source-link-layer':
      return linkLayer(NDP_OPTION.sourceLinkLayer, option.mac);
    case 'target-link-layer':
      return linkLayer(NDP_OPTION.targetLinkLayer, option.mac);
    case 'prefix':
      return prefixInformation(option);
    case 'redirected':
      return content(NDP_OPTION.redirectedHeader, 8, option.packet);
    case 'mtu': {
      const bytes = content(NDP_OPTION.mtu, 8, new Uint8Array(0));
      writeUint32(bytes, 4, option.mtu);
      return bytes;
    }
    case 'nonce':
      return content(NDP_OPTION.nonce, 2, option.nonce);
    case 'dns-servers': {
      const bytes = content(NDP_OPTION.recursiveDnsServer, 8, new Uint8Array(option.servers.length * 16));
      writeUint32(bytes, 4, option.lifetime);
      option.servers.forEach((server, index) => {
        writeIpv6Address(bytes, 8 + 16 * index, server);
      });
      return bytes;
    }
    case 'dns-search': {
      const bytes = content(NDP_OPTION.dnsSearchList, 8, dnsNamesBytes(option.domains));
      writeUint32(bytes, 4, option.lifetime);
      return bytes;
    }
    case 'other':
      return content(option.type, 2, option.data);
  }
}

function linkLayer(type: number, mac: MacAddress): Uint8Array {
  const bytes = new Uint8Array(8);
  bytes[0] = type;
  writeUint48(bytes, 2, mac);
  return bytes;
}

function prefixInformation(option: PrefixInformation): Uint8Array {
  const bytes = content(NDP_OPTION.prefixInformation, 32, new Uint8Array(0));
  bytes[2] = option.prefix.length;
  bytes[3] = (option.onLink ? ON_LINK : 0) | (option.autonomous ? AUTONOMOUS : 0);
  writeUint32(bytes, 4, option.validLifetime);
  writeUint32(bytes, 8, option.preferredLifetime);
  writeIpv6Address(bytes, 16, option.prefix.network);
  return bytes;
}

function content(type: number, headerBytes: number, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(headerBytes + data.length);
  bytes[0] = type;
  bytes.set(data, headerBytes);
  return bytes;
}

/** The option in whole units of 8 bytes, its length written; what does not fit the length's one byte is cut. */
function padded(bytes: Uint8Array): Uint8Array {
  const units = Math.min(255, Math.ceil(bytes.length / 8));
  const whole = new Uint8Array(units * 8);
  whole.set(bytes.subarray(0, whole.length));
  whole[1] = units;
  return whole;
}
