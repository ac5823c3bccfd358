import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LearningSwitch, MAXIMUM_STATIONS } from '../../../../src/engine/device/learning-switch';
import { Port } from '../../../../src/engine/kernel/port';
import { Simulator } from '../../../../src/engine/kernel/simulator';
import { UNSPECIFIED_IPV4 } from '../../../../src/net/ipv4-address';
import { BROADCAST_MAC, macFromNumber, type MacAddress } from '../../../../src/net/mac-address';
import { writeEthernetHeader } from '../../../../src/wire/ethernet';
import { Recorder } from '../recorder';
import { cableFor, SECOND, Station } from '../station';

const MACS = [1, 2, 3].map(number => macFromNumber(0x020000000000 + number));
const MULTICAST = macFromNumber(0x01005e0000fb);

function switchWith(count: number, ageing = 300) {
  const recorder = new Recorder();
  const simulator = new Simulator(1, recorder);
  const device = new LearningSwitch(simulator, ageing * SECOND);
  const stations: Station[] = [];
  for (let number = 0; number < count; number++) {
    const port = new Port(simulator, number, device);
    const station = new Station(
      simulator,
      100 + number,
      MACS[number] ?? macFromNumber(number),
      UNSPECIFIED_IPV4,
    );
    port.connect(station.port, cableFor(simulator));
    device.addPort(port);
    stations.push(station);
  }
  /** Sends a frame at a port; which ports it came out of. */
  const send = (at: number, from: MacAddress, to: MacAddress) => {
    const bytes = new Uint8Array(60);
    writeEthernetHeader(bytes, to, from, 0x88b5);
    stations[at]!.send(bytes);
    simulator.runUntil(simulator.now + 100_000);
    return stations.flatMap((station, index) => (station.take().length > 0 ? [index] : []));
  };
  const wait = (seconds: number) => simulator.runUntil(simulator.now + seconds * SECOND);
  return { recorder, simulator, device, send, wait, stations };
}

describe('learning switch (IEEE 802.1D 7.7–7.9)', () => {
  const [a, b] = MACS as [MacAddress, MacAddress];

  it('floods to an unknown station, then sends to it alone', () => {
    const { send } = switchWith(4);
    expect(send(0, a, b)).toEqual([1, 2, 3]);
    expect(send(1, b, a)).toEqual([0]);
    expect(send(0, a, b)).toEqual([1]);
    expect(send(2, MACS[2]!, b)).toEqual([1]);
  });

  it('always floods broadcasts and multicasts, and never learns a group address', () => {
    const { send, device } = switchWith(3);
    expect(send(0, a, BROADCAST_MAC)).toEqual([1, 2]);
    expect(send(0, a, MULTICAST)).toEqual([1, 2]);
    send(1, MULTICAST, a);
    expect(send(0, a, MULTICAST)).toEqual([1, 2]);
    expect([...device.table()].map(({ mac }) => mac)).toEqual([a]);
  });

  it('keeps a frame for a station on the port it came from', () => {
    const { send, recorder } = switchWith(3);
    send(0, b, a);
    expect(send(0, a, b)).toEqual([]);
    expect(recorder.reasons).toEqual(['same-port']);
  });

  it('follows a station that moves', () => {
    const { send } = switchWith(3);
    send(0, a, b);
    expect(send(2, a, b)).toEqual([0, 1]);
    expect(send(1, b, a)).toEqual([2]);
  });

  it('forgets a silent station when it has aged, and not before', () => {
    const { send, wait, device } = switchWith(3, 10);
    send(0, a, b);
    wait(9.9);
    expect(send(1, b, a)).toEqual([0]);
    wait(0.2);
    expect(send(1, b, a)).toEqual([0, 2]);
    expect([...device.table()].map(({ mac }) => mac)).toEqual([b]);
  });

  it('hands frames on as they are, the same bytes', () => {
    const { send, recorder } = switchWith(3);
    send(0, a, BROADCAST_MAC);
    expect(new Set(recorder.records.map(({ frame }) => frame.id)).size).toBe(1);
  });

  it('does not send into unplugged cables', () => {
    const { send, stations, recorder } = switchWith(3);
    stations[1]!.port.setCableUp(false);
    expect(send(0, a, BROADCAST_MAC)).toEqual([2]);
    expect(recorder.reasons).toEqual([]);
  });

  it('drops what is no Ethernet frame', () => {
    const { stations, simulator, recorder } = switchWith(2);
    stations[0]!.send(new Uint8Array(13));
    simulator.runUntil(SECOND);
    expect(recorder.reasons).toEqual(['malformed']);
  });

  it('remembers 8192 stations at most; the rest are flooded to, and the old ones stay', () => {
    const { device, simulator, stations, send } = switchWith(3);
    for (let number = 0; number < MAXIMUM_STATIONS + 500; number++) {
      const bytes = new Uint8Array(60);
      writeEthernetHeader(bytes, BROADCAST_MAC, macFromNumber(0x020000010000 + number), 0x88b5);
      device.receive(simulator.frame(bytes), stations[0]!.port.other!);
      simulator.runUntil(simulator.now + 1000);
    }
    expect([...device.table()]).toHaveLength(MAXIMUM_STATIONS);
    simulator.runUntil(simulator.now + SECOND);
    stations.forEach(station => station.take());
    expect(send(1, b, macFromNumber(0x020000010000))).toEqual([0]);
    expect(send(1, b, macFromNumber(0x020000010000 + MAXIMUM_STATIONS))).toEqual([0, 2]);
  });

  it('a frame never comes out where it came in, and reaches its station if that ever spoke', () => {
    const step = fc.record({
      at: fc.integer({ min: 0, max: 3 }),
      from: fc.integer({ min: 1, max: 6 }),
      to: fc.integer({ min: 1, max: 7 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const { send } = switchWith(4);
        const where = new Map<number, number>();
        for (const { at, from, to } of steps) {
          where.set(from, at);
          const out = send(at, macFromNumber(from * 2), macFromNumber(to * 2));
          const home = where.get(to);
          const others = [0, 1, 2, 3].filter(port => port !== at);
          expect(out).toEqual(home === undefined ? others : home === at ? [] : [home]);
        }
      }),
      { numRuns: 50 },
    );
  });
});
