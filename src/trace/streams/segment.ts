/** TCP segments, as far as they take up sequence numbers. */
import { readUint16 } from '../../wire/bytes';
import { TCP_FLAG, tcpFlags, tcpHeaderLength, tcpSequence } from '../../wire/tcp';
import { flowsOf } from './flow';

export interface Segment {
  readonly bytes: Uint8Array;
  readonly sourceAt: number;
  readonly destinationAt: number;
  readonly addressBytes: number;
  readonly at: number;
  readonly sequence: number;
  /** Data, SYN and FIN each take up sequence numbers (RFC 9293 3.4). */
  readonly taken: number;
}

/** The segment that a frame carries; undefined for any other frame. @param linkType LINKTYPE number of where it was captured */
export function segmentOf(bytes: Uint8Array, linkType: number): Segment | undefined {
  const flow = flowsOf(bytes, linkType).findLast(({ quoted }) => !quoted);
  if (flow?.protocol !== 'tcp') {
    return undefined;
  }
  const { at, end, sourceAt, destinationAt, addressBytes } = flow;
  const flags = tcpFlags(bytes, at);
  const data = Math.max(0, end - at - tcpHeaderLength(bytes, at));
  const taken = data + Number((flags & TCP_FLAG.syn) !== 0) + Number((flags & TCP_FLAG.fin) !== 0);
  return { bytes, sourceAt, destinationAt, addressBytes, at, sequence: tcpSequence(bytes, at), taken };
}

/** Whether the first of the sequence numbers that a segment takes up was in this earlier one of the same connection. */
export function wasIn(segment: Segment, earlier: Segment): boolean {
  return segment.taken > 0 && sameConnection(segment, earlier) && covers(earlier, segment.sequence);
}

function sameConnection(one: Segment, other: Segment): boolean {
  return (
    readUint16(one.bytes, one.at) === readUint16(other.bytes, other.at) &&
    readUint16(one.bytes, one.at + 2) === readUint16(other.bytes, other.at + 2) &&
    one.addressBytes === other.addressBytes &&
    sameBytes(one, one.sourceAt, other, other.sourceAt) &&
    sameBytes(one, one.destinationAt, other, other.destinationAt)
  );
}

function sameBytes(one: Segment, oneAt: number, other: Segment, otherAt: number): boolean {
  for (let index = 0; index < one.addressBytes; index++) {
    if (one.bytes[oneAt + index] !== other.bytes[otherAt + index]) {
      return false;
    }
  }
  return true;
}

/** Sequence numbers count modulo 2³² (RFC 9293 3.4). */
function covers({ sequence, taken }: Segment, number: number): boolean {
  return (number - sequence) >>> 0 < taken;
}
