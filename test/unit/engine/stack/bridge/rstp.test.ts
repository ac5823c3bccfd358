/** The Rapid Spanning Tree Protocol (IEEE 802.1D-2004 clause 17): proposal and agreement, edges, failures, and neighbours that speak STP. */
import { describe, expect, it } from 'vitest';
import { parseBpduFrame } from '../../../../../src/wire/stp';
import { RSTP, SpanningTreeBench, STP } from './spanning-tree-bench';

const TRIANGLE = [
  [0, 1],
  [1, 2],
  [0, 2],
] as const;

/** `designated proposal`, `root agreement forwarding`: what a port sent, without times. */
function flags(bench: SpanningTreeBench, port: string, to = Number.POSITIVE_INFINITY): string[] {
  return bench.sentBy(port).flatMap(({ seconds, bytes }) => {
    const bpdu = parseBpduFrame(bytes);
    if (typeof bpdu === 'string' || seconds > to) {
      return [];
    }
    if (bpdu.kind !== 'rapid') {
      return [bpdu.kind];
    }
    const { proposal, agreement, learning, forwarding } = bpdu;
    return [
      [
        bpdu.role,
        ...Object.entries({ proposal, agreement, learning, forwarding }).flatMap(([name, on]) =>
          on ? [name] : [],
        ),
      ].join(' '),
    ];
  });
}

const allReach = (bench: SpanningTreeBench) =>
  [0, 1, 2].map(from => [0, 1, 2].every(to => from === to || bench.reaches(from, to)));

describe('three switches in a triangle', () => {
  it('agree within milliseconds, and one port of the farthest link is an alternate', () => {
    const bench = new SpanningTreeBench([RSTP, RSTP, RSTP], TRIANGLE);
    bench.run(0.01);
    expect(flags(bench, 's0:1', 0.01)[0]).toBe('designated proposal');
    expect(flags(bench, 's1:1', 0.01)).toContain('root agreement learning forwarding');
    expect(flags(bench, 's0:1', 0.01)).toContain(
      'designated agreement learning forwarding'.replace(' agreement', ''),
    );
    // Stations' ports hear no bridge, and are open after the migrate time.
    bench.run(3.5);
    expect(allReach(bench)).toEqual([true, true, true]);
    expect(bench.recorder.reasons).not.toContain('broadcast-storm');
    expect(bench.recorder.changedFrames).toEqual([]);
  });

  it('say hello every 2 s from designated ports alone', () => {
    const bench = new SpanningTreeBench([RSTP, RSTP, RSTP], TRIANGLE);
    bench.run(30);
    const late = (port: string) =>
      bench
        .sentBy(port)
        .filter(({ seconds, bytes }) => seconds > 20 && typeof parseBpduFrame(bytes) !== 'string');
    expect(late('s0:1')).toHaveLength(5);
    expect(late('s1:1')).toEqual([]);
    expect(late('s1:2')).toHaveLength(5);
    expect(late('s2:1')).toEqual([]);
  });

  it('go the other way at once when a link fails, and back when it is mended', () => {
    const bench = new SpanningTreeBench([RSTP, RSTP, RSTP], TRIANGLE);
    bench.run(10);
    expect(bench.reaches(0, 2)).toBe(true);
    bench.cut('s0:2');
    bench.run(0.05);
    expect(allReach(bench)).toEqual([true, true, true]);
    bench.mend('s0:2');
    bench.run(0.05);
    expect(allReach(bench)).toEqual([true, true, true]);
    expect(bench.recorder.reasons).not.toContain('broadcast-storm');
  });

  it('notice a silent root after three hellos', () => {
    const bench = new SpanningTreeBench(
      [RSTP, undefined, RSTP],
      [
        [0, 1],
        [1, 2],
      ],
    );
    bench.run(21);
    bench.cut('s0:1');
    bench.run(9);
    const hellos = bench.sentBy('s0:1').filter(({ bytes }) => typeof parseBpduFrame(bytes) !== 'string');
    const heard = Math.max(...hellos.map(({ seconds }) => seconds));
    const after = bench.sentBy('s2:1').filter(({ seconds }) => seconds > 21);
    expect(after[0]!.seconds - heard).toBeCloseTo(6, 3);
    expect(parseBpduFrame(after[0]!.bytes)).toMatchObject({
      kind: 'rapid',
      role: 'designated',
      rootPathCost: 0,
    });
  });
});

describe('next to a switch that speaks STP', () => {
  it('speaks STP there, and waits as long', () => {
    const bench = new SpanningTreeBench([RSTP, STP, RSTP], TRIANGLE);
    bench.run(40);
    expect(flags(bench, 's0:1').slice(-3)).toEqual(['configuration', 'configuration', 'configuration']);
    expect(flags(bench, 's0:2').slice(-1)[0]).toContain('designated');
    expect(allReach(bench)).toEqual([true, true, true]);
    expect(bench.recorder.reasons).not.toContain('broadcast-storm');
  });
});
