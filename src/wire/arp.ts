/** ARP for IPv4 over Ethernet (RFC 826). */
import type { Ipv4Address } from '../net/ipv4-address';
import type { MacAddress } from '../net/mac-address';
import { readUint16, readUint32, readUint48, writeUint16, writeUint32, writeUint48 } from './bytes';
import { ETHERTYPE } from './ethernet';
import type { WireProblem } from './problem';

/** An ARP packet with 6-byte hardware and 4-byte protocol addresses. */
export const ARP_BYTES = 28;

/** ar$op (RFC 826). */
export const ARP_OPERATION = { request: 1, reply: 2 } as const;

/** ar$hrd for Ethernet (RFC 826, IANA ARP parameters). */
export const ARP_HARDWARE_ETHERNET = 1;

export interface ArpPacket {
  /** ARP_OPERATION, or another number from a frame. */
  readonly operation: number;
  readonly senderMac: MacAddress;
  readonly senderIp: Ipv4Address;
  readonly targetMac: MacAddress;
  readonly targetIp: Ipv4Address;
}

/** ar$hrd */
export function arpHardwareType(b: Uint8Array, at: number): number {
  return readUint16(b, at);
}

/** ar$pro, an EtherType */
export function arpProtocolType(b: Uint8Array, at: number): number {
  return readUint16(b, at + 2);
}

/** ar$hln, bytes */
export function arpHardwareLength(b: Uint8Array, at: number): number {
  return b[at + 4] ?? 0;
}

/** ar$pln, bytes */
export function arpProtocolLength(b: Uint8Array, at: number): number {
  return b[at + 5] ?? 0;
}

/** ar$op */
export function arpOperation(b: Uint8Array, at: number): number {
  return readUint16(b, at + 6);
}

/** Reads an ARP packet of which `available` bytes are there; padding behind it is no fault. */
export function parseArp(b: Uint8Array, at: number, available: number): ArpPacket | WireProblem {
  if (available < ARP_BYTES) {
    return 'truncated';
  }
  if (
    arpHardwareType(b, at) !== ARP_HARDWARE_ETHERNET ||
    arpProtocolType(b, at) !== ETHERTYPE.ipv4 ||
    arpHardwareLength(b, at) !== 6 ||
    arpProtocolLength(b, at) !== 4
  ) {
    return 'unsupported-address-type';
  }
  return {
    operation: arpOperation(b, at),
    senderMac: readUint48(b, at + 8) as MacAddress,
    senderIp: readUint32(b, at + 14) as Ipv4Address,
    targetMac: readUint48(b, at + 18) as MacAddress,
    targetIp: readUint32(b, at + 24) as Ipv4Address,
  };
}

/** Writes the 28 bytes at `at`. */
export function emitArp(packet: ArpPacket, b: Uint8Array, at: number): void {
  writeUint16(b, at, ARP_HARDWARE_ETHERNET);
  writeUint16(b, at + 2, ETHERTYPE.ipv4);
  b[at + 4] = 6;
  b[at + 5] = 4;
  writeUint16(b, at + 6, packet.operation);
  writeUint48(b, at + 8, packet.senderMac);
  writeUint32(b, at + 14, packet.senderIp);
  writeUint48(b, at + 18, packet.targetMac);
  writeUint32(b, at + 24, packet.targetIp);
}
