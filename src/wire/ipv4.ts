/** IPv4 headers (RFC 791). The setters keep the header checksum right. */
import type { Ipv4Address } from '../net/ipv4-address';
import { readUint16, readUint32, writeUint16, writeUint32 } from './bytes';
import { internetChecksum, onesComplementSum, patchUint16, updateChecksum32 } from './checksum';
import type { WireProblem } from './problem';

/** A header without options. */
export const IPV4_HEADER_BYTES = 20;

/** IANA protocol numbers. */
export const IP_PROTOCOL = { icmp: 1, igmp: 2, tcp: 6, udp: 17, ipv6: 41, gre: 47, icmpv6: 58 } as const;

/** Bytes of the longest IPv4 packet (total length is 16 bits). */
export const IPV4_MAXIMUM_BYTES = 0xffff;

const CHECKSUM_AT = 10;
const DONT_FRAGMENT = 0x4000;
const MORE_FRAGMENTS = 0x2000;

/** What writeIpv4Header writes. */
export interface Ipv4HeaderFields {
  /** Header and payload, bytes. */
  readonly totalLength: number;
  readonly identification: number;
  readonly dontFragment: boolean;
  readonly timeToLive: number;
  /** The whole byte: DSCP and ECN (RFC 2474, RFC 3168). */
  readonly typeOfService: number;
  readonly protocol: number;
  readonly source: Ipv4Address;
  readonly destination: Ipv4Address;
  /** More fragments follow; false when left out. */
  readonly moreFragments?: boolean;
  /** Bytes, a multiple of 8; 0 when left out. */
  readonly fragmentOffset?: number;
  /** A multiple of four bytes, which totalLength counts; none when left out. */
  readonly options?: Uint8Array;
}

/** 4 in a valid header. */
export function version(b: Uint8Array, at: number): number {
  return (b[at] ?? 0) >>> 4;
}

/** Bytes of the header with its options: IHL times 4. */
export function headerLength(b: Uint8Array, at: number): number {
  return ((b[at] ?? 0) & 15) << 2;
}

/** The whole byte: DSCP and ECN (RFC 2474, RFC 3168). */
export function typeOfService(b: Uint8Array, at: number): number {
  return b[at + 1] ?? 0;
}

/** Header and payload, bytes. */
export function totalLength(b: Uint8Array, at: number): number {
  return readUint16(b, at + 2);
}

export function identification(b: Uint8Array, at: number): number {
  return readUint16(b, at + 4);
}

export function dontFragment(b: Uint8Array, at: number): boolean {
  return ((b[at + 6] ?? 0) & 0x40) !== 0;
}

export function moreFragments(b: Uint8Array, at: number): boolean {
  return ((b[at + 6] ?? 0) & 0x20) !== 0;
}

/** Where this fragment's payload begins in the whole packet's, bytes. */
export function fragmentOffset(b: Uint8Array, at: number): number {
  return (readUint16(b, at + 6) & 0x1fff) << 3;
}

/** Whether the packet is a part of a larger one. */
export function isFragment(b: Uint8Array, at: number): boolean {
  return (readUint16(b, at + 6) & 0x3fff) !== 0;
}

export function timeToLive(b: Uint8Array, at: number): number {
  return b[at + 8] ?? 0;
}

/** IP_PROTOCOL or another number. */
export function protocol(b: Uint8Array, at: number): number {
  return b[at + 9] ?? 0;
}

export function headerChecksum(b: Uint8Array, at: number): number {
  return readUint16(b, at + CHECKSUM_AT);
}

export function sourceAddress(b: Uint8Array, at: number): Ipv4Address {
  return readUint32(b, at + 12) as Ipv4Address;
}

export function destinationAddress(b: Uint8Array, at: number): Ipv4Address {
  return readUint32(b, at + 16) as Ipv4Address;
}

/**
 * What a host must check before it uses a packet (RFC 1122 3.2.1.1, 3.2.1.2; RFC 1812 5.2.2), of which `available` bytes are there;
 * padding behind the total length is no fault. Undefined when all is well.
 */
export function checkIpv4(b: Uint8Array, at: number, available: number): WireProblem | undefined {
  if (available < IPV4_HEADER_BYTES) {
    return 'truncated';
  }
  if (version(b, at) !== 4) {
    return 'bad-version';
  }
  const header = headerLength(b, at);
  if (header < IPV4_HEADER_BYTES) {
    return 'bad-header-length';
  }
  if (header > available) {
    return 'truncated';
  }
  const total = totalLength(b, at);
  if (total < header) {
    return 'bad-length';
  }
  if (onesComplementSum(b, at, header) !== 0xffff) {
    return 'bad-checksum';
  }
  return total > available ? 'truncated' : undefined;
}

/** Writes a header and its checksum. */
export function writeIpv4Header(b: Uint8Array, at: number, fields: Ipv4HeaderFields): void {
  const { options } = fields;
  const length = IPV4_HEADER_BYTES + (options?.length ?? 0);
  b[at] = 0x40 | (length >>> 2);
  b[at + 1] = fields.typeOfService;
  writeUint16(b, at + 2, fields.totalLength);
  writeUint16(b, at + 4, fields.identification);
  writeUint16(
    b,
    at + 6,
    (fields.dontFragment ? DONT_FRAGMENT : 0) |
      (fields.moreFragments === true ? MORE_FRAGMENTS : 0) |
      ((fields.fragmentOffset ?? 0) >>> 3),
  );
  b[at + 8] = fields.timeToLive;
  b[at + 9] = fields.protocol;
  writeUint16(b, at + CHECKSUM_AT, 0);
  writeUint32(b, at + 12, fields.source);
  writeUint32(b, at + 16, fields.destination);
  if (options !== undefined) {
    b.set(options, at + IPV4_HEADER_BYTES);
  }
  writeUint16(b, at + CHECKSUM_AT, internetChecksum(b, at, length));
}

/** What distinguishes the header of a fragment from that of its packet. */
export interface FragmentFields {
  /** Header and payload of this fragment, bytes. */
  readonly totalLength: number;
  readonly dontFragment: boolean;
  readonly moreFragments: boolean;
  /** Bytes, a multiple of 8. */
  readonly fragmentOffset: number;
}

/** Turns a header, with its options, into that of one fragment or of a whole packet, and writes its checksum. */
export function setFragmentFields(b: Uint8Array, at: number, fields: FragmentFields): void {
  writeUint16(b, at + 2, fields.totalLength);
  writeUint16(
    b,
    at + 6,
    (fields.dontFragment ? DONT_FRAGMENT : 0) |
      (fields.moreFragments ? MORE_FRAGMENTS : 0) |
      (fields.fragmentOffset >>> 3),
  );
  writeHeaderChecksum(b, at);
}

/** Computes the checksum of a header with its options anew. */
export function writeHeaderChecksum(b: Uint8Array, at: number): void {
  writeUint16(b, at + CHECKSUM_AT, 0);
  writeUint16(b, at + CHECKSUM_AT, internetChecksum(b, at, headerLength(b, at)));
}

/** Takes one from the time to live, which must not be 0, and corrects the checksum (RFC 1812 5.3.1). */
export function decrementTimeToLive(b: Uint8Array, at: number): void {
  patchUint16(b, at + 8, readUint16(b, at + 8) - 0x100, at + CHECKSUM_AT);
}

/** Changes the source and corrects the header's checksum; the transport checksum has setters of its own. */
export function setSourceAddress(b: Uint8Array, at: number, address: Ipv4Address): void {
  setAddress(b, at, at + 12, address);
}

/** Changes the destination and corrects the header's checksum; the transport checksum has setters of its own. */
export function setDestinationAddress(b: Uint8Array, at: number, address: Ipv4Address): void {
  setAddress(b, at, at + 16, address);
}

function setAddress(b: Uint8Array, at: number, fieldAt: number, address: Ipv4Address): void {
  const checksum = updateChecksum32(readUint16(b, at + CHECKSUM_AT), readUint32(b, fieldAt), address);
  writeUint16(b, at + CHECKSUM_AT, checksum);
  writeUint32(b, fieldAt, address);
}
