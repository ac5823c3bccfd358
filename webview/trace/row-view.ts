/** One row of the packet list: an element made once and filled again and again as the list scrolls. */
import type { PacketRow } from '../../src/simulation/protocol';
import type { RecordSummary } from '../../src/simulation/record-batch';
import { t } from '../strings';
import { describeDrop } from '../drop-words';
import { cellText, type Column } from './columns';
import type { PortNames } from './port-names';

/** Everything a row shows. */
export interface RowContent {
  readonly number: number;
  readonly record: RecordSummary;
  /** Undefined until the simulation has told it. */
  readonly row: PacketRow | undefined;
  readonly selected: boolean;
  /** Its time as the list shows times. */
  readonly time: string;
  readonly marked: boolean;
}

/** The identity of a row's element while it is in the document, for `aria-activedescendant`. */
export function rowId(number: number): string {
  return `packet-${number}`;
}

export class RowView {
  readonly element = document.createElement('div');
  readonly #cells: readonly { readonly column: Column; readonly text: Text }[];
  #shown: RowContent | undefined;

  constructor(columns: readonly Column[]) {
    this.element.setAttribute('role', 'row');
    this.#cells = columns.map((column, index) => {
      const cell = document.createElement('span');
      cell.setAttribute('role', 'gridcell');
      cell.setAttribute('aria-colindex', String(index + 1));
      cell.className = `cell cell-${column.name}${column.numeric === true ? ' cell-numeric' : ''}`;
      const text = document.createTextNode('');
      cell.append(text);
      this.element.append(cell);
      return { column, text };
    });
  }

  /** The record shown; undefined before the first. */
  get number(): number | undefined {
    return this.#shown?.number;
  }

  /** Shows a record; does nothing when it is shown already. `index` counts rows from 0 for assistive technology. */
  show(content: RowContent, index: number, ports: PortNames): void {
    const shown = this.#shown;
    this.element.setAttribute('aria-rowindex', String(index + 2));
    if (
      shown?.number === content.number &&
      shown.row === content.row &&
      shown.selected === content.selected &&
      shown.time === content.time &&
      shown.marked === content.marked
    ) {
      return;
    }
    this.#shown = content;
    const row = content.row ?? preliminaryRow(content, ports);
    this.element.id = rowId(content.number);
    this.element.setAttribute('aria-selected', String(content.selected));
    this.element.className = classesOf(content);
    // Where colours are few, a letter tells the rules apart.
    this.element.dataset.rule = row.colouring?.rule.charAt(0).toUpperCase() ?? '';
    if (row.comment === undefined) {
      this.element.removeAttribute('title');
    } else {
      this.element.title = t('Comment: {0}', row.comment);
    }
    for (const { column, text } of this.#cells) {
      const value = shownText(column, row, content);
      if (text.data !== value) {
        text.data = value;
      }
    }
  }
}

/** What the record alone tells, until the text comes. */
function preliminaryRow({ number, record }: RowContent, ports: PortNames): PacketRow {
  return {
    number,
    time: record.departure,
    from: ports.name(record.port),
    to: record.drop === 0 ? ports.peer(record.port) : '',
    source: '',
    destination: '',
    protocol: record.protocol === 'other' ? '' : record.protocol.toUpperCase(),
    length: record.length,
    info: '',
  };
}

function shownText(column: Column, row: PacketRow, content: RowContent): string {
  const text = plainText(column, row, content);
  return column.name === 'info' && row.comment !== undefined ? `✎ ${text}` : text;
}

function plainText({ name }: Column, row: PacketRow, { record, time, marked }: RowContent): string {
  if (name === 'time') {
    return time;
  }
  if (name === 'number' && marked) {
    return `◆ ${cellText(name, row)}`;
  }
  if (name === 'to' && record.drop !== 0) {
    return `✕ ${t(describeDrop(record.drop).quiet ? 'ignored' : 'dropped')}`;
  }
  if (name === 'to' && Number.isNaN(record.arrival)) {
    return `${row.to} ✕ ${t('lost')}`;
  }
  if (name === 'info' && record.drop !== 0) {
    const { text, quiet } = describeDrop(record.drop);
    return `${t(quiet ? 'Ignored: {0}' : 'Dropped: {0}', text)} · ${row.info}`;
  }
  return cellText(name, row);
}

function classesOf({ record, selected, row, marked }: RowContent): string {
  const classes = ['packet', `protocol-${record.protocol}`];
  if (record.drop !== 0) {
    classes.push(describeDrop(record.drop).quiet ? 'packet-ignored' : 'packet-dropped');
  } else if (Number.isNaN(record.arrival)) {
    classes.push('packet-dropped');
  }
  if (selected) {
    classes.push('packet-selected');
  }
  if (marked) {
    classes.push('packet-marked');
  }
  const colour = row?.colouring?.colour ?? 'none';
  if (colour !== 'none') {
    classes.push('packet-coloured', `colour-${colour}`);
  }
  if (row === undefined) {
    classes.push('packet-preliminary');
  }
  return classes.join(' ');
}
