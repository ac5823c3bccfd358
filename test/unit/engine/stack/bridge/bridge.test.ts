import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LINUX_BRIDGE_POLICY, SWITCH_POLICY } from '../../../../../src/engine/stack/bridge/bridge-policy';
import { BROADCAST_MAC, macFromNumber, UNKNOWN_MAC } from '../../../../../src/net/mac-address';
import { SECOND } from '../../station';
import { BridgeBench, frameFor, stationMac } from './bridge-bench';

const [a, b, c] = [0, 1, 2].map(stationMac) as [
  ReturnType<typeof stationMac>,
  ReturnType<typeof stationMac>,
  ReturnType<typeof stationMac>,
];
const MULTICAST = macFromNumber(0x01005e0000fb);
const { maximumStations } = SWITCH_POLICY;

describe('learning (IEEE 802.1D-2004 7.7 to 7.9)', () => {
  it('floods to an unknown station, then sends to it alone', () => {
    const bench = new BridgeBench(4);
    expect(bench.send(0, a, b)).toEqual([1, 2, 3]);
    expect(bench.send(1, b, a)).toEqual([0]);
    expect(bench.send(0, a, b)).toEqual([1]);
    expect(bench.send(2, c, b)).toEqual([1]);
  });

  it('always floods broadcasts and multicasts, and never learns a group address', () => {
    const bench = new BridgeBench(3);
    expect(bench.send(0, a, BROADCAST_MAC)).toEqual([1, 2]);
    expect(bench.send(0, a, MULTICAST)).toEqual([1, 2]);
    bench.send(1, MULTICAST, a);
    expect(bench.send(0, a, MULTICAST)).toEqual([1, 2]);
    expect(bench.known).toEqual([a]);
  });

  it('keeps a frame for a station on the port it came from', () => {
    const bench = new BridgeBench(3);
    bench.send(0, b, a);
    expect(bench.send(0, a, b)).toEqual([]);
    expect(bench.recorder.reasons).toEqual(['same-port']);
  });

  it('follows a station that moves', () => {
    const bench = new BridgeBench(3);
    bench.send(0, a, b);
    expect(bench.send(2, a, b)).toEqual([0, 1]);
    expect(bench.send(1, b, a)).toEqual([2]);
  });

  it('forgets a silent station when it has aged, and not before', () => {
    const bench = new BridgeBench(3, { ageing: 10 });
    bench.send(0, a, b);
    bench.wait(9.9);
    expect(bench.send(1, b, a)).toEqual([0]);
    bench.wait(0.2);
    expect(bench.send(1, b, a)).toEqual([0, 2]);
    expect(bench.known).toEqual([b]);
  });

  it('forgets who was on a port that lost its link', () => {
    const bench = new BridgeBench(3);
    bench.send(0, a, BROADCAST_MAC);
    bench.send(1, b, BROADCAST_MAC);
    bench.stations[1]!.port.setCableUp(false);
    expect(bench.known).toEqual([a]);
    expect(bench.send(2, c, b)).toEqual([0]);
  });

  it('hands frames on as they are, the same bytes', () => {
    const bench = new BridgeBench(3);
    bench.send(0, a, BROADCAST_MAC);
    expect(new Set(bench.recorder.records.map(({ frame }) => frame.id)).size).toBe(1);
  });

  it('does not send into unplugged cables', () => {
    const bench = new BridgeBench(3);
    bench.stations[1]!.port.setCableUp(false);
    expect(bench.send(0, a, BROADCAST_MAC)).toEqual([2]);
    expect(bench.recorder.reasons).toEqual([]);
  });

  it('drops what is no Ethernet frame', () => {
    const bench = new BridgeBench(2);
    bench.inject(0, new Uint8Array(13));
    expect(bench.recorder.reasons).toEqual(['malformed']);
  });

  it('remembers as many stations as its policy says; the rest are flooded to and counted, and the old ones stay', () => {
    const bench = new BridgeBench(3, { ageing: 300 });
    const { bridge, ports, simulator } = bench;
    const station = (number: number) => macFromNumber(0x020000010000 + number);
    const hear = (number: number) =>
      bridge.receive(simulator.frame(frameFor(station(number), BROADCAST_MAC)), ports[0]!);
    for (let number = 0; number < maximumStations + 500; number++) {
      hear(number);
      simulator.runUntil(simulator.now + 1000);
    }
    expect(bench.known).toHaveLength(maximumStations);
    expect(bridge.stations.refused).toBe(500);
    simulator.runUntil(simulator.now + SECOND);
    bench.stations.forEach(each => each.take());
    expect(bench.send(1, b, station(0))).toEqual([0]);
    expect(bench.send(1, b, station(maximumStations))).toEqual([0, 2]);
    bench.wait(300);
    hear(maximumStations);
    expect(bench.known).toEqual([station(maximumStations)]);
  });

  it('a frame never comes out where it came in, and reaches its station if that ever spoke', () => {
    const step = fc.record({
      at: fc.integer({ min: 0, max: 3 }),
      from: fc.integer({ min: 1, max: 6 }),
      to: fc.integer({ min: 1, max: 7 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const bench = new BridgeBench(4);
        const where = new Map<number, number>();
        for (const { at, from, to } of steps) {
          where.set(from, at);
          const out = bench.send(at, macFromNumber(from), macFromNumber(to));
          const home = where.get(to);
          const others = [0, 1, 2, 3].filter(port => port !== at);
          expect(out).toEqual(home === undefined ? others : home === at ? [] : [home]);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('any bytes are passed on, or dropped with a reason', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 20 }),
        fc.constantFrom(SWITCH_POLICY, LINUX_BRIDGE_POLICY),
        (frames, policy) => {
          const bench = new BridgeBench(3, { policy });
          for (const bytes of frames) {
            const before = bench.recorder.drops.length;
            const heard = bench.inject(0, bytes);
            expect(heard.size > 0 || bench.recorder.drops.length > before).toBe(true);
            for (const copies of heard.values()) {
              expect(copies).toEqual([bytes]);
            }
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('addresses that a bridge keeps to itself', () => {
  const reserved = (last: number) => macFromNumber(0x0180c2000000 + last);

  // Measured on Linux 6.18 with stp_state 0: of 01:80:c2:00:00:00 to 0f only the first comes out at the other port.
  it.each([
    ['a switch', SWITCH_POLICY],
    ['a Linux bridge', LINUX_BRIDGE_POLICY],
  ])('%s without spanning tree passes BPDUs and no other reserved address', (_name, policy) => {
    const bench = new BridgeBench(2, { policy });
    const passed = Array.from({ length: 18 }, (_, last) => last).filter(
      last => bench.send(0, a, reserved(last)).length > 0,
    );
    expect(passed).toEqual([0, 16, 17]);
    expect(bench.recorder.reasons).toEqual(Array(15).fill('reserved-address'));
  });

  it('learns from them all the same', () => {
    const bench = new BridgeBench(2, { policy: LINUX_BRIDGE_POLICY });
    bench.send(0, a, reserved(0x0e));
    expect(bench.known).toEqual([a]);
  });
});

describe('senders that cannot be', () => {
  // Measured on Linux 6.18: neither comes out.
  it.each([
    ['a group address', MULTICAST],
    ['no address', UNKNOWN_MAC],
  ])('a Linux bridge drops frames from %s', (_name, from) => {
    const bench = new BridgeBench(2, { policy: LINUX_BRIDGE_POLICY });
    expect(bench.send(0, from, BROADCAST_MAC)).toEqual([]);
    expect(bench.recorder.reasons).toEqual(['source-invalid']);
  });

  it('a switch passes them on and learns nothing', () => {
    const bench = new BridgeBench(2);
    expect(bench.send(0, MULTICAST, BROADCAST_MAC)).toEqual([1]);
    expect(bench.send(0, UNKNOWN_MAC, BROADCAST_MAC)).toEqual([1]);
    expect(bench.known).toEqual([]);
  });
});

describe('port mirroring', () => {
  it('copies what goes in and out of one port, and that alone', () => {
    const bench = new BridgeBench(4);
    bench.bridge.addMirror(bench.ports[0]!, bench.ports[3]!);
    expect(bench.send(0, a, b)).toEqual([1, 2, 3]);
    expect(bench.send(1, b, a)).toEqual([0, 3]);
    expect(bench.send(1, b, c)).toEqual([0, 2, 3]);
    expect(bench.send(2, c, b)).toEqual([1]);
    expect(bench.known).toEqual([a, b, c]);
  });

  it('takes nothing from a mirror port', () => {
    const bench = new BridgeBench(3);
    bench.bridge.addMirror(bench.ports[0]!, bench.ports[2]!);
    expect(bench.send(2, c, BROADCAST_MAC)).toEqual([]);
    expect(bench.recorder.reasons).toEqual(['port-mirror']);
    expect(bench.known).toEqual([]);
  });
});
