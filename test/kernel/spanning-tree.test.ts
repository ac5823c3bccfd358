/** A triangle of bridges whose spanning tree blocks one port: what they tell each other, and where frames go. */
import { describe, expect, test } from 'vitest';
import type { Capture, CapturedFrame } from './capture';
import { obstacle, wrongInCase, type KernelCase } from './kernel-case';
import type { NetworkPlan } from './network-plan';

/** The first bridge is the root, and the link between the others is not needed. */
const TRIANGLE: NetworkPlan = {
  machines: [
    { name: 'h1', interfaces: [{ name: 'eth0', mac: '02:00:00:00:0a:01', address: '10.0.0.1/24' }] },
    { name: 'h2', interfaces: [{ name: 'eth0', mac: '02:00:00:00:0a:02', address: '10.0.0.2/24' }] },
  ],
  bridges: [1, 2, 3].map(number => ({
    name: `s${number}`,
    spanningTree: {
      priority: number * 4096,
      mac: `02:00:00:00:0${number}:00`,
      hello: 2,
      maximumAge: 6,
      forwardDelay: 4,
    },
    ports: [1, 2, ...(number === 1 ? [] : [3])].map(port => ({
      name: `p${port}`,
      mac: `02:00:00:00:0${number}:0${port}`,
    })),
  })),
  cables: ['s1:p1 -- s2:p1', 's1:p2 -- s3:p1', 's2:p2 -- s3:p2', 's2:p3 -- h1:eth0', 's3:p3 -- h2:eth0'],
};

/** Ethernet frames that say how long they are, instead of what is in them. */
function isBpdu({ bytes }: CapturedFrame): boolean {
  return (bytes[12] ?? 0) < 6;
}

function keep(capture: Capture, kept: (frames: readonly CapturedFrame[]) => CapturedFrame[]): Capture {
  return { ...capture, points: new Map([...capture.points].map(([point, frames]) => [point, kept(frames)])) };
}

/** Flags of a BPDU: a topology change lasts for a while. */
function isQuiet({ bytes }: CapturedFrame): boolean {
  return bytes[21] === 0;
}

/** The different BPDUs once all is quiet: how many hellos fit into the time is chance. */
function differentBpdus(capture: Capture): Capture {
  return keep(capture, frames => [
    ...new Map(
      frames
        .filter(frame => isBpdu(frame) && isQuiet(frame))
        .map(frame => [String(frame.bytes), { time: capture.actions[0] ?? 0, bytes: frame.bytes }] as const),
    ).values(),
  ]);
}

const CASES: readonly KernelCase[] = [
  {
    name: 'bridges of a triangle tell each other who is the root',
    plan: TRIANGLE,
    actions: [{ kind: 'wait', seconds: 13 }],
    view: differentBpdus,
  },
  {
    name: 'frames go through a triangle once',
    plan: TRIANGLE,
    actions: [{ kind: 'ping', from: 'h1', to: '10.0.0.2', count: 2, identifier: 4660 }],
    view: capture => keep(capture, frames => frames.filter(frame => !isBpdu(frame))),
  },
];

describe.skipIf(obstacle !== undefined)('spanning tree', () => {
  test.concurrent.each(CASES)('$name', async one => {
    expect(await wrongInCase(one)).toEqual([]);
  });
});
