/**
 * What crossed the network, kept and shown: the bounded store of records, the dissector, and capture files. This file is the store:
 * typed columns in chunks made when first needed, used as a ring, so that recording makes no object and memory has a bound.
 */
import { CHUNK_BYTES, FrameRing, type StoredFrame } from './frame-ring';

/** Records of one chunk of columns, a power of two. */
const CHUNK_RECORDS = 4096;
const SLOT_MASK = CHUNK_RECORDS - 1;

/** Records kept when nobody says otherwise: with 106-byte frames that each cross two cables, about as many as the bytes below hold. */
export const DEFAULT_RECORDS = 1_048_576;

/** Bytes of frames kept when nobody says otherwise: 128 MiB. */
export const DEFAULT_BYTES = 134_217_728;

export interface PacketStoreOptions<Reason extends string> {
  /** The code, 1 to 255, to keep for a reason to drop. */
  reasonCode(reason: Reason): number;
  /** Rounded up to a multiple of 4096. */
  readonly maximumRecords?: number;
  /** Of frames; columns come on top of these. */
  readonly maximumBytes?: number;
}

/** One chunk of each column. */
interface Columns {
  readonly departure: Float64Array;
  readonly arrival: Float64Array;
  readonly port: Uint32Array;
  /** How many records ago the cause was; 0 for none. */
  readonly causeDistance: Uint32Array;
  readonly place: Uint32Array;
  readonly length: Uint32Array;
  readonly drop: Uint8Array;
  /** Which of `#rules` stopped it, from 1; 0 for none. */
  readonly rule: Uint16Array;
}

/** Bytes of one record in all columns. */
const RECORD_BYTES = 35;

/** Texts of rules kept apart: more than a topology has firewall rules; those that come later are not told. */
const MOST_RULES = 0xffff;

function makeColumns(): Columns {
  return {
    departure: new Float64Array(CHUNK_RECORDS),
    arrival: new Float64Array(CHUNK_RECORDS),
    port: new Uint32Array(CHUNK_RECORDS),
    causeDistance: new Uint32Array(CHUNK_RECORDS),
    place: new Uint32Array(CHUNK_RECORDS),
    length: new Uint32Array(CHUNK_RECORDS),
    drop: new Uint8Array(CHUNK_RECORDS),
    rule: new Uint16Array(CHUNK_RECORDS),
  };
}

/**
 * Records count from 0 for ever; those from `oldest` to `count` - 1 are kept, and asking for another one gives nothing useful. Times
 * are integer ns.
 */
export class PacketStore<Reason extends string = string> {
  readonly #chunks: Columns[] = [];
  readonly #chunkLimit: number;
  readonly #frames: FrameRing;
  readonly #options: PacketStoreOptions<Reason>;
  /** Each text once; its number is its place in insertion order, from 1. */
  readonly #ruleNumbers = new Map<string, number>();
  readonly #rules: string[] = [];
  #columns = makeColumns();
  #count = 0;
  #firstKept = 0;

  constructor(options: PacketStoreOptions<Reason>) {
    this.#options = options;
    this.#chunkLimit = Math.max(2, Math.ceil((options.maximumRecords ?? DEFAULT_RECORDS) / CHUNK_RECORDS));
    this.#frames = new FrameRing(options.maximumBytes ?? DEFAULT_BYTES);
    this.#chunks.push(this.#columns);
  }

  /** Records so far. */
  get count(): number {
    return this.#count;
  }

  /** The first record still kept; `count` when none is. */
  get oldest(): number {
    return Math.max(this.#firstKept, this.#frames.firstWhole);
  }

  /** Memory held for records and frames, bytes. */
  get bytesUsed(): number {
    return this.#chunks.length * CHUNK_RECORDS * RECORD_BYTES + this.#frames.bytesUsed;
  }

  /** A frame left a port; the parameters are those of the kernel's traffic observer. */
  transmitted(departure: number, arrival: number, port: number, frame: StoredFrame, cause: number): void {
    this.#record(departure, arrival, port, frame, 0, 0, cause);
  }

  /** A frame went no further; the parameters are those of the kernel's traffic observer. */
  dropped(
    time: number,
    port: number,
    frame: StoredFrame,
    reason: Reason,
    cause: number,
    rule?: string,
  ): void {
    const number = rule === undefined ? 0 : this.#numberOf(rule);
    this.#record(time, Number.NaN, port, frame, this.#options.reasonCode(reason), number, cause);
  }

  #numberOf(rule: string): number {
    let number = this.#ruleNumbers.get(rule);
    if (number === undefined && this.#rules.length < MOST_RULES) {
      number = this.#rules.push(rule);
      this.#ruleNumbers.set(rule, number);
    }
    return number ?? 0;
  }

  #record(
    departure: number,
    arrival: number,
    port: number,
    frame: StoredFrame,
    drop: number,
    rule: number,
    cause: number,
  ): void {
    const record = this.#count;
    const slot = record & SLOT_MASK;
    if (slot === 0 && record > 0) {
      this.#nextChunk(record);
    }
    const columns = this.#columns;
    columns.departure[slot] = departure;
    columns.arrival[slot] = arrival;
    columns.port[slot] = port;
    columns.causeDistance[slot] = cause < 0 ? 0 : record - cause;
    columns.place[slot] = this.#frames.store(frame, record, this.#originPlace(cause, frame));
    columns.length[slot] = frame.bytes.length;
    columns.drop[slot] = drop;
    columns.rule[slot] = rule;
    this.#count = record + 1;
  }

  /** Where the frame lies that made a device send this one, when this may be a rewritten copy of it; -1 otherwise. */
  #originPlace(cause: number, { bytes }: StoredFrame): number {
    if (cause < 0 || cause < this.oldest) {
      return -1;
    }
    const columns = this.#chunkOf(cause);
    const slot = cause & SLOT_MASK;
    return columns.length[slot] === bytes.length ? (columns.place[slot] ?? -1) : -1;
  }

  #nextChunk(record: number): void {
    const again = this.#chunks[Math.floor(record / CHUNK_RECORDS) % this.#chunkLimit];
    if (again === undefined) {
      this.#columns = makeColumns();
      this.#chunks.push(this.#columns);
      return;
    }
    this.#columns = again;
    this.#firstKept = record - (this.#chunkLimit - 1) * CHUNK_RECORDS;
    this.#frames.forget(this.#firstKept);
  }

  /** When the first bit left, or when the frame was dropped. */
  departure(record: number): number {
    return this.#chunkOf(record).departure[record & SLOT_MASK] ?? Number.NaN;
  }

  /** When the last bit reaches the other end of the cable; NaN for a drop, and for a frame lost on the cable. */
  arrival(record: number): number {
    return this.#chunkOf(record).arrival[record & SLOT_MASK] ?? Number.NaN;
  }

  /** The number of the sending port, or of the port where the frame was dropped. */
  port(record: number): number {
    return this.#chunkOf(record).port[record & SLOT_MASK] ?? 0;
  }

  /** The record that caused this one, -1 for none. */
  cause(record: number): number {
    const distance = this.#chunkOf(record).causeDistance[record & SLOT_MASK] ?? 0;
    return distance === 0 ? -1 : record - distance;
  }

  /** 0 for a transmission, else the code of the reason to drop. */
  dropCode(record: number): number {
    return this.#chunkOf(record).drop[record & SLOT_MASK] ?? 0;
  }

  /** The rule that stopped the frame; undefined where none did. */
  rule(record: number): string | undefined {
    return this.#rules[(this.#chunkOf(record).rule[record & SLOT_MASK] ?? 0) - 1];
  }

  /** Bytes of the frame. */
  length(record: number): number {
    return this.#chunkOf(record).length[record & SLOT_MASK] ?? 0;
  }

  /** A copy of the frame. */
  bytes(record: number): Uint8Array {
    return this.view(record).slice();
  }

  /** The frame in place: right until the next look at a frame or the next record, and not to be written to. */
  view(record: number): Uint8Array {
    const columns = this.#chunkOf(record);
    const slot = record & SLOT_MASK;
    const length = Math.min(columns.length[slot] ?? 0, CHUNK_BYTES);
    return this.#frames.view(columns.place[slot] ?? 0, length);
  }

  /** Whether the frames of two records are the same, byte for byte. */
  sameFrame(one: number, other: number): boolean {
    const first = this.#chunkOf(one).place[one & SLOT_MASK];
    if (this.length(one) !== this.length(other)) {
      return false;
    }
    if (first === this.#chunkOf(other).place[other & SLOT_MASK]) {
      return true;
    }
    const bytes = this.bytes(other);
    return this.view(one).every((byte, index) => byte === bytes[index]);
  }

  #chunkOf(record: number): Columns {
    return this.#chunks[Math.floor(record / CHUNK_RECORDS) % this.#chunkLimit] ?? this.#columns;
  }
}
