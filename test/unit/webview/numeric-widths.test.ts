import { expect, test } from 'vitest';
import { COLUMNS } from '../../../webview/trace/columns';
import { NumericWidths } from '../../../webview/trace/numeric-widths';
import { formatTime, groupedInteger } from '../../../webview/trace/time-format';

const least = (name: string): number => COLUMNS.find(column => column.name === name)!.width;

test('columns have room at first for a short run, then grow with what they show', () => {
  const numbers = new NumericWidths();
  expect(numbers.show('time', formatTime(9e9), least('time'))).toBe(false);
  expect(numbers.show('number', groupedInteger(999), least('number'))).toBe(false);
  expect(numbers.widths).toEqual({});
  expect(numbers.show('time', formatTime(45_960e9), least('time'))).toBe(true);
  expect(numbers.show('number', groupedInteger(1_064_128), least('number'))).toBe(true);
  // Digits of the default font are 8 px wide, and a cell has 8 px at each side.
  expect(numbers.widths.time).toBeGreaterThanOrEqual(14 * 8 + 16);
  expect(numbers.widths.number).toBeGreaterThanOrEqual(7 * 8 + 16);
});

test('a smaller number makes no column narrower, another run does', () => {
  const numbers = new NumericWidths();
  numbers.show('time', formatTime(45_960e9), least('time'));
  const { time } = numbers.widths;
  expect(numbers.show('time', formatTime(5), least('time'))).toBe(false);
  expect(numbers.widths.time).toBe(time);
  numbers.clear();
  expect(numbers.widths).toEqual({});
});
