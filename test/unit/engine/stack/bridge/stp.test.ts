/**
 * The Spanning Tree Protocol, compared with three Linux 6.18 bridges in network namespaces (`ip link add br0 type bridge stp_state 1`, veth pairs
 * between them): the same frames in the same order, at the same times but for the kernel's rounding of timers to whole seconds.
 */
import { describe, expect, it } from 'vitest';
import { formatMac } from '../../../../../src/net/mac-address';
import { parseBpduFrame } from '../../../../../src/wire/stp';
import { hexOf } from '../../../wire/bytes-of';
import { SECOND } from '../../station';
import { SpanningTreeBench, STP } from './spanning-tree-bench';

const TRIANGLE = [
  [0, 1],
  [1, 2],
  [0, 2],
] as const;

const triangle = () => new SpanningTreeBench([STP, STP, STP], TRIANGLE);

/** `3.0 config root=…:0100 cost=0 age=1.00 TC TCA`, for what a port sent. */
function bpdus(bench: SpanningTreeBench, port: string, from = 0, to = Number.POSITIVE_INFINITY): string[] {
  return bench.sentBy(port).flatMap(({ seconds, bytes }) => {
    const bpdu = parseBpduFrame(bytes);
    if (typeof bpdu === 'string' || seconds < from || seconds > to) {
      return [];
    }
    const time = seconds.toFixed(1);
    if (bpdu.kind !== 'configuration') {
      return [`${time} ${bpdu.kind}`];
    }
    const root = formatMac(bpdu.root.mac).slice(12);
    const age = (bpdu.messageAge / 256).toFixed(3);
    const flags = `${bpdu.topologyChange ? ' TC' : ''}${bpdu.topologyChangeAcknowledgment ? ' TCA' : ''}`;
    return [`${time} root ${root} cost ${bpdu.rootPathCost} age ${age}${flags}`];
  });
}

describe('three bridges in a triangle', () => {
  it('elect the one with the smallest identifier, and one port of the farthest link is blocked', () => {
    const bench = triangle();
    bench.run(40);
    expect(bpdus(bench, 's0:1', 0, 7)).toEqual([
      '2.0 root 01:00 cost 0 age 0.000',
      // Replies to the worse BPDUs of the others wait for the hold timer.
      '3.0 root 01:00 cost 0 age 0.000',
      '4.0 root 01:00 cost 0 age 0.000',
      '6.0 root 01:00 cost 0 age 0.000',
    ]);
    expect(bpdus(bench, 's1:1', 0, 29)).toEqual(['2.0 root 02:00 cost 0 age 0.000']);
    // Between the two others: held back for a second each time until the hold timer is off when the hello comes.
    expect(bpdus(bench, 's1:2', 0, 9)).toEqual([
      '2.0 root 02:00 cost 0 age 0.000',
      '3.0 root 01:00 cost 2 age 1.000',
      '4.0 root 01:00 cost 2 age 1.000',
      '5.0 root 01:00 cost 2 age 1.000',
      '6.0 root 01:00 cost 2 age 0.004',
      '8.0 root 01:00 cost 2 age 0.004',
    ]);
    expect(bpdus(bench, 's2:1')).toEqual([
      '2.0 root 03:00 cost 0 age 0.000',
      '3.0 root 01:00 cost 2 age 1.000',
    ]);
  });

  it('notify the root of the change when their ports open, and it acknowledges', () => {
    const bench = triangle();
    bench.run(70);
    expect(bpdus(bench, 's1:1', 29)).toEqual(['30.0 topology-change']);
    expect(bpdus(bench, 's2:2', 29)).toEqual(['30.0 topology-change']);
    expect(bpdus(bench, 's0:1', 29, 33)).toEqual([
      '30.0 root 01:00 cost 0 age 0.000',
      '31.0 root 01:00 cost 0 age 0.000 TC TCA',
      '32.0 root 01:00 cost 0 age 0.000 TC',
    ]);
    // Forward delay and maximum age later it is over.
    expect(bpdus(bench, 's0:1', 63, 67)).toEqual([
      '64.0 root 01:00 cost 0 age 0.000 TC',
      '66.0 root 01:00 cost 0 age 0.000',
    ]);
  });

  it('carry nothing for 30 s and everything from then on', () => {
    const bench = triangle();
    bench.run(25.5);
    expect(bench.reaches(0, 2)).toBe(false);
    bench.run(30.1 - bench.network.now / SECOND);
    expect([bench.reaches(0, 1), bench.reaches(1, 2), bench.reaches(2, 0)]).toEqual([true, true, true]);
    expect(bench.recorder.reasons).not.toContain('broadcast-storm');
    expect(bench.recorder.changedFrames).toEqual([]);
  });

  it('go the other way 30 s after a link next to the blocked port fails, and back 30 s after it is mended', () => {
    const bench = triangle();
    bench.run(45);
    bench.cut('s0:2');
    bench.run(46);
    // As measured: notified when the new root port opens, acknowledged at once, and the root's answer held back once more.
    expect(bpdus(bench, 's2:1', 45)).toEqual(['75.0 topology-change']);
    expect(bpdus(bench, 's1:1', 45)).toEqual(['75.0 topology-change']);
    expect(bpdus(bench, 's1:2', 74.5, 78.5)).toEqual([
      '75.0 root 01:00 cost 2 age 1.004 TCA',
      '76.0 root 01:00 cost 2 age 1.000 TC',
      '77.0 root 01:00 cost 2 age 1.000 TC',
      '78.0 root 01:00 cost 2 age 0.004 TC',
    ]);
    expect([bench.reaches(0, 2), bench.reaches(2, 1)]).toEqual([true, true]);
    bench.mend('s0:2');
    bench.run(35);
    expect(bench.reaches(0, 2)).toBe(true);
    expect(bench.recorder.reasons).not.toContain('broadcast-storm');
  });
});

it('sends the bytes that Linux sends', () => {
  const bench = triangle();
  bench.run(3);
  expect(hexOf(bench.sentBy('s0:1')[0]!.bytes)).toBe(
    '0180c2000000020000000101' +
      '0026424203' +
      '000000000080000200000001000000000080000200000001008001000014' +
      '0002000f00',
  );
});

describe('a root that falls silent', () => {
  it('is forgotten when its last message has aged, 20 s later', () => {
    // The far link of a chain loses its messages, not its carrier: a switch between, without a spanning tree, is switched off.
    const bench = new SpanningTreeBench(
      [STP, undefined, STP],
      [
        [0, 1],
        [1, 2],
      ],
    );
    bench.run(40);
    expect(bpdus(bench, 's2:1', 35)).toEqual([]);
    bench.cut('s0:1');
    bench.run(30);
    const [first] = bpdus(bench, 's2:1', 40);
    expect(first).toBe('58.0 root 03:00 cost 0 age 0.000 TC');
  });
});

it('a switch without spanning tree passes the BPDUs of others on, so that loops through it are found', () => {
  const bench = new SpanningTreeBench([STP, undefined, STP], TRIANGLE);
  bench.run(35);
  expect([bench.reaches(0, 1), bench.reaches(1, 2), bench.reaches(2, 0)]).toEqual([true, true, true]);
  expect(bench.recorder.reasons).not.toContain('broadcast-storm');
});
