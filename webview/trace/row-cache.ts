/**
 * The text of packet rows, fetched by ranges as they come into view. One question at a time is on its way, so that a fast
 * simulation is never asked for rows nobody sees any more.
 */
import type { PacketRow } from '../../src/simulation/protocol';

/** Rows kept; some fifty screens. */
const CAPACITY = 4096;

/** Rows asked for at once at most, so that one answer stays small. */
export const MAXIMUM_RANGE = 256;

/** A range of records to ask for. */
export interface RowRange {
  readonly request: number;
  readonly first: number;
  readonly count: number;
}

/** Records to ask for that do not lie side by side. */
export interface RowNumbers {
  readonly request: number;
  readonly numbers: readonly number[];
}

/** Rows by record number, with the questions for those that are missing. */
export class RowCache {
  readonly #rows = new Map<number, PacketRow>();
  /** Rows that say what is no longer so: shown until they come anew. */
  readonly #stale = new Set<number>();
  /** Numbers that were asked for and not answered: no longer kept, or not yet made. Never asked twice for one view. */
  readonly #absent = new Set<number>();
  #pending: { readonly request: number; readonly numbers: readonly number[] } | undefined;
  #nextRequest = 1;

  /** The row's text; undefined until it has been fetched. */
  get(number: number): PacketRow | undefined {
    return this.#rows.get(number);
  }

  /** Forgets every row and every question on its way; answers to those are ignored. */
  clear(): void {
    this.#rows.clear();
    this.#stale.clear();
    this.#absent.clear();
    this.#pending = undefined;
  }

  /** Forgets the rows from this one on, and every question on its way. */
  truncate(end: number): void {
    for (const number of this.#rows.keys()) {
      if (number >= end) {
        this.#rows.delete(number);
      }
    }
    this.#absent.clear();
    this.#pending = undefined;
  }

  /** What these rows say has changed. */
  refresh(numbers: readonly number[]): void {
    numbers.filter(number => this.#rows.has(number)).forEach(number => this.#stale.add(number));
  }

  /** What all rows say has changed. */
  refreshAll(): void {
    this.refresh([...this.#rows.keys()]);
  }

  /** The question to ask so that rows `first` to `end - 1` can be shown; undefined when none is needed or one is on its way. */
  missing(first: number, end: number): RowRange | undefined {
    if (this.#pending !== undefined) {
      return undefined;
    }
    let from = first;
    while (from < end && this.#known(from)) {
      from++;
    }
    let to = Math.min(end, from + MAXIMUM_RANGE);
    while (to > from && this.#known(to - 1)) {
      to--;
    }
    if (to <= from) {
      return undefined;
    }
    const numbers = Array.from({ length: to - from }, (_, index) => from + index);
    const { request } = this.#expect(numbers);
    return { request, first: from, count: to - from };
  }

  /** The question to ask so that these rows can be shown; undefined when none is needed or one is on its way. */
  missingOf(numbers: readonly number[]): RowNumbers | undefined {
    const unknown = numbers.filter(number => !this.#known(number)).slice(0, MAXIMUM_RANGE);
    return this.#pending !== undefined || unknown.length === 0 ? undefined : this.#expect(unknown);
  }

  /** Takes an answer; false when it answers no open question, and then nothing changes. */
  receive(request: number, rows: readonly PacketRow[]): boolean {
    const asked = this.#pending;
    if (asked?.request !== request) {
      return false;
    }
    this.#pending = undefined;
    this.#absent.clear();
    for (const number of asked.numbers) {
      this.#absent.add(number);
      this.#stale.delete(number);
    }
    for (const row of rows) {
      this.#rows.delete(row.number);
      this.#rows.set(row.number, row);
      this.#absent.delete(row.number);
    }
    for (const oldest of this.#rows.keys()) {
      if (this.#rows.size <= CAPACITY) {
        break;
      }
      this.#rows.delete(oldest);
    }
    return true;
  }

  #expect(numbers: readonly number[]): RowNumbers {
    this.#pending = { request: this.#nextRequest++, numbers };
    return this.#pending;
  }

  #known(number: number): boolean {
    return (this.#rows.has(number) && !this.#stale.has(number)) || this.#absent.has(number);
  }
}
