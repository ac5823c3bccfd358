/** Sequence numbers: 32 bits that wrap around (RFC 9293 3.4). */

/** Whether `a` comes before `b`; they are less than 2^31 apart. */
export function before(a: number, b: number): boolean {
  return ((a - b) | 0) < 0;
}

/** Whether `a` comes after `b`; they are less than 2^31 apart. */
export function after(a: number, b: number): boolean {
  return ((b - a) | 0) < 0;
}

/** The number `count` further on, or back where it is negative. */
export function advance(sequence: number, count: number): number {
  return (sequence + count) >>> 0;
}

/** How far `to` is behind `from`: negative where it comes before. */
export function distance(from: number, to: number): number {
  return (to - from) | 0;
}

/** The later of two. */
export function later(a: number, b: number): number {
  return after(a, b) ? a : b;
}
