/** How connection tracking reads IPv4. */
import type { Ipv4Address } from '../../../../net/ipv4-address';
import { checkIcmp, icmpType } from '../../../../wire/icmp';
import {
  destinationAddress,
  fragmentOffset,
  IP_PROTOCOL,
  protocol,
  sourceAddress,
} from '../../../../wire/ipv4';
import { IP_AT, payloadAt, payloadLength } from '../../ipv4/ip-packet';
import type { PacketReader } from './packet-reader';
import { endOf, isError, quotedTuple } from './quoted-packet';
import { isIcmpQuery, tupleOf } from './tuple';

/** NR_ICMP_TYPES of include/uapi/linux/icmp.h: address mask reply. */
const LAST_ICMP_TYPE = 18;

export const IPV4_READER: PacketReader<Ipv4Address> = {
  protocol: bytes => protocol(bytes, IP_AT),
  source: bytes => sourceAddress(bytes, IP_AT),
  destination: bytes => destinationAddress(bytes, IP_AT),
  payloadAt,
  payloadLength,
  isLaterFragment: bytes => fragmentOffset(bytes, IP_AT) > 0,
  isUntracked: () => false,
  isError,
  tuple: bytes => tupleOf(bytes, IP_AT, endOf(bytes)),
  quotedTuple,
  mayBegin: ({ protocol: number, destinationPort }) =>
    number !== IP_PROTOCOL.icmp || isIcmpQuery(destinationPort >>> 8),
  icmpProblem: bytes => {
    const at = payloadAt(bytes);
    return icmpType(bytes, at) > LAST_ICMP_TYPE ? 'unknown-type' : checkIcmp(bytes, at, payloadLength(bytes));
  },
};
