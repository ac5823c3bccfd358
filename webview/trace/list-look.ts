/** How the packet list looks, as the user chose: its columns, what its times count from, and which packets are marked. */
import type { MenuItem } from '../controls/menu-item';
import { t, type PanelString } from '../strings';
import { COLUMNS, type Column, type ColumnName } from './columns';
import { formatTime, formatTimeOfDay } from './time-format';

/** What the time of a packet counts from: the start of the simulation, midnight, or the packet shown before it. */
export type TimeFormat = 'start' | 'day' | 'previous';

/** What is kept of it over a reload. */
export interface KeptLook {
  readonly timeFormat: TimeFormat;
  /** Columns the user showed or hid; the others are shown where there is room. */
  readonly columnsShown: Readonly<Partial<Record<string, boolean>>>;
}

const TIME_FORMATS: readonly (readonly [TimeFormat, PanelString])[] = [
  ['start', 'Time since the start'],
  ['day', 'Time of day'],
  ['previous', 'Time since the packet shown before'],
];

/** A list without these says nothing. */
const ALWAYS: ReadonlySet<ColumnName> = new Set<ColumnName>(['number', 'info']);

/** More marks than anybody sets by hand. */
const MOST_MARKS = 10_000;

export class ListLook {
  readonly #changed: (kept: KeptLook) => void;
  readonly #marks = new Set<number>();
  #kept: KeptLook;
  #columns: readonly Column[] = COLUMNS;
  /** ns from midnight to time 0. */
  #begun = 0;

  /** @param changed told after every change, also of marks */
  constructor(kept: KeptLook, changed: (kept: KeptLook) => void) {
    this.#kept = kept;
    this.#changed = changed;
  }

  /** What another kind of trace has for columns, and its beginning in ns since midnight. */
  setTrace(columns: readonly Column[], begun: number): void {
    this.#columns = columns;
    this.#begun = begun;
    this.#changed(this.#kept);
  }

  /** The columns of a list of this width in px. */
  columnsFor(width: number): readonly Column[] {
    return this.#columns.filter(({ name, from = 0 }) => this.#kept.columnsShown[name] ?? width >= from);
  }

  /** @param previous when the packet shown before was made; undefined for the first */
  timeText(time: number, previous: number | undefined): string {
    switch (this.#kept.timeFormat) {
      case 'start':
        return formatTime(time);
      case 'day':
        return formatTimeOfDay(this.#begun + time);
      case 'previous':
        return formatTime(previous === undefined ? 0 : time - previous);
    }
  }

  isMarked(record: number): boolean {
    return this.#marks.has(record);
  }

  /** Marks a record, or takes its mark away. */
  toggleMark(record: number): void {
    if (!this.#marks.delete(record) && this.#marks.size < MOST_MARKS) {
      this.#marks.add(record);
    }
    this.#changed(this.#kept);
  }

  /** The marked record after this one, or from the beginning again; undefined where none is marked. */
  markAfter(record: number): number | undefined {
    const sorted = [...this.#marks].sort((one, other) => one - other);
    return sorted.find(mark => mark > record) ?? sorted[0];
  }

  /** Records from this one on are gone. */
  truncate(end: number): void {
    [...this.#marks].filter(mark => mark >= end).forEach(mark => this.#marks.delete(mark));
  }

  /** What can be chosen, for a menu. @param shown the columns that are shown now */
  menu(shown: readonly Column[]): readonly MenuItem[] {
    const { timeFormat, columnsShown } = this.#kept;
    const names = new Set(shown.map(({ name }) => name));
    return [
      ...TIME_FORMATS.map(([format, label]) => ({
        label: t(label),
        checked: format === timeFormat,
        act: () => this.#set({ ...this.#kept, timeFormat: format }),
      })),
      ...this.#columns
        .filter(({ name }) => !ALWAYS.has(name))
        .map(({ name, title }, index) => ({
          label: t('Column {0}', t(title)),
          checked: names.has(name),
          ...(index === 0 ? { begins: true } : {}),
          act: () =>
            this.#set({ ...this.#kept, columnsShown: { ...columnsShown, [name]: !names.has(name) } }),
        })),
    ];
  }

  #set(kept: KeptLook): void {
    this.#kept = kept;
    this.#changed(kept);
  }
}
