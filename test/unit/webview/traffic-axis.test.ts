import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TrafficAxis } from '../../../webview/timeline/traffic-axis';

function axisOf(times: readonly number[]): TrafficAxis {
  const axis = new TrafficAxis();
  times.forEach((time, index) => axis.add(time, index % 7 === 0));
  return axis;
}

const gaps = fc.array(fc.oneof(fc.nat(100), fc.nat(1e6), fc.nat(1e10)), { minLength: 1, maxLength: 400 });
const times = gaps.map(all => {
  let now = 0;
  return all.map(gap => (now += gap));
});

describe('the axis of traffic', () => {
  it('loses no record and no drop, and stays within its ends', () => {
    fc.assert(
      fc.property(times, all => {
        const bins = [...axisOf(all).bins()];
        expect(bins.reduce((sum, { records }) => sum + records, 0)).toBe(all.length);
        expect(bins.reduce((sum, { drops }) => sum + drops, 0)).toBe(Math.ceil(all.length / 7));
        let before = 0;
        for (const { from, to } of bins) {
          expect(from).toBeGreaterThanOrEqual(before);
          expect(to).toBeGreaterThanOrEqual(from);
          expect(to).toBeLessThanOrEqual(1);
          before = from;
        }
      }),
    );
  });

  it('has later times further right, and finds the time at a place again', () => {
    fc.assert(
      fc.property(times, all => {
        const axis = axisOf(all);
        const places = all.map(time => axis.placeOf(time));
        places.forEach((place, index) => {
          expect(place).toBeGreaterThanOrEqual(places[index - 1] ?? 0);
          expect(place).toBeLessThanOrEqual(1);
          expect(Math.abs(axis.placeOf(axis.timeAt(place)) - place)).toBeLessThan(1 / 400);
        });
        expect(axis.placeOf(0)).toBe(0);
        expect(axis.timeAt(1)).toBe(all.at(-1));
        expect(axis.timeAt(0)).toBe(0);
      }),
    );
  });

  it('has everything at its beginning while no time has passed', () => {
    expect([...axisOf([0, 0, 0]).bins()]).toEqual([{ from: 0, to: 0, records: 3, drops: 1 }]);
  });

  it('shows microseconds beside seconds', () => {
    const exchange = [0, 2000, 4000, 6000];
    const axis = axisOf([
      ...exchange,
      ...exchange.map(time => time + 1e9),
      ...exchange.map(time => time + 2e9),
    ]);
    const [second] = [...axis.bins()].filter(({ from }) => from > 0.3);
    expect(second?.from).toBeCloseTo(0.5, 1);
    expect(axis.placeOf(6000) - axis.placeOf(0)).toBeGreaterThan(0.03);
  });

  it('takes a million records in a moment, in the same room', () => {
    const axis = new TrafficAxis();
    for (let record = 0; record < 1_000_000; record++) {
      axis.add(record * 12_345, false);
    }
    expect(axis.taken).toBe(1_000_000);
    expect([...axis.bins()].length).toBeLessThanOrEqual(2048);
    expect([...axis.bins()].length).toBeGreaterThan(900);
    axis.clear();
    expect([...axis.bins()]).toEqual([]);
    expect(axis.end).toBe(0);
  });
});
