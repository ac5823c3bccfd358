/** What kind of packet a frame is, at a glance: enough to colour and shape it. */
import { readUint16 } from '../wire/bytes';
import {
  ETHERNET_HEADER_BYTES,
  ETHERTYPE,
  ETHERTYPE_MINIMUM,
  etherTypeOfPacket,
  VLAN_TAG_BYTES,
} from '../wire/ethernet';
import { fragmentOffset, headerLength, IP_PROTOCOL, protocol } from '../wire/ipv4';
import { destinationPort, sourcePort, UDP_PORT } from '../wire/udp';
import { LINK_TYPE } from './link-type';

/** The kinds the panel colours and shapes packets by. */
export const PROTOCOL_CLASSES = ['other', 'arp', 'icmp', 'udp', 'tcp', 'dhcp', 'dns', 'ipv6', 'stp'] as const;
export type ProtocolClass = (typeof PROTOCOL_CLASSES)[number];

/** LLC addresses of the spanning tree protocol (IEEE 802.1D-2004 7.12.3: 0x42 for both ends). */
const STP_SAPS = 0x4242;

/**
 * The kind of a packet; any bytes have one. Makes no object.
 * @param linkType LINKTYPE number of where it was captured: Ethernet or raw IP
 */
export function classify(bytes: Uint8Array, linkType: number = LINK_TYPE.ethernet): ProtocolClass {
  return linkType === LINK_TYPE.raw ? classifyPacket(bytes) : classifyFrame(bytes);
}

function classifyPacket(bytes: Uint8Array): ProtocolClass {
  switch (etherTypeOfPacket(bytes)) {
    case ETHERTYPE.ipv4:
      return classifyIpv4(bytes, 0);
    case ETHERTYPE.ipv6:
      return 'ipv6';
    default:
      return 'other';
  }
}

function classifyFrame(bytes: Uint8Array): ProtocolClass {
  let at = ETHERNET_HEADER_BYTES;
  let type = readUint16(bytes, at - 2);
  while ((type === ETHERTYPE.vlan || type === ETHERTYPE.serviceVlan) && at < bytes.length) {
    at += VLAN_TAG_BYTES;
    type = readUint16(bytes, at - 2);
  }
  switch (type) {
    case ETHERTYPE.arp:
      return 'arp';
    case ETHERTYPE.ipv6:
      return 'ipv6';
    case ETHERTYPE.ipv4:
      return classifyIpv4(bytes, at);
    default:
      return type < ETHERTYPE_MINIMUM && readUint16(bytes, at) === STP_SAPS ? 'stp' : 'other';
  }
}

function classifyIpv4(bytes: Uint8Array, at: number): ProtocolClass {
  switch (protocol(bytes, at)) {
    case IP_PROTOCOL.icmp:
      return 'icmp';
    case IP_PROTOCOL.tcp:
      return 'tcp';
    case IP_PROTOCOL.udp:
      return fragmentOffset(bytes, at) === 0 ? classifyUdp(bytes, at + headerLength(bytes, at)) : 'udp';
    default:
      return 'other';
  }
}

function classifyUdp(bytes: Uint8Array, at: number): ProtocolClass {
  const from = sourcePort(bytes, at);
  const to = destinationPort(bytes, at);
  if (from === UDP_PORT.dns || to === UDP_PORT.dns) {
    return 'dns';
  }
  const dhcp = to === UDP_PORT.dhcpServer || to === UDP_PORT.dhcpClient;
  return dhcp ? 'dhcp' : 'udp';
}
