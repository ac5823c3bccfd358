/** Where a packet begins: the dissector for each kind of link that a capture can come from (tcpdump.org's list of link types). */
import { readUint16, readUint32 } from '../../wire/bytes';
import { LINK_TYPE } from '../link-type';
import { dissectData } from './data';
import type { Dissector, PacketInProgress } from './dissector';
import { dissectEthernet, ETHERTYPE_NAMES } from './ethernet';
import { bytesLine, groupLine, hex, numberLine, type FieldDeclaration } from './field';
import { dissectIpv4 } from './ipv4';
import { dissectIpv6 } from './ipv6';

export const NULL_FIELDS = {
  family: {
    name: 'null.family',
    label: 'Family',
    type: 'number',
    names: { 2: 'IP', 24: 'IPv6', 28: 'IPv6', 30: 'IPv6' },
  },
} as const satisfies Record<string, FieldDeclaration>;

export const COOKED_FIELDS = {
  packetType: {
    name: 'sll.pkttype',
    label: 'Packet type',
    type: 'number',
    names: {
      0: 'Unicast to us',
      1: 'Broadcast',
      2: 'Multicast',
      3: 'Unicast to another host',
      4: 'Sent by us',
    },
  },
  addressType: { name: 'sll.hatype', label: 'Link-layer address type', type: 'number' },
  addressLength: { name: 'sll.halen', label: 'Link-layer address length', type: 'number' },
  address: { name: 'sll.src.eth', label: 'Source', type: 'mac' },
  protocol: { name: 'sll.etype', label: 'Protocol', type: 'hex', names: ETHERTYPE_NAMES },
} as const satisfies Record<string, FieldDeclaration>;

/** Bytes of the header of LINKTYPE_NULL, and of LINKTYPE_LINUX_SLL. */
const FAMILY_BYTES = 4;
const COOKED_BYTES = 16;

/** The dissector of a link's packets; those of an unknown link are bytes. */
export function linkDissector(linkType: number): Dissector {
  return LINKS.get(linkType) ?? dissectUnknown;
}

/** An IP packet of either version with nothing in front, as TUN devices carry it. */
function dissectRaw(packet: PacketInProgress, at: number, end: number): number {
  switch ((packet.bytes[at] ?? 0) >>> 4) {
    case 4:
      return dissectIpv4(packet, at, end);
    case 6:
      return dissectIpv6(packet, at, end);
    default:
      return dissectUnknown(packet, at, end);
  }
}

function dissectUnknown(packet: PacketInProgress, at: number, end: number): number {
  packet.show('', `${end - at} bytes`);
  return dissectData(packet, at, end);
}

/** BSD's loopback: a protocol family in front, in the byte order of whoever captured. */
function dissectNull(packet: PacketInProgress, at: number, end: number): number {
  const { bytes } = packet;
  if (end - at < FAMILY_BYTES) {
    packet.addMalformed('Null/Loopback', at, end, `a packet has at least ${FAMILY_BYTES} bytes`);
    return end;
  }
  const written = readUint32(bytes, at);
  const family = written > 0xffff ? swapped(written) : written;
  const children = [numberLine(NULL_FIELDS.family, at, FAMILY_BYTES, family)];
  packet.add(groupLine('null', at, FAMILY_BYTES, 'Null/Loopback', { children }));
  return dissectRaw(packet, at + FAMILY_BYTES, end);
}

function swapped(value: number): number {
  return (((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0;
}

/** Linux's `any` interface: a header that stands for that of whatever link the packet came by. */
function dissectCooked(packet: PacketInProgress, at: number, end: number): number {
  const { bytes } = packet;
  if (end - at < COOKED_BYTES) {
    packet.addMalformed('Linux cooked capture', at, end, `a packet has at least ${COOKED_BYTES} bytes`);
    return end;
  }
  const type = readUint16(bytes, at + 14);
  const hasMac = readUint16(bytes, at + 4) === 6;
  const children = [
    numberLine(COOKED_FIELDS.packetType, at, 2, readUint16(bytes, at)),
    numberLine(COOKED_FIELDS.addressType, at + 2, 2, readUint16(bytes, at + 2)),
    numberLine(COOKED_FIELDS.addressLength, at + 4, 2, readUint16(bytes, at + 4)),
    ...(hasMac ? [bytesLine(COOKED_FIELDS.address, bytes, at + 6, 6)] : []),
    numberLine(COOKED_FIELDS.protocol, at + 14, 2, type),
  ];
  packet.add(groupLine('sll', at, COOKED_BYTES, 'Linux cooked capture v1', { children }));
  packet.show(hex(type, 4), ETHERTYPE_NAMES[type] ?? 'Linux cooked capture');
  return (packet.tables.etherType.get(type) ?? dissectData)(packet, at + COOKED_BYTES, end);
}

const LINKS: ReadonlyMap<number, Dissector> = new Map([
  [LINK_TYPE.ethernet, dissectEthernet],
  [LINK_TYPE.raw, dissectRaw],
  [LINK_TYPE.rawBsd, dissectRaw],
  [LINK_TYPE.ipv4, dissectIpv4],
  [LINK_TYPE.ipv6, dissectIpv6],
  [LINK_TYPE.null, dissectNull],
  [LINK_TYPE.loop, dissectNull],
  [LINK_TYPE.linuxCooked, dissectCooked],
]);
