/** ARP. */
import { formatIpv4, UNSPECIFIED_IPV4 } from '../../net/ipv4-address';
import { formatMac, UNKNOWN_MAC } from '../../net/mac-address';
import * as arp from '../../wire/arp';
import type { PacketInProgress } from './dissector';
import { ETHERTYPE_NAMES } from './ethernet';
import { bytesLine, groupLine, numberLine, type FieldDeclaration } from './field';

const OPERATION_NAMES: Readonly<Record<number, string>> = {
  1: 'request',
  2: 'reply',
  3: 'reverse request',
  4: 'reverse reply',
};

export const ARP_FIELDS = {
  hardwareType: { name: 'arp.hw.type', label: 'Hardware type', type: 'number', names: { 1: 'Ethernet' } },
  protocolType: { name: 'arp.proto.type', label: 'Protocol type', type: 'hex', names: ETHERTYPE_NAMES },
  hardwareSize: { name: 'arp.hw.size', label: 'Hardware size', type: 'number' },
  protocolSize: { name: 'arp.proto.size', label: 'Protocol size', type: 'number' },
  operation: { name: 'arp.opcode', label: 'Opcode', type: 'number', names: OPERATION_NAMES },
  senderMac: { name: 'arp.src.hw_mac', label: 'Sender MAC address', type: 'mac' },
  senderIp: { name: 'arp.src.proto_ipv4', label: 'Sender IP address', type: 'ipv4' },
  targetMac: { name: 'arp.dst.hw_mac', label: 'Target MAC address', type: 'mac' },
  targetIp: { name: 'arp.dst.proto_ipv4', label: 'Target IP address', type: 'ipv4' },
} as const satisfies Record<string, FieldDeclaration>;

/** Bytes of the fields that have the same place in every ARP packet. */
const FIXED_BYTES = 8;

export function dissectArp(packet: PacketInProgress, at: number, end: number): number {
  const { bytes } = packet;
  if (end - at < FIXED_BYTES) {
    packet.addMalformed('ARP', at, end, `an ARP packet has ${arp.ARP_BYTES} bytes`);
    return end;
  }
  const operation = arp.arpOperation(bytes, at);
  const children = [
    numberLine(ARP_FIELDS.hardwareType, at, 2, arp.arpHardwareType(bytes, at)),
    numberLine(ARP_FIELDS.protocolType, at + 2, 2, arp.arpProtocolType(bytes, at)),
    numberLine(ARP_FIELDS.hardwareSize, at + 4, 1, arp.arpHardwareLength(bytes, at)),
    numberLine(ARP_FIELDS.protocolSize, at + 5, 1, arp.arpProtocolLength(bytes, at)),
    numberLine(ARP_FIELDS.operation, at + 6, 2, operation),
  ];
  const parsed = arp.parseArp(bytes, at, end - at);
  if (typeof parsed === 'string') {
    const length = end - at;
    packet.add(
      groupLine('arp', at, length, `Address Resolution Protocol (${operationName(operation)})`, { children }),
    );
    if (parsed === 'truncated') {
      packet.addMalformed('ARP', at, end, `an ARP packet has ${arp.ARP_BYTES} bytes`);
    } else {
      packet.show('ARP', 'Addresses other than Ethernet and IPv4');
    }
    return end;
  }
  children.push(
    bytesLine(ARP_FIELDS.senderMac, bytes, at + 8, 6),
    bytesLine(ARP_FIELDS.senderIp, bytes, at + 14, 4),
    bytesLine(ARP_FIELDS.targetMac, bytes, at + 18, 6),
    bytesLine(ARP_FIELDS.targetIp, bytes, at + 24, 4),
  );
  const { title, info } = describe(parsed);
  packet.add(groupLine('arp', at, arp.ARP_BYTES, `Address Resolution Protocol (${title})`, { children }));
  packet.show('ARP', info);
  return at + arp.ARP_BYTES;
}

function operationName(operation: number): string {
  return OPERATION_NAMES[operation] ?? 'unknown';
}

/** Probes and announcements are those of RFC 5227 section 1.1; what else speaks of its sender alone is a gratuitous ARP. */
function describe(parsed: arp.ArpPacket): { readonly title: string; readonly info: string } {
  const sender = formatIpv4(parsed.senderIp);
  const target = formatIpv4(parsed.targetIp);
  const name = operationName(parsed.operation);
  const aboutItself = parsed.senderIp === parsed.targetIp;
  if (parsed.operation === arp.ARP_OPERATION.request) {
    if (aboutItself && parsed.targetMac === UNKNOWN_MAC) {
      return { title: 'ARP Announcement', info: `ARP Announcement for ${target}` };
    }
    if (aboutItself) {
      return { title: 'request/gratuitous ARP', info: `Gratuitous ARP for ${target} (Request)` };
    }
    return parsed.senderIp === UNSPECIFIED_IPV4 && parsed.targetMac === UNKNOWN_MAC
      ? { title: 'ARP Probe', info: `Who has ${target}? (ARP Probe)` }
      : { title: name, info: `Who has ${target}? Tell ${sender}` };
  }
  if (parsed.operation === arp.ARP_OPERATION.reply) {
    return aboutItself
      ? { title: 'reply/gratuitous ARP', info: `Gratuitous ARP for ${sender} (Reply)` }
      : { title: name, info: `${sender} is at ${formatMac(parsed.senderMac)}` };
  }
  return { title: name, info: `Unknown ARP opcode 0x${parsed.operation.toString(16).padStart(4, '0')}` };
}
