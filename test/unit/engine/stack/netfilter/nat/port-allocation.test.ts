import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../../../../src/engine/kernel/random-stream';
import {
  PortAllocator,
  portClass,
  type PortRequest,
} from '../../../../../../src/engine/stack/netfilter/nat/port-allocation';

/** Ports tried after a random start. */
const ATTEMPTS = 128;

function allocatePort(
  wanted: number,
  isIcmpIdentifier: boolean,
  isTaken: PortRequest['isTaken'],
  random: RandomStream,
): number | undefined {
  return new PortAllocator('preserving', random).allocate({ wanted, isIcmpIdentifier, isTaken });
}

describe('classes of ports', () => {
  // Measured on Linux: 600 moves to 971 or 749, 1000 to 602 or 931, 40010 to 56079, 50000 to 17377.
  it.each([
    [1, 1, 511],
    [511, 1, 511],
    [512, 600, 1023],
    [600, 600, 1023],
    [1023, 600, 1023],
    [1024, 1024, 65_535],
    [40_010, 1024, 65_535],
    [65_535, 1024, 65_535],
  ])('%i may become %i to %i', (port, first, last) => {
    expect(portClass(port, false)).toEqual([first, last]);
  });

  it('do not exist for echo identifiers', () => {
    expect(portClass(5, true)).toEqual([0, 65_535]);
  });
});

describe('a port', () => {
  it('is kept while it is free', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 65_535 }), fc.boolean(), (port, echo) => {
        const taken = (each: number) => each !== port;
        expect(allocatePort(port, echo, taken, new RandomStream(1, 'x'))).toBe(port);
      }),
    );
  });

  it('is otherwise a free one of its class, and only not found when a whole run of attempts is taken', () => {
    const wanted = fc.oneof(fc.integer({ min: 1, max: 1500 }), fc.integer({ min: 1, max: 65_535 }));
    fc.assert(
      fc.property(
        wanted,
        fc.boolean(),
        fc.integer(),
        fc.integer({ min: 0, max: 99 }),
        (port, echo, seed, share) => {
          const taken = (each: number) =>
            each === port || (Math.imul(each ^ seed, 0x9e3779b1) >>> 7) % 100 < share;
          const got = allocatePort(port, echo, taken, new RandomStream(seed, 'x'));
          const [first, last] = portClass(port, echo);
          if (got !== undefined) {
            expect(taken(got)).toBe(false);
            expect(got).toBeGreaterThanOrEqual(first);
            expect(got).toBeLessThanOrEqual(last);
            return;
          }
          const count = last - first + 1;
          let run = 0;
          let longest = 0;
          for (let at = 0; at < count + ATTEMPTS; at++) {
            run = taken(first + (at % count)) ? run + 1 : 0;
            longest = Math.max(longest, run);
          }
          expect(longest).toBeGreaterThanOrEqual(ATTEMPTS);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is not found when all are taken, and is found where all but one are, in a class not larger than the attempts', () => {
    expect(allocatePort(80, false, () => true, new RandomStream(1, 'x'))).toBeUndefined();
    // Of 600 to 1023 the free ones lie every hundred apart: a run of 128 always meets one.
    const free = (port: number) => port % 100 === 50;
    for (let seed = 0; seed < 50; seed++) {
      const got = allocatePort(700, false, port => !free(port), new RandomStream(seed, 'x'));
      expect([650, 750, 850, 950]).toContain(got);
    }
  });

  it('is a random one, but the same for the same seed', () => {
    const choice = (seed: number) =>
      allocatePort(40_000, false, port => port === 40_000, new RandomStream(seed, 'x'));
    const choices = Array.from({ length: 50 }, (_, seed) => choice(seed));
    expect(new Set(choices).size).toBeGreaterThan(45);
    expect(choice(7)).toBe(choices[7]);
  });
});

describe('other ways to choose', () => {
  const request = (wanted: number, taken: (port: number) => boolean, more: Partial<PortRequest> = {}) => ({
    wanted,
    isIcmpIdentifier: false,
    isTaken: taken,
    ...more,
  });

  it('in sequence: one after the other, past those taken, and from the beginning again', () => {
    const allocator = new PortAllocator('sequential', new RandomStream(1, 'x'));
    const taken = (port: number) => port === 602;
    const got = Array.from({ length: 425 }, () => allocator.allocate(request(700, taken)));
    expect(got.slice(0, 4)).toEqual([600, 601, 603, 604]);
    expect(got.slice(-3)).toEqual([1023, 600, 601]);
    expect(allocator.allocate(request(40_000, () => false))).toBe(1024);
  });

  it('at random: not the inside port even where it is free (nft `masquerade random`; measured)', () => {
    const choices = Array.from({ length: 20 }, (_, seed) =>
      new PortAllocator('random', new RandomStream(seed, 'x')).allocate(request(40_000, () => false)),
    );
    expect(new Set(choices).size).toBe(20);
    expect(choices).not.toContain(40_000);
  });

  it('with parity: even stays even and odd stays odd (RFC 4787 REQ-4)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 65_535 }), fc.integer(), (wanted, seed) => {
        const allocator = new PortAllocator('preserving', new RandomStream(seed, 'x'));
        const got = allocator.allocate(request(wanted, port => port === wanted, { keepsParity: true }));
        const [first, last] = portClass(wanted, false);
        expect(got! % 2).toBe(wanted % 2);
        expect(got).not.toBe(wanted);
        expect(got).toBeGreaterThanOrEqual(first);
        expect(got).toBeLessThanOrEqual(last);
      }),
    );
  });

  it('exhaustively: finds the only port that is free', () => {
    const free = (port: number) => port !== 31_337;
    for (let seed = 0; seed < 5; seed++) {
      const allocator = new PortAllocator('preserving', new RandomStream(seed, 'x'));
      expect(allocator.allocate(request(2000, free, { isExhaustive: true }))).toBe(31_337);
      expect(allocator.allocate(request(2000, () => true, { isExhaustive: true }))).toBeUndefined();
    }
  });
});
