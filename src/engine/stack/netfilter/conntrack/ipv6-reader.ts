/** How connection tracking reads IPv6 (net/netfilter/nf_conntrack_proto_icmpv6.c; measured on Linux 6.18). */
import type { Ipv6Address } from '../../../../net/ipv6-address';
import { readUint16 } from '../../../../wire/bytes';
import {
  checkIcmpv6,
  ICMPV6_MESSAGE_BYTES,
  ICMPV6_TYPE,
  icmpv6Code,
  icmpv6Type,
  isIcmpv6Error,
} from '../../../../wire/icmpv6';
import { IP_PROTOCOL } from '../../../../wire/ipv4';
import {
  IPV6_HEADER_BYTES,
  ipv6Destination,
  ipv6PayloadLength,
  ipv6Source,
  ipv6Version,
} from '../../../../wire/ipv6';
import { findUpperLayer, type UpperLayer } from '../../../../wire/ipv6-extension';
import { IPV6_AT } from '../../ipv6/ip-packet';
import type { PacketReader } from './packet-reader';
import { hasPorts, isIcmpv6Exchange, isIcmpv6Query, TRACKED_BYTES, type Tuple } from './tuple';

/** No protocol: IPv6's "no next header". */
const NONE = 59;

/** Messages that are never tracked: of neighbours, routers and groups (noct_valid_new). */
const UNTRACKED_TYPES: ReadonlySet<number> = new Set([
  ICMPV6_TYPE.multicastListenerQuery,
  ICMPV6_TYPE.multicastListenerReport,
  ICMPV6_TYPE.multicastListenerDone,
  ICMPV6_TYPE.routerSolicitation,
  ICMPV6_TYPE.routerAdvertisement,
  ICMPV6_TYPE.neighbourSolicitation,
  ICMPV6_TYPE.neighbourAdvertisement,
  ICMPV6_TYPE.multicastListenerReportV2,
]);

/** Where an ICMPv6 message has its identifier, behind its beginning. */
const IDENTIFIER_AT = 4;

export const IPV6_READER: PacketReader<Ipv6Address> = {
  protocol: bytes => upperLayerOf(bytes).protocol,
  source: bytes => ipv6Source(bytes, IPV6_AT),
  destination: bytes => ipv6Destination(bytes, IPV6_AT),
  payloadAt: bytes => upperLayerOf(bytes).at,
  payloadLength: bytes => endOf(bytes) - upperLayerOf(bytes).at,
  isLaterFragment: bytes => upperLayerOf(bytes).inLaterFragment,
  isUntracked: bytes => UNTRACKED_TYPES.has(icmpTypeOf(bytes) ?? -1),
  isError: bytes => {
    const type = icmpTypeOf(bytes);
    return type !== undefined && isIcmpv6Error(type);
  },
  tuple: bytes => tupleAt(bytes, IPV6_AT, endOf(bytes)),
  quotedTuple: bytes => {
    const { at } = upperLayerOf(bytes);
    const inner = at + ICMPV6_MESSAGE_BYTES;
    const end = endOf(bytes);
    const isWhole = inner + IPV6_HEADER_BYTES <= end && ipv6Version(bytes, inner) === 6;
    return isWhole && checkIcmpv6(bytes, at, end - at, IPV6_AT) === undefined
      ? tupleAt(bytes, inner, end)
      : undefined;
  },
  mayBegin: ({ protocol, destinationPort }) =>
    protocol !== IP_PROTOCOL.icmpv6 || isIcmpv6Query(destinationPort >>> 8),
  icmpProblem: bytes => {
    const { at } = upperLayerOf(bytes);
    return checkIcmpv6(bytes, at, endOf(bytes) - at, IPV6_AT);
  },
};

function upperLayerOf(bytes: Uint8Array): UpperLayer {
  const end = endOf(bytes);
  return findUpperLayer(bytes, IPV6_AT, end) ?? { protocol: NONE, at: end, inLaterFragment: false };
}

/** Where the packet ends and padding begins. */
function endOf(bytes: Uint8Array): number {
  return Math.min(bytes.length, IPV6_AT + IPV6_HEADER_BYTES + ipv6PayloadLength(bytes, IPV6_AT));
}

/** The type of an ICMPv6 message; undefined for other packets. */
function icmpTypeOf(bytes: Uint8Array): number | undefined {
  const { protocol, at, inLaterFragment } = upperLayerOf(bytes);
  return protocol === IP_PROTOCOL.icmpv6 && !inLaterFragment && at < endOf(bytes)
    ? icmpv6Type(bytes, at)
    : undefined;
}

function tupleAt(bytes: Uint8Array, headerAt: number, end: number): Tuple<Ipv6Address> | undefined {
  const upper = findUpperLayer(bytes, headerAt, end);
  if (upper === undefined || upper.inLaterFragment) {
    return undefined;
  }
  const { protocol, at } = upper;
  const source = ipv6Source(bytes, headerAt);
  const destination = ipv6Destination(bytes, headerAt);
  const isIcmp = protocol === IP_PROTOCOL.icmpv6;
  if (!hasPorts(protocol) && !isIcmp) {
    return { protocol, source, sourcePort: 0, destination, destinationPort: 0 };
  }
  if (at + TRACKED_BYTES > end) {
    return undefined;
  }
  if (!isIcmp) {
    const [sourcePort, destinationPort] = [readUint16(bytes, at), readUint16(bytes, at + 2)];
    return { protocol, source, sourcePort, destination, destinationPort };
  }
  const type = icmpv6Type(bytes, at);
  return isIcmpv6Exchange(type)
    ? {
        protocol,
        source,
        sourcePort: readUint16(bytes, at + IDENTIFIER_AT),
        destination,
        destinationPort: type * 256 + icmpv6Code(bytes, at),
      }
    : undefined;
}
