import { describe, expect, it } from 'vitest';
import { dropReasonCode, type DropReason } from '../../../../src/engine/kernel/drop-reason';
import { isRetransmission } from '../../../../src/simulation/search/retransmission';
import { TraceView } from '../../../../src/simulation/trace-view';
import { PacketStore } from '../../../../src/trace/packet-store';
import { TCP_FLAG, tcpFlags, tcpSequence } from '../../../../src/wire/tcp';
import { sampleFrames } from '../../trace/sample-frames';

const PORTS = ['a', 'b'].map((device, number) => ({ device, name: 'eth0', peer: 1 - number }));

/** Where the TCP header of the sample begins: behind 14 bytes of Ethernet and 20 of IPv4. */
const TCP_AT = 34;

const { 'tcp data': data, 'tcp syn': syn, 'udp datagram': datagram } = sampleFrames();

/** The sample segment with another sequence number and other ports. */
function segment(by: number, sourcePort?: number): Uint8Array {
  const copy = data.slice();
  const view = new DataView(copy.buffer);
  view.setUint32(TCP_AT + 4, tcpSequence(copy, TCP_AT) + by);
  if (sourcePort !== undefined) {
    view.setUint16(TCP_AT, sourcePort);
  }
  return copy;
}

/** Which of these frames, each sent by this port, is one that was sent before. */
function sentAgain(frames: readonly (readonly [port: number, bytes: Uint8Array])[]): readonly boolean[] {
  const store = new PacketStore<DropReason>({ reasonCode: dropReasonCode });
  frames.forEach(([port, bytes], id) => {
    store.transmitted(id * 1000, id * 1000 + 500, port, { bytes, id }, -1);
  });
  const view = new TraceView(store, PORTS);
  return frames.map((_, record) => isRetransmission(view, record));
}

describe('a segment that was sent before', () => {
  it('is known by its port, its connection and its sequence numbers', () => {
    expect(tcpFlags(data, TCP_AT) & TCP_FLAG.syn).toBe(0);
    const frames = [
      [0, data],
      // The next hop of the same segment, another connection, something else.
      [1, data],
      [0, segment(0, 1234)],
      [0, datagram],
      // Again, from within the first, and what comes behind it.
      [0, data],
      [0, segment(1)],
      [0, segment(100_000)],
    ] as const;
    expect(sentAgain(frames)).toEqual([false, false, false, false, true, true, false]);
  });

  it('may be one without data that begins a connection', () => {
    expect(
      sentAgain([
        [0, syn],
        [0, syn],
      ]),
    ).toEqual([false, true]);
  });

  it('is no drop of it', () => {
    const store = new PacketStore<DropReason>({ reasonCode: dropReasonCode });
    store.transmitted(0, 500, 0, { bytes: data, id: 1 }, -1);
    store.dropped(500, 0, { bytes: data, id: 1 }, 'cable-loss', 0);
    const view = new TraceView(store, PORTS);
    expect([0, 1].map(record => isRetransmission(view, record))).toEqual([false, false]);
  });
});
