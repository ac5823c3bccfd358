import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordSummary } from '../../../src/simulation/record-batch';
import { Flights, type Mark } from '../../../webview/diagram/packet-flights';

const record = (change: Partial<RecordSummary> = {}): RecordSummary => ({
  departure: 0,
  arrival: 1000,
  port: 0,
  cause: -1,
  length: 98,
  protocol: 'icmp',
  drop: 0,
  ...change,
});

const shareOf = (marks: readonly Mark[]): number | undefined => {
  const [mark] = marks;
  return mark?.kind === 'packet' ? mark.share : undefined;
};

describe('Flights', () => {
  it('shows a packet of a microsecond for a quarter of a second', () => {
    const flights = new Flights();
    flights.setClock(1000, 1, 0);
    flights.add(record(), 0);
    expect(shareOf(flights.marks(0))).toBe(0);
    expect(shareOf(flights.marks(125))).toBe(0.5);
    expect(flights.marks(251)).toEqual([]);
    expect(flights.moving).toBe(false);
  });

  it('lets a slow one take its own time', () => {
    const flights = new Flights();
    flights.setClock(0, 1e-3, 0);
    flights.add(record({ arrival: 1e6 }), 0);
    expect(shareOf(flights.marks(500))).toBeCloseTo(0.5);
    expect(shareOf(flights.marks(900))).toBeCloseTo(0.9);
    expect(flights.marks(1001)).toEqual([]);
  });

  it('stands still while paused, where virtual time is', () => {
    const flights = new Flights();
    flights.setClock(400, 0, 0);
    flights.add(record(), 0);
    expect(shareOf(flights.marks(5000))).toBeCloseTo(0.4);
    flights.setClock(1000, 0, 6000);
    expect(flights.marks(6000)).toEqual([]);
  });

  it('goes on where it stood when time goes on', () => {
    const flights = new Flights();
    flights.setClock(0, 0, 0);
    flights.add(record({ arrival: 1e6 }), 0);
    expect(shareOf(flights.marks(1000))).toBe(0);
    flights.setClock(0, 1e-3, 1000);
    expect(shareOf(flights.marks(1500))).toBeCloseTo(0.5);
  });

  it('lets what a packet caused set out when it has arrived', () => {
    const flights = new Flights();
    flights.setClock(10_000, 1, 0);
    flights.add(record({ port: 1 }), 0, 7);
    flights.add(record({ departure: 1500, arrival: 2500, port: 2, cause: 7 }), 0, 8);
    expect(flights.marks(200).map(mark => mark.port)).toEqual([1]);
    expect(flights.marks(300).map(mark => mark.port)).toEqual([2]);
  });

  it('catches up when it lags too far behind', () => {
    const flights = new Flights();
    flights.setClock(1e9, 1, 0);
    for (let number = 0; number < 40; number++) {
      flights.add(record({ cause: number - 1 }), 0, number);
    }
    let busyUntil = 0;
    for (let wall = 0; wall < 10_000; wall += 50) {
      busyUntil = flights.marks(wall).length > 0 ? wall : busyUntil;
    }
    expect(busyUntil).toBeGreaterThan(2500);
    expect(busyUntil).toBeLessThan(3600);
  });

  it('lets a lost packet fade half-way', () => {
    const flights = new Flights();
    flights.setClock(1000, 1, 0);
    flights.add(record({ arrival: NaN }), 0);
    expect(flights.marks(60)[0]).toMatchObject({ kind: 'packet', strength: 1, lost: false });
    const [fading] = flights.marks(300);
    expect(fading).toMatchObject({ kind: 'packet', share: 0.5, lost: true });
    expect(fading?.kind === 'packet' && fading.strength).toBeLessThan(1);
    expect(flights.marks(2000)).toEqual([]);
  });

  it('shows a drop with its reason for a second and a half, when its cause has arrived', () => {
    const flights = new Flights();
    flights.setClock(1000, 1, 0);
    flights.add(record(), 0, 0);
    flights.add(record({ arrival: NaN, port: 3, cause: 0, drop: 9 }), 0, 1);
    expect(flights.marks(100).map(mark => mark.kind)).toEqual(['packet']);
    expect(flights.marks(400)).toEqual([{ kind: 'drop', port: 3, reason: 9, strength: 1 }]);
    expect(flights.marks(1800)).toEqual([]);
  });

  it('draws two thousand and counts the others', () => {
    const flights = new Flights();
    flights.setClock(1000, 1, 0);
    for (let number = 0; number < 2600; number++) {
      flights.add(record({ port: 5 }), 0, number);
    }
    const marks = flights.marks(10);
    expect(marks.filter(mark => mark.kind === 'packet')).toHaveLength(2000);
    expect(marks.find(mark => mark.kind === 'crowd')).toEqual({ kind: 'crowd', port: 5, count: 600 });
    flights.marks(1000);
    expect(flights.moving).toBe(false);
  });

  it('forgets all at once', () => {
    const flights = new Flights();
    flights.add(record(), 0);
    flights.add(record({ drop: 1 }), 0);
    flights.clear();
    expect(flights.moving).toBe(false);
  });

  it('keeps every share from 0 to 1, never backwards, and comes to rest', () => {
    const times = fc.double({ min: 0, max: 1e9, noNaN: true });
    const rates = fc.constantFrom(0, 1e-6, 1e-4, 1e-2, 1, 100, Infinity);
    fc.assert(
      fc.property(times, times, times, rates, fc.boolean(), (now, departure, duration, rate, lost) => {
        const flights = new Flights();
        flights.setClock(now, rate, 0);
        flights.add(record({ departure, arrival: lost ? NaN : departure + duration }), 0);
        let last = 0;
        for (let wall = 0; wall <= 1000; wall += 40) {
          for (const mark of flights.marks(wall)) {
            if (mark.kind === 'packet') {
              expect(mark.share).toBeGreaterThanOrEqual(last);
              expect(mark.share).toBeLessThanOrEqual(1);
              last = mark.share;
            }
          }
        }
        flights.setClock(departure + duration, 0, 1e7);
        expect(flights.marks(2e7)).toEqual([]);
      }),
    );
  });
});
