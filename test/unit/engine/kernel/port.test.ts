import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cable } from '../../../../src/engine/kernel/port';
import { Port } from '../../../../src/engine/kernel/port';
import { Simulator } from '../../../../src/engine/kernel/simulator';
import { macFromNumber } from '../../../../src/net/mac-address';
import { UNSPECIFIED_IPV4 } from '../../../../src/net/ipv4-address';
import { Recorder } from '../recorder';
import { cableFor, Station } from '../station';

/** Two stations, ports 0 and 1, and the cable between them. */
function pair(more: Partial<Cable> = {}, seed = 1) {
  const recorder = new Recorder();
  const simulator = new Simulator(seed, recorder);
  const [one, other] = [0, 1].map(
    number => new Station(simulator, number, macFromNumber(number), UNSPECIFIED_IPV4),
  ) as [Station, Station];
  const cable = cableFor(simulator, { delay: 0, ...more });
  one.port.connect(other.port, cable);
  const times = () => other.heard.map(({ time }) => time);
  return { recorder, simulator, one, other, times };
}

const frame = (length: number, first = 0) => Uint8Array.from({ length }, (_, at) => (at === 0 ? first : 0));

describe('the time a frame takes', () => {
  // IEEE 802.3: 64 bytes with check sequence, 8 preamble, 12 gap make 84 bytes at least on the wire, 1538 for 1514.
  it.each([
    [1e9, 14, 672],
    [1e9, 42, 672],
    [1e9, 60, 672],
    [1e9, 61, 680],
    [1e9, 1514, 12_304],
    [1e8, 60, 6720],
    [1e7, 1514, 1_230_400],
    [1e10, 60, 68],
  ])('at %i bit/s a frame of %i bytes arrives after %i ns', (rate, length, expected) => {
    const { simulator, one, times } = pair({ nanosecondsPerByte: (8 * 1e9) / rate });
    one.send(frame(length));
    simulator.runUntil(1e9);
    expect(times()).toEqual([expected]);
  });

  it('is serialisation plus the delay of the cable, and both are in the record', () => {
    const { simulator, one, recorder, times } = pair({ delay: 5000 });
    simulator.runUntil(100);
    one.send(frame(60));
    simulator.runUntil(1e9);
    expect(times()).toEqual([100 + 672 + 5000]);
    expect(recorder.records).toMatchObject([{ time: 100, arrival: 5772, port: 0, cause: -1 }]);
  });

  it('frames leave one after the other, each direction for itself', () => {
    const { simulator, one, other, recorder } = pair({ delay: 10 });
    one.send(frame(60));
    one.send(frame(60));
    other.send(frame(60));
    one.send(frame(1514));
    simulator.runUntil(1e9);
    expect(recorder.records.map(({ port, time, arrival }) => [port, time, arrival])).toEqual([
      [0, 0, 682],
      [0, 672, 1354],
      [1, 0, 682],
      [0, 1344, 13_658],
    ]);
  });

  it('an idle cable is free again at once', () => {
    const { simulator, one, times } = pair();
    one.send(frame(60));
    simulator.runUntil(700);
    one.send(frame(60));
    simulator.runUntil(1e9);
    expect(times()).toEqual([672, 700 + 672]);
  });
});

describe('the queue of a port', () => {
  it.each([0, 1, 2, 7])('of %i frames holds exactly as many besides the one being sent', capacity => {
    const { simulator, one, other, recorder } = pair({ queue: capacity });
    for (let number = 0; number < capacity + 4; number++) {
      one.send(frame(60, number));
    }
    expect(recorder.reasons).toEqual(['queue-full', 'queue-full', 'queue-full']);
    simulator.runUntil(1e9);
    expect(other.take().map(bytes => bytes[0])).toEqual(Array.from({ length: capacity + 1 }, (_, n) => n));
  });

  it('has a free place as soon as the next frame begins to leave, not before', () => {
    const { simulator, one, recorder } = pair({ queue: 1 });
    const sendAt = (time: number) => {
      simulator.runUntil(time);
      one.send(frame(60));
      return recorder.reasons.length;
    };
    expect(sendAt(0)).toBe(0);
    expect(sendAt(0)).toBe(0);
    expect(sendAt(671)).toBe(1);
    expect(sendAt(672)).toBe(1);
    expect(sendAt(672)).toBe(2);
  });

  it('agrees with a model that counts frames not yet begun, for any sending times', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 14, max: 300 })), {
          maxLength: 60,
        }),
        (capacity, frames) => {
          const { simulator, one, recorder, times } = pair({ queue: capacity });
          const starts: number[] = [];
          const arrivals: number[] = [];
          let free = 0;
          let drops = 0;
          let now = 0;
          for (const [gap, length] of frames) {
            now += gap;
            simulator.runUntil(now);
            one.send(frame(length));
            const start = Math.max(now, free);
            if (start > now && starts.filter(each => each > now).length >= capacity) {
              drops++;
            } else {
              starts.push(start);
              free = start + (Math.max(60, length) + 24) * 8;
              arrivals.push(free);
            }
          }
          simulator.runUntil(1e9);
          expect(recorder.reasons).toHaveLength(drops);
          expect(times()).toEqual(arrivals);
        },
      ),
    );
  });
});

describe('a cable with jitter', () => {
  it('never lets a frame overtake another, and delays none by more than it says', () => {
    const { simulator, one, other, recorder } = pair({ jitter: 100_000, delay: 1000 });
    for (let number = 0; number < 200; number++) {
      simulator.runUntil(number * 5000);
      one.send(frame(60, number));
    }
    simulator.runUntil(1e9);
    expect(other.heard.map(({ bytes }) => bytes[0])).toEqual(Array.from({ length: 200 }, (_, n) => n));
    const delays = recorder.sent.map(({ time, arrival }) => arrival - time - 672 - 1000);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...delays)).toBeLessThanOrEqual(100_000);
    expect(new Set(delays).size).toBeGreaterThan(20);
  });
});

describe('a cable with losses', () => {
  const lossesOf = (loss: number, seed: number) => {
    const { simulator, one, other, recorder } = pair({ loss, queue: 10_000 }, seed);
    for (let number = 0; number < 5000; number++) {
      one.send(frame(60, number & 255));
    }
    simulator.runUntil(1e9);
    return { lost: recorder.reasons.length, heard: other.heard.length, recorder };
  };

  it('loses about the share it says, and the same frames for the same seed', () => {
    const { lost, heard, recorder } = lossesOf(0.2, 1);
    expect(lost + heard).toBe(5000);
    expect(lost).toBeGreaterThan(5000 * 0.18);
    expect(lost).toBeLessThan(5000 * 0.22);
    expect(new Set(recorder.reasons)).toEqual(new Set(['cable-loss']));
    expect(lossesOf(0.2, 1).recorder.log).toEqual(recorder.log);
    expect(lossesOf(0.2, 2).recorder.log).not.toEqual(recorder.log);
  });

  it('loses everything at 1 and nothing at 0', () => {
    expect(lossesOf(1, 1).heard).toBe(0);
    expect(lossesOf(0, 1).lost).toBe(0);
  });

  it('records a lost frame as sent without arrival, and the loss as its consequence; it took its time on the wire', () => {
    const { simulator, one, recorder } = pair({ loss: 1 });
    one.send(frame(60));
    one.send(frame(60));
    simulator.runUntil(1e9);
    expect(recorder.records).toMatchObject([
      { time: 0, arrival: Number.NaN, port: 0, cause: -1 },
      { port: 0, reason: 'cable-loss', cause: 0 },
      { time: 672, arrival: Number.NaN, port: 0, cause: -1 },
      { port: 0, reason: 'cable-loss', cause: 2 },
    ]);
  });
});

describe('plugs', () => {
  it('knows its peer', () => {
    const { one, other, simulator } = pair();
    expect(one.port.other).toBe(other.port);
    expect(other.port.other).toBe(one.port);
    expect(one.port.carrier).toBe(true);
    one.port.setCableUp(false);
    expect(one.port.carrier).toBe(false);
    const alone = new Port(simulator, 5, one);
    expect([alone.connected, alone.carrier, alone.other]).toEqual([false, false, undefined]);
  });

  it('drops frames of an unconnected port and of an unplugged cable', () => {
    const { one, simulator, recorder, other } = pair();
    new Port(simulator, 5, one).send(simulator.frame(frame(60)));
    one.port.setCableUp(false);
    one.send(frame(60));
    simulator.runUntil(1e9);
    expect(recorder.records).toMatchObject([
      { port: 5, reason: 'port-unconnected' },
      { port: 0, reason: 'cable-down' },
    ]);
    expect(other.heard).toEqual([]);
  });

  it('loses what is on the cable when it is pulled, at the end where it would have arrived', () => {
    const { one, simulator, recorder, other } = pair({ delay: 1000 });
    one.send(frame(60));
    simulator.runUntil(800);
    one.port.setCableUp(false);
    simulator.runUntil(1e9);
    expect(other.heard).toEqual([]);
    expect(recorder.records).toMatchObject([
      { port: 0 },
      { port: 1, reason: 'cable-down', time: 1672, cause: 0 },
    ]);
  });

  it('works as before when it is plugged in again', () => {
    const { one, simulator, other } = pair();
    one.port.setCableUp(false);
    one.send(frame(60));
    one.port.setCableUp(true);
    one.send(frame(60));
    simulator.runUntil(1e9);
    expect(other.heard).toHaveLength(1);
  });
});

describe('carrier', () => {
  /** A port whose owner writes down what it is told. */
  function listening() {
    const simulator = new Simulator(1, undefined);
    const told: string[] = [];
    const [one, other] = ['one', 'other'].map((name, number) => {
      const receive = () => undefined;
      const carrierChanged = ({ carrier }: Port) => void told.push(`${name} ${carrier ? 'up' : 'down'}`);
      return new Port(simulator, number, { receive, carrierChanged });
    }) as [Port, Port];
    one.connect(other, cableFor(simulator));
    return { one, other, told: () => told.splice(0).sort() };
  }

  it('comes and goes with the cable at both ends, and both owners are told once', () => {
    const { one, other, told } = listening();
    expect([one.carrier, other.carrier, told()]).toEqual([true, true, []]);
    one.setCableUp(false);
    expect([one.carrier, other.carrier, told()]).toEqual([false, false, ['one down', 'other down']]);
    other.setCableUp(false);
    expect(told()).toEqual([]);
    other.setCableUp(true);
    expect([one.carrier, other.carrier, told()]).toEqual([true, true, ['one up', 'other up']]);
  });

  it('needs both ends switched on', () => {
    const { one, other, told } = listening();
    one.setEnabled(false);
    expect([one.carrier, other.carrier, told()]).toEqual([false, false, ['one down', 'other down']]);
    other.setEnabled(false);
    one.setEnabled(true);
    expect([one.carrier, told()]).toEqual([false, []]);
    other.setEnabled(true);
    expect([one.carrier, told()]).toEqual([true, ['one up', 'other up']]);
  });

  it('frames for an end that is switched off are dropped, with that reason', () => {
    const { one, other, simulator, recorder } = pair();
    other.port.setEnabled(false);
    one.send(frame(60));
    simulator.runUntil(1e9);
    expect(recorder.records).toMatchObject([{ port: 0, reason: 'link-down' }]);
    expect(other.heard).toEqual([]);
  });

  it('a port knows the rate of its cable', () => {
    expect([1e9, 1e8, 1e7, 1e10].map(rate => pair({ nanosecondsPerByte: 8e9 / rate }).one.port.rate)).toEqual(
      [1e9, 1e8, 1e7, 1e10],
    );
  });
});

describe('records and causes', () => {
  it('what a receiver sends has the frame that reached it as its cause', () => {
    const recorder = new Recorder();
    const simulator = new Simulator(1, recorder);
    const origin = new Station(simulator, 0, macFromNumber(0), UNSPECIFIED_IPV4);
    const mirror: Port = new Port(simulator, 1, {
      receive: received => {
        mirror.send(received);
      },
    });
    origin.port.connect(mirror, cableFor(simulator));
    origin.send(frame(60));
    origin.send(frame(61));
    simulator.runUntil(1e9);
    expect(recorder.records.map(({ port, cause }) => [port, cause])).toEqual([
      [0, -1],
      [0, -1],
      [1, 0],
      [1, 1],
    ]);
  });

  it('ports inside a device leave no record but hand the cause on', () => {
    const recorder = new Recorder();
    const simulator = new Simulator(1, recorder);
    const origin = new Station(simulator, 0, macFromNumber(0), UNSPECIFIED_IPV4);
    const end = new Station(simulator, 3, macFromNumber(3), UNSPECIFIED_IPV4);
    const seen: number[] = [];
    const inner = new Port(simulator, -1, {
      receive: () => {
        seen.push(simulator.cause);
      },
    });
    const outer = new Port(simulator, -1, end);
    inner.connect(outer, cableFor(simulator));
    const entry: Port = new Port(simulator, 1, {
      receive: received => {
        outer.send(received);
      },
    });
    origin.port.connect(entry, cableFor(simulator));
    origin.send(frame(60));
    origin.send(frame(60));
    simulator.runUntil(1e9);
    expect(seen).toEqual([0, 1]);
    expect(recorder.records).toHaveLength(2);
  });
});
