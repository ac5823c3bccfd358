/** UDP (print-udp.c) and what is known by its ports: DNS, DHCP, DHCPv6, VXLAN. */
import { serviceName } from '../../net/service-names';
import { dnsText } from './dns-text';
import type { IpPart } from './ip-text';
import type { LineState } from './packet-line';
import type { PacketBytes } from './packet-bytes';

const HEADER = 8;

const PORT = { dns: 53, bootps: 67, bootpc: 68, mdns: 5353, vxlan: 4789, dhcp6Client: 546, dhcp6Server: 547 };

export function udpText(state: LineState, packet: PacketBytes, part: IpPart): void {
  const { source, destination, at, end } = part;
  state.protocol = 'udp';
  if (end < at + 4) {
    state.text += `${part.addressesShown ? '' : `${source} > ${destination}: `} [|udp]`;
    return;
  }
  const sourcePort = packet.u16(at);
  const destinationPort = packet.u16(at + 2);
  const name = (port: number): string =>
    (state.style.numeric ? undefined : serviceName(port, 'udp')) ?? String(port);
  state.text += part.addressesShown
    ? `${name(sourcePort)} > ${name(destinationPort)}: `
    : `${source}.${name(sourcePort)} > ${destination}.${name(destinationPort)}: `;
  const told = packet.u16(at + 4);
  if (told < HEADER) {
    state.text += `truncated-udplength ${told}`;
    return;
  }
  const length = Math.min(told, end - at) - HEADER;
  const data = at + HEADER;
  const dataEnd = data + length;
  const ports = [sourcePort, destinationPort];
  const has = (...some: readonly number[]): boolean => some.some(port => ports.includes(port));
  if (has(PORT.dns)) {
    dnsText(state, packet, data, dataEnd, false);
  } else if (has(PORT.bootps, PORT.bootpc)) {
    bootpText(state, packet, data, told - HEADER);
  } else if (has(PORT.dhcp6Client, PORT.dhcp6Server)) {
    dhcp6Text(state, packet, data);
  } else if (destinationPort === PORT.vxlan) {
    vxlanText(state, packet, data, dataEnd);
  } else if (told > end - at) {
    state.text += `UDP, bad length ${told - HEADER} > ${end - data}`;
  } else {
    state.text += `UDP, length ${length}`;
  }
}

const BOOTP_OPERATIONS: Readonly<Record<number, string>> = { 1: 'Request', 2: 'Reply' };

function bootpText(state: LineState, packet: PacketBytes, at: number, length: number): void {
  state.protocol = 'bootp';
  const operation = packet.u8(at);
  const name = BOOTP_OPERATIONS[operation] ?? `unknown (0x${operation.toString(16).padStart(2, '0')})`;
  state.text += `BOOTP/DHCP, ${name}`;
  if (operation === 1 && packet.u8(at + 1) === 1 && packet.u8(at + 2) === 6) {
    state.text += ` from ${packet.mac(at + 28)}`;
  }
  state.text += `, length ${length}`;
}

/** Messages of DHCPv6 (RFC 8415 7.3), as print-dhcp6.c calls them. */
const DHCP6_MESSAGES: Readonly<Record<number, string>> = {
  1: 'solicit',
  2: 'advertise',
  3: 'request',
  4: 'confirm',
  5: 'renew',
  6: 'rebind',
  7: 'reply',
  8: 'release',
  9: 'decline',
  10: 'reconf',
  11: 'inf-req',
  12: 'relay-fwd',
  13: 'relay-reply',
};

function dhcp6Text(state: LineState, packet: PacketBytes, at: number): void {
  state.protocol = 'dhcp6';
  const kind = packet.u8(at);
  state.text += `dhcp6 ${DHCP6_MESSAGES[kind] ?? `msgtype-${kind}`}`;
}

const VXLAN_HEADER = 8;
const VXLAN_HAS_ID = 0x08;

/** The frame inside has a line of its own (print-vxlan.c). */
function vxlanText(state: LineState, packet: PacketBytes, at: number, end: number): void {
  state.protocol = 'vxlan';
  if (end - at < VXLAN_HEADER) {
    state.text += 'VXLAN (invalid)';
    return;
  }
  const flags = packet.u8(at);
  const shown = flags === VXLAN_HAS_ID ? 'I' : flags === 0 ? '.' : 'invalid';
  state.text += `VXLAN, flags [${shown}] (0x${flags.toString(16).padStart(2, '0')}), vni ${packet.u32(at + 4) >>> 8}\n`;
  state.printFrame(packet, at + VXLAN_HEADER, end);
}
