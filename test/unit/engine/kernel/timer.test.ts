import { describe, expect, it } from 'vitest';
import { Simulator } from '../../../../src/engine/kernel/simulator';
import { Timer } from '../../../../src/engine/kernel/timer';

function bench() {
  const simulator = new Simulator(1, undefined);
  const fired: { readonly at: number; readonly cause: number }[] = [];
  const timer = new Timer(simulator, {
    timerExpired: () => fired.push({ at: simulator.now, cause: simulator.cause }),
  });
  /** Does something at a moment of virtual time. */
  const at = (time: number, act: () => void) => {
    simulator.schedule(time, { occur: act }, null, 0);
  };
  const times = () => fired.map(each => each.at);
  return { simulator, timer, fired, at, times };
}

describe('timer', () => {
  it('runs out once, when it was set to', () => {
    const { simulator, timer, times } = bench();
    timer.arm(10);
    expect(timer.armed).toBe(true);
    simulator.runUntil(9);
    expect(times()).toEqual([]);
    simulator.runUntil(1000);
    expect(times()).toEqual([10]);
    expect(timer.armed).toBe(false);
  });

  it.each<[string, number, number, number, number[]]>([
    ['later', 10, 5, 20, [25]],
    ['earlier', 10, 2, 3, [5]],
    ['to the same moment', 10, 4, 6, [10]],
    ['at once', 10, 4, 0, [4]],
  ])('set again %s runs out then and only then', (_what, first, when, second, expected) => {
    const { simulator, timer, at, times } = bench();
    timer.arm(first);
    at(when, () => {
      timer.arm(second);
    });
    simulator.runUntil(1000);
    expect(times()).toEqual(expected);
  });

  it('may be moved back and forth many times', () => {
    const { simulator, timer, at, times } = bench();
    timer.arm(100);
    [50, 3, 700, 20, 200, 8].forEach((delay, index) => {
      at(index + 1, () => {
        timer.arm(delay);
      });
    });
    simulator.runUntil(10_000);
    // The one of 3, set at 2, would be due at 5, but is moved at 3; the last move, at 6, is to 14.
    expect(times()).toEqual([14]);
  });

  it('does not run out when cancelled, and can be set again', () => {
    const { simulator, timer, at, times } = bench();
    timer.arm(10);
    at(5, () => {
      timer.cancel();
    });
    at(7, () => {
      expect(timer.armed).toBe(false);
      timer.arm(1);
    });
    at(20, () => {
      timer.arm(5);
      timer.cancel();
    });
    simulator.runUntil(1000);
    expect(times()).toEqual([8]);
  });

  it('can be set from its own expiry', () => {
    const simulator = new Simulator(1, undefined);
    const times: number[] = [];
    const timer: Timer = new Timer(simulator, {
      timerExpired: () => {
        times.push(simulator.now);
        if (times.length < 4) {
          timer.arm(10);
        }
      },
    });
    timer.arm(10);
    simulator.runUntil(1000);
    expect(times).toEqual([10, 20, 30, 40]);
  });

  it('acts for the cause that set it last, not for what happens to be going on', () => {
    const { simulator, timer, fired, at } = bench();
    simulator.cause = 17;
    timer.arm(10);
    at(3, () => {
      simulator.cause = 18;
      timer.arm(10);
    });
    at(12, () => {
      simulator.cause = 99;
    });
    simulator.runUntil(100);
    expect(fired).toEqual([{ at: 13, cause: 18 }]);
  });

  it('keeps to whole nanoseconds', () => {
    const { simulator, timer, times } = bench();
    timer.arm(10.4);
    simulator.runUntil(100);
    expect(times()).toEqual([10]);
  });
});
