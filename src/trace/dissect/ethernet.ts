/** Ethernet frames and VLAN tags. */
import { BROADCAST_MAC, formatMac, type MacAddress } from '../../net/mac-address';
import { readUint16, readUint48 } from '../../wire/bytes';
import { ETHERNET_HEADER_BYTES, ETHERTYPE_MINIMUM, VLAN_TAG_BYTES } from '../../wire/ethernet';
import { dissectData } from './data';
import type { PacketInProgress } from './dissector';
import { bytesLine, groupLine, hex, numberLine, type FieldDeclaration } from './field';
import type { PacketField } from './packet-field';

/** Names of EtherTypes. */
export const ETHERTYPE_NAMES: Readonly<Record<number, string>> = {
  0x0800: 'IPv4',
  0x0806: 'ARP',
  0x8035: 'RARP',
  0x8100: '802.1Q Virtual LAN',
  0x86dd: 'IPv6',
  0x8847: 'MPLS label switched packet',
  0x8863: 'PPPoE Discovery',
  0x8864: 'PPPoE Session',
  0x88a8: '802.1ad Provider Bridge (Q-in-Q)',
  0x88cc: '802.1 Link Layer Discovery Protocol (LLDP)',
};

export const ETHERNET_FIELDS = {
  destination: { name: 'eth.dst', label: 'Destination', type: 'mac' },
  source: { name: 'eth.src', label: 'Source', type: 'mac' },
  address: { name: 'eth.addr', label: 'Address', type: 'mac' },
  local: {
    name: 'eth.lg',
    label: 'LG bit',
    type: 'boolean',
    mask: 0x020000,
    names: {
      0: 'Globally unique address (factory default)',
      1: 'Locally administered address (this is NOT the factory default)',
    },
  },
  group: {
    name: 'eth.ig',
    label: 'IG bit',
    type: 'boolean',
    mask: 0x010000,
    names: { 0: 'Individual address (unicast)', 1: 'Group address (multicast/broadcast)' },
  },
  type: { name: 'eth.type', label: 'Type', type: 'hex', names: ETHERTYPE_NAMES },
  length: { name: 'eth.len', label: 'Length', type: 'number' },
  padding: { name: 'eth.padding', label: 'Padding', type: 'bytes' },
} as const satisfies Record<string, FieldDeclaration>;

export const VLAN_FIELDS = {
  priority: { name: 'vlan.priority', label: 'Priority', type: 'number', mask: 0xe000 },
  dropEligible: {
    name: 'vlan.dei',
    label: 'DEI',
    type: 'boolean',
    mask: 0x1000,
    names: { 0: 'Ineligible', 1: 'Eligible' },
  },
  id: { name: 'vlan.id', label: 'ID', type: 'number', mask: 0x0fff },
  type: { name: 'vlan.etype', label: 'Type', type: 'hex', names: ETHERTYPE_NAMES },
  length: { name: 'vlan.len', label: 'Length', type: 'number' },
} as const satisfies Record<string, FieldDeclaration>;

/** A hardware address as the columns show it. */
export function macText(mac: MacAddress): string {
  return mac === BROADCAST_MAC ? 'Broadcast' : formatMac(mac);
}

/** A hardware address as a layer's line shows it, its name first. */
function macInLine(mac: MacAddress): string {
  return mac === BROADCAST_MAC ? `Broadcast (${formatMac(mac)})` : formatMac(mac);
}

/** The frame's own layer, and all above. */
export function dissectEthernet(packet: PacketInProgress, at: number, end: number): number {
  const { bytes } = packet;
  if (end - at < ETHERNET_HEADER_BYTES) {
    packet.addMalformed('Ethernet', at, end, `a frame has at least ${ETHERNET_HEADER_BYTES} bytes`);
    return end;
  }
  const destination = readUint48(bytes, at) as MacAddress;
  const source = readUint48(bytes, at + 6) as MacAddress;
  const type = readUint16(bytes, at + 12);
  const isType = type >= ETHERTYPE_MINIMUM;
  const children: PacketField[] = [
    addressLine(ETHERNET_FIELDS.destination, bytes, at),
    addressLine(ETHERNET_FIELDS.source, bytes, at + 6),
    numberLine(isType ? ETHERNET_FIELDS.type : ETHERNET_FIELDS.length, at + 12, 2, type),
  ];
  const addresses = `Src: ${macInLine(source)}, Dst: ${macInLine(destination)}`;
  const text = `${isType ? 'Ethernet II' : 'IEEE 802.3 Ethernet'}, ${addresses}`;
  packet.add(groupLine('eth', at, ETHERNET_HEADER_BYTES, text, { children }));
  packet.showAddresses(macText(source), macText(destination));
  packet.show('Ethernet', isType ? `Ethernet II` : `${type} bytes of data`);
  const payload = at + ETHERNET_HEADER_BYTES;
  const used = dissectPayload(packet, payload, end, type);
  if (used < end) {
    children.push(bytesLine(ETHERNET_FIELDS.padding, bytes, used, end - used));
  }
  return end;
}

function addressLine(field: FieldDeclaration, bytes: Uint8Array, at: number): PacketField {
  const head = (readUint16(bytes, at) << 8) | (bytes[at + 2] ?? 0);
  const children = [
    bytesLine(ETHERNET_FIELDS.address, bytes, at, 6),
    numberLine(ETHERNET_FIELDS.local, at, 3, head),
    numberLine(ETHERNET_FIELDS.group, at, 3, head),
  ];
  return bytesLine(field, bytes, at, 6, { children });
}

/** What follows an EtherType, or a length where the number is too small for one. */
function dissectPayload(packet: PacketInProgress, at: number, end: number, type: number): number {
  if (type < ETHERTYPE_MINIMUM) {
    return packet.tables.llc(packet, at, Math.min(end, at + type));
  }
  const dissector = packet.tables.etherType.get(type);
  if (dissector !== undefined) {
    return dissector(packet, at, end);
  }
  packet.show(hex(type, 4), ETHERTYPE_NAMES[type] ?? 'Ethernet II');
  return dissectData(packet, at, end);
}

/** An IEEE 802.1Q or 802.1ad tag, without the EtherType in front of it, and all above. */
export function dissectVlan(packet: PacketInProgress, at: number, end: number): number {
  const { bytes } = packet;
  if (end - at < VLAN_TAG_BYTES) {
    packet.addMalformed('VLAN', at, end, `a tag has ${VLAN_TAG_BYTES} bytes`);
    return end;
  }
  const control = readUint16(bytes, at);
  const type = readUint16(bytes, at + 2);
  const children = [
    numberLine(VLAN_FIELDS.priority, at, 2, control),
    numberLine(VLAN_FIELDS.dropEligible, at, 2, control),
    numberLine(VLAN_FIELDS.id, at, 2, control),
    numberLine(type >= ETHERTYPE_MINIMUM ? VLAN_FIELDS.type : VLAN_FIELDS.length, at + 2, 2, type),
  ];
  const summary = `PRI: ${control >>> 13}, DEI: ${(control >>> 12) & 1}, ID: ${control & 0xfff}`;
  packet.add(groupLine('vlan', at, VLAN_TAG_BYTES, `802.1Q Virtual LAN, ${summary}`, { children }));
  packet.show('VLAN', summary);
  return dissectPayload(packet, at + VLAN_TAG_BYTES, end, type);
}
