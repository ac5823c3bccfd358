/**
 * Seeded randomness, a stream for each object that needs some: adding a device to a network does not change what the others draw.
 * The generator is xoroshiro128+ of pure-rand.
 */
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** FNV-1a over the name's UTF-16 units: spreads similar names over the seeds. */
function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  return hash;
}

export class RandomStream {
  private readonly generator: RandomGenerator;

  /** @param name which object draws; two names give unrelated streams of one seed */
  constructor(seed: number, name: string) {
    this.generator = xoroshiro128plus(Math.imul(seed, 0x9e3779b1) ^ hashName(name));
  }

  /** An integer from 0 to 2^32 - 1. */
  word(): number {
    return this.generator.next() >>> 0;
  }

  /** An integer from `least` to `most`, both included. */
  integer(least: number, most: number): number {
    return least + Math.floor((this.word() / 2 ** 32) * (most - least + 1));
  }

  /** A number from 0 up to but not including 1. */
  fraction(): number {
    return this.word() / 2 ** 32;
  }
}
