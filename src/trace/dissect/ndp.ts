/** Neighbour discovery (RFC 4861) and multicast listener reports (RFC 3810): what stands behind the ICMPv6 header. */
import { formatMac, macFromNumber } from '../../net/mac-address';
import { readUint16, readUint32, readUint48 } from '../../wire/bytes';
import { NDP_OPTION } from '../../wire/ndp-option';
import { bytesLine, groupLine, numberLine, type FieldDeclaration } from './field';
import { formatIpv6 } from './ipv6-text';
import type { PacketField } from './packet-field';

export const NDP_FIELDS = {
  soughtAddress: { name: 'icmpv6.nd.ns.target_address', label: 'Target Address', type: 'ipv6' },
  advertisedAddress: { name: 'icmpv6.nd.na.target_address', label: 'Target Address', type: 'ipv6' },
  advertisementFlags: { name: 'icmpv6.nd.na.flag', label: 'Flags', type: 'hex' },
  isRouter: { name: 'icmpv6.nd.na.flag.r', label: 'Router', type: 'boolean', mask: 0x8000_0000 },
  isSolicited: { name: 'icmpv6.nd.na.flag.s', label: 'Solicited', type: 'boolean', mask: 0x4000_0000 },
  overrides: { name: 'icmpv6.nd.na.flag.o', label: 'Override', type: 'boolean', mask: 0x2000_0000 },
  hopLimit: { name: 'icmpv6.nd.ra.cur_hop_limit', label: 'Cur hop limit', type: 'number' },
  routerFlags: { name: 'icmpv6.nd.ra.flag', label: 'Flags', type: 'hex' },
  managed: {
    name: 'icmpv6.nd.ra.flag.m',
    label: 'Managed address configuration',
    type: 'boolean',
    mask: 0x80,
  },
  other: { name: 'icmpv6.nd.ra.flag.o', label: 'Other configuration', type: 'boolean', mask: 0x40 },
  routerLifetime: { name: 'icmpv6.nd.ra.router_lifetime', label: 'Router lifetime (s)', type: 'number' },
  reachableTime: { name: 'icmpv6.nd.ra.reachable_time', label: 'Reachable time (ms)', type: 'number' },
  retransmitTime: { name: 'icmpv6.nd.ra.retrans_timer', label: 'Retrans timer (ms)', type: 'number' },
  optionType: { name: 'icmpv6.opt.type', label: 'Type', type: 'number' },
  optionLength: { name: 'icmpv6.opt.length', label: 'Length', type: 'number' },
  sourceAddress: { name: 'icmpv6.opt.src_linkaddr', label: 'Source Link-layer address', type: 'mac' },
  targetAddress: { name: 'icmpv6.opt.target_linkaddr', label: 'Target Link-layer address', type: 'mac' },
  prefixLength: { name: 'icmpv6.opt.prefix.length', label: 'Prefix Length', type: 'number' },
  prefixFlags: { name: 'icmpv6.opt.prefix.flag', label: 'Flag', type: 'hex' },
  onLink: { name: 'icmpv6.opt.prefix.flag.l', label: 'On-link flag(L)', type: 'boolean', mask: 0x80 },
  autonomous: {
    name: 'icmpv6.opt.prefix.flag.a',
    label: 'Autonomous address-configuration flag(A)',
    type: 'boolean',
    mask: 0x40,
  },
  validLifetime: { name: 'icmpv6.opt.prefix.valid_lifetime', label: 'Valid Lifetime', type: 'number' },
  preferredLifetime: {
    name: 'icmpv6.opt.prefix.preferred_lifetime',
    label: 'Preferred Lifetime',
    type: 'number',
  },
  prefix: { name: 'icmpv6.opt.prefix', label: 'Prefix', type: 'ipv6' },
  linkMtu: { name: 'icmpv6.opt.mtu', label: 'MTU', type: 'number' },
  nonce: { name: 'icmpv6.opt.nonce', label: 'Nonce', type: 'bytes' },
  serversLifetime: { name: 'icmpv6.opt.rdnss.lifetime', label: 'Lifetime', type: 'number' },
  server: { name: 'icmpv6.opt.rdnss', label: 'Recursive DNS Servers', type: 'ipv6' },
  records: {
    name: 'icmpv6.mldr.nb_mcast_records',
    label: 'Number of Multicast Address Records',
    type: 'number',
  },
  recordType: { name: 'icmpv6.mldr.mar.record_type', label: 'Record Type', type: 'number' },
  auxiliaryLength: { name: 'icmpv6.mldr.mar.aux_data_len', label: 'Aux Data Len', type: 'number' },
  sources: { name: 'icmpv6.mldr.mar.nb_sources', label: 'Number of Sources', type: 'number' },
  group: { name: 'icmpv6.mldr.mar.multicast_address', label: 'Multicast Address', type: 'ipv6' },
} as const satisfies Record<string, FieldDeclaration>;

/** Options and records of one message that get lines. */
const MOST = 100;

/** What a message adds to the tree, and to the Info behind its name. */
export interface NdpLines {
  readonly lines: readonly PacketField[];
  readonly info: string;
}

const NOTHING: NdpLines = { lines: [], info: '' };

/** The lines of the message whose ICMPv6 header begins at `at`. One that is too short has none. */
export function ndpLines(bytes: Uint8Array, type: number, at: number, end: number): NdpLines {
  switch (type) {
    case 133:
      return withOptions(bytes, [], '', at + 8, end);
    case 134:
      return end - at < 16 ? NOTHING : withOptions(bytes, routerLines(bytes, at), '', at + 16, end);
    case 135:
    case 136:
      return end - at < 24 ? NOTHING : neighbourLines(bytes, type, at, end);
    case 143:
      return end - at < 8 ? NOTHING : listenerLines(bytes, at, end);
    default:
      return NOTHING;
  }
}

function routerLines(bytes: Uint8Array, at: number): PacketField[] {
  const flags = bytes[at + 5] ?? 0;
  return [
    numberLine(NDP_FIELDS.hopLimit, at + 4, 1, bytes[at + 4] ?? 0),
    numberLine(NDP_FIELDS.routerFlags, at + 5, 1, flags, {
      children: [NDP_FIELDS.managed, NDP_FIELDS.other].map(field => numberLine(field, at + 5, 1, flags)),
    }),
    numberLine(NDP_FIELDS.routerLifetime, at + 6, 2, readUint16(bytes, at + 6)),
    numberLine(NDP_FIELDS.reachableTime, at + 8, 4, readUint32(bytes, at + 8)),
    numberLine(NDP_FIELDS.retransmitTime, at + 12, 4, readUint32(bytes, at + 12)),
  ];
}

function neighbourLines(bytes: Uint8Array, type: number, at: number, end: number): NdpLines {
  const target = formatIpv6(bytes, at + 8);
  if (type === 135) {
    const line = bytesLine(NDP_FIELDS.soughtAddress, bytes, at + 8, 16);
    return withOptions(bytes, [line], ` for ${target}`, at + 24, end);
  }
  const flags = readUint32(bytes, at + 4);
  const named = [
    [NDP_FIELDS.isRouter, 'rtr'],
    [NDP_FIELDS.isSolicited, 'sol'],
    [NDP_FIELDS.overrides, 'ovr'],
  ] as const;
  const lines = [
    numberLine(NDP_FIELDS.advertisementFlags, at + 4, 4, flags, {
      children: named.map(([field]) => numberLine(field, at + 4, 4, flags)),
    }),
    bytesLine(NDP_FIELDS.advertisedAddress, bytes, at + 8, 16),
  ];
  const set = named.filter(([field]) => (flags & field.mask) !== 0).map(([, word]) => word);
  const words = set.length === 0 ? '' : ` (${set.join(', ')})`;
  return withOptions(bytes, lines, ` ${target}${words}`, at + 24, end);
}

/** The options behind the fixed part; a link-layer address among them stands in the Info. */
function withOptions(
  bytes: Uint8Array,
  fixed: readonly PacketField[],
  info: string,
  at: number,
  end: number,
): NdpLines {
  const lines = [...fixed];
  let ending = '';
  for (let i = at, count = 0; i + 2 <= end && count < MOST; count++) {
    const length = (bytes[i + 1] ?? 0) * 8;
    if (length === 0 || i + length > end) {
      break;
    }
    const type = bytes[i] ?? 0;
    lines.push(optionLine(bytes, type, i, length));
    if ((type === NDP_OPTION.sourceLinkLayer || type === NDP_OPTION.targetLinkLayer) && length === 8) {
      const mac = formatMac(macFromNumber(readUint48(bytes, i + 2)));
      ending = type === NDP_OPTION.sourceLinkLayer ? ` from ${mac}` : ` is at ${mac}`;
    }
    i += length;
  }
  return { lines, info: `${info}${ending}` };
}

const OPTION_NAMES: Readonly<Record<number, string>> = {
  [NDP_OPTION.sourceLinkLayer]: 'Source link-layer address',
  [NDP_OPTION.targetLinkLayer]: 'Target link-layer address',
  [NDP_OPTION.prefixInformation]: 'Prefix information',
  [NDP_OPTION.redirectedHeader]: 'Redirected header',
  [NDP_OPTION.mtu]: 'MTU',
  [NDP_OPTION.nonce]: 'Nonce',
  [NDP_OPTION.recursiveDnsServer]: 'Recursive DNS Server',
  [NDP_OPTION.dnsSearchList]: 'DNS Search List Option',
};

function optionLine(bytes: Uint8Array, type: number, at: number, length: number): PacketField {
  const name = OPTION_NAMES[type] ?? 'Unknown';
  const children = [
    numberLine(NDP_FIELDS.optionType, at, 1, type, { suffix: ` (${name})` }),
    numberLine(NDP_FIELDS.optionLength, at + 1, 1, length / 8, { suffix: ` (${length} bytes)` }),
    ...optionLines(bytes, type, at, length),
  ];
  return groupLine('icmpv6.opt', at, length, `ICMPv6 Option (${name})`, { children });
}

function optionLines(bytes: Uint8Array, type: number, at: number, length: number): PacketField[] {
  switch (type) {
    case NDP_OPTION.sourceLinkLayer:
      return length === 8 ? [bytesLine(NDP_FIELDS.sourceAddress, bytes, at + 2, 6)] : [];
    case NDP_OPTION.targetLinkLayer:
      return length === 8 ? [bytesLine(NDP_FIELDS.targetAddress, bytes, at + 2, 6)] : [];
    case NDP_OPTION.prefixInformation:
      return length === 32 ? prefixLines(bytes, at) : [];
    case NDP_OPTION.mtu:
      return length === 8 ? [numberLine(NDP_FIELDS.linkMtu, at + 4, 4, readUint32(bytes, at + 4))] : [];
    case NDP_OPTION.nonce:
      return [bytesLine(NDP_FIELDS.nonce, bytes, at + 2, length - 2)];
    case NDP_OPTION.recursiveDnsServer:
      return [
        numberLine(NDP_FIELDS.serversLifetime, at + 4, 4, readUint32(bytes, at + 4)),
        ...Array.from({ length: Math.floor((length - 8) / 16) }, (_, index) =>
          bytesLine(NDP_FIELDS.server, bytes, at + 8 + 16 * index, 16),
        ),
      ];
    default:
      return [];
  }
}

function prefixLines(bytes: Uint8Array, at: number): PacketField[] {
  const flags = bytes[at + 3] ?? 0;
  return [
    numberLine(NDP_FIELDS.prefixLength, at + 2, 1, bytes[at + 2] ?? 0),
    numberLine(NDP_FIELDS.prefixFlags, at + 3, 1, flags, {
      children: [NDP_FIELDS.onLink, NDP_FIELDS.autonomous].map(field => numberLine(field, at + 3, 1, flags)),
    }),
    numberLine(NDP_FIELDS.validLifetime, at + 4, 4, readUint32(bytes, at + 4)),
    numberLine(NDP_FIELDS.preferredLifetime, at + 8, 4, readUint32(bytes, at + 8)),
    bytesLine(NDP_FIELDS.prefix, bytes, at + 16, 16),
  ];
}

/** The groups that a listener reports (RFC 3810 5.2). */
function listenerLines(bytes: Uint8Array, at: number, end: number): NdpLines {
  const count = readUint16(bytes, at + 6);
  const lines = [numberLine(NDP_FIELDS.records, at + 6, 2, count)];
  let i = at + 8;
  for (let record = 0; record < Math.min(count, MOST) && i + 20 <= end; record++) {
    const auxiliary = bytes[i + 1] ?? 0;
    const sources = readUint16(bytes, i + 2);
    const length = 20 + 16 * sources + 4 * auxiliary;
    const children = [
      numberLine(NDP_FIELDS.recordType, i, 1, bytes[i] ?? 0),
      numberLine(NDP_FIELDS.auxiliaryLength, i + 1, 1, auxiliary),
      numberLine(NDP_FIELDS.sources, i + 2, 2, sources),
      bytesLine(NDP_FIELDS.group, bytes, i + 4, 16),
    ];
    const text = `Multicast Address Record ${formatIpv6(bytes, i + 4)}`;
    lines.push(groupLine('icmpv6.mldr.mar', i, Math.min(length, end - i), text, { children }));
    i += length;
  }
  return { lines, info: '' };
}
