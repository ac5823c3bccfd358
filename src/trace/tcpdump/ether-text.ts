/** Ethernet, VLAN tags, LLC and what lies right above (print-ether.c, print-llc.c, print-arp.c). */
import { ETHERTYPE, ETHERTYPE_MINIMUM } from '../../wire/ethernet';
import { hexDump } from './hex-dump';
import { ipText, ip6Text } from './ip-text';
import type { LineState } from './packet-line';
import type { PacketBytes } from './packet-bytes';
import { spanningTreeText } from './spanning-tree-text';

const HEADER = 14;
const COOKED_HEADER = 20;
const TAG = 4;

/** As tcpdump calls EtherTypes (ethertype.h). */
const TYPE_NAMES: Readonly<Record<number, string>> = {
  0x0800: 'IPv4',
  0x0806: 'ARP',
  0x8035: 'Reverse ARP',
  0x8100: '802.1Q',
  0x86dd: 'IPv6',
  0x8847: 'MPLS unicast',
  0x8863: 'PPPoE D',
  0x8864: 'PPPoE S',
  0x88a8: '802.1Q-QinQ',
  0x88cc: 'LLDP',
  0x9000: 'Loopback',
};

function typeText(type: number): string {
  return `${TYPE_NAMES[type] ?? 'Unknown'} (0x${type.toString(16).padStart(4, '0')})`;
}

/** @param end where the frame ends */
export function etherText(state: LineState, packet: PacketBytes, at: number, end: number): void {
  state.protocol = 'ether';
  const { interfaceIndex: index } = state;
  const source = packet.mac(at + 6);
  const addresses = index === undefined ? `${source} > ${packet.mac(at)}, ` : `ifindex ${index} ${source} `;
  const { linkHeader } = state.style;
  // The header of "any" (LINKTYPE_LINUX_SLL2) has 20 bytes.
  const length = end - at + (index === undefined ? 0 : COOKED_HEADER - HEADER);
  let type = packet.u16(at + 12);
  let next = at + HEADER;
  let isHeadShown = false;
  const showHead = (): void => {
    if (!isHeadShown) {
      isHeadShown = true;
      const kind = type < ETHERTYPE_MINIMUM ? '802.3' : `ethertype ${typeText(type)}`;
      state.text += `${addresses}${kind}, length ${type < ETHERTYPE_MINIMUM ? type : length}: `;
    }
  };
  if (linkHeader) {
    showHead();
  }
  while (type === ETHERTYPE.vlan || type === ETHERTYPE.serviceVlan) {
    state.protocol = 'vlan';
    const tag = packet.u16(next);
    type = packet.u16(next + 2);
    next += TAG;
    if (linkHeader) {
      const eligible = (tag & 0x1000) === 0 ? '' : ', DEI';
      state.text += `vlan ${tag & 0x0fff}, p ${tag >>> 13}${eligible}, `;
      state.text += type < ETHERTYPE_MINIMUM ? '' : `ethertype ${typeText(type)}, `;
    }
  }
  switch (type) {
    case ETHERTYPE.ipv4:
      ipText(state, packet, next, end);
      return;
    case ETHERTYPE.ipv6:
      ip6Text(state, packet, next, end);
      return;
    case ETHERTYPE.arp:
      arpText(state, packet, next, end);
      return;
    default:
      if (type < ETHERTYPE_MINIMUM) {
        llcText(state, packet, next, Math.min(end, next + type));
        return;
      }
      showHead();
      state.text += hexDump(packet.upTo(next, end));
  }
}

const SPANNING_TREE_SAP = 0x42;
const UNNUMBERED = 3;

function llcText(state: LineState, packet: PacketBytes, at: number, end: number): void {
  state.protocol = 'llc';
  const destination = packet.u8(at);
  const source = packet.u8(at + 1);
  const control = packet.u8(at + 2);
  if (destination === SPANNING_TREE_SAP && source === SPANNING_TREE_SAP && control === UNNUMBERED) {
    if (state.style.linkHeader) {
      state.text += 'LLC, dsap STP (0x42) Individual, ssap STP (0x42) Command, ctrl 0x03: ';
    }
    spanningTreeText(state, packet, at + 3, end);
    return;
  }
  const hex = (value: number): string => `0x${value.toString(16).padStart(2, '0')}`;
  const isGroup = (destination & 1) === 1 ? 'Group' : 'Individual';
  const isResponse = (source & 1) === 1 ? 'Response' : 'Command';
  state.text +=
    `LLC, dsap Unknown (${hex(destination & 0xfe)}) ${isGroup}, ssap Unknown (${hex(source & 0xfe)}) ${isResponse}, ` +
    `ctrl ${hex(control)}: Unnumbered, length ${end - at}${hexDump(packet.upTo(at + 3, end))}`;
}

/** Bytes of a message about Ethernet and IPv4. */
const ARP = 28;

const ARP_OPERATIONS: Readonly<Record<number, string>> = {
  1: 'Request',
  2: 'Reply',
  3: 'Reverse Request',
  4: 'Reverse Reply',
};

function arpText(state: LineState, packet: PacketBytes, at: number, end: number): void {
  state.protocol = 'arp';
  packet.slice(at, at + ARP);
  const operation = packet.u16(at + 6);
  const sender = packet.ipv4(at + 14);
  const target = packet.ipv4(at + 24);
  state.text += state.style.linkHeader ? '' : 'ARP, ';
  state.text += `${ARP_OPERATIONS[operation] ?? `Unknown (${operation})`} `;
  if (operation === 1) {
    const mac = packet.mac(at + 18);
    state.text += `who-has ${target}${mac === '00:00:00:00:00:00' ? '' : ` (${mac})`} tell ${sender}`;
  } else if (operation === 2) {
    state.text += `${sender} is-at ${packet.mac(at + 8)}`;
  } else if (operation === 3) {
    state.text += `who-is ${packet.mac(at + 18)} tell ${packet.mac(at + 8)}`;
  } else if (operation === 4) {
    state.text += `${packet.mac(at + 18)} at ${target}`;
  } else {
    state.text += hexDump(packet.upTo(at, end));
  }
  state.text += `, length ${end - at}`;
}
