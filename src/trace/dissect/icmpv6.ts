/** ICMPv6 (RFC 4443): type, code and checksum of every message, and echo. */
import { readUint16 } from '../../wire/bytes';
import { IP_PROTOCOL } from '../../wire/ipv4';
import type { PacketInProgress } from './dissector';
import { groupLine, hex, numberLine, type FieldDeclaration } from './field';
import type { PacketField } from './packet-field';
import { transportChecksumLine } from './transport-checksum';

const TYPE_NAMES: Readonly<Record<number, string>> = {
  1: 'Destination Unreachable',
  2: 'Packet Too Big',
  3: 'Time Exceeded',
  4: 'Parameter Problem',
  128: 'Echo (ping) request',
  129: 'Echo (ping) reply',
  130: 'Multicast Listener Query',
  131: 'Multicast Listener Report',
  132: 'Multicast Listener Done',
  133: 'Router Solicitation',
  134: 'Router Advertisement',
  135: 'Neighbor Solicitation',
  136: 'Neighbor Advertisement',
  137: 'Redirect',
  143: 'Multicast Listener Report Message v2',
};

export const ICMPV6_FIELDS = {
  type: { name: 'icmpv6.type', label: 'Type', type: 'number' },
  code: { name: 'icmpv6.code', label: 'Code', type: 'number' },
  checksum: { name: 'icmpv6.checksum', label: 'Checksum', type: 'hex' },
  identifier: { name: 'icmpv6.echo.identifier', label: 'Identifier', type: 'hex' },
  sequence: { name: 'icmpv6.echo.sequence_number', label: 'Sequence', type: 'number' },
} as const satisfies Record<string, FieldDeclaration>;

const HEADER_BYTES = 4;
const ECHO_BYTES = 8;

export function dissectIcmpv6(packet: PacketInProgress, at: number, end: number): number {
  const { bytes } = packet;
  if (end - at < HEADER_BYTES) {
    packet.addMalformed('ICMPv6', at, end, `an ICMPv6 message has at least ${HEADER_BYTES} bytes`);
    return end;
  }
  const type = bytes[at] ?? 0;
  const name = TYPE_NAMES[type] ?? 'Unknown';
  const children: PacketField[] = [
    numberLine(ICMPV6_FIELDS.type, at, 1, type, { suffix: ` (${name})` }),
    numberLine(ICMPV6_FIELDS.code, at + 1, 1, bytes[at + 1] ?? 0),
    transportChecksumLine(packet, ICMPV6_FIELDS.checksum, at + 2, at, end - at, IP_PROTOCOL.icmpv6),
  ];
  let info = name;
  if ((type === 128 || type === 129) && end - at >= ECHO_BYTES) {
    const identifier = readUint16(bytes, at + 4);
    const sequence = readUint16(bytes, at + 6);
    children.push(
      numberLine(ICMPV6_FIELDS.identifier, at + 4, 2, identifier),
      numberLine(ICMPV6_FIELDS.sequence, at + 6, 2, sequence),
    );
    info = `${name} id=${hex(identifier, 4)}, seq=${sequence}, hop limit=${packet.timeToLive}`;
  }
  packet.add(groupLine('icmpv6', at, end - at, 'Internet Control Message Protocol v6', { children }));
  packet.show('ICMPv6', info);
  return end;
}
