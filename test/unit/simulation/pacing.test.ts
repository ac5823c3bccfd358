import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_WAIT, pace } from '../../../src/simulation/pacing';
import { FASTEST } from '../../../src/simulation/protocol';

const time = fc.integer({ min: 0, max: 1e15 });
const speed = fc.double({ min: 1e-6, max: 1000, noNaN: true });
const elapsed = fc.double({ min: 0, max: 1000, noNaN: true });

/** A clock between two events, the first at or before it, the second at or after. */
const position = fc.tuple(time, time, time).map(times => {
  const [previousEvent, now, nextEvent] = times.sort((one, other) => one - other);
  return { previousEvent, now, nextEvent };
});

describe('pace', () => {
  it('never goes back and never passes the next event', () => {
    fc.assert(
      fc.property(position, speed, elapsed, (at, chosen, wall) => {
        const { time: to, left } = pace(at, chosen, wall);
        expect(to).toBeGreaterThanOrEqual(at.now);
        expect(to).toBeLessThanOrEqual(at.nextEvent);
        expect(left).toBeGreaterThanOrEqual(0);
        expect(left).toBeLessThanOrEqual(wall);
        expect(left === 0 || to === at.nextEvent).toBe(true);
      }),
    );
  });

  it('reaches the next event within the longest wait, however far it is', () => {
    fc.assert(
      fc.property(time, time, speed, (one, other, chosen) => {
        const previousEvent = Math.min(one, other);
        const nextEvent = Math.max(one, other);
        const { time: to } = pace(
          { previousEvent, now: previousEvent, nextEvent },
          chosen,
          LONGEST_WAIT * 1.000001,
        );
        expect(to).toBe(nextEvent);
      }),
    );
  });

  it('crosses a long gap evenly in slices', () => {
    const nextEvent = 10e9;
    let now = 0;
    let slices = 0;
    while (now < nextEvent && slices < 1000) {
      now = pace({ previousEvent: 0, now, nextEvent }, 0.0001, 16).time;
      slices++;
    }
    expect(slices).toBe(LONGEST_WAIT / 16);
  });

  it('follows real time at speed 1', () => {
    const at = { previousEvent: 0, now: 0, nextEvent: 100e6 };
    expect(pace(at, 1, 20)).toEqual({ time: 20e6, left: 0 });
    expect(pace(at, 1, 150)).toEqual({ time: 100e6, left: 50 });
  });

  it('goes straight to the next event without waiting at the fastest speed', () => {
    expect(pace({ previousEvent: 0, now: 5, nextEvent: 1e15 }, FASTEST, 3)).toEqual({ time: 1e15, left: 3 });
  });

  it('stands still where nothing will happen', () => {
    expect(pace({ previousEvent: 0, now: 7, nextEvent: undefined }, 1, 100)).toEqual({ time: 7, left: 0 });
  });
});
