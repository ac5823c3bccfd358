/** What a flow says of its ends, and the data that it carries. */
import { formatIpv4, ipv4FromNumber } from '../../net/ipv4-address';
import { readUint16, readUint32 } from '../../wire/bytes';
import { TCP_FLAG, tcpFlags, tcpHeaderLength, tcpSequence } from '../../wire/tcp';
import { UDP_HEADER_BYTES } from '../../wire/udp';
import { formatIpv6 } from '../dissect/ipv6-text';
import type { Flow } from './flow';

/** One end of a stream. */
export interface StreamEnd {
  readonly address: string;
  readonly port: number;
}

export function endsOf(
  bytes: Uint8Array,
  { sourceAt, destinationAt, addressBytes, at }: Flow,
): readonly [source: StreamEnd, destination: StreamEnd] {
  const address = (place: number): string =>
    addressBytes === 4 ? formatIpv4(ipv4FromNumber(readUint32(bytes, place))) : formatIpv6(bytes, place);
  return [
    { address: address(sourceAt), port: readUint16(bytes, at) },
    { address: address(destinationAt), port: readUint16(bytes, at + 2) },
  ];
}

/** What a TCP segment adds to its direction. */
export interface SegmentData {
  readonly sequence: number;
  readonly isSyn: boolean;
  /** Whether it answers a SYN. */
  readonly isAnswer: boolean;
  /** A copy. */
  readonly data: Uint8Array;
}

export function segmentData(bytes: Uint8Array, { at, end }: Flow): SegmentData {
  const flags = tcpFlags(bytes, at);
  const isSyn = (flags & TCP_FLAG.syn) !== 0;
  return {
    sequence: tcpSequence(bytes, at),
    isSyn,
    isAnswer: isSyn && (flags & TCP_FLAG.ack) !== 0,
    data: bytes.slice(Math.min(at + tcpHeaderLength(bytes, at), end), end),
  };
}

/** A copy of what a datagram carries. */
export function datagramData(bytes: Uint8Array, { at, end }: Flow): Uint8Array {
  return bytes.slice(at + UDP_HEADER_BYTES, end);
}
