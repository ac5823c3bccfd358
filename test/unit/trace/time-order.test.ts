import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortByKey } from '../../../src/trace/time-order';

describe('sorting by time', () => {
  it('sorts, and keeps the order of equal times', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 200 }), times => {
        const order = Uint32Array.from(times.keys());
        const expected = [...times.keys()].sort((a, b) => times[a]! - times[b]! || a - b);
        expect([...sortByKey(order, index => times[index]!)]).toEqual(expected);
      }),
    );
  });
});
