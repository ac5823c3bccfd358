/** The columns of the packet list: what they say and how wide they are. */
import type { PacketRow } from '../../src/simulation/protocol';
import { groupedInteger, formatTime } from './time-format';
import type { PanelString } from '../strings';

export interface Column {
  readonly name: ColumnName;
  readonly title: PanelString;
  /** px; what the usual content needs in the default fonts. */
  readonly width: number;
  /** Numbers stand at the right, so that their digits line up. */
  readonly numeric?: boolean;
  /** px of the whole list from which on the column is shown; the details say it too. */
  readonly from?: number;
}

export type ColumnName =
  | 'number'
  | 'time'
  | 'from'
  | 'to'
  | 'source'
  | 'destination'
  | 'protocol'
  | 'length'
  | 'comment'
  | 'rule'
  | 'info';

/** In order; the last takes what is left. A column is shown where it leaves the last its own width. */
export const COLUMNS: readonly Column[] = [
  { name: 'number', title: 'No.', width: 60, numeric: true },
  { name: 'time', title: 'Time', width: 110, numeric: true, from: 354 },
  { name: 'from', title: 'From', width: 140, from: 494 },
  { name: 'to', title: 'To', width: 140, from: 680 },
  { name: 'source', title: 'Source', width: 146, from: 1080 },
  { name: 'destination', title: 'Destination', width: 146, from: 1080 },
  { name: 'protocol', title: 'Protocol', width: 84 },
  { name: 'length', title: 'Length', width: 70, numeric: true, from: 1200 },
  { name: 'comment', title: 'Comment', width: 180, from: Number.POSITIVE_INFINITY },
  { name: 'rule', title: 'Colour rule', width: 110, from: Number.POSITIVE_INFINITY },
  { name: 'info', title: 'Info', width: 100 },
];

/** Narrowest and widest a user may make a column, px. */
export const COLUMN_LIMITS = { narrowest: 32, widest: 900 } as const;

/** A CSS grid template for these columns and the least width it needs; `widths` are those the user changed. All in px. */
export function columnTemplate(
  columns: readonly Column[],
  widths: Readonly<Partial<Record<string, number>>>,
): { readonly template: string; readonly width: number } {
  const sizes = columns.map(({ name, width }) => widths[name] ?? width);
  return {
    template: sizes.map((px, index) => (index === sizes.length - 1 ? 'minmax(0, 1fr)' : `${px}px`)).join(' '),
    width: sizes.reduce((sum, px) => sum + px, 0),
  };
}

/** The text of one cell. Records are counted from 0, rows from 1 as in Wireshark. */
export function cellText(column: ColumnName, row: PacketRow): string {
  switch (column) {
    case 'number':
      return groupedInteger(displayNumber(row.number));
    case 'time':
      return formatTime(row.time);
    case 'from':
      return row.from;
    case 'to':
      return row.to;
    case 'source':
      return row.source;
    case 'destination':
      return row.destination;
    case 'protocol':
      return row.protocol;
    case 'length':
      return groupedInteger(row.length);
    case 'comment':
      return (row.comment ?? '').replace(/\s+/g, ' ');
    case 'rule':
      return row.colouring?.rule ?? '';
    case 'info':
      return row.info;
  }
}

/** The number a user reads for a record. */
export function displayNumber(record: number): number {
  return record + 1;
}
