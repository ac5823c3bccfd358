/** ICMPv6 (RFC 4443). Its checksum covers the pseudo header, so the IPv6 header is written first. */
import { readUint16, readUint32, writeUint16, writeUint32 } from './bytes';
import { internetChecksum, onesComplementSum } from './checksum';
import { IP_PROTOCOL } from './ipv4';
import { ipv6PseudoHeaderSum } from './ipv6';
import type { WireProblem } from './problem';

/** Type, code and checksum. */
export const ICMPV6_HEADER_BYTES = 4;

/** …and the four bytes behind them that echoes and errors have. */
export const ICMPV6_MESSAGE_BYTES = 8;

/** IANA ICMPv6 parameters. */
export const ICMPV6_TYPE = {
  destinationUnreachable: 1,
  packetTooBig: 2,
  timeExceeded: 3,
  parameterProblem: 4,
  echoRequest: 128,
  echoReply: 129,
  multicastListenerQuery: 130,
  multicastListenerReport: 131,
  multicastListenerDone: 132,
  routerSolicitation: 133,
  routerAdvertisement: 134,
  neighbourSolicitation: 135,
  neighbourAdvertisement: 136,
  redirect: 137,
  multicastListenerReportV2: 143,
} as const;

/** Codes of destination unreachable (RFC 4443 3.1). */
export const UNREACHABLE_CODE_V6 = {
  noRoute: 0,
  prohibited: 1,
  beyondScope: 2,
  address: 3,
  port: 4,
  sourcePolicy: 5,
  rejectRoute: 6,
} as const;

/** Codes of time exceeded (RFC 4443 3.3). */
export const TIME_EXCEEDED_CODE_V6 = { inTransit: 0, reassembly: 1 } as const;

/** Codes of parameter problem (RFC 4443 3.4, RFC 7112 5). */
export const PARAMETER_PROBLEM_CODE = {
  erroneousField: 0,
  unrecognizedNextHeader: 1,
  unrecognizedOption: 2,
  incompleteHeaderChain: 3,
} as const;

const CHECKSUM_AT = 2;

export function icmpv6Type(b: Uint8Array, at: number): number {
  return b[at] ?? 0;
}

export function icmpv6Code(b: Uint8Array, at: number): number {
  return b[at + 1] ?? 0;
}

/** The four bytes behind the checksum: an MTU, a pointer, or unused. */
export function icmpv6Rest(b: Uint8Array, at: number): number {
  return readUint32(b, at + 4);
}

/** Whether the message speaks of another packet, which it quotes: the high bit is clear (RFC 4443 2.1). */
export function isIcmpv6Error(type: number): boolean {
  return type < 128;
}

/** Checks a message of `length` bytes whose IPv6 header is at `headerAt`. Undefined when all is well. */
export function checkIcmpv6(
  b: Uint8Array,
  at: number,
  length: number,
  headerAt: number,
): WireProblem | undefined {
  if (length < ICMPV6_HEADER_BYTES) {
    return 'truncated';
  }
  const pseudo = ipv6PseudoHeaderSum(b, headerAt, IP_PROTOCOL.icmpv6, length);
  return onesComplementSum(b, at, length, pseudo) === 0xffff ? undefined : 'bad-checksum';
}

/** Writes type, code and the four bytes behind the checksum; the checksum follows by `finishIcmpv6`. */
export function writeIcmpv6(b: Uint8Array, at: number, type: number, code: number, rest: number): void {
  b[at] = type;
  b[at + 1] = code;
  writeUint16(b, at + CHECKSUM_AT, 0);
  writeUint32(b, at + 4, rest);
}

/** Writes the checksum of a message that is complete otherwise, and whose IPv6 header at `headerAt` has its addresses. */
export function finishIcmpv6(b: Uint8Array, at: number, length: number, headerAt: number): void {
  const pseudo = ipv6PseudoHeaderSum(b, headerAt, IP_PROTOCOL.icmpv6, length);
  writeUint16(b, at + CHECKSUM_AT, 0);
  writeUint16(b, at + CHECKSUM_AT, internetChecksum(b, at, length, pseudo));
}

export function icmpv6Checksum(b: Uint8Array, at: number): number {
  return readUint16(b, at + CHECKSUM_AT);
}
