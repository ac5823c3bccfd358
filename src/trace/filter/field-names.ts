/** Names that a filter may use: fields, protocols, and names that stand for several fields. */
import type { FieldType } from '../dissect/field';
import { FIELDS } from '../dissect/registry';

/** Fields that Wireshark adds beside others, so that one name means either end of a packet. */
export const ALIASES: ReadonlyMap<string, readonly string[]> = new Map([
  ['ip.addr', ['ip.src', 'ip.dst']],
  ['ipv6.addr', ['ipv6.src', 'ipv6.dst']],
  ['tcp.port', ['tcp.srcport', 'tcp.dstport']],
  ['udp.port', ['udp.srcport', 'udp.dstport']],
]);

/** Fields that no dissector adds: of the frame as a whole, of the streams that it is in, and what follows from other fields. */
export const DERIVED_FIELDS: Readonly<Record<string, FieldType>> = {
  'frame.len': 'number',
  'frame.cap_len': 'number',
  'frame.number': 'number',
  'frame.protocols': 'text',
  'frame.interface_name': 'text',
  'frame.comment': 'text',
  'vnet.drop': 'text',
  'vnet.ignored': 'text',
  'ip.checksum.status': 'number',
  'icmp.checksum.status': 'number',
  'icmpv6.checksum.status': 'number',
  'igmp.checksum.status': 'number',
  'udp.checksum.status': 'number',
  'tcp.checksum.status': 'number',
  'tcp.analysis.retransmission': 'boolean',
  'tcp.stream': 'number',
  'udp.stream': 'number',
  'http.request': 'boolean',
  'http.response': 'boolean',
  'http.content_length': 'number',
};

/** What the fields of this file are, in Wireshark's words, as declarations say it of the others; and what the protocols are. */
const LABELS: Readonly<Record<string, string>> = {
  'ip.addr': 'Source or Destination Address',
  'ipv6.addr': 'Source or Destination Address',
  'tcp.port': 'Source or Destination Port',
  'udp.port': 'Source or Destination Port',
  'frame.len': 'Frame length on the wire',
  'frame.cap_len': 'Frame length stored into the capture file',
  'frame.number': 'Frame Number',
  'frame.protocols': 'Protocols in frame',
  'frame.interface_name': 'Interface name',
  'frame.comment': 'Comment',
  'vnet.drop': 'Why it was dropped',
  'vnet.ignored': 'Why it was ignored, as every day',
  'ip.checksum.status': 'Header checksum status: 0 bad, 1 good, 2 unverified',
  'icmp.checksum.status': 'Checksum status: 0 bad, 1 good, 2 unverified',
  'icmpv6.checksum.status': 'Checksum status: 0 bad, 1 good, 2 unverified',
  'igmp.checksum.status': 'Checksum status: 0 bad, 1 good, 2 unverified',
  'udp.checksum.status': 'Checksum status: 0 bad, 1 good, 2 unverified, 3 not present',
  'tcp.checksum.status': 'Checksum status: 0 bad, 1 good, 2 unverified',
  'tcp.analysis.retransmission': 'Retransmission',
  'tcp.stream': 'Stream index',
  'udp.stream': 'Stream index',
  'http.request': 'Request',
  'http.response': 'Response',
  'http.content_length': 'Content length',
  frame: 'Frame',
  eth: 'Ethernet',
  vlan: '802.1Q Virtual LAN',
  llc: 'Logical-Link Control',
  stp: 'Spanning Tree Protocol',
  arp: 'Address Resolution Protocol',
  ip: 'Internet Protocol Version 4',
  ipv6: 'Internet Protocol Version 6',
  icmp: 'Internet Control Message Protocol',
  icmpv6: 'Internet Control Message Protocol v6',
  igmp: 'Internet Group Management Protocol',
  udp: 'User Datagram Protocol',
  tcp: 'Transmission Control Protocol',
  dhcp: 'Dynamic Host Configuration Protocol',
  dns: 'Domain Name System',
  http: 'Hypertext Transfer Protocol',
  ssh: 'SSH Protocol',
  vxlan: 'Virtual eXtensible Local Area Network',
  data: 'Data',
};

/** What a name stands for; empty where nobody says. */
export function labelOf(name: string): string {
  return FIELDS.get(name)?.label ?? (Object.hasOwn(LABELS, name) ? (LABELS[name] ?? '') : '');
}

/** Layers, besides those that are the first part of a field's name. */
const PROTOCOLS: ReadonlySet<string> = new Set([
  'frame',
  ...[...FIELDS.keys()].map(name => name.split('.')[0] ?? name),
]);

export function isProtocol(name: string): boolean {
  return PROTOCOLS.has(name);
}

/** Whether the name is that of a layer, whose value is its bytes. */
export function isLayer(name: string): boolean {
  return (isProtocol(name) && !name.includes('.')) || (isField(name) && typeOfField(name) === undefined);
}

export function isField(name: string): boolean {
  return isProtocol(name) || typeOfField(name) !== undefined;
}

/** The type of a field's values; undefined for a protocol and for what is no field. */
export function typeOfField(name: string): FieldType | undefined {
  const [first = name] = ALIASES.get(name) ?? [name];
  return FIELDS.get(first)?.type ?? (Object.hasOwn(DERIVED_FIELDS, name) ? DERIVED_FIELDS[name] : undefined);
}

/** Every name that a filter may use, sorted. */
export function allNames(): readonly string[] {
  return [
    ...new Set([...FIELDS.keys(), ...ALIASES.keys(), ...Object.keys(DERIVED_FIELDS), ...PROTOCOLS]),
  ].sort();
}
