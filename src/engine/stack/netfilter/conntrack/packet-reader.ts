/** What connection tracking and the packet filter read of a packet: one reader for each version of IP, so that both judge alike. */
import type { IpAddress } from '../../../../net/ip-address';
import { readUint16 } from '../../../../wire/bytes';
import { IP_PROTOCOL } from '../../../../wire/ipv4';
import {
  checkTcp,
  TCP_FLAG,
  tcpAcknowledgment,
  tcpFlags,
  tcpHeaderLength,
  tcpSequence,
} from '../../../../wire/tcp';
import { checkUdp } from '../../../../wire/udp';
import { segmentKind, type TrackedSegment } from './tcp-tracking';
import { hasPorts, type Tuple } from './tuple';

/** All of packets that are valid as far as IP goes, in frames. */
export interface PacketReader<Address extends IpAddress> {
  /** The protocol above IP, behind extension headers. */
  protocol(bytes: Uint8Array): number;
  source(bytes: Uint8Array): Address;
  destination(bytes: Uint8Array): Address;
  /** Where the payload of that protocol begins, and how many bytes it has. */
  payloadAt(bytes: Uint8Array): number;
  payloadLength(bytes: Uint8Array): number;
  /** Whether it is a fragment without the beginning of its packet. */
  isLaterFragment(bytes: Uint8Array): boolean;
  /** Whether it is of a kind that is never tracked. */
  isUntracked(bytes: Uint8Array): boolean;
  /** Whether it is an ICMP error, by its type. */
  isError(bytes: Uint8Array): boolean;
  /** Undefined when it is too short, or a message that is neither question nor answer. */
  tuple(bytes: Uint8Array): Tuple<Address> | undefined;
  /** Of the packet that an ICMP error quotes; undefined when too little of it is there or the error is broken (RFC 5508 REQ-3). */
  quotedTuple(bytes: Uint8Array): Tuple<Address> | undefined;
  /** Whether a packet of this direction may begin a connection. */
  mayBegin(tuple: Tuple<Address>): boolean;
  /** What is wrong with an ICMP message. */
  icmpProblem(bytes: Uint8Array): string | undefined;
}

/** Whether lengths and, where they are judged, checksums are right. */
export function isSound<Address extends IpAddress>(
  reader: PacketReader<Address>,
  bytes: Uint8Array,
  judged: boolean,
): boolean {
  const problem = problemOf(reader, bytes);
  return problem === undefined || (problem === 'bad-checksum' && !judged);
}

function problemOf<Address extends IpAddress>(
  reader: PacketReader<Address>,
  bytes: Uint8Array,
): string | undefined {
  const [at, length] = [reader.payloadAt(bytes), reader.payloadLength(bytes)];
  switch (reader.protocol(bytes)) {
    case IP_PROTOCOL.tcp:
      return checkTcp(bytes, at, length, reader.source(bytes), reader.destination(bytes));
    case IP_PROTOCOL.udp:
      return checkUdp(bytes, at, length, reader.source(bytes), reader.destination(bytes));
    case IP_PROTOCOL.icmp:
    case IP_PROTOCOL.icmpv6:
      return reader.icmpProblem(bytes);
    default:
      return undefined;
  }
}

/** What matters of a sound segment; undefined when its flags make no sense. */
export function segmentOf<Address extends IpAddress>(
  reader: PacketReader<Address>,
  bytes: Uint8Array,
): TrackedSegment | undefined {
  const at = reader.payloadAt(bytes);
  const flags = tcpFlags(bytes, at);
  const kind = segmentKind(flags);
  const data = reader.payloadLength(bytes) - tcpHeaderLength(bytes, at);
  return (
    kind && {
      kind,
      sequence: tcpSequence(bytes, at),
      acknowledgment: tcpAcknowledgment(bytes, at),
      length: data + (flags & TCP_FLAG.syn ? 1 : 0) + (flags & TCP_FLAG.fin ? 1 : 0),
    }
  );
}

/** Source and destination port; undefined where the packet shows none. */
export function portsOf<Address extends IpAddress>(
  reader: PacketReader<Address>,
  bytes: Uint8Array,
): readonly [source: number, destination: number] | undefined {
  // Ports stand in the first fragment only.
  if (!hasPorts(reader.protocol(bytes)) || reader.isLaterFragment(bytes) || reader.payloadLength(bytes) < 4) {
    return undefined;
  }
  const at = reader.payloadAt(bytes);
  return [readUint16(bytes, at), readUint16(bytes, at + 2)];
}
