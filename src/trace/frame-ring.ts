/** The bytes of frames, each distinct frame once, in a bounded ring of equal chunks that are made when first needed. */

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

export class FrameRing {
  readonly #chunks: Uint8Array[] = [];
  /** The newest record that uses a chunk, by the chunk's place in the ring; -1 for none. */
  readonly #lastUse: Float64Array;
  readonly #rememberedIds = new Float64Array(REMEMBERED).fill(-1);
  /** Where a remembered frame lies, counted over all chunks ever begun. */
  readonly #rememberedPositions = new Float64Array(REMEMBERED);
  readonly #places: number;
  /** How many chunks back a remembered frame may lie: half the ring, so that no record depends on bytes about to go. */
  readonly #reach: number;
  #current: Uint8Array;
  #sequence = 0;
  #used = 0;
  #firstWhole = 0;

  /** @param maximumBytes rounded down to whole chunks, two at least */
  constructor(maximumBytes: number) {
    this.#places = Math.max(2, Math.floor(maximumBytes / CHUNK_BYTES));
    this.#reach = this.#places >>> 1;
    this.#lastUse = new Float64Array(this.#places).fill(-1);
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

  /** Stores the frame for this record, unless it is remembered; returns its place for `view`. */
  store(frame: StoredFrame, record: number): number {
    const slot = frame.id & (REMEMBERED - 1);
    let position = this.#rememberedPositions[slot] ?? 0;
    if (
      this.#rememberedIds[slot] !== frame.id ||
      this.#sequence - Math.floor(position / CHUNK_BYTES) >= this.#reach
    ) {
      position = this.#append(frame.bytes);
      this.#rememberedIds[slot] = frame.id;
      this.#rememberedPositions[slot] = position;
    }
    const place = position % (this.#places * CHUNK_BYTES);
    this.#lastUse[(place / CHUNK_BYTES) | 0] = record;
    return place;
  }

  /** A view on the bytes, right until the chunk is used again. */
  view(place: number, length: number): Uint8Array {
    const offset = place % CHUNK_BYTES;
    return this.#chunks[(place / CHUNK_BYTES) | 0]?.subarray(offset, offset + length) ?? new Uint8Array(0);
  }

  #append(bytes: Uint8Array): number {
    const length = Math.min(bytes.length, CHUNK_BYTES);
    if (this.#used + length > CHUNK_BYTES) {
      this.#nextChunk();
    }
    const at = this.#used;
    const chunk = this.#current;
    if (length <= SHORT) {
      for (let i = 0; i < length; i += 1) {
        chunk[at + i] = bytes[i] ?? 0;
      }
    } else {
      chunk.set(length === bytes.length ? bytes : bytes.subarray(0, length), at);
    }
    this.#used = at + length;
    return this.#sequence * CHUNK_BYTES + at;
  }

  #nextChunk(): void {
    this.#sequence += 1;
    this.#used = 0;
    const index = this.#sequence % this.#places;
    const again = this.#chunks[index];
    if (again === undefined) {
      this.#current = new Uint8Array(CHUNK_BYTES);
      this.#chunks.push(this.#current);
      return;
    }
    this.#current = again;
    this.#firstWhole = Math.max(this.#firstWhole, (this.#lastUse[index] ?? -1) + 1);
    this.#lastUse[index] = -1;
  }
}
