/** UDP. */
import { IP_PROTOCOL } from '../../wire/ipv4';
import * as udp from '../../wire/udp';
import { dissectData } from './data';
import type { PacketInProgress } from './dissector';
import { groupLine, numberLine, type FieldDeclaration } from './field';
import { transportChecksumLine } from './transport-checksum';

export const UDP_FIELDS = {
  sourcePort: { name: 'udp.srcport', label: 'Source Port', type: 'number' },
  destinationPort: { name: 'udp.dstport', label: 'Destination Port', type: 'number' },
  length: { name: 'udp.length', label: 'Length', type: 'number' },
  checksum: { name: 'udp.checksum', label: 'Checksum', type: 'hex' },
} as const satisfies Record<string, FieldDeclaration>;

export function dissectUdp(packet: PacketInProgress, at: number, end: number): number {
  const { bytes } = packet;
  if (end - at < udp.UDP_HEADER_BYTES) {
    packet.addMalformed('UDP', at, end, `a UDP header has ${udp.UDP_HEADER_BYTES} bytes`);
    return end;
  }
  const source = udp.sourcePort(bytes, at);
  const destination = udp.destinationPort(bytes, at);
  const length = udp.udpLength(bytes, at);
  const used = Math.min(end, at + Math.max(length, udp.UDP_HEADER_BYTES));
  const checksum =
    udp.udpChecksum(bytes, at) === 0
      ? numberLine(UDP_FIELDS.checksum, at + 6, 2, 0, { suffix: ' [zero-value ignored]' })
      : transportChecksumLine(packet, UDP_FIELDS.checksum, at + 6, at, length, IP_PROTOCOL.udp);
  const children = [
    numberLine(UDP_FIELDS.sourcePort, at, 2, source),
    numberLine(UDP_FIELDS.destinationPort, at + 2, 2, destination),
    numberLine(UDP_FIELDS.length, at + 4, 2, length, { problem: lengthProblem(packet, length, end - at) }),
    checksum,
  ];
  const ports = `Src Port: ${source}, Dst Port: ${destination}`;
  const text = `User Datagram Protocol, ${ports}`;
  packet.add(groupLine('udp', at, udp.UDP_HEADER_BYTES, text, { children }));
  const wrong = checksum.problem === undefined ? '' : ' [UDP CHECKSUM INCORRECT]';
  const data = Math.max(0, length - udp.UDP_HEADER_BYTES);
  packet.show('UDP', `${source} → ${destination} Len=${data}${wrong}`);
  const payload = at + udp.UDP_HEADER_BYTES;
  if (payload < used) {
    // As Wireshark does by default, the lower port is asked first.
    const { udpPort } = packet.tables;
    const low = udpPort.get(Math.min(source, destination));
    const high = udpPort.get(Math.max(source, destination));
    (low ?? high ?? dissectData)(packet, payload, used);
  }
  return used;
}

function lengthProblem(packet: PacketInProgress, length: number, available: number): string | undefined {
  if (length < udp.UDP_HEADER_BYTES) {
    return `shorter than the header, ${udp.UDP_HEADER_BYTES} bytes`;
  }
  const incomplete = packet.fragmented || packet.quoted;
  return length > available && !incomplete ? `only ${available} bytes are there` : undefined;
}
