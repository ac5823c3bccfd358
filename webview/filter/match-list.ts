/** The numbers of the records that pass a filter, ascending, in one typed array that grows in place: a million of them are 4 MB. */

const FIRST_CAPACITY = 4096;

export class MatchList {
  #numbers = new Uint32Array(FIRST_CAPACITY);
  /** Those from here on are kept. */
  #head = 0;
  #end = 0;
  #forgotten = 0;
  #looked = 0;

  get size(): number {
    return this.#end - this.#head;
  }

  /** Every record before this one has been looked at. */
  get looked(): number {
    return this.#looked;
  }

  /** Rows that were at the front and are gone. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /** The record of a row. */
  at(row: number): number {
    return this.#numbers[this.#head + row] ?? -1;
  }

  /** The row of a record, or of the first one after it that passes. */
  rowOf(number: number): number {
    let low = this.#head;
    let high = this.#end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#numbers[middle] ?? 0) < number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - this.#head;
  }

  /** Takes a batch: 32-bit numbers, least significant byte first. What is not behind all that is here is passed over. */
  add(data: ArrayBuffer, looked: number): void {
    const view = new DataView(data);
    const count = Math.floor(data.byteLength / Uint32Array.BYTES_PER_ELEMENT);
    this.#makeRoom(count);
    for (let index = 0; index < count; index++) {
      const number = view.getUint32(index * Uint32Array.BYTES_PER_ELEMENT, true);
      if (this.size === 0 || number > (this.#numbers[this.#end - 1] ?? 0)) {
        this.#numbers[this.#end++] = number;
      }
    }
    this.#looked = Math.max(this.#looked, looked);
  }

  /** Forgets the records from this one on. */
  truncate(end: number): void {
    this.#end = this.#head + this.rowOf(end);
    this.#looked = Math.min(this.#looked, end);
  }

  /** Forgets the records before this one. */
  forgetBefore(oldest: number): void {
    const gone = this.rowOf(oldest);
    this.#head += gone;
    this.#forgotten += gone;
  }

  clear(): void {
    this.#head = 0;
    this.#end = 0;
    this.#forgotten = 0;
    this.#looked = 0;
  }

  #makeRoom(count: number): void {
    if (this.#end + count <= this.#numbers.length) {
      return;
    }
    const kept = this.#numbers.subarray(this.#head, this.#end);
    const capacity = Math.max(this.#numbers.length, 2 * (kept.length + count));
    // What was forgotten at the front makes room where it is enough.
    if (capacity > this.#numbers.length) {
      const grown = new Uint32Array(capacity);
      grown.set(kept);
      this.#numbers = grown;
    } else {
      this.#numbers.copyWithin(0, this.#head, this.#end);
    }
    this.#end -= this.#head;
    this.#head = 0;
  }
}
