/**
 * Where the bytes of frames come from: views cut one after the other from large blocks. Asking the runtime for a buffer of its own for
 * each frame costs half of a router's time. A block is freed when no frame of it is in use any more; its bytes are never used twice, so
 * a fresh view is all zeros.
 */

/** Large enough that blocks are rare, small enough that a frame kept for long does not hold much. */
const BLOCK_BYTES = 1 << 18;

/** Up to this length a loop copies faster than the built-in call. */
const LOOP_BYTES = 160;

export class FramePool {
  private block = new ArrayBuffer(BLOCK_BYTES);
  private used = 0;

  /** Zeroed room for a frame of this many bytes. */
  allocate(length: number): Uint8Array {
    if (length > BLOCK_BYTES) {
      return new Uint8Array(length);
    }
    if (this.used + length > BLOCK_BYTES) {
      this.block = new ArrayBuffer(BLOCK_BYTES);
      this.used = 0;
    }
    const bytes = new Uint8Array(this.block, this.used, length);
    this.used += length;
    return bytes;
  }

  /** A copy of the first `length` bytes. */
  copy(bytes: Uint8Array, length = bytes.length): Uint8Array {
    const copy = this.allocate(length);
    if (length > LOOP_BYTES) {
      copy.set(length === bytes.length ? bytes : bytes.subarray(0, length));
      return copy;
    }
    for (let index = 0; index < length; index++) {
      copy[index] = bytes[index] ?? 0;
    }
    return copy;
  }
}
