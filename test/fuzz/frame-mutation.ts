/** Frames that nobody should send: real ones changed a little, built ones with odd fields, and noise. */
import type { RandomStream } from '../../src/engine/kernel/random-stream';
import { FrameBuilder, type Vocabulary } from './frame-builder';
import { repaired } from './repaired-checksums';

const LENGTHS = [0, 1, 13, 14, 15, 33, 34, 41, 42, 46, 53, 54, 60, 62, 74, 590, 1514, 4000];

export class FrameMutation {
  private readonly frames: FrameBuilder;

  constructor(random: RandomStream, words: Vocabulary) {
    this.frames = new FrameBuilder(random, words);
  }

  /** The next frame; `seen` are frames that were really sent. */
  next(seen: readonly Uint8Array[]): Uint8Array {
    const kind = this.below(10);
    if (kind === 0) {
      return this.frames.noise(this.pick(LENGTHS));
    }
    const whole = kind < 6 && seen.length > 0 ? this.pick(seen).slice() : this.frames.built();
    let bytes = whole;
    for (let changes = this.below(4); changes > 0; changes--) {
      bytes = this.changed(bytes, seen);
    }
    return this.below(3) === 0 ? bytes : repaired(bytes);
  }

  pick<Item>(items: readonly Item[]): Item {
    return this.frames.pick(items);
  }

  below(count: number): number {
    return this.frames.below(count);
  }

  private changed(bytes: Uint8Array, seen: readonly Uint8Array[]): Uint8Array {
    const at = this.below(Math.max(1, bytes.length));
    switch (this.below(6)) {
      case 0:
        bytes[at]! ^= 1 << this.below(8);
        return bytes;
      case 1:
        bytes[at] = this.pick([0, 1, 0x7f, 0x80, 0xff]);
        return bytes;
      case 2:
        // Cut, or with something behind.
        return this.below(2) === 0
          ? bytes.slice(0, at)
          : Uint8Array.of(...bytes, ...this.frames.noise(this.below(40)));
      case 3: {
        // The beginning of one frame, the end of another.
        const other = seen.length === 0 ? this.frames.built() : this.pick(seen);
        return Uint8Array.of(...bytes.subarray(0, at), ...other.subarray(at));
      }
      case 4: {
        // For somebody who is there.
        const mac = this.frames.mac();
        for (let index = 0; index < 6 && index < bytes.length; index++) {
          bytes[index] = Math.floor(mac / 2 ** (40 - 8 * index)) & 255;
        }
        return bytes;
      }
      default: {
        // A length, a type, a port or an option: two bytes somewhere in the headers.
        const field = this.below(Math.max(1, Math.min(bytes.length, 60) - 1));
        const value = this.pick([0, 1, 7, 8, 20, 28, 53, 67, 68, 0xff, 0xffff, this.below(65_536)]);
        bytes[field] = value >> 8;
        bytes[field + 1] = value;
        return bytes;
      }
    }
  }
}
