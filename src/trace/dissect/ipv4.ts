/** IPv4. */
import { formatIpv4 } from '../../net/ipv4-address';
import { readUint16 } from '../../wire/bytes';
import { internetChecksum, onesComplementSum, updateChecksum16 } from '../../wire/checksum';
import * as ipv4 from '../../wire/ipv4';
import { dissectData } from './data';
import type { PacketInProgress } from './dissector';
import { bytesLine, groupLine, hex, numberLine, type FieldDeclaration } from './field';
import { ipv4OptionLines } from './ipv4-options';
import { DSCP_NAMES, ECN_NAMES, PROTOCOL_NAMES } from './ip-names';
import type { PacketField } from './packet-field';

export const IPV4_FIELDS = {
  version: { name: 'ip.version', label: 'Version', type: 'number', mask: 0xf0 },
  headerLength: { name: 'ip.hdr_len', label: 'Header Length', type: 'number' },
  differentiatedServices: { name: 'ip.dsfield', label: 'Differentiated Services Field', type: 'hex' },
  dscp: {
    name: 'ip.dsfield.dscp',
    label: 'Differentiated Services Codepoint',
    type: 'number',
    mask: 0xfc,
    names: DSCP_NAMES,
  },
  ecn: {
    name: 'ip.dsfield.ecn',
    label: 'Explicit Congestion Notification',
    type: 'number',
    mask: 0x03,
    names: ECN_NAMES,
  },
  totalLength: { name: 'ip.len', label: 'Total Length', type: 'number' },
  identification: { name: 'ip.id', label: 'Identification', type: 'hex-number' },
  flags: { name: 'ip.flags', label: 'Flags', type: 'hex', mask: 0xe0 },
  reserved: { name: 'ip.flags.rb', label: 'Reserved bit', type: 'boolean', mask: 0x80 },
  dontFragment: { name: 'ip.flags.df', label: "Don't fragment", type: 'boolean', mask: 0x40 },
  moreFragments: { name: 'ip.flags.mf', label: 'More fragments', type: 'boolean', mask: 0x20 },
  fragmentOffset: { name: 'ip.frag_offset', label: 'Fragment Offset', type: 'number', mask: 0x1fff },
  timeToLive: { name: 'ip.ttl', label: 'Time to Live', type: 'number' },
  protocol: { name: 'ip.proto', label: 'Protocol', type: 'number', names: PROTOCOL_NAMES },
  checksum: { name: 'ip.checksum', label: 'Header Checksum', type: 'hex' },
  source: { name: 'ip.src', label: 'Source Address', type: 'ipv4' },
  destination: { name: 'ip.dst', label: 'Destination Address', type: 'ipv4' },
} as const satisfies Record<string, FieldDeclaration>;

export function dissectIpv4(packet: PacketInProgress, at: number, end: number): number {
  const { bytes } = packet;
  const header = ipv4.headerLength(bytes, at);
  if (end - at < ipv4.IPV4_HEADER_BYTES) {
    packet.addMalformed('IPv4', at, end, `an IPv4 header has at least ${ipv4.IPV4_HEADER_BYTES} bytes`);
    return end;
  }
  const source = formatIpv4(ipv4.sourceAddress(bytes, at));
  const destination = formatIpv4(ipv4.destinationAddress(bytes, at));
  const total = ipv4.totalLength(bytes, at);
  const children = headerLines(packet, at, end);
  const length = Math.min(Math.max(header, ipv4.IPV4_HEADER_BYTES), end - at);
  packet.add(
    groupLine('ip', at, length, `Internet Protocol Version 4, Src: ${source}, Dst: ${destination}`, {
      children,
    }),
  );
  packet.showAddresses(source, destination);
  packet.show('IPv4', PROTOCOL_NAMES[ipv4.protocol(bytes, at)] ?? `Unknown (${ipv4.protocol(bytes, at)})`);
  if (header < ipv4.IPV4_HEADER_BYTES) {
    packet.show('IPv4', `Bogus IP header length (${header}, must be at least ${ipv4.IPV4_HEADER_BYTES})`);
    return end;
  }
  if (ipv4.version(bytes, at) !== 4 || header > end - at) {
    packet.show('IPv4', 'Bogus IP header');
    return end;
  }
  const used = total < header ? end : Math.min(at + total, end);
  packet.addresses = { at: at + 12, length: 8 };
  packet.timeToLive = ipv4.timeToLive(bytes, at);
  packet.fragmented = ipv4.isFragment(bytes, at) || at + total > end;
  dissectPayload(packet, at, at + header, used);
  return used;
}

function dissectPayload(packet: PacketInProgress, at: number, payload: number, end: number): void {
  const { bytes } = packet;
  const protocol = ipv4.protocol(bytes, at);
  const offset = ipv4.fragmentOffset(bytes, at);
  if (offset > 0) {
    const name = PROTOCOL_NAMES[protocol] ?? 'Unknown';
    const id = ipv4.identification(bytes, at).toString(16).padStart(4, '0');
    packet.show('IPv4', `Fragmented IP protocol (proto=${name} ${protocol}, off=${offset}, ID=${id})`);
    dissectData(packet, payload, end);
    return;
  }
  (packet.tables.ipProtocol.get(protocol) ?? dissectData)(packet, payload, end);
}

function headerLines(packet: PacketInProgress, at: number, end: number): PacketField[] {
  const { bytes } = packet;
  const header = ipv4.headerLength(bytes, at);
  const first = bytes[at] ?? 0;
  const service = ipv4.typeOfService(bytes, at);
  const flags = bytes[at + 6] ?? 0;
  const lines = [
    numberLine(IPV4_FIELDS.version, at, 1, first, {
      problem: first >>> 4 === 4 ? undefined : `the version is ${first >>> 4}, not 4`,
    }),
    numberLine(IPV4_FIELDS.headerLength, at, 1, header, {
      suffix: ` bytes (${header >>> 2})`,
      problem: headerProblem(header, end - at),
    }),
    numberLine(IPV4_FIELDS.differentiatedServices, at + 1, 1, service, {
      children: [
        numberLine(IPV4_FIELDS.dscp, at + 1, 1, service),
        numberLine(IPV4_FIELDS.ecn, at + 1, 1, service),
      ],
    }),
    totalLengthLine(packet, at, end),
    numberLine(IPV4_FIELDS.identification, at + 4, 2, ipv4.identification(bytes, at)),
    numberLine(IPV4_FIELDS.flags, at + 6, 1, flags, {
      suffix: [flags & 0x40 ? ", Don't fragment" : '', flags & 0x20 ? ', More fragments' : ''].join(''),
      children: [
        numberLine(IPV4_FIELDS.reserved, at + 6, 1, flags),
        numberLine(IPV4_FIELDS.dontFragment, at + 6, 1, flags),
        numberLine(IPV4_FIELDS.moreFragments, at + 6, 1, flags),
      ],
    }),
    // The value counts units of 8 bytes, as Wireshark's does; the text says bytes.
    numberLine(IPV4_FIELDS.fragmentOffset, at + 6, 2, readUint16(bytes, at + 6), {
      shown: ipv4.fragmentOffset(bytes, at).toString(),
    }),
    numberLine(IPV4_FIELDS.timeToLive, at + 8, 1, ipv4.timeToLive(bytes, at)),
    numberLine(IPV4_FIELDS.protocol, at + 9, 1, ipv4.protocol(bytes, at)),
    checksumLine(packet, at, Math.min(header, end - at)),
    bytesLine(IPV4_FIELDS.source, bytes, at + 12, 4),
    bytesLine(IPV4_FIELDS.destination, bytes, at + 16, 4),
  ];
  if (header > ipv4.IPV4_HEADER_BYTES && header <= end - at) {
    lines.push(ipv4OptionLines(bytes, at, at + header));
  }
  return lines;
}

function headerProblem(header: number, available: number): string | undefined {
  if (header < ipv4.IPV4_HEADER_BYTES) {
    return `an IPv4 header has at least ${ipv4.IPV4_HEADER_BYTES} bytes`;
  }
  return header > available ? `only ${available} bytes are there` : undefined;
}

/** Senders that leave segmentation to their network card write 0, and captures before the card then show it. */
function totalLengthLine(packet: PacketInProgress, at: number, end: number): PacketField {
  const total = ipv4.totalLength(packet.bytes, at);
  return numberLine(IPV4_FIELDS.totalLength, at + 2, 2, total === 0 ? end - at : total, {
    suffix: total === 0 ? ' (reported as 0)' : '',
    problem: lengthProblem(packet, at, end),
  });
}

function lengthProblem(packet: PacketInProgress, at: number, end: number): string | undefined {
  const total = ipv4.totalLength(packet.bytes, at);
  const header = ipv4.headerLength(packet.bytes, at);
  if (total < header) {
    return `shorter than the header, ${header} bytes`;
  }
  return total > end - at && !packet.quoted ? `only ${end - at} bytes are there` : undefined;
}

function checksumLine(packet: PacketInProgress, at: number, header: number): PacketField {
  const { bytes } = packet;
  const checksum = ipv4.headerChecksum(bytes, at);
  const right = onesComplementSum(bytes, at, header) === 0xffff;
  const expected = updateChecksum16(internetChecksum(bytes, at, header), checksum, 0);
  return numberLine(IPV4_FIELDS.checksum, at + 10, 2, readUint16(bytes, at + 10), {
    suffix: right ? ' [correct]' : ` [incorrect, should be ${hex(expected, 4)}]`,
    problem: right || packet.quoted ? undefined : `should be ${hex(expected, 4)}`,
  });
}
