import { expect, test } from 'vitest';
import type { PacketRow } from '../../../src/simulation/protocol';
import { MAXIMUM_RANGE, RowCache } from '../../../webview/trace/row-cache';

const row = (number: number): PacketRow => ({
  number,
  time: 0,
  from: 'a:1',
  to: 'b:1',
  source: '',
  destination: '',
  protocol: 'ARP',
  length: 60,
  info: `row ${number}`,
});
const rows = (first: number, count: number): PacketRow[] =>
  Array.from({ length: count }, (_, index) => row(first + index));

test('asks for what is missing, once', () => {
  const cache = new RowCache();
  const range = cache.missing(10, 40);
  expect(range).toMatchObject({ first: 10, count: 30 });
  expect(cache.missing(10, 40)).toBeUndefined();
  expect(cache.receive(range?.request ?? 0, rows(10, 30))).toBe(true);
  expect(cache.get(25)?.info).toBe('row 25');
  expect(cache.missing(10, 40)).toBeUndefined();
  expect(cache.missing(20, 50)).toMatchObject({ first: 40, count: 10 });
});

test('asks for a bounded number of rows', () => {
  expect(new RowCache().missing(0, 1_000_000)?.count).toBe(MAXIMUM_RANGE);
});

test('rows the simulation no longer has are not asked for again and again', () => {
  const cache = new RowCache();
  const range = cache.missing(0, 20);
  cache.receive(range?.request ?? 0, rows(10, 10));
  expect(cache.missing(0, 20)).toBeUndefined();
  expect(cache.get(5)).toBeUndefined();
  expect(cache.get(10)).toBeDefined();
});

test('an answer from before a reset changes nothing', () => {
  const cache = new RowCache();
  const old = cache.missing(0, 10);
  cache.clear();
  expect(cache.receive(old?.request ?? 0, rows(0, 10))).toBe(false);
  expect(cache.get(0)).toBeUndefined();
  const fresh = cache.missing(0, 10);
  expect(fresh?.request).not.toBe(old?.request);
});

test('is bounded, and forgets the longest untouched first', () => {
  const cache = new RowCache();
  for (let first = 0; first < 100 * MAXIMUM_RANGE; first += MAXIMUM_RANGE) {
    const range = cache.missing(first, first + MAXIMUM_RANGE);
    cache.receive(range?.request ?? 0, rows(first, MAXIMUM_RANGE));
  }
  expect(cache.get(0)).toBeUndefined();
  expect(cache.get(100 * MAXIMUM_RANGE - 1)).toBeDefined();
});

test('asks for rows that do not lie side by side', () => {
  const cache = new RowCache();
  const question = cache.missingOf([3, 7, 20]);
  expect(question).toMatchObject({ numbers: [3, 7, 20] });
  expect(cache.missing(0, 10)).toBeUndefined();
  expect(cache.receive(question?.request ?? 0, [row(3), row(20)])).toBe(true);
  expect(cache.get(20)?.info).toBe('row 20');
  // 7 is not kept any more: not asked for again.
  expect(cache.missingOf([3, 7, 20])).toBeUndefined();
  expect(cache.missingOf([3, 8])).toMatchObject({ numbers: [8] });
});

test('a row that says what is no longer so is shown until it comes anew', () => {
  const cache = new RowCache();
  cache.receive(cache.missing(0, 10)?.request ?? 0, rows(0, 10));
  cache.refresh([4, 99]);
  expect(cache.get(4)?.info).toBe('row 4');
  const question = cache.missing(0, 10);
  expect(question).toMatchObject({ first: 4, count: 1 });
  cache.receive(question?.request ?? 0, [{ ...row(4), comment: 'new' }]);
  expect(cache.get(4)?.comment).toBe('new');
  expect(cache.missing(0, 10)).toBeUndefined();
});
