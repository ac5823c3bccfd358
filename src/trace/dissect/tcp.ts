/** TCP headers. Sequence numbers are as they are on the wire: each packet stands for itself. */
import { IP_PROTOCOL } from '../../wire/ipv4';
import * as tcp from '../../wire/tcp';
import { tcpOptions } from '../../wire/tcp-option';
import { dissectData } from './data';
import type { PacketInProgress } from './dissector';
import { groupLine, numberLine, type FieldDeclaration } from './field';
import type { PacketField } from './packet-field';
import { tcpOptionInfo, tcpOptionLines } from './tcp-options';
import { transportChecksumLine } from './transport-checksum';

export const TCP_FIELDS = {
  sourcePort: { name: 'tcp.srcport', label: 'Source Port', type: 'number' },
  destinationPort: { name: 'tcp.dstport', label: 'Destination Port', type: 'number' },
  segmentLength: { name: 'tcp.len', label: 'TCP Segment Len', type: 'number' },
  sequence: { name: 'tcp.seq_raw', label: 'Sequence Number (raw)', type: 'number' },
  acknowledgment: { name: 'tcp.ack_raw', label: 'Acknowledgment number (raw)', type: 'number' },
  headerLength: { name: 'tcp.hdr_len', label: 'Header Length', type: 'number' },
  flags: { name: 'tcp.flags', label: 'Flags', type: 'hex', mask: 0x0fff },
  accurateEcn: { name: 'tcp.flags.ae', label: 'Accurate ECN', type: 'boolean', mask: 0x100 },
  congestionReduced: {
    name: 'tcp.flags.cwr',
    label: 'Congestion Window Reduced',
    type: 'boolean',
    mask: 0x080,
  },
  ecnEcho: { name: 'tcp.flags.ece', label: 'ECN-Echo', type: 'boolean', mask: 0x040 },
  urgent: { name: 'tcp.flags.urg', label: 'Urgent', type: 'boolean', mask: 0x020 },
  acknowledges: { name: 'tcp.flags.ack', label: 'Acknowledgment', type: 'boolean', mask: 0x010 },
  push: { name: 'tcp.flags.push', label: 'Push', type: 'boolean', mask: 0x008 },
  reset: { name: 'tcp.flags.reset', label: 'Reset', type: 'boolean', mask: 0x004 },
  syn: { name: 'tcp.flags.syn', label: 'Syn', type: 'boolean', mask: 0x002 },
  fin: { name: 'tcp.flags.fin', label: 'Fin', type: 'boolean', mask: 0x001 },
  window: { name: 'tcp.window_size_value', label: 'Window', type: 'number' },
  checksum: { name: 'tcp.checksum', label: 'Checksum', type: 'hex' },
  urgentPointer: { name: 'tcp.urgent_pointer', label: 'Urgent Pointer', type: 'number' },
} as const satisfies Record<string, FieldDeclaration>;

const FLAG_LINES = [
  TCP_FIELDS.accurateEcn,
  TCP_FIELDS.congestionReduced,
  TCP_FIELDS.ecnEcho,
  TCP_FIELDS.urgent,
  TCP_FIELDS.acknowledges,
  TCP_FIELDS.push,
  TCP_FIELDS.reset,
  TCP_FIELDS.syn,
  TCP_FIELDS.fin,
] as const;

/** From the lowest bit on. */
const FLAG_NAMES = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR', 'AE'] as const;

/** Bytes of a header that a quoted packet always has (RFC 792). */
const QUOTED_BYTES = 8;

export function dissectTcp(packet: PacketInProgress, at: number, end: number): number {
  const { bytes } = packet;
  const available = end - at;
  if (available < (packet.quoted ? QUOTED_BYTES : tcp.TCP_HEADER_BYTES)) {
    packet.addMalformed('TCP', at, end, `a TCP header has at least ${tcp.TCP_HEADER_BYTES} bytes`);
    return end;
  }
  const source = tcp.tcpSourcePort(bytes, at);
  const destination = tcp.tcpDestinationPort(bytes, at);
  const ports = `Src Port: ${source}, Dst Port: ${destination}`;
  const children: PacketField[] = [
    numberLine(TCP_FIELDS.sourcePort, at, 2, source),
    numberLine(TCP_FIELDS.destinationPort, at + 2, 2, destination),
    numberLine(TCP_FIELDS.sequence, at + 4, 4, tcp.tcpSequence(bytes, at)),
  ];
  if (available < tcp.TCP_HEADER_BYTES) {
    packet.add(groupLine('tcp', at, available, `Transmission Control Protocol, ${ports}`, { children }));
    return end;
  }
  const header = tcp.tcpHeaderLength(bytes, at);
  const data = Math.max(0, available - header);
  const checksum = transportChecksumLine(
    packet,
    TCP_FIELDS.checksum,
    at + 16,
    at,
    available,
    IP_PROTOCOL.tcp,
  );
  children.push(...headerLines(packet, at, available, header, data, checksum));
  const sequence = `Seq: ${tcp.tcpSequence(bytes, at)}`;
  const text = `Transmission Control Protocol, ${ports}, ${sequence}, Len: ${data}`;
  const length = Math.min(Math.max(header, tcp.TCP_HEADER_BYTES), available);
  packet.add(groupLine('tcp', at, length, text, { children }));
  packet.show('TCP', infoOf(packet.bytes, at, header, available, data, checksum.problem !== undefined));
  if (header < tcp.TCP_HEADER_BYTES || data === 0) {
    return end;
  }
  if ((tcp.tcpFlags(bytes, at) & tcp.TCP_FLAG.rst) !== 0) {
    // What a reset carries is why (RFC 9293 3.5.3), not what the service says.
    return dissectData(packet, at + header, end);
  }
  packet.sourcePort = source;
  // As Wireshark does by default, the lower port is asked first.
  const { tcpPort } = packet.tables;
  const low = tcpPort.get(Math.min(source, destination));
  const high = tcpPort.get(Math.max(source, destination));
  return (low ?? high ?? dissectData)(packet, at + header, end);
}

function headerLines(
  packet: PacketInProgress,
  at: number,
  available: number,
  header: number,
  data: number,
  checksum: PacketField,
): PacketField[] {
  const { bytes } = packet;
  const flags = ((bytes[at + 12] ?? 0) << 8) | (bytes[at + 13] ?? 0);
  const lines = [
    // How long the segment is, only all of its fragments tell.
    ...(packet.fragmented ? [] : [numberLine(TCP_FIELDS.segmentLength, at + 12, 0, data)]),
    numberLine(TCP_FIELDS.acknowledgment, at + 8, 4, tcp.tcpAcknowledgment(bytes, at)),
    numberLine(TCP_FIELDS.headerLength, at + 12, 1, header, {
      suffix: ` bytes (${header >>> 2})`,
      problem: headerProblem(packet, header, available),
    }),
    numberLine(TCP_FIELDS.flags, at + 12, 2, flags, {
      suffix: ` (${flagNames(flags).join(', ') || '<None>'})`,
      children: FLAG_LINES.map(field => numberLine(field, at + 12, 2, flags)),
    }),
    numberLine(TCP_FIELDS.window, at + 14, 2, tcp.tcpWindow(bytes, at)),
    checksum,
    numberLine(TCP_FIELDS.urgentPointer, at + 18, 2, tcp.tcpUrgentPointer(bytes, at)),
  ];
  if (header > tcp.TCP_HEADER_BYTES && header <= available) {
    lines.push(tcpOptionLines(bytes, at, header - tcp.TCP_HEADER_BYTES));
  }
  return lines;
}

function headerProblem(packet: PacketInProgress, header: number, available: number): string | undefined {
  if (header < tcp.TCP_HEADER_BYTES) {
    return `a TCP header has at least ${tcp.TCP_HEADER_BYTES} bytes`;
  }
  return header > available && !packet.quoted ? `only ${available} bytes are there` : undefined;
}

function flagNames(flags: number): readonly string[] {
  return FLAG_NAMES.filter((_, bit) => ((flags >>> bit) & 1) === 1);
}

function infoOf(
  bytes: Uint8Array,
  at: number,
  header: number,
  available: number,
  data: number,
  badChecksum: boolean,
): string {
  const flags = tcp.tcpFlags(bytes, at);
  const parts = [
    `${tcp.tcpSourcePort(bytes, at)} → ${tcp.tcpDestinationPort(bytes, at)}`,
    `[${flagNames(flags).join(', ') || '<None>'}]`,
    `Seq=${tcp.tcpSequence(bytes, at)}`,
  ];
  if ((flags & tcp.TCP_FLAG.ack) !== 0) {
    parts.push(`Ack=${tcp.tcpAcknowledgment(bytes, at)}`);
  }
  parts.push(`Win=${tcp.tcpWindow(bytes, at)}`);
  if ((flags & tcp.TCP_FLAG.urg) !== 0) {
    parts.push(`Urg=${tcp.tcpUrgentPointer(bytes, at)}`);
  }
  if (badChecksum) {
    parts.push('[TCP CHECKSUM INCORRECT]');
  }
  parts.push(`Len=${data}`);
  if (header <= available) {
    for (const { option } of tcpOptions(bytes, at)) {
      parts.push(...tcpOptionInfo(option));
    }
  }
  return parts.join(' ');
}
