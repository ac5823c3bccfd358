/** Fragmentation and reassembly against each other and against RFC 791, RFC 815 and Linux's rules. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FramePool } from '../../../../../src/engine/kernel/frame-pool';
import { fragmentIpv4 } from '../../../../../src/engine/stack/ipv4/fragmentation';
import { Reassembly, type ReassemblyStep } from '../../../../../src/engine/stack/ipv4/reassembly';
import { checkIpv4 } from '../../../../../src/wire/ipv4';
import { IP, ipv4Frame, pattern, withHeaderChecksum, word, type IpMore } from '../../packets';
import { ip, mac } from '../../topologies';

const ENDS = {
  fromMac: mac('02:00:00:00:00:01'),
  toMac: mac('02:00:00:00:00:02'),
  from: ip('10.0.0.1'),
  to: ip('10.0.0.2'),
};
const LIMITS = { time: 30e9, memory: 4 << 20, distance: 64 };
const SECOND = 1e9;

const packet = (length: number, more: IpMore = {}) => ipv4Frame(ENDS, pattern(length), more);
const cut = (bytes: Uint8Array, mtu: number) => fragmentIpv4(bytes, IP, mtu, new FramePool());
const offsetOf = (bytes: Uint8Array) => (word(bytes, IP + 6) & 0x1fff) * 8;
const flagsOf = (bytes: Uint8Array) => bytes[IP + 6]! >> 5;

/** One fragment with this part of a packet. */
function part(from: number, to: number, last = false, more: IpMore = {}): Uint8Array {
  const fields = { fragmentOffset: from, moreFragments: !last, ...more };
  return ipv4Frame(ENDS, pattern(4096).subarray(from, to), fields);
}

function feed(reassembly: Reassembly<number>, parts: readonly Uint8Array[], now = 0) {
  return parts.map((bytes, index): ReassemblyStep<number> => reassembly.add(bytes, IP, index, now));
}

describe('cutting (RFC 791 3.2)', () => {
  it('makes 1480, 1480 and 1048 bytes of an echo of 4000 (measured on Linux 6.18)', () => {
    const fragments = cut(packet(4008), 1500);
    expect(fragments.map(bytes => [bytes.length, offsetOf(bytes), flagsOf(bytes)])).toEqual([
      [1514, 0, 1],
      [1514, 1480, 1],
      [1082, 2960, 0],
    ]);
    expect(fragments.map(bytes => checkIpv4(bytes, IP, bytes.length - IP))).toEqual(Array(3).fill(undefined));
  });

  it('cuts fragments again in place (measured: MTU 1500, then 1400)', () => {
    const fragments = cut(packet(4008), 1500).flatMap(bytes => cut(bytes, 1400));
    expect(fragments.map(bytes => [word(bytes, IP + 2), offsetOf(bytes), flagsOf(bytes)])).toEqual([
      [1396, 0, 1],
      [124, 1376, 1],
      [1396, 1480, 1],
      [124, 2856, 1],
      [1068, 2960, 0],
    ]);
  });

  it('keeps options with the copied flag in every fragment, and blanks the others behind the first', () => {
    const plain = packet(100);
    // Record route of one address, not copied; a stream identifier, copied.
    const options = [7, 7, 4, 0, 0, 0, 0, 136, 4, 0x12, 0x34, 0];
    const bytes = Uint8Array.of(...plain.subarray(0, 34), ...options, ...plain.subarray(34));
    bytes[IP] = 0x48;
    bytes[IP + 3] = 132;
    const fragments = cut(withHeaderChecksum(bytes), 68);
    expect(fragments.map(each => [...each.subarray(34, 46)])).toEqual([
      options,
      ...Array<number[]>(fragments.length - 1).fill([1, 1, 1, 1, 1, 1, 1, 136, 4, 0x12, 0x34, 0]),
    ]);
    expect(fragments.map(each => checkIpv4(each, IP, each.length - IP))).toEqual(
      fragments.map(() => undefined),
    );
  });
});

describe('cutting and putting together', () => {
  it('gives the packet back, whatever the order and however often fragments are copied', () => {
    const scenario = fc.record({
      size: fc.integer({ min: 1, max: 9000 }),
      mtus: fc.array(fc.integer({ min: 68, max: 4000 }), { minLength: 1, maxLength: 3 }),
      copies: fc.array(fc.nat(), { maxLength: 6 }),
      dontFragment: fc.boolean(),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(scenario, ({ size, mtus, copies, dontFragment, seed }) => {
        const whole = packet(size, { dontFragment });
        const fragments = mtus.reduce(
          (parts, mtu) => parts.flatMap(bytes => (word(bytes, IP + 2) > mtu ? cut(bytes, mtu) : [bytes])),
          [whole],
        );
        fc.pre(fragments.length > 1);
        const order = [...fragments, ...copies.map(index => fragments[index % fragments.length]!)];
        shuffle(order, seed);
        const reassembly = new Reassembly<number>({ ...LIMITS, distance: 0 });
        const results: Uint8Array[] = [];
        for (const [index, bytes] of order.entries()) {
          const step = reassembly.add(bytes, IP, index, 0);
          if (step.whole !== undefined) {
            results.push(step.whole.bytes);
            expect(step.whole.largestFragment).toBe(Math.max(...fragments.map(each => word(each, IP + 2))));
            break;
          }
          expect(step.discarded?.reason ?? 'fragment-repeated').toBe('fragment-repeated');
        }
        expect(results).toEqual([whole]);
        expect(reassembly.waiting).toBe(0);
      }),
    );
  });

  it('never throws and never keeps what it should not, whatever the fragments', () => {
    const piece = fc.record({
      from: fc.integer({ min: 0, max: 8191 }),
      size: fc.integer({ min: 0, max: 60 }),
      last: fc.boolean(),
      id: fc.integer({ min: 0, max: 2 }),
      tos: fc.integer({ min: 0, max: 3 }),
      now: fc.integer({ min: 0, max: 40 }),
    });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), pieces => {
        const reassembly = new Reassembly<number>({ ...LIMITS, distance: 5, memory: 4000 });
        const told: number[] = [];
        let now = 0;
        for (const [index, { from, size, last, id, tos, now: delay }] of pieces.entries()) {
          now += delay * SECOND;
          told.push(...reassembly.expire(now).flatMap(({ fragments }) => fragments));
          const bytes = ipv4Frame(ENDS, pattern(size), {
            fragmentOffset: from * 8,
            moreFragments: !last,
            identification: id,
            typeOfService: tos,
          });
          const { discarded, whole } = reassembly.add(bytes, IP, index, now);
          told.push(...(discarded?.fragments ?? []));
          if (whole !== undefined) {
            expect(checkIpv4(whole.bytes, IP, whole.bytes.length - IP)).toBeUndefined();
          }
        }
        reassembly.expire(now + 31 * SECOND);
        expect(reassembly.waiting).toBe(0);
        expect(new Set(told).size).toBe(told.length);
      }),
    );
  });
});

describe('what Linux gives up', () => {
  it('the whole packet when two fragments overlap', () => {
    const reassembly = new Reassembly<number>(LIMITS);
    const steps = feed(reassembly, [part(0, 80), part(160, 240, true), part(72, 160)]);
    expect(steps.map(({ discarded }) => discarded)).toEqual([
      undefined,
      undefined,
      { reason: 'fragments-overlap', fragments: [0, 1, 2] },
    ]);
    expect(reassembly.waiting).toBe(0);
  });

  it('just the copy when a fragment brings nothing new', () => {
    const reassembly = new Reassembly<number>(LIMITS);
    const steps = feed(reassembly, [part(0, 80), part(80, 160), part(40, 120), part(160, 200, true)]);
    expect(steps[2]?.discarded).toEqual({ reason: 'fragment-repeated', fragments: [2] });
    expect(steps[3]?.whole?.bytes).toEqual(ipv4Frame(ENDS, pattern(200)));
  });

  it.each<[string, Uint8Array[]]>([
    ['two ends', [part(80, 160, true), part(160, 200, true)]],
    ['bytes behind the end', [part(80, 160, true), part(160, 240)]],
    ['an end in front of bytes', [part(80, 160), part(0, 40, true)]],
    ['an empty fragment', [part(80, 160), part(0, 0)]],
    [
      'congestion in a packet that does not know of it',
      [part(0, 80), part(80, 88, true, { typeOfService: 3 })],
    ],
  ])('the whole packet for %s', (_what, parts) => {
    const reassembly = new Reassembly<number>(LIMITS);
    const last = feed(reassembly, parts).at(-1);
    expect(last?.discarded).toEqual({ reason: 'fragments-overlap', fragments: [0, 1] });
    expect(reassembly.waiting).toBe(0);
  });

  it('a packet that would be longer than 65,535 bytes', () => {
    const reassembly = new Reassembly<number>(LIMITS);
    const parts: Uint8Array[] = [];
    for (let from = 0; from < 44 * 1480; from += 1480) {
      parts.push(ipv4Frame(ENDS, new Uint8Array(1480), { fragmentOffset: from, moreFragments: true }));
    }
    const end = parts.length * 1480;
    const tail = ipv4Frame(ENDS, new Uint8Array(400), { fragmentOffset: end });
    const steps = feed(reassembly, [...parts, tail]);
    expect(end + 400 + 20).toBeGreaterThan(65_535);
    expect(steps.every(({ whole }) => whole === undefined)).toBe(true);
    expect(steps.at(-1)?.discarded?.reason).toBe('malformed');
    expect(reassembly.waiting).toBe(0);
  });

  it('what is not whole after 30 seconds, with its beginning if that came', () => {
    const reassembly = new Reassembly<number>(LIMITS);
    reassembly.add(part(8, 16), IP, 1, 0);
    reassembly.add(part(0, 8), IP, 2, 29 * SECOND);
    reassembly.add(part(8, 16, false, { identification: 9 }), IP, 3, 1 * SECOND);
    expect(reassembly.deadline).toBe(30 * SECOND);
    expect(reassembly.expire(30 * SECOND - 1)).toEqual([]);
    expect(reassembly.expire(30 * SECOND)).toEqual([
      { reason: 'fragments-missing', fragments: [2, 1], first: 2 },
    ]);
    expect(reassembly.expire(31 * SECOND)).toEqual([
      { reason: 'fragments-missing', fragments: [3], first: undefined },
    ]);
    expect(reassembly.deadline).toBeUndefined();
  });

  it('new packets while too much waits', () => {
    const reassembly = new Reassembly<number>({ ...LIMITS, memory: 1500 });
    const parts = [1, 2, 3].map(identification => part(0, 400, false, { identification }));
    expect(feed(reassembly, parts).map(({ discarded }) => discarded?.reason)).toEqual([
      undefined,
      undefined,
      'reassembly-full',
    ]);
  });

  it('the beginning of a packet whose rest comes 64 fragments of its source later', () => {
    const reassembly = new Reassembly<number>(LIMITS);
    reassembly.add(part(0, 8), IP, 0, 0);
    for (let identification = 1; identification <= 64; identification++) {
      reassembly.add(part(0, 8, false, { identification }), IP, identification, 0);
    }
    const step = reassembly.add(part(8, 16, true), IP, 65, 0);
    expect(step).toEqual({ discarded: { reason: 'reassembly-overtaken', fragments: [0] } });
    expect(reassembly.add(part(0, 8), IP, 66, 0).whole?.bytes).toEqual(ipv4Frame(ENDS, pattern(16)));
  });
});

it('a packet that met congestion in one fragment has met it (RFC 3168 5.3)', () => {
  const reassembly = new Reassembly<number>(LIMITS);
  const steps = feed(reassembly, [
    part(0, 8, false, { typeOfService: 2 }),
    part(8, 16, true, { typeOfService: 3 }),
  ]);
  expect(steps[1]?.whole?.bytes[IP + 1]).toBe(3);
});

/** Fisher and Yates, with a small generator of its own. */
function shuffle(items: unknown[], seed: number): void {
  let state = seed >>> 0;
  for (let index = items.length - 1; index > 0; index--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = state % (index + 1);
    [items[index], items[other]] = [items[other]!, items[index]!];
  }
}
