/** Ethernet II frames without preamble and frame check sequence (IEEE 802.3-2018 3.1, RFC 894). */
import type { MacAddress } from '../net/mac-address';
import { readUint16, readUint48, writeUint16, writeUint48 } from './bytes';

/** Destination, source, EtherType. */
export const ETHERNET_HEADER_BYTES = 14;

/** A frame of fewer bytes than this, check sequence not counted, is padded by real transmitters (IEEE 802.3-2018 4A.4.2). */
export const ETHERNET_MINIMUM_BYTES = 60;

/** Values from here on are EtherTypes, smaller ones are lengths of an LLC frame (IEEE 802.3-2018 3.2.6). */
export const ETHERTYPE_MINIMUM = 0x0600;

/** IANA "IEEE 802 Numbers". */
export const ETHERTYPE = {
  ipv4: 0x0800,
  arp: 0x0806,
  /** IEEE 802.1Q customer tag. */
  vlan: 0x8100,
  ipv6: 0x86dd,
  /** IEEE 802.1ad service tag. */
  serviceVlan: 0x88a8,
  lldp: 0x88cc,
} as const;

/** Bytes of an IEEE 802.1Q tag: tag control information and the EtherType that follows (IEEE 802.1Q-2018 9.3). */
export const VLAN_TAG_BYTES = 4;

/** Who the frame is for. */
export function destinationMac(b: Uint8Array): MacAddress {
  return readUint48(b, 0) as MacAddress;
}

/** Who sent the frame. */
export function sourceMac(b: Uint8Array): MacAddress {
  return readUint48(b, 6) as MacAddress;
}

/** The EtherType, or a length where below ETHERTYPE_MINIMUM. */
export function etherType(b: Uint8Array): number {
  return readUint16(b, 12);
}

/** Writes the 14 bytes of the header at the start of the frame. */
export function writeEthernetHeader(
  b: Uint8Array,
  destination: MacAddress,
  source: MacAddress,
  type: number,
): void {
  writeUint48(b, 0, destination);
  writeUint48(b, 6, source);
  writeUint16(b, 12, type);
}

/** The EtherType for an IP packet without a link header, by its version; undefined when it is none. */
export function etherTypeOfPacket(packet: Uint8Array): number | undefined {
  switch ((packet[0] ?? 0) >>> 4) {
    case 4:
      return ETHERTYPE.ipv4;
    case 6:
      return ETHERTYPE.ipv6;
    default:
      return undefined;
  }
}
