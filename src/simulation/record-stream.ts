/**
 * Records on their way to a receiver, in batches it acknowledges. A slow or hidden receiver stops the sending, never the simulation:
 * the records wait in the store, and those overwritten there meanwhile are skipped.
 */
import { RECORD_BYTES, encodeRecord, type RecordSummary } from './record-batch';

/** Batches that may be under way (three of 64 kB kept a webview busy and its round trip below 20 ms when measured). */
export const MOST_UNACKNOWLEDGED = 3;

/** Records in one batch: 64 kB. */
export const MOST_RECORDS = Math.floor(65_536 / RECORD_BYTES);

/** Where records come from. */
export interface RecordSource {
  /** The number of the oldest record still kept. */
  readonly oldest: number;
  /** One past the newest record. */
  readonly end: number;
  summary(number: number): RecordSummary;
}

export interface RecordBatch {
  readonly batch: number;
  readonly first: number;
  readonly count: number;
  /** Of exactly the size that the records need: a view on more would carry the rest along. */
  readonly data: ArrayBuffer;
}

/** Nothing to send yet. */
const NO_RECORDS: RecordSource = {
  oldest: 0,
  end: 0,
  summary: () => {
    throw new RangeError('there are no records');
  },
};

export class RecordStream {
  private readonly unacknowledged = new Set<number>();
  private nextBatch = 0;
  private nextRecord = 0;
  private source: RecordSource = NO_RECORDS;

  /** Whether there are records to send and the receiver may get more. */
  get ready(): boolean {
    return this.unacknowledged.size < MOST_UNACKNOWLEDGED && this.nextRecord < this.source.end;
  }

  /** Every record before this one has been sent, or is forgotten. */
  get sent(): number {
    return this.nextRecord;
  }

  /** The next batch; undefined when there is nothing to send or the receiver must acknowledge first. */
  take(): RecordBatch | undefined {
    if (!this.ready) {
      return undefined;
    }
    const { oldest, end } = this.source;
    const first = Math.max(this.nextRecord, oldest);
    const count = Math.min(end - first, MOST_RECORDS);
    const data = new ArrayBuffer(count * RECORD_BYTES);
    const view = new DataView(data);
    for (let index = 0; index < count; index++) {
      encodeRecord(view, index, this.source.summary(first + index));
    }
    const batch = this.nextBatch++;
    this.nextRecord = first + count;
    this.unacknowledged.add(batch);
    return { batch, first, count, data };
  }

  /** The receiver has used this batch; numbers of batches from before a `rewind` are ignored. */
  acknowledge(batch: number): void {
    this.unacknowledged.delete(batch);
  }

  /**
   * Goes on with a source that has fewer records, all of them as they were; what the receiver got of later ones it forgets.
   */
  goBack(source: RecordSource): void {
    this.source = source;
    this.nextRecord = Math.min(this.nextRecord, source.end);
  }

  /** Begins with the oldest record of this source, for a receiver that knows nothing. */
  rewind(source: RecordSource): void {
    this.source = source;
    this.unacknowledged.clear();
    this.nextRecord = 0;
  }
}
