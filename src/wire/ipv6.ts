/** IPv6 headers (RFC 8200 3). There is no header checksum: transports cover the addresses by a pseudo header (RFC 8200 8.1). */
import type { Ipv6Address } from '../net/ipv6-address';
import { readUint16, readUint32, writeUint16, writeUint32 } from './bytes';
import { onesComplementSum } from './checksum';
import type { WireProblem } from './problem';

/** The fixed header. */
export const IPV6_HEADER_BYTES = 40;

/** Every link carries packets of this many bytes (RFC 8200 5). */
export const IPV6_MINIMUM_MTU = 1280;

/** Bytes of the longest payload (payload length is 16 bits; jumbograms of RFC 2675 are not used). */
export const IPV6_MAXIMUM_PAYLOAD = 0xffff;

const SOURCE_AT = 8;
const DESTINATION_AT = 24;
const ADDRESSES_BYTES = 32;

/** What writeIpv6Header writes. */
export interface Ipv6HeaderFields {
  /** DSCP and ECN (RFC 2474, RFC 3168). */
  readonly trafficClass: number;
  /** 20 bits. */
  readonly flowLabel: number;
  /** Extension headers and what follows them, bytes. */
  readonly payloadLength: number;
  readonly nextHeader: number;
  readonly hopLimit: number;
  readonly source: Ipv6Address;
  readonly destination: Ipv6Address;
}

/** 6 in a valid header. */
export function ipv6Version(b: Uint8Array, at: number): number {
  return (b[at] ?? 0) >>> 4;
}

/** DSCP and ECN. */
export function trafficClass(b: Uint8Array, at: number): number {
  return (readUint16(b, at) >>> 4) & 0xff;
}

export function flowLabel(b: Uint8Array, at: number): number {
  return readUint32(b, at) & 0xf_ffff;
}

/** Extension headers and what follows them, bytes. */
export function ipv6PayloadLength(b: Uint8Array, at: number): number {
  return readUint16(b, at + 4);
}

/** IPV6_EXTENSION, IP_PROTOCOL or another number. */
export function nextHeader(b: Uint8Array, at: number): number {
  return b[at + 6] ?? 0;
}

export function hopLimit(b: Uint8Array, at: number): number {
  return b[at + 7] ?? 0;
}

/** Reads 16 bytes. */
export function readIpv6Address(b: Uint8Array, at: number): Ipv6Address {
  const high = (BigInt(readUint32(b, at)) << 32n) | BigInt(readUint32(b, at + 4));
  const low = (BigInt(readUint32(b, at + 8)) << 32n) | BigInt(readUint32(b, at + 12));
  return ((high << 64n) | low) as Ipv6Address;
}

/** Writes 16 bytes. */
export function writeIpv6Address(b: Uint8Array, at: number, address: Ipv6Address): void {
  for (let word = 0; word < 4; word++) {
    writeUint32(b, at + 4 * word, Number((address >> BigInt(96 - 32 * word)) & 0xffff_ffffn));
  }
}

export function ipv6Source(b: Uint8Array, at: number): Ipv6Address {
  return readIpv6Address(b, at + SOURCE_AT);
}

export function ipv6Destination(b: Uint8Array, at: number): Ipv6Address {
  return readIpv6Address(b, at + DESTINATION_AT);
}

/**
 * What a node must check before it uses a packet of which `available` bytes are there; padding behind the payload is no fault. Undefined
 * when all is well.
 */
export function checkIpv6(b: Uint8Array, at: number, available: number): WireProblem | undefined {
  if (available < IPV6_HEADER_BYTES) {
    return 'truncated';
  }
  if (ipv6Version(b, at) !== 6) {
    return 'bad-version';
  }
  return IPV6_HEADER_BYTES + ipv6PayloadLength(b, at) > available ? 'truncated' : undefined;
}

export function writeIpv6Header(b: Uint8Array, at: number, fields: Ipv6HeaderFields): void {
  writeUint32(b, at, ((0x60 << 24) | (fields.trafficClass << 20) | (fields.flowLabel & 0xf_ffff)) >>> 0);
  writeUint16(b, at + 4, fields.payloadLength);
  b[at + 6] = fields.nextHeader;
  b[at + 7] = fields.hopLimit;
  writeIpv6Address(b, at + SOURCE_AT, fields.source);
  writeIpv6Address(b, at + DESTINATION_AT, fields.destination);
}

/** Takes one from the hop limit, which must not be 0. */
export function decrementHopLimit(b: Uint8Array, at: number): void {
  b[at + 7] = hopLimit(b, at) - 1;
}

/**
 * Folded sum of the pseudo header (RFC 8200 8.1) with the addresses of the header at `at`, which is written already.
 * @param length bytes of transport header and data
 */
export function ipv6PseudoHeaderSum(b: Uint8Array, at: number, protocol: number, length: number): number {
  // The sum of the words takes folding in its stride: one more word cannot overflow it.
  return onesComplementSum(b, at + SOURCE_AT, ADDRESSES_BYTES, foldOnce(protocol + length));
}

function foldOnce(sum: number): number {
  return (sum & 0xffff) + (sum >>> 16);
}
