import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventQueue, type EventTarget } from '../../../../src/engine/kernel/event-queue';
import { Frame } from '../../../../src/engine/kernel/frame';

/** Writes down the tags it is given. */
class Log implements EventTarget {
  readonly tags: number[] = [];
  occur(_frame: Frame | null, tag: number): void {
    this.tags.push(tag);
  }
}

/** Delivers everything and gives the tags in order. */
function drain(queue: EventQueue, log: Log): number[] {
  while (queue.length > 0) {
    queue.deliverNext();
  }
  return log.tags;
}

describe('event queue', () => {
  it('is empty at first', () => {
    const queue = new EventQueue();
    expect(queue.length).toBe(0);
    expect(queue.nextTime).toBeUndefined();
  });

  it('gives the target its frame, or none for a timer', () => {
    const queue = new EventQueue();
    const frame = new Frame(Uint8Array.of(1), 5);
    const got: [Frame | null, number][] = [];
    const target = { occur: (each: Frame | null, tag: number) => void got.push([each, tag]) };
    queue.push(2, target, null, 8);
    queue.push(1, target, frame, 7);
    expect(queue.nextTime).toBe(1);
    queue.deliverNext();
    queue.deliverNext();
    expect(got).toEqual([
      [frame, 7],
      [null, 8],
    ]);
    expect(queue.nextTime).toBeUndefined();
  });

  it('delivers events of one time in the order they were added', () => {
    const queue = new EventQueue();
    const log = new Log();
    for (let tag = 0; tag < 100; tag++) {
      queue.push(42, log, null, tag);
    }
    expect(drain(queue, log)).toEqual(Array.from({ length: 100 }, (_, tag) => tag));
  });

  it('grows far beyond its first 1024 places without losing the order', () => {
    const queue = new EventQueue();
    const log = new Log();
    const count = 5000;
    // A permutation: 1237 has no factor in common with 5000.
    const times = Array.from({ length: count }, (_, index) => (index * 1237) % count);
    times.forEach(time => {
      queue.push(time, log, null, time);
    });
    expect(queue.length).toBe(count);
    expect(drain(queue, log)).toEqual(Array.from({ length: count }, (_, time) => time));
  });

  it('agrees with a stable sort, whatever is added and taken in whatever order', () => {
    // A number adds an event at that time; null takes the first one out.
    const action = fc.option(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.maxSafeNat()), { freq: 3 });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 400 }), actions => {
        const queue = new EventQueue();
        const log = new Log();
        const model: { time: number; tag: number }[] = [];
        const expected: number[] = [];
        actions.forEach((time, tag) => {
          if (time !== null) {
            queue.push(time, log, null, tag);
            const after = model.findIndex(event => event.time > time);
            model.splice(after < 0 ? model.length : after, 0, { time, tag });
          } else if (model.length > 0) {
            queue.deliverNext();
            expected.push(model.shift()!.tag);
          }
          expect(queue.length).toBe(model.length);
          expect(queue.nextTime).toBe(model[0]?.time);
        });
        expected.push(...model.map(({ tag }) => tag));
        expect(drain(queue, log)).toEqual(expected);
      }),
    );
  });

  it('takes events added while one is delivered', () => {
    const queue = new EventQueue();
    const log = new Log();
    queue.push(5, log, null, 3);
    queue.push(
      1,
      {
        occur: () => {
          queue.push(1, log, null, 1);
          queue.push(2, log, null, 2);
        },
      },
      null,
      0,
    );
    expect(drain(queue, log)).toEqual([1, 2, 3]);
  });
});
