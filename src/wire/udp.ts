/** UDP over IPv4 and IPv6 (RFC 768, RFC 8200 8.1). The setters keep the checksum right, and leave one that is not in use alone. */
import { isIpv4, type IpAddress } from '../net/ip-address';
import type { Ipv4Address } from '../net/ipv4-address';
import { readUint16, writeUint16 } from './bytes';
import { internetChecksum, onesComplementSum, updateChecksum16, updateChecksum32 } from './checksum';
import { IP_PROTOCOL } from './ipv4';
import type { WireProblem } from './problem';
import { pseudoHeaderSumOf } from './pseudo-header';

export const UDP_HEADER_BYTES = 8;

/** IANA service names and port numbers. */
export const UDP_PORT = { echo: 7, dns: 53, dhcpServer: 67, dhcpClient: 68 } as const;

const CHECKSUM_AT = 6;

export function sourcePort(b: Uint8Array, at: number): number {
  return readUint16(b, at);
}

export function destinationPort(b: Uint8Array, at: number): number {
  return readUint16(b, at + 2);
}

/** Header and data, bytes. */
export function udpLength(b: Uint8Array, at: number): number {
  return readUint16(b, at + 4);
}

/** 0 when the sender made none. */
export function udpChecksum(b: Uint8Array, at: number): number {
  return readUint16(b, at + CHECKSUM_AT);
}

/** Checks a datagram of which the IP packet holds `available` bytes (RFC 1122 4.1.3.4). Undefined when all is well. */
export function checkUdp(
  b: Uint8Array,
  at: number,
  available: number,
  source: IpAddress,
  destination: IpAddress,
): WireProblem | undefined {
  if (available < UDP_HEADER_BYTES) {
    return 'truncated';
  }
  const length = udpLength(b, at);
  if (length < UDP_HEADER_BYTES) {
    return 'bad-length';
  }
  if (length > available) {
    return 'truncated';
  }
  if (udpChecksum(b, at) === 0) {
    // "None" is a choice of IPv4 alone (RFC 8200 8.1).
    return isIpv4(source) ? undefined : 'bad-checksum';
  }
  const pseudo = pseudoHeaderSumOf(source, destination, IP_PROTOCOL.udp, length);
  return onesComplementSum(b, at, length, pseudo) === 0xffff ? undefined : 'bad-checksum';
}

/** Writes the header in front of `payloadLength` bytes that are already in place, and the checksum over both. */
export function writeUdp(
  b: Uint8Array,
  at: number,
  source: IpAddress,
  destination: IpAddress,
  sourcePort: number,
  destinationPort: number,
  payloadLength: number,
): void {
  const length = UDP_HEADER_BYTES + payloadLength;
  writeUint16(b, at, sourcePort);
  writeUint16(b, at + 2, destinationPort);
  writeUint16(b, at + 4, length);
  writeUint16(b, at + CHECKSUM_AT, 0);
  const pseudo = pseudoHeaderSumOf(source, destination, IP_PROTOCOL.udp, length);
  writeUint16(b, at + CHECKSUM_AT, inUse(internetChecksum(b, at, length, pseudo)));
}

/** Corrects the checksum after an address of the IP header has changed. */
export function adjustUdpForAddress(
  b: Uint8Array,
  at: number,
  oldAddress: Ipv4Address,
  newAddress: Ipv4Address,
): void {
  const checksum = udpChecksum(b, at);
  if (checksum !== 0) {
    writeUint16(b, at + CHECKSUM_AT, inUse(updateChecksum32(checksum, oldAddress, newAddress)));
  }
}

export function setUdpSourcePortWithChecksum(b: Uint8Array, at: number, port: number): void {
  setPort(b, at, at, port);
}

export function setUdpDestinationPortWithChecksum(b: Uint8Array, at: number, port: number): void {
  setPort(b, at, at + 2, port);
}

function setPort(b: Uint8Array, at: number, fieldAt: number, port: number): void {
  const checksum = udpChecksum(b, at);
  if (checksum !== 0) {
    const changed = updateChecksum16(checksum, readUint16(b, fieldAt), port);
    writeUint16(b, at + CHECKSUM_AT, inUse(changed));
  }
  writeUint16(b, fieldAt, port);
}

/** A computed checksum of 0 is sent as its equal, all ones, since 0 means "none" (RFC 768). */
function inUse(checksum: number): number {
  return checksum === 0 ? 0xffff : checksum;
}
