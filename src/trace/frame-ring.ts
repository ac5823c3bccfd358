/**
 * The bytes of frames, each distinct frame once, in a bounded ring of equal chunks, made when no chunk of forgotten records is free. A
 * frame that a router or a NAT made from another differs from it only at the front: then only that part is stored, with the place of the
 * rest.
 */

/** What the store needs to know of a frame. Its bytes never change, and its id names it in one simulation. */
export interface StoredFrame {
  readonly bytes: Uint8Array;
  readonly id: number;
}

/** Bytes of a chunk: longer than any frame, small enough that a small simulation stays small. Longer frames are cut to it. */
export const CHUNK_BYTES = 131_072;

/** Recently stored frames that are found again, a power of two; more than wait in the queues of a busy switch. */
const REMEMBERED = 4096;

/** Frames up to this long are copied byte by byte, which was faster than a call when measured. */
const SHORT = 128;

/** Bytes in front of the part that a split frame has of its own: where the rest lies, and how long its own part is. */
const SPLIT_HEADER = 8;

/** A rest shorter than this is not worth a split. */
const SHORTEST_REST = 32;

/** Set in the place of a split frame; places are below it, since a ring has at most this many bytes. */
const SPLIT = 0x8000_0000;

export class FrameRing {
  readonly #chunks: Uint8Array[] = [];
  /** The newest record that uses a chunk, by the chunk's index; -1 for none. */
  readonly #lastUse: Float64Array;
  /** How many chunks had been begun when a chunk was, by its index. */
  readonly #sequenceOf: Float64Array;
  /** The indices of all chunks, the one begun first in front. */
  readonly #order: number[] = [0];
  readonly #rememberedIds = new Float64Array(REMEMBERED).fill(-1);
  readonly #rememberedPlaces = new Float64Array(REMEMBERED);
  /** How many chunks had been begun when a remembered frame was stored. */
  readonly #rememberedSequences = new Float64Array(REMEMBERED);
  readonly #size: number;
  /** How many chunks back a frame may lie that a new record uses: half the ring, so that no record depends on bytes about to go. */
  readonly #reach: number;
  /** Where the two parts of a split frame are put together to be seen. */
  #joined: Uint8Array | undefined;
  #current: Uint8Array;
  #index = 0;
  #sequence = 0;
  #used = 0;
  /** Records before this one are not kept any more. */
  #oldestKept = 0;
  #firstWhole = 0;

  /** @param maximumBytes rounded down to whole chunks, two at least; at most 2 GiB */
  constructor(maximumBytes: number) {
    this.#size = Math.max(2, Math.floor(Math.min(maximumBytes, SPLIT) / CHUNK_BYTES));
    this.#reach = this.#size >>> 1;
    this.#lastUse = new Float64Array(this.#size).fill(-1);
    this.#sequenceOf = new Float64Array(this.#size);
    this.#current = new Uint8Array(CHUNK_BYTES);
    this.#chunks.push(this.#current);
  }

  /** The oldest record whose bytes are all still here. */
  get firstWhole(): number {
    return this.#firstWhole;
  }

  /** Memory held, bytes. */
  get bytesUsed(): number {
    return this.#chunks.length * CHUNK_BYTES;
  }

  /** The records before this one are not kept any more, and what only they used may be written over. */
  forget(before: number): void {
    this.#oldestKept = before;
  }

  /**
   * Stores the frame for this record, unless it is remembered.
   * @param originPlace where a frame of the same length lies that this one was probably made from; -1 for none
   * @returns its place for `view`
   */
  store(frame: StoredFrame, record: number, originPlace: number): number {
    const slot = frame.id & (REMEMBERED - 1);
    const remembered = this.#rememberedPlaces[slot] ?? 0;
    const index = indexOf(remembered);
    // Its chunk may have been begun anew since.
    const isThere = this.#sequenceOf[index] === this.#rememberedSequences[slot] && this.#isNear(index);
    if (this.#rememberedIds[slot] === frame.id && isThere && this.#keepRest(remembered, record)) {
      this.#lastUse[index] = record;
      return remembered;
    }
    const place = this.#append(frame.bytes, record, originPlace);
    this.#rememberedIds[slot] = frame.id;
    this.#rememberedPlaces[slot] = place;
    this.#rememberedSequences[slot] = this.#sequence;
    return place;
  }

  /** The bytes, right until the next call or until the chunk is used again. */
  view(place: number, length: number): Uint8Array {
    if (place < SPLIT) {
      return this.#part(place, length);
    }
    const header = place - SPLIT;
    const own = this.#ownLength(header);
    this.#joined ??= new Uint8Array(CHUNK_BYTES);
    this.#join(header + SPLIT_HEADER, 0, own);
    this.#join(this.#restPlace(header), own, length);
    return this.#joined.subarray(0, length);
  }

  /** Copies what lies at `place` to the bytes from `from` to `to` of the joined frame. */
  #join(place: number, from: number, to: number): void {
    const chunk = this.#chunks[indexOf(place)];
    const joined = this.#joined;
    if (chunk === undefined || joined === undefined) {
      return;
    }
    const shift = (place % CHUNK_BYTES) - from;
    if (to - from > SHORT) {
      joined.set(chunk.subarray(from + shift, to + shift), from);
      return;
    }
    for (let at = from; at < to; at += 1) {
      joined[at] = chunk[at + shift] ?? 0;
    }
  }

  #part(place: number, length: number): Uint8Array {
    const offset = place % CHUNK_BYTES;
    return this.#chunks[indexOf(place)]?.subarray(offset, offset + length) ?? new Uint8Array(0);
  }

  /** Marks the rest of a split frame as used by this record too; false when it lies too far back. */
  #keepRest(place: number, record: number): boolean {
    if (place < SPLIT) {
      return true;
    }
    const index = indexOf(this.#restPlace(place - SPLIT));
    if (!this.#isNear(index)) {
      return false;
    }
    this.#lastUse[index] = record;
    return true;
  }

  /** Whether a chunk may be used by a new record. */
  #isNear(index: number): boolean {
    return this.#sequence - (this.#sequenceOf[index] ?? 0) < this.#reach;
  }

  #restPlace(header: number): number {
    return this.#word(header);
  }

  #ownLength(header: number): number {
    return this.#word(header + 4);
  }

  #word(place: number): number {
    const chunk = this.#chunks[indexOf(place)];
    const at = place % CHUNK_BYTES;
    return (
      (((chunk?.[at] ?? 0) << 24) |
        ((chunk?.[at + 1] ?? 0) << 16) |
        ((chunk?.[at + 2] ?? 0) << 8) |
        (chunk?.[at + 3] ?? 0)) >>>
      0
    );
  }

  #append(bytes: Uint8Array, record: number, originPlace: number): number {
    const length = Math.min(bytes.length, CHUNK_BYTES);
    if (originPlace >= 0 && length > SHORTEST_REST && length <= CHUNK_BYTES - SPLIT_HEADER) {
      const place = this.#appendSplit(bytes, length, record, originPlace);
      if (place >= 0) {
        return place;
      }
    }
    this.#makeRoom(length);
    const at = this.#used;
    this.#copy(bytes, length, at);
    this.#used = at + length;
    this.#lastUse[this.#index] = record;
    return this.#index * CHUNK_BYTES + at;
  }

  /** Stores only where the frame differs from its origin at the front; -1 when there is too little in common. */
  #appendSplit(bytes: Uint8Array, length: number, record: number, originPlace: number): number {
    const isSplit = originPlace >= SPLIT;
    const header = originPlace - SPLIT;
    // What the origin shares with others begins here; a chain of splits would grow without end.
    const sharedFrom = isSplit ? this.#ownLength(header) : 0;
    const sharedPlace = isSplit ? this.#restPlace(header) : originPlace;
    const index = indexOf(sharedPlace);
    const shared = this.#chunks[index];
    if (shared === undefined || !this.#isNear(index)) {
      return -1;
    }
    const offset = (sharedPlace % CHUNK_BYTES) - sharedFrom;
    let own = length;
    while (own > sharedFrom && bytes[own - 1] === shared[offset + own - 1]) {
      own -= 1;
    }
    if (length - own < SHORTEST_REST) {
      return -1;
    }
    const before = this.#index;
    this.#makeRoom(own + SPLIT_HEADER);
    if (this.#index !== before && !this.#isNear(index)) {
      return -1;
    }
    const at = this.#used;
    const rest = sharedPlace + own - sharedFrom;
    writeWord(this.#current, at, rest);
    writeWord(this.#current, at + 4, own);
    this.#copy(bytes, own, at + SPLIT_HEADER);
    this.#used = at + SPLIT_HEADER + own;
    this.#lastUse[this.#index] = record;
    this.#lastUse[index] = record;
    return SPLIT + this.#index * CHUNK_BYTES + at;
  }

  #copy(bytes: Uint8Array, length: number, at: number): void {
    const chunk = this.#current;
    if (length <= SHORT) {
      for (let i = 0; i < length; i += 1) {
        chunk[at + i] = bytes[i] ?? 0;
      }
    } else {
      chunk.set(length === bytes.length ? bytes : bytes.subarray(0, length), at);
    }
  }

  #makeRoom(length: number): void {
    if (this.#used + length > CHUNK_BYTES) {
      this.#nextChunk();
    }
  }

  #nextChunk(): void {
    this.#sequence += 1;
    this.#used = 0;
    this.#index = this.#freeChunk();
    this.#order.push(this.#index);
    this.#sequenceOf[this.#index] = this.#sequence;
    this.#lastUse[this.#index] = -1;
    this.#current = this.#chunks[this.#index] ?? new Uint8Array(CHUNK_BYTES);
    this.#chunks[this.#index] = this.#current;
  }

  /** The oldest chunk when no record needs it or there may be no more; else a new one. */
  #freeChunk(): number {
    const [oldest = 0] = this.#order;
    const lastUse = this.#lastUse[oldest] ?? -1;
    if (lastUse >= this.#oldestKept && this.#chunks.length < this.#size) {
      return this.#chunks.length;
    }
    this.#order.shift();
    this.#firstWhole = Math.max(this.#firstWhole, lastUse + 1);
    return oldest;
  }
}

/** The chunk of a place, split or not. */
function indexOf(place: number): number {
  return ((place < SPLIT ? place : place - SPLIT) / CHUNK_BYTES) | 0;
}

function writeWord(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = (value >>> 16) & 255;
  bytes[at + 2] = (value >>> 8) & 255;
  bytes[at + 3] = value & 255;
}
