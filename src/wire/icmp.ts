/** ICMP for IPv4 (RFC 792). The setters keep the checksum right. */
import { readUint16, readUint32, writeUint16, writeUint32 } from './bytes';
import { internetChecksum, onesComplementSum, patchUint16 } from './checksum';
import type { WireProblem } from './problem';

/** Type, code, checksum and the four bytes whose meaning depends on the type. */
export const ICMP_HEADER_BYTES = 8;

/** IANA ICMP parameters. */
export const ICMP_TYPE = {
  echoReply: 0,
  destinationUnreachable: 3,
  sourceQuench: 4,
  redirect: 5,
  echoRequest: 8,
  routerAdvertisement: 9,
  routerSolicitation: 10,
  timeExceeded: 11,
  parameterProblem: 12,
  timestampRequest: 13,
  timestampReply: 14,
} as const;

/** Codes of destination unreachable (RFC 792, RFC 1122 3.2.2.1, RFC 1812 5.2.7.1). */
export const UNREACHABLE_CODE = {
  network: 0,
  host: 1,
  protocol: 2,
  port: 3,
  fragmentationNeeded: 4,
  sourceRouteFailed: 5,
  networkUnknown: 6,
  hostUnknown: 7,
  networkProhibited: 9,
  hostProhibited: 10,
  networkForTos: 11,
  hostForTos: 12,
  communicationProhibited: 13,
} as const;

/** Codes of redirect (RFC 792). */
export const REDIRECT_CODE = { network: 0, host: 1 } as const;

/** Codes of time exceeded (RFC 792). */
export const TIME_EXCEEDED_CODE = { inTransit: 0, reassembly: 1 } as const;

const CHECKSUM_AT = 2;

export function icmpType(b: Uint8Array, at: number): number {
  return b[at] ?? 0;
}

export function icmpCode(b: Uint8Array, at: number): number {
  return b[at + 1] ?? 0;
}

export function icmpChecksum(b: Uint8Array, at: number): number {
  return readUint16(b, at + CHECKSUM_AT);
}

export function echoIdentifier(b: Uint8Array, at: number): number {
  return readUint16(b, at + 4);
}

export function echoSequence(b: Uint8Array, at: number): number {
  return readUint16(b, at + 6);
}

/** The four bytes behind the checksum: an unused field, a pointer, an MTU in the low half (RFC 1191) or a gateway. */
export function icmpRest(b: Uint8Array, at: number): number {
  return readUint32(b, at + 4);
}

/** Whether the message speaks of another packet, which it quotes; no error may answer it (RFC 1122 3.2.2). */
export function isIcmpError(type: number): boolean {
  return (
    type === ICMP_TYPE.destinationUnreachable ||
    type === ICMP_TYPE.sourceQuench ||
    type === ICMP_TYPE.redirect ||
    type === ICMP_TYPE.timeExceeded ||
    type === ICMP_TYPE.parameterProblem
  );
}

/** Checks a message that is `length` bytes long, as its IP packet says. Undefined when all is well. */
export function checkIcmp(b: Uint8Array, at: number, length: number): WireProblem | undefined {
  if (length < ICMP_HEADER_BYTES) {
    return 'truncated';
  }
  return onesComplementSum(b, at, length) === 0xffff ? undefined : 'bad-checksum';
}

/** Writes an echo request or reply, 8 + payload bytes; returns its length. */
export function writeEcho(
  b: Uint8Array,
  at: number,
  type: number,
  identifier: number,
  sequence: number,
  payload: Uint8Array,
): number {
  return writeMessage(b, at, type, 0, ((identifier & 0xffff) << 16) | (sequence & 0xffff), payload);
}

/**
 * Writes an error that quotes the packet it speaks of, 8 + quoted bytes; returns its length.
 * @param rest the four bytes behind the checksum: 0, an MTU, or a gateway
 */
export function writeIcmpError(
  b: Uint8Array,
  at: number,
  type: number,
  code: number,
  rest: number,
  quoted: Uint8Array,
): number {
  return writeMessage(b, at, type, code, rest, quoted);
}

function writeMessage(
  b: Uint8Array,
  at: number,
  type: number,
  code: number,
  rest: number,
  body: Uint8Array,
): number {
  const length = ICMP_HEADER_BYTES + body.length;
  b[at] = type;
  b[at + 1] = code;
  writeUint16(b, at + CHECKSUM_AT, 0);
  writeUint32(b, at + 4, rest);
  b.set(body, at + ICMP_HEADER_BYTES);
  writeUint16(b, at + CHECKSUM_AT, internetChecksum(b, at, length));
  return length;
}

/** Makes the checksum of a message of `length` bytes right after its body, such as a quoted packet, has changed. */
export function sealIcmp(b: Uint8Array, at: number, length: number): void {
  writeUint16(b, at + CHECKSUM_AT, 0);
  writeUint16(b, at + CHECKSUM_AT, internetChecksum(b, at, length));
}

/** Bytes of one time in a timestamp message (RFC 792). */
export const TIMESTAMP_BYTES = 4;

/** Makes the answer of a timestamp request that stands at `at`, with the time in ms at which it came and goes. */
export function writeTimestampReply(b: Uint8Array, at: number, time: number): void {
  b[at] = ICMP_TYPE.timestampReply;
  b[at + 1] = 0;
  writeUint32(b, at + ICMP_HEADER_BYTES + TIMESTAMP_BYTES, time);
  writeUint32(b, at + ICMP_HEADER_BYTES + 2 * TIMESTAMP_BYTES, time);
  sealIcmp(b, at, ICMP_HEADER_BYTES + 3 * TIMESTAMP_BYTES);
}

/** Changes the type and code, as when an echo request becomes its reply, and corrects the checksum. */
export function setIcmpType(b: Uint8Array, at: number, type: number, code: number): void {
  patchUint16(b, at, (type << 8) | code, at + CHECKSUM_AT);
}

/** Changes the identifier of an echo message and corrects the checksum. */
export function setEchoIdentifier(b: Uint8Array, at: number, identifier: number): void {
  patchUint16(b, at + 4, identifier, at + CHECKSUM_AT);
}
