import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  MAXIMUM_HEIGHT,
  OVERSCAN,
  isAtEnd,
  isScaled,
  maximumTop,
  scrollHeight,
  scrollOfTop,
  topOfScroll,
  topToReveal,
  visibleRows,
} from '../../../webview/trace/list-geometry';

const size = fc.record({
  rows: fc.nat(20_000_000),
  rowHeight: fc.integer({ min: 14, max: 60 }),
  viewport: fc.integer({ min: 20, max: 2000 }),
});
const place = fc.record({ size, share: fc.double({ min: 0, max: 1, noNaN: true }) });

test('up to the tallest element the scroll bar says the place itself', () => {
  const small = { rows: 1000, rowHeight: 20, viewport: 600 };
  expect(isScaled(small)).toBe(false);
  expect(scrollHeight(small)).toBe(20_000);
  expect(topOfScroll(small, 137)).toBe(137);
  expect(scrollOfTop(small, 137)).toBe(137);
});

test('no element is ever taller than a browser makes it, and both ends stay reachable', () => {
  fc.assert(
    fc.property(size, one => {
      expect(scrollHeight(one)).toBeLessThanOrEqual(MAXIMUM_HEIGHT);
      expect(topOfScroll(one, 0)).toBe(0);
      const bottom = Math.max(0, scrollHeight(one) - one.viewport);
      expect(topOfScroll(one, bottom)).toBeCloseTo(maximumTop(one), 3);
      expect(scrollOfTop(one, maximumTop(one))).toBeCloseTo(bottom, 3);
    }),
  );
});

test('place and scroll bar are inverse to each other', () => {
  fc.assert(
    fc.property(place, ({ size: one, share }) => {
      const top = share * maximumTop(one);
      expect(Math.abs(topOfScroll(one, scrollOfTop(one, top)) - top)).toBeLessThan(0.01);
    }),
  );
});

test('the rows drawn cover the viewport, and are few', () => {
  fc.assert(
    fc.property(place, ({ size: one, share }) => {
      const top = share * maximumTop(one);
      const { first, end } = visibleRows(one, top);
      expect(first).toBeGreaterThanOrEqual(0);
      expect(end).toBeLessThanOrEqual(one.rows);
      expect(first * one.rowHeight).toBeLessThanOrEqual(top);
      expect(end * one.rowHeight).toBeGreaterThanOrEqual(
        Math.min(top + one.viewport, one.rows * one.rowHeight),
      );
      expect(end - first).toBeLessThanOrEqual(one.viewport / one.rowHeight + 2 + 2 * OVERSCAN);
    }),
  );
});

test('revealing shows the row whole and moves no more than needed', () => {
  const list = { rows: 100, rowHeight: 20, viewport: 100 };
  expect(topToReveal(list, 40, 3)).toBe(40);
  expect(topToReveal(list, 40, 1)).toBe(20);
  expect(topToReveal(list, 40, 7)).toBe(60);
  expect(topToReveal({ ...list, viewport: 10 }, 0, 7)).toBe(140);
});

test('the end is the end although the browser rounds the place of the scroll bar', () => {
  const million = { rows: 1_048_576, rowHeight: 21, viewport: 301 };
  const rounded = 2 * Math.floor(maximumTop(million) / 2 - 0.5);
  expect(isAtEnd(million, topOfScroll(million, rounded))).toBe(true);
  expect(isAtEnd(million, maximumTop(million) - million.rowHeight)).toBe(false);
  const short = { rows: 100, rowHeight: 21, viewport: 301 };
  expect(isAtEnd(short, maximumTop(short))).toBe(true);
  expect(isAtEnd(short, maximumTop(short) - 2)).toBe(false);
  expect(isAtEnd({ ...short, rows: 0 }, 0)).toBe(false);
});
