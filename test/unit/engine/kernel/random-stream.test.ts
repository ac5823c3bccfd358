import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../../src/engine/kernel/random-stream';

const words = (seed: number, name: string) => {
  const stream = new RandomStream(seed, name);
  return Array.from({ length: 8 }, () => stream.word());
};

describe('random stream', () => {
  it('repeats itself for one seed and name', () => {
    expect(words(1, 'cable a')).toEqual(words(1, 'cable a'));
  });

  it('differs for another seed and for another name', () => {
    const all = [words(1, 'cable a'), words(2, 'cable a'), words(1, 'cable b'), words(0, ''), words(-1, '')];
    expect(new Set(all.flat()).size).toBe(all.flat().length);
  });

  it('stays within its bounds and reaches both', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: -5, max: 5 }),
        fc.integer({ min: 0, max: 3 }),
        (seed, least, more) => {
          const stream = new RandomStream(seed, 'x');
          const drawn = new Set(Array.from({ length: 200 }, () => stream.integer(least, least + more)));
          expect([...drawn].sort((a, b) => a - b)).toEqual(
            Array.from({ length: more + 1 }, (_, n) => least + n),
          );
        },
      ),
    );
    const stream = new RandomStream(3, 'fraction');
    const fractions = Array.from({ length: 10_000 }, () => stream.fraction());
    expect(fractions.every(each => each >= 0 && each < 1)).toBe(true);
    const mean = fractions.reduce((sum, each) => sum + each, 0) / fractions.length;
    expect(mean).toBeGreaterThan(0.48);
    expect(mean).toBeLessThan(0.52);
  });
});
