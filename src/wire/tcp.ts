/** TCP headers (RFC 9293 3.1). The setters keep the checksum right; those for an address are for IPv4. */
import type { IpAddress } from '../net/ip-address';
import type { Ipv4Address } from '../net/ipv4-address';
import { readUint16, readUint32, writeUint16, writeUint32 } from './bytes';
import { internetChecksum, onesComplementSum, patchUint16, updateChecksum32 } from './checksum';
import { IP_PROTOCOL } from './ipv4';
import type { WireProblem } from './problem';
import { pseudoHeaderSumOf } from './pseudo-header';

/** A header without options. */
export const TCP_HEADER_BYTES = 20;

/** Control bits of bytes 12 and 13 (RFC 9293 3.1, RFC 3168 6.1, RFC 3540). */
export const TCP_FLAG = {
  fin: 0x001,
  syn: 0x002,
  rst: 0x004,
  psh: 0x008,
  ack: 0x010,
  urg: 0x020,
  ece: 0x040,
  cwr: 0x080,
  /** Accurate ECN, formerly the ECN nonce. */
  ae: 0x100,
} as const;

const CHECKSUM_AT = 16;

/** What writeTcpHeader writes. */
export interface TcpHeaderFields {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly acknowledgment: number;
  /** TCP_FLAG bits. */
  readonly flags: number;
  readonly window: number;
  /** Option bytes, padded by the writer of them to a multiple of 4. */
  readonly options?: Uint8Array;
}

export function tcpSourcePort(b: Uint8Array, at: number): number {
  return readUint16(b, at);
}

export function tcpDestinationPort(b: Uint8Array, at: number): number {
  return readUint16(b, at + 2);
}

export function tcpSequence(b: Uint8Array, at: number): number {
  return readUint32(b, at + 4);
}

export function tcpAcknowledgment(b: Uint8Array, at: number): number {
  return readUint32(b, at + 8);
}

/** Bytes of the header with its options: data offset times 4. */
export function tcpHeaderLength(b: Uint8Array, at: number): number {
  return ((b[at + 12] ?? 0) >>> 4) << 2;
}

/** The nine TCP_FLAG bits. */
export function tcpFlags(b: Uint8Array, at: number): number {
  return readUint16(b, at + 12) & 0x1ff;
}

/** As written, before window scaling. */
export function tcpWindow(b: Uint8Array, at: number): number {
  return readUint16(b, at + 14);
}

export function tcpChecksum(b: Uint8Array, at: number): number {
  return readUint16(b, at + CHECKSUM_AT);
}

export function tcpUrgentPointer(b: Uint8Array, at: number): number {
  return readUint16(b, at + 18);
}

/** Checks a segment that is `length` bytes long, as its IP packet says. Undefined when all is well. */
export function checkTcp(
  b: Uint8Array,
  at: number,
  length: number,
  source: IpAddress,
  destination: IpAddress,
): WireProblem | undefined {
  if (length < TCP_HEADER_BYTES) {
    return 'truncated';
  }
  const header = tcpHeaderLength(b, at);
  if (header < TCP_HEADER_BYTES || header > length) {
    return 'bad-header-length';
  }
  const pseudo = pseudoHeaderSumOf(source, destination, IP_PROTOCOL.tcp, length);
  return onesComplementSum(b, at, length, pseudo) === 0xffff ? undefined : 'bad-checksum';
}

/**
 * Writes header and options in front of `payloadLength` bytes that are already in place, and the checksum; returns the header's length.
 * @param optionsInPlace bytes of options that are already in place behind the header, instead of `fields.options`
 */
export function writeTcp(
  b: Uint8Array,
  at: number,
  source: IpAddress,
  destination: IpAddress,
  fields: TcpHeaderFields,
  payloadLength: number,
  optionsInPlace = 0,
): number {
  const header = TCP_HEADER_BYTES + (fields.options?.length ?? optionsInPlace);
  writeUint16(b, at, fields.sourcePort);
  writeUint16(b, at + 2, fields.destinationPort);
  writeUint32(b, at + 4, fields.sequence);
  writeUint32(b, at + 8, fields.acknowledgment);
  writeUint16(b, at + 12, ((header >>> 2) << 12) | (fields.flags & 0x1ff));
  writeUint16(b, at + 14, fields.window);
  writeUint16(b, at + CHECKSUM_AT, 0);
  writeUint16(b, at + 18, 0);
  if (fields.options !== undefined) {
    b.set(fields.options, at + TCP_HEADER_BYTES);
  }
  const length = header + payloadLength;
  const pseudo = pseudoHeaderSumOf(source, destination, IP_PROTOCOL.tcp, length);
  writeUint16(b, at + CHECKSUM_AT, internetChecksum(b, at, length, pseudo));
  return header;
}

/** Corrects the checksum after an address of the IP header has changed. */
export function adjustTcpForAddress(
  b: Uint8Array,
  at: number,
  oldAddress: Ipv4Address,
  newAddress: Ipv4Address,
): void {
  writeUint16(b, at + CHECKSUM_AT, updateChecksum32(tcpChecksum(b, at), oldAddress, newAddress));
}

export function setTcpSourcePortWithChecksum(b: Uint8Array, at: number, port: number): void {
  patchUint16(b, at, port, at + CHECKSUM_AT);
}

export function setTcpDestinationPortWithChecksum(b: Uint8Array, at: number, port: number): void {
  patchUint16(b, at + 2, port, at + CHECKSUM_AT);
}
