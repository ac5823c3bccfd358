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
  strictSourceRoute: 137,
  /** RFC 2113. */
  routerAlert: 148,
} as const;

/** The most that the options of a header can hold: IHL is 15 words at most. */
export const IPV4_OPTIONS_MAXIMUM_BYTES = 40;

/** One option of a header. */
export interface Ipv4Option {
  readonly type: number;
  /** Where its type byte is. */
  readonly at: number;
  /** Bytes, type and length included. */
  readonly length: number;
}

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
    const type = b[at] ?? 0;
    if (type === IPV4_OPTION.end) {
      return options;
    }
    if (type === IPV4_OPTION.noOperation) {
      at++;
      continue;
    }
    const length = at + 1 < end ? (b[at + 1] ?? 0) : 0;
    if (length < 2 || at + length > end) {
      return at - ipAt;
    }
    options.push({ type, at, length });
    at += length;
  }
  return options;
}
