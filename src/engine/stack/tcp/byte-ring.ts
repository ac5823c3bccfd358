/** Bytes in a ring that grows up to a limit: what a connection has sent or received and not yet let go of. */

/** Room that a ring begins with. */
const FIRST_BYTES = 4096;

export class ByteRing {
  private buffer = new Uint8Array(0);
  private start = 0;

  /** @param limit bytes at most, whatever is written */
  constructor(readonly limit: number) {}

  /** Puts bytes at this distance from the beginning; what lies past the limit is cut off. */
  write(offset: number, bytes: Uint8Array): void {
    const end = Math.min(offset + bytes.length, this.limit);
    if (end <= offset) {
      return;
    }
    if (end > this.buffer.length) {
      this.grow(end);
    }
    const capacity = this.buffer.length;
    const at = (this.start + offset) % capacity;
    const first = Math.min(end - offset, capacity - at);
    this.buffer.set(bytes.subarray(0, first), at);
    this.buffer.set(bytes.subarray(first, end - offset), 0);
  }

  /** These bytes, which hold until the next write: a view where they lie in one piece. */
  read(offset: number, length: number): Uint8Array {
    const capacity = this.buffer.length;
    if (length <= 0 || offset + length > capacity) {
      return new Uint8Array(0);
    }
    const at = (this.start + offset) % capacity;
    if (at + length <= capacity) {
      return this.buffer.subarray(at, at + length);
    }
    const joined = new Uint8Array(length);
    joined.set(this.buffer.subarray(at), 0);
    joined.set(this.buffer.subarray(0, length - (capacity - at)), capacity - at);
    return joined;
  }

  /** Lets go of the first bytes: what was at `count` is at 0 now. */
  discard(count: number): void {
    if (this.buffer.length > 0) {
      this.start = (this.start + count) % this.buffer.length;
    }
  }

  private grow(needed: number): void {
    let capacity = Math.max(FIRST_BYTES, this.buffer.length);
    while (capacity < needed) {
      capacity *= 2;
    }
    const larger = new Uint8Array(capacity);
    larger.set(this.buffer.subarray(this.start), 0);
    larger.set(this.buffer.subarray(0, this.start), this.buffer.length - this.start);
    this.buffer = larger;
    this.start = 0;
  }
}
