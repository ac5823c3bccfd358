import { describe, expect, it } from 'vitest';
import {
  DROP_REASONS,
  dropReasonCode,
  dropReasonOf,
  type DropReason,
} from '../../../../src/engine/kernel/drop-reason';
import { FramePool } from '../../../../src/engine/kernel/frame-pool';
import { Simulator } from '../../../../src/engine/kernel/simulator';

describe('virtual time', () => {
  const ticking = (count: number) => {
    const simulator = new Simulator(1, undefined);
    const times: number[] = [];
    for (let n = 1; n <= count; n++) {
      simulator.schedule(n * 10, { occur: () => times.push(simulator.now) }, null, 0);
    }
    return { simulator, times };
  };

  it('runs what is due up to and including a moment, then stands there', () => {
    const { simulator, times } = ticking(5);
    expect(simulator.runUntil(30)).toBe(3);
    expect(times).toEqual([10, 20, 30]);
    expect(simulator.now).toBe(30);
    expect(simulator.nextEventTime).toBe(40);
    expect(simulator.runUntil(35)).toBe(0);
    expect(simulator.now).toBe(35);
  });

  it('stops after so many events, with the clock where the last one was', () => {
    const { simulator, times } = ticking(5);
    expect(simulator.runUntil(100, 2)).toBe(2);
    expect(times).toEqual([10, 20]);
    expect(simulator.now).toBe(20);
    expect(simulator.runUntil(100)).toBe(3);
    expect(simulator.now).toBe(100);
    expect(simulator.nextEventTime).toBeUndefined();
  });

  it('never goes back', () => {
    const { simulator } = ticking(1);
    simulator.runUntil(100);
    simulator.runUntil(50);
    expect(simulator.now).toBe(100);
  });

  it('can run to the next record, and says when there is none', () => {
    const { simulator } = ticking(3);
    simulator.schedule(
      15,
      { occur: () => simulator.drop(0, simulator.frame(new Uint8Array(1)), 'malformed') },
      null,
      0,
    );
    expect(simulator.runUntilRecord(1)).toBe(false);
    expect(simulator.runUntilRecord(100)).toBe(true);
    expect(simulator.now).toBe(15);
    expect(simulator.runUntilRecord(100)).toBe(false);
    expect(simulator.records).toBe(1);
  });
});

describe('frames', () => {
  it('are numbered from 0', () => {
    const simulator = new Simulator(1, undefined);
    expect([simulator.frame(new Uint8Array(1)).id, simulator.frame(new Uint8Array(1)).id]).toEqual([0, 1]);
  });

  it('have room of their own in the pool, all zeros, whatever their sizes', () => {
    const pool = new FramePool();
    const views = Array.from({ length: 3000 }, (_, index) => pool.allocate((index * 37) % 1515));
    views.push(pool.allocate(300_000));
    views.forEach((view, index) => {
      expect(view.every(byte => byte === 0)).toBe(true);
      view.fill(index & 255);
    });
    views.forEach((view, index) => {
      expect(view.every(byte => byte === (index & 255))).toBe(true);
    });
  });

  it('are copied whole or in part', () => {
    const pool = new FramePool();
    for (const length of [0, 1, 60, 160, 161, 1514]) {
      const bytes = Uint8Array.from({ length }, (_, at) => at & 255);
      const copy = pool.copy(bytes);
      expect(copy).toEqual(bytes);
      expect(pool.copy(bytes, length >> 1)).toEqual(bytes.subarray(0, length >> 1));
      bytes.fill(0xee);
      expect(copy.some(byte => byte === 0xee)).toBe(length > 0xee);
    }
  });
});

describe('reasons to drop', () => {
  it('have a code each, and 0 stays for none', () => {
    const names = Object.keys(DROP_REASONS) as DropReason[];
    expect(names.map(name => dropReasonOf(dropReasonCode(name)))).toEqual(names);
    expect(dropReasonOf(0)).toBeUndefined();
    expect(dropReasonOf(names.length + 1)).toBeUndefined();
  });
});
