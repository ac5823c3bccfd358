/** ICMPv6 (RFC 4443): echo, errors with the packets they are about, and neighbour discovery. */
import { readUint16, readUint32 } from '../../wire/bytes';
import { IP_PROTOCOL } from '../../wire/ipv4';
import { dissectData } from './data';
import type { Dissector, PacketInProgress } from './dissector';
import { groupLine, hex, numberLine, type FieldDeclaration } from './field';
import { ndpLines } from './ndp';
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
  mtu: { name: 'icmpv6.mtu', label: 'MTU', type: 'number' },
  pointer: { name: 'icmpv6.pointer', label: 'Pointer', type: 'number' },
  sequence: { name: 'icmpv6.echo.sequence_number', label: 'Sequence', type: 'number' },
} as const satisfies Record<string, FieldDeclaration>;

const HEADER_BYTES = 4;
const ECHO_BYTES = 8;

/** Codes of destination unreachable (RFC 4443 3.1). */
const UNREACHABLE_CODES: Readonly<Record<number, string>> = {
  0: 'no route to destination',
  1: 'Administratively prohibited',
  2: 'Beyond scope of source address',
  3: 'Address unreachable',
  4: 'Port unreachable',
  5: 'Source address failed ingress/egress policy',
  6: 'Reject route to destination',
};

const PROBLEM_CODES: Readonly<Record<number, string>> = {
  0: 'erroneous header field encountered',
  1: 'unrecognized Next Header type encountered',
  2: 'unrecognized IPv6 option encountered',
};

const EXCEEDED_CODES: Readonly<Record<number, string>> = {
  0: 'hop limit exceeded in transit',
  1: 'fragment reassembly time exceeded',
};

const ERROR_CODES: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  1: UNREACHABLE_CODES,
  3: EXCEEDED_CODES,
  4: PROBLEM_CODES,
};

/** @param ipv6 dissects the packet that an error quotes */
export function icmpv6Dissector(ipv6: Dissector): Dissector {
  return (packet, at, end) => dissectIcmpv6(packet, at, end, ipv6);
}

function dissectIcmpv6(packet: PacketInProgress, at: number, end: number, ipv6: Dissector): number {
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
  if (type >= 1 && type <= 4 && end - at >= ECHO_BYTES) {
    const rest = readUint32(bytes, at + 4);
    if (type === 2) {
      children.push(numberLine(ICMPV6_FIELDS.mtu, at + 4, 4, rest));
    } else if (type === 4) {
      children.push(numberLine(ICMPV6_FIELDS.pointer, at + 4, 4, rest));
    }
    const code = bytes[at + 1] ?? 0;
    const meaning = ERROR_CODES[type]?.[code];
    info = meaning === undefined ? name : `${name} (${meaning})`;
    children.push(...packet.quote(ipv6, at + ECHO_BYTES, end));
  }
  const discovery = ndpLines(bytes, type, at, end);
  children.push(...discovery.lines);
  info += discovery.info;
  packet.add(groupLine('icmpv6', at, end - at, 'Internet Control Message Protocol v6', { children }));
  packet.show('ICMPv6', info);
  if (type === 128 || type === 129) {
    dissectData(packet, Math.min(end, at + ECHO_BYTES), end);
  }
  return end;
}
