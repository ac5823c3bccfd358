/** The extension headers of a packet as the node it is for obeys them (RFC 8200 4). Pure: what to do next follows from the bytes. */
import { isMulticastIpv6 } from '../../../net/ipv6-address';
import { PARAMETER_PROBLEM_CODE } from '../../../wire/icmpv6';
import { IPV6_HEADER_BYTES, ipv6Destination, ipv6PayloadLength, nextHeader } from '../../../wire/ipv6';
import {
  extensionLength,
  FRAGMENT_HEADER_BYTES,
  hasOptionsForm,
  IPV6_EXTENSION,
  IPV6_OPTION,
  MAXIMUM_EXTENSION_HEADERS,
  segmentsLeft,
} from '../../../wire/ipv6-extension';
import { LINUX_IPV6 } from './linux-ipv6-policy';

export type HeaderOutcome =
  /** The payload of this protocol begins at `at`; the field that names it is at `namedAt`. */
  | {
      readonly kind: 'upper-layer';
      readonly protocol: number;
      readonly at: number;
      readonly namedAt: number;
    }
  /** A fragment header begins at `at`; the field that names it is at `namedAt`. */
  | { readonly kind: 'fragment'; readonly at: number; readonly namedAt: number }
  /** To be told to the sender (RFC 4443 3.4); `pointer` counts from the IPv6 header. */
  | {
      readonly kind: 'problem';
      readonly code: number;
      readonly pointer: number;
      /** Also when the packet was for a group (RFC 4443 2.4 e.3). */
      readonly evenToGroup: boolean;
    }
  /** To be dropped without a word: an option asks for it, or there are too many. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'no-next-header' }
  | { readonly kind: 'malformed' };

/** The two high bits of an option's type: what to do when it is not known (RFC 8200 4.2). */
const SKIP = 0;
const DISCARD = 1;
const REPORT = 2;

/** Follows the headers of a whole, checked packet whose IPv6 header is at `at`. */
export function followHeaders(b: Uint8Array, at: number): HeaderOutcome {
  const end = at + IPV6_HEADER_BYTES + ipv6PayloadLength(b, at);
  let header = nextHeader(b, at);
  let namedAt = at + 6;
  let position = at + IPV6_HEADER_BYTES;
  for (let followed = 0; followed <= MAXIMUM_EXTENSION_HEADERS; followed++) {
    if (header === IPV6_EXTENSION.noNextHeader) {
      return { kind: 'no-next-header' };
    }
    if (header === IPV6_EXTENSION.fragment) {
      return position + FRAGMENT_HEADER_BYTES > end
        ? { kind: 'malformed' }
        : { kind: 'fragment', at: position, namedAt };
    }
    if (!hasOptionsForm(header)) {
      return { kind: 'upper-layer', protocol: header, at: position, namedAt };
    }
    const problem = examine(b, at, end, header, position, namedAt);
    if (problem !== undefined) {
      return problem;
    }
    header = b[position] ?? 0;
    namedAt = position;
    position += extensionLength(b, position);
  }
  return { kind: 'refused' };
}

/** What a router looks at: the options for every hop, where there are any (RFC 8200 4.3). Undefined when the packet may go on. */
export function checkHopByHop(b: Uint8Array, at: number): HeaderOutcome | undefined {
  if (nextHeader(b, at) !== IPV6_EXTENSION.hopByHop) {
    return undefined;
  }
  const end = at + IPV6_HEADER_BYTES + ipv6PayloadLength(b, at);
  return examine(b, at, end, IPV6_EXTENSION.hopByHop, at + IPV6_HEADER_BYTES, at + 6);
}

function examine(
  b: Uint8Array,
  packetAt: number,
  end: number,
  header: number,
  at: number,
  namedAt: number,
): HeaderOutcome | undefined {
  if (header === IPV6_EXTENSION.hopByHop && at !== packetAt + IPV6_HEADER_BYTES) {
    // Only the first header may have this number (RFC 8200 4.3).
    const code = PARAMETER_PROBLEM_CODE.unrecognizedNextHeader;
    return { kind: 'problem', code, pointer: namedAt - packetAt, evenToGroup: false };
  }
  if (at + 8 > end || at + extensionLength(b, at) > end) {
    return { kind: 'malformed' };
  }
  if (header !== IPV6_EXTENSION.routing) {
    return examineOptions(b, packetAt, at);
  }
  if (segmentsLeft(b, at) === 0) {
    return undefined;
  }
  // No type is carried on: type 0 is dead (RFC 5095), and Linux accepts no source route unless told to (accept_source_route 0).
  const code = PARAMETER_PROBLEM_CODE.erroneousField;
  return { kind: 'problem', code, pointer: at + 2 - packetAt, evenToGroup: false };
}

function examineOptions(b: Uint8Array, packetAt: number, at: number): HeaderOutcome | undefined {
  const end = at + extensionLength(b, at);
  let options = 0;
  for (let position = at + 2; position < end;) {
    const type = b[position] ?? 0;
    if (type === IPV6_OPTION.pad1) {
      position += 1;
      continue;
    }
    const length = 2 + (b[position + 1] ?? 0);
    if (position + 2 > end || position + length > end) {
      return { kind: 'malformed' };
    }
    if (type !== IPV6_OPTION.padN) {
      options++;
      const outcome = type === IPV6_OPTION.routerAlert ? undefined : unknownOption(b, packetAt, position);
      if (outcome !== undefined || options > LINUX_IPV6.headerOptions) {
        return outcome ?? { kind: 'refused' };
      }
    }
    position += length;
  }
  return undefined;
}

function unknownOption(b: Uint8Array, packetAt: number, at: number): HeaderOutcome | undefined {
  const action = (b[at] ?? 0) >>> 6;
  if (action === SKIP) {
    return undefined;
  }
  if (action === DISCARD) {
    return { kind: 'refused' };
  }
  if (action !== REPORT && isMulticastIpv6(ipv6Destination(b, packetAt))) {
    return { kind: 'refused' };
  }
  const code = PARAMETER_PROBLEM_CODE.unrecognizedOption;
  return { kind: 'problem', code, pointer: at - packetAt, evenToGroup: action === REPORT };
}
