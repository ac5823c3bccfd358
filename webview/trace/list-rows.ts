/** Which record stands in which row of the packet list: all that are kept, or those that pass a filter. */
import type { RecordStore } from './record-store';

export interface ListRows {
  readonly size: number;
  /** Rows that were at the front and are gone. */
  readonly forgotten: number;
  /** The record of a row. */
  at(row: number): number;
  /** The row of a record; where it has none, that of the first record after it that has one. */
  rowOf(number: number): number;
}

/** Every record that is kept has a row. */
export function allRows(store: RecordStore): ListRows {
  return {
    get size() {
      return store.size;
    },
    get forgotten() {
      return store.oldest;
    },
    at: row => store.oldest + row,
    rowOf: number => Math.max(0, Math.min(store.size, number - store.oldest)),
  };
}

/** Whether a record has a row. */
export function hasRow(rows: ListRows, number: number): boolean {
  const row = rows.rowOf(number);
  return row < rows.size && rows.at(row) === number;
}
