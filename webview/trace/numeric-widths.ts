/** How wide the columns of numbers must be: they grow with the numbers that are shown, and do not shrink while one looks. */

import { displayNumber, type Column } from './columns';
import { groupedInteger } from './time-format';

/** px in the default fonts. */
const DIGIT = 8;
const OTHER = 4;
const PADDING = 18;
/** Before the number of a packet stands its mark, or the letter of its colour rule. */
const MARK = { number: 14, time: 0 } as const;

export class NumericWidths {
  #longest = { number: 0, time: 0 };
  #widths: Readonly<Record<string, number>> = {};

  /** px by column, for those that need more than they have at first. */
  get widths(): Readonly<Record<string, number>> {
    return this.#widths;
  }

  /** Whether these need a wider column than any before. @param number of the record */
  fit(columns: readonly Column[], number: number, time: string): boolean {
    const least = (name: string): number => columns.find(column => column.name === name)?.width ?? 0;
    const wider = this.show('time', time, least('time'));
    return this.show('number', groupedInteger(displayNumber(number)), least('number')) || wider;
  }

  /** Whether this text needs a wider column than any before. @param least what the column has at first, px */
  show(column: 'number' | 'time', text: string, least: number): boolean {
    if (text.length <= this.#longest[column]) {
      return false;
    }
    this.#longest[column] = text.length;
    const digits = text.replaceAll(/\D/g, '').length;
    const width = digits * DIGIT + (text.length - digits) * OTHER + PADDING + MARK[column];
    if (width <= least) {
      return false;
    }
    this.#widths = { ...this.#widths, [column]: width };
    return true;
  }

  clear(): void {
    this.#longest = { number: 0, time: 0 };
    this.#widths = {};
  }
}
