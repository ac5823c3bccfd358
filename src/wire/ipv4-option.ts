/** The options of an IPv4 header (RFC 791 3.1; IANA "IP option numbers"): where each is, without judging what is in it. */
import { headerLength, IPV4_HEADER_BYTES } from './ipv4';

/** Type bytes with their copied flag and class. */
export const IPV4_OPTION = {
  end: 0,
  noOperation: 1,
  recordRoute: 7,
  timestamp: 68,
  security: 130,
  looseSourceRoute: 131,
  commercialSecurity: 134,
  streamIdentifier: 136,
  strictSourceRoute: 137,
  /** RFC 2113. */
  routerAlert: 148,
} as const;

/** The most that the options of a header can hold: IHL is 15 words at most. */
export const IPV4_OPTIONS_MAXIMUM_BYTES = 40;

/** What the timestamp option asks for: the low four bits of its fourth byte (RFC 791 3.1, "Flag"); the high four count overflows. */
export const TIMESTAMP_FLAG = { timesOnly: 0, addressesToo: 1, prespecifiedAddresses: 3 } as const;

/** Where a recorded route or the addresses of a source route begin in their option, as their pointer counts: from 1. */
export const FIRST_ROUTE_POINTER = 4;

/** The same of timestamps. */
export const FIRST_TIMESTAMP_POINTER = 5;

/** One option of a header. */
export interface Ipv4Option {
  readonly type: number;
  /** Where its type byte is. */
  readonly at: number;
  /** Bytes, type and length included. */
  readonly length: number;
}

/** Router alert, for routers to look closer (RFC 2113). */
export const ROUTER_ALERT = Uint8Array.of(IPV4_OPTION.routerAlert, 4, 0, 0);

/** Whether every fragment carries the option, not just the first (RFC 791 3.1, "copied flag"). */
export function isCopiedOption(type: number): boolean {
  return (type & 0x80) !== 0;
}

/**
 * Every option up to the end of the list; of no-operation and end of list none is told.
 * @returns where the byte is that makes no sense, as an offset from the start of the header, when the lengths do not fit
 */
export function readIpv4Options(b: Uint8Array, ipAt: number): Ipv4Option[] | number {
  const options: Ipv4Option[] = [];
  const end = ipAt + headerLength(b, ipAt);
  let at = ipAt + IPV4_HEADER_BYTES;
  while (at < end) {
    const option = readIpv4Option(b, at, end);
    if (option === undefined) {
      return at - ipAt;
    }
    if (option.type === IPV4_OPTION.end) {
      return options;
    }
    if (option.type !== IPV4_OPTION.noOperation) {
      options.push(option);
    }
    at += option.length;
  }
  return options;
}

/** The option at `at` in a header that ends at `end`; undefined when its length does not fit in. */
export function readIpv4Option(b: Uint8Array, at: number, end: number): Ipv4Option | undefined {
  const type = b[at] ?? 0;
  if (type === IPV4_OPTION.end || type === IPV4_OPTION.noOperation) {
    return { type, at, length: 1 };
  }
  const length = at + 1 < end ? (b[at + 1] ?? 0) : 0;
  return length < 2 || at + length > end ? undefined : { type, at, length };
}
