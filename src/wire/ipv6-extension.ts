/** IPv6 extension headers (RFC 8200 4): their chain, their options, and the fragment header. */
import { readUint16, readUint32, writeUint16, writeUint32 } from './bytes';
import { IPV6_HEADER_BYTES, ipv6PayloadLength, nextHeader } from './ipv6';

/** IANA "IPv6 Extension Header Types", as far as they lead on to another header. */
export const IPV6_EXTENSION = {
  hopByHop: 0,
  routing: 43,
  fragment: 44,
  noNextHeader: 59,
  destinationOptions: 60,
} as const;

/** IANA "Destination Options and Hop-by-Hop Options": the two that pad, and the router alert (RFC 2711). */
export const IPV6_OPTION = { pad1: 0, padN: 1, routerAlert: 5 } as const;

export const FRAGMENT_HEADER_BYTES = 8;

/** Longest chain that is followed; no sender needs more (RFC 8200 4.1 lists six places). */
export const MAXIMUM_EXTENSION_HEADERS = 8;

/** Where a chain of headers leads. */
export interface UpperLayer {
  readonly protocol: number;
  /** Where it begins. */
  readonly at: number;
  /** Whether these are bytes of a later fragment, so that no header begins here. */
  readonly inLaterFragment: boolean;
}

/** Whether the number names a header of `next header, length, …` form. */
export function hasOptionsForm(header: number): boolean {
  return (
    header === IPV6_EXTENSION.hopByHop ||
    header === IPV6_EXTENSION.routing ||
    header === IPV6_EXTENSION.destinationOptions
  );
}

/** Bytes of such a header: its length field counts 8 bytes beyond the first 8 (RFC 8200 4.3). */
export function extensionLength(b: Uint8Array, at: number): number {
  return ((b[at + 1] ?? 0) + 1) * 8;
}

/** Routing type of a routing header (RFC 8200 4.4). */
export function routingType(b: Uint8Array, at: number): number {
  return b[at + 2] ?? 0;
}

export function segmentsLeft(b: Uint8Array, at: number): number {
  return b[at + 3] ?? 0;
}

/** Where this fragment's part begins in the fragmentable part, bytes. */
export function ipv6FragmentOffset(b: Uint8Array, at: number): number {
  return readUint16(b, at + 2) & 0xfff8;
}

export function ipv6MoreFragments(b: Uint8Array, at: number): boolean {
  return ((b[at + 3] ?? 0) & 1) !== 0;
}

export function fragmentIdentification(b: Uint8Array, at: number): number {
  return readUint32(b, at + 4);
}

/** @param offset bytes, a multiple of 8 */
export function writeFragmentHeader(
  b: Uint8Array,
  at: number,
  next: number,
  offset: number,
  more: boolean,
  identification: number,
): void {
  b[at] = next;
  b[at + 1] = 0;
  writeUint16(b, at + 2, offset | (more ? 1 : 0));
  writeUint32(b, at + 4, identification);
}

/**
 * Follows the chain of a packet whose IPv6 header is at `at`, of which bytes up to `end` are there: for quoted packets, whose options
 * nobody obeys. Undefined where the chain is broken, too long, or ends in "no next header".
 */
export function findUpperLayer(b: Uint8Array, at: number, end: number): UpperLayer | undefined {
  const last = Math.min(end, at + IPV6_HEADER_BYTES + ipv6PayloadLength(b, at), b.length);
  let header = nextHeader(b, at);
  let position = at + IPV6_HEADER_BYTES;
  let inLaterFragment = false;
  for (let followed = 0; followed <= MAXIMUM_EXTENSION_HEADERS; followed++) {
    const isFragment = header === IPV6_EXTENSION.fragment;
    if (header === IPV6_EXTENSION.noNextHeader || position > last) {
      return undefined;
    }
    if (inLaterFragment || !(isFragment || hasOptionsForm(header))) {
      return { protocol: header, at: position, inLaterFragment };
    }
    const length = isFragment ? FRAGMENT_HEADER_BYTES : extensionLength(b, position);
    if (position + length > last) {
      return undefined;
    }
    inLaterFragment = isFragment && ipv6FragmentOffset(b, position) !== 0;
    header = b[position] ?? 0;
    position += length;
  }
  return undefined;
}
