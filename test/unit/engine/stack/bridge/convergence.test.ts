/** Any topology of switches: the spanning tree leaves no loop, every station reaches every other, and a failure is healed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HubDevice } from '../../../../../src/engine/device/hub-device';
import { Port } from '../../../../../src/engine/kernel/port';
import { STORM_RELAYS } from '../../../../../src/engine/stack/bridge/storm-guard';
import { BROADCAST_MAC, macFromNumber } from '../../../../../src/net/mac-address';
import { UNSPECIFIED_IPV4 } from '../../../../../src/net/ipv4-address';
import { Simulator } from '../../../../../src/engine/kernel/simulator';
import { Recorder } from '../../recorder';
import { cableFor, SECOND, Station } from '../../station';
import { frameFor } from './bridge-bench';
import { RSTP, SpanningTreeBench, STP } from './spanning-tree-bench';

type Link = readonly [number, number];

/** Connected networks of 2 to 6 switches: a random tree and some more links, parallel ones too. */
const networks = fc
  .record({
    parents: fc.array(fc.nat(100), { minLength: 1, maxLength: 5 }),
    more: fc.array(fc.tuple(fc.nat(100), fc.nat(100)), { minLength: 1, maxLength: 5 }),
    priorities: fc.array(fc.nat(3), { minLength: 6, maxLength: 6 }),
  })
  .map(({ parents, more, priorities }) => {
    const count = parents.length + 1;
    const tree = parents.map((parent, index): Link => [parent % (index + 1), index + 1]);
    const extra = more.map(([one, other]): Link => [one % count, other % count]);
    return {
      count,
      links: [...tree, ...extra.filter(([one, other]) => one !== other)],
      priorities: priorities.map(each => each * 4096),
    };
  });

/** Who gets a broadcast of each station, and how often. */
function broadcasts(bench: SpanningTreeBench, count: number): void {
  const ports = bench.network.ports.map(({ device }) => device);
  for (let from = 0; from < count; from++) {
    const before = bench.recorder.records.length;
    const stack = bench.network.stackOf(`h${from}`)!;
    const own = stack.interfaces.find(({ name }) => name === 'eth0')!;
    own.send(frameFor(own.mac, BROADCAST_MAC));
    bench.run(0.1);
    const heard = bench.recorder.records
      .slice(before)
      .filter(
        ({ reason, bytes }) => reason === 'ethertype-unknown' && bytes[12] === 0x88 && bytes[13] === 0xb5,
      )
      .map(({ port }) => ports[port]!);
    const others = Array.from({ length: count }, (_, index) => `h${index}`).filter(
      name => name !== `h${from}`,
    );
    expect(heard.sort()).toEqual(others);
  }
  expect(bench.recorder.reasons).not.toContain('broadcast-storm');
}

describe.each([
  ['STP', STP, 60, 60],
  ['RSTP', RSTP, 45, 10],
] as const)('%s', (_name, tree, settle, heal) => {
  it('brings every broadcast to every station once, also after a link has failed and after it is mended', () => {
    fc.assert(
      fc.property(networks, fc.nat(100), ({ count, links, priorities }, failing) => {
        const switches = Array.from({ length: count }, (_, index) => ({
          ...tree,
          priority: priorities[index]!,
        }));
        const bench = new SpanningTreeBench(switches, links);
        bench.run(settle);
        broadcasts(bench, count);
        // One of the further links, or the link that they stand in for: the network stays connected.
        const [one, other] = links[links.length - 1]!;
        if (links.length >= count && failing % 2 === 0) {
          const name = bench.portOfLink(links.length - 1);
          bench.cut(name);
          bench.run(heal);
          broadcasts(bench, count);
          bench.mend(name);
          bench.run(heal);
          broadcasts(bench, count);
        }
        expect(one).not.toBe(other);
      }),
      { numRuns: 40 },
    );
  });
});

describe.each([
  ['STP', STP],
  ['RSTP', RSTP],
] as const)('%s that hears forged messages', (_name, tree) => {
  const field = fc.constantFrom(0, 1, 255, 256, 5120, 0x8001, 0xffff);
  const forged = fc.record({
    at: fc.nat(1),
    type: fc.constantFrom(0x00, 0x02, 0x80, 0x81),
    version: fc.constantFrom(0, 2, 3),
    flags: fc.nat(255),
    root: fc.constantFrom(0, 0x8000, 0xffff),
    rest: fc.array(field, { minLength: 6, maxLength: 6 }),
    wait: fc.constantFrom(0, 0.5, 3, 25),
  });

  it('goes on, and recovers when they end', () => {
    fc.assert(
      fc.property(fc.array(forged, { minLength: 1, maxLength: 12 }), messages => {
        const bench = new SpanningTreeBench(
          [tree, tree],
          [
            [0, 1],
            [0, 1],
          ],
        );
        bench.run(40);
        for (const { at, type, version, flags, root, rest, wait } of messages) {
          const bytes = new Uint8Array(60);
          const view = new DataView(bytes.buffer);
          bytes.set([
            0x01,
            0x80,
            0xc2,
            0,
            0,
            0,
            0x02,
            0,
            0,
            0,
            0,
            0x99,
            0,
            39,
            0x42,
            0x42,
            3,
            0,
            0,
            version,
            type,
            flags,
          ]);
          view.setUint16(22, root);
          view.setUint16(28, rest[0]!);
          view.setUint16(34, root);
          rest.slice(1).forEach((value, index) => {
            view.setUint16(42 + 2 * index, value);
          });
          bench.network.stackOf(`h${at}`)!.interfaces[0]!.send(bytes);
          bench.run(wait);
        }
        // A message can claim to hold for three hello times of 256 s (IEEE 802.1D-2004 17.21.23), at the switch that heard it and, since
        // that one tells it, at the other; and two forward delays may be as long as a hello time each.
        bench.run(2100);
        expect([bench.reaches(0, 1), bench.reaches(1, 0)]).toEqual([true, true]);
        expect(bench.recorder.records.length).toBeLessThan(20_000);
      }),
      { numRuns: 15 },
    );
  });
});

describe('a loop without spanning tree', () => {
  it('begins to melt down, and is then stopped and named', () => {
    const bench = new SpanningTreeBench(
      [undefined, undefined],
      [
        [0, 1],
        [0, 1],
      ],
    );
    const own = bench.network.stackOf('h0')!.interfaces.find(({ name }) => name === 'eth0')!;
    own.send(frameFor(own.mac, BROADCAST_MAC));
    bench.run(10);
    expect(bench.recorder.sent.length).toBeGreaterThan(STORM_RELAYS);
    expect(bench.recorder.sent.length).toBeLessThan(4 * STORM_RELAYS);
    expect(bench.recorder.reasons.filter(reason => reason === 'broadcast-storm').length).toBeGreaterThan(0);
    expect(bench.network.nextEventTime).toBeUndefined();
  });

  it('stays bounded when every copy is answered, and known stations are sent round, too', () => {
    const bench = new SpanningTreeBench(
      [undefined, undefined],
      [
        [0, 1],
        [0, 1],
      ],
    );
    for (let round = 0; round < 5; round++) {
      bench.reaches(0, 1);
    }
    bench.run(60);
    expect(bench.recorder.records.length).toBeLessThan(100 * STORM_RELAYS);
    expect(bench.recorder.reasons).toContain('broadcast-storm');
  });

  it('of hubs ends', () => {
    const recorder = new Recorder();
    const simulator = new Simulator(1, recorder);
    const hubs = [new HubDevice(simulator), new HubDevice(simulator)];
    const ports = hubs.map((hub, at) =>
      [0, 1, 2].map(index => {
        const port = new Port(simulator, at * 3 + index, hub);
        hub.addPort(port);
        return port;
      }),
    );
    ports[0]![0]!.connect(ports[1]![0]!, cableFor(simulator));
    ports[0]![1]!.connect(ports[1]![1]!, cableFor(simulator));
    const station = new Station(simulator, 10, macFromNumber(2), UNSPECIFIED_IPV4);
    station.port.connect(ports[0]![2]!, cableFor(simulator));
    station.send(frameFor(station.mac, BROADCAST_MAC));
    simulator.runUntil(SECOND);
    expect(recorder.reasons).toContain('broadcast-storm');
    expect(simulator.nextEventTime).toBeUndefined();
  });
});

it('a hub repeats to every other port', () => {
  const simulator = new Simulator(1, undefined);
  const hub = new HubDevice(simulator);
  const stations = [1, 2, 3].map(number => {
    const port = new Port(simulator, number, hub);
    hub.addPort(port);
    const station = new Station(simulator, 10 + number, macFromNumber(number * 2), UNSPECIFIED_IPV4);
    station.port.connect(port, cableFor(simulator));
    return station;
  });
  for (let round = 0; round < 2; round++) {
    stations[0]!.send(frameFor(stations[0]!.mac, stations[1]!.mac));
    simulator.runUntil(simulator.now + SECOND);
    expect(stations.map(station => station.take().length)).toEqual([0, 1, 1]);
  }
});
