/** RST of nobody: the answer to a segment that no connection wanted (RFC 9293 3.10.7.1; tcp_v4_send_reset). */
import { TCP_FLAG } from '../../../wire/tcp';
import { sequenceLength, type Segment } from './segment';
import { advance } from './sequence';

const NO_DATA = new Uint8Array(0);

/** The answer; undefined to a RST, which nothing answers. */
export function answerWithReset(segment: Segment, window: number): Segment | undefined {
  const { flags, sequence, acknowledgment, sourcePort, destinationPort } = segment;
  if ((flags & TCP_FLAG.rst) !== 0) {
    return undefined;
  }
  const ends = { sourcePort: destinationPort, destinationPort: sourcePort, window, data: NO_DATA };
  if ((flags & TCP_FLAG.ack) !== 0) {
    return { ...ends, sequence: acknowledgment, acknowledgment: 0, flags: TCP_FLAG.rst };
  }
  const end = advance(sequence, sequenceLength(segment));
  return { ...ends, sequence: 0, acknowledgment: end, flags: TCP_FLAG.rst | TCP_FLAG.ack };
}
