/**
 * Every record the simulation still keeps, in typed columns: a million of them cost 26 MB outside the JavaScript heap and no
 * objects. Text of a row is asked for when it comes into view (row-cache.ts).
 */
import {
  PROTOCOL_CLASSES,
  RECORD_BYTES,
  decodeRecord,
  type ProtocolClass,
  type RecordSummary,
} from '../../src/simulation/record-batch';

/** Rows in one chunk: a power of two, so that a row is found by shift and mask. */
export const CHUNK_ROWS = 1 << 16;

/** Records looked at for what one of them caused: a look of some milliseconds. */
const MOST_LOOKED_AT = 1 << 20;

/** 26 bytes a row. */
class RecordChunk {
  readonly departure = new Float64Array(CHUNK_ROWS);
  readonly arrival = new Float64Array(CHUNK_ROWS);
  readonly cause = new Int32Array(CHUNK_ROWS);
  readonly port = new Uint16Array(CHUNK_ROWS);
  readonly length = new Uint16Array(CHUNK_ROWS);
  readonly protocol = new Uint8Array(CHUNK_ROWS);
  readonly drop = new Uint8Array(CHUNK_ROWS);
}

/** A batch as the simulation sends it. */
export interface RecordBatch {
  readonly first: number;
  readonly count: number;
  readonly data: ArrayBuffer;
}

/** Records `oldest` to `end - 1`, without a gap. */
export class RecordStore {
  readonly #counts: (drop: number) => boolean;
  readonly #chunks = new Map<number, RecordChunk>();
  #oldest = 0;
  #end = 0;
  #drops = 0;

  /** @param counts which codes of drops are counted in `drops` */
  constructor(counts: (drop: number) => boolean = () => true) {
    this.#counts = counts;
  }

  /** The first record kept. */
  get oldest(): number {
    return this.#oldest;
  }

  /** One past the newest record. */
  get end(): number {
    return this.#end;
  }

  /** Records kept. */
  get size(): number {
    return this.#end - this.#oldest;
  }

  /** Drops that count among all records since the last `clear`, also those forgotten since. */
  get drops(): number {
    return this.#drops;
  }

  /** Forgets everything; the next batch may begin anywhere. */
  clear(): void {
    this.#chunks.clear();
    this.#oldest = 0;
    this.#end = 0;
    this.#drops = 0;
  }

  /**
   * Adds a batch and tells `seen` of each record that is new. Records already here are skipped; a batch that begins behind a gap
   * replaces what was kept, so that rows never show what nobody sent. A batch shorter than it says is read as far as it goes.
   */
  add(batch: RecordBatch, seen?: (number: number, record: RecordSummary) => void): void {
    const count = Math.min(batch.count, Math.floor(batch.data.byteLength / RECORD_BYTES));
    if (count <= 0) {
      return;
    }
    if (batch.first > this.#end || this.size === 0) {
      this.#chunks.clear();
      this.#oldest = batch.first;
      this.#end = batch.first;
    }
    const view = new DataView(batch.data);
    for (let number = this.#end; number < batch.first + count; number++) {
      const record = decodeRecord(view, number - batch.first);
      this.#append(number, record);
      seen?.(number, record);
    }
  }

  /** Forgets the records from this one on: time went back to before they were made. */
  truncate(end: number): void {
    if (end >= this.#end) {
      return;
    }
    for (let number = Math.max(end, this.#oldest); number < this.#end; number++) {
      const drop = this.get(number)?.drop ?? 0;
      if (drop !== 0 && this.#counts(drop)) {
        this.#drops--;
      }
    }
    this.#end = Math.max(end, this.#oldest);
  }

  /** Forgets the records before this one, as the simulation did; whole chunks give their memory back. */
  forgetBefore(oldest: number): void {
    if (oldest <= this.#oldest) {
      return;
    }
    this.#oldest = Math.min(oldest, this.#end);
    for (const index of this.#chunks.keys()) {
      if ((index + 1) * CHUNK_ROWS <= this.#oldest) {
        this.#chunks.delete(index);
      }
    }
  }

  /** The record of this number; undefined when it is not kept. */
  get(number: number): RecordSummary | undefined {
    const chunk = this.#chunks.get(Math.floor(number / CHUNK_ROWS));
    if (chunk === undefined || number < this.#oldest || number >= this.#end) {
      return undefined;
    }
    const at = number % CHUNK_ROWS;
    return {
      departure: chunk.departure[at] ?? 0,
      arrival: chunk.arrival[at] ?? Number.NaN,
      cause: chunk.cause[at] ?? -1,
      port: chunk.port[at] ?? 0,
      length: chunk.length[at] ?? 0,
      protocol: protocolOf(chunk.protocol[at]),
      drop: chunk.drop[at] ?? 0,
    };
  }

  /** The first record that this one caused; undefined when there is none, or none soon. */
  firstCausedBy(cause: number): number | undefined {
    const end = Math.min(this.#end, cause + 1 + MOST_LOOKED_AT);
    for (let number = Math.max(cause + 1, this.#oldest); number < end; number++) {
      const chunk = this.#chunks.get(Math.floor(number / CHUNK_ROWS));
      if (chunk?.cause[number % CHUNK_ROWS] === cause) {
        return number;
      }
    }
    return undefined;
  }

  #append(number: number, record: RecordSummary): void {
    const index = Math.floor(number / CHUNK_ROWS);
    let chunk = this.#chunks.get(index);
    if (chunk === undefined) {
      chunk = new RecordChunk();
      this.#chunks.set(index, chunk);
    }
    const at = number % CHUNK_ROWS;
    chunk.departure[at] = record.departure;
    chunk.arrival[at] = record.arrival;
    chunk.cause[at] = record.cause;
    chunk.port[at] = record.port;
    chunk.length[at] = record.length;
    chunk.protocol[at] = PROTOCOL_CLASSES.indexOf(record.protocol);
    chunk.drop[at] = record.drop;
    this.#end = number + 1;
    if (record.drop !== 0 && this.#counts(record.drop)) {
      this.#drops++;
    }
  }
}

function protocolOf(index: number | undefined): ProtocolClass {
  return PROTOCOL_CLASSES[index ?? 0] ?? 'other';
}
