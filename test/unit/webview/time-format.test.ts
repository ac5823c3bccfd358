import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatClock, formatDuration, formatTime, groupedInteger } from '../../../webview/trace/time-format';

/** As a person types it. */
const plain = (text: string): string => text.replaceAll('\u202f', ' ');

describe('time of a packet', () => {
  test.each([
    [0, '0.000 000 000'],
    [1, '0.000 000 001'],
    [1_234_567_890, '1.234 567 890'],
    [59_999_999_999, '59.999 999 999'],
    [12_345_000_000_001, '12 345.000 000 001'],
    [-1_500, '−0.000 001 500'],
  ])('%d ns reads %s', (nanoseconds, text) => {
    expect(plain(formatTime(nanoseconds))).toBe(text);
  });

  test('no time is a dash', () => {
    expect(formatTime(Number.NaN)).toBe('–');
    expect(formatTime(Number.POSITIVE_INFINITY)).toBe('–');
  });

  test('no nanosecond is lost or made, and every line is as long as its seconds ask', () => {
    fc.assert(
      fc.property(fc.nat(Number.MAX_SAFE_INTEGER), nanoseconds => {
        const [seconds = '', fraction = ''] = plain(formatTime(nanoseconds)).replaceAll(' ', '').split('.');
        expect(BigInt(seconds) * 1_000_000_000n + BigInt(fraction)).toBe(BigInt(nanoseconds));
        expect(fraction).toHaveLength(9);
      }),
    );
  });
});

test('the clock cuts and never rounds up', () => {
  expect(plain(formatClock(1_234_567_999))).toBe('1.234 567');
  expect(plain(formatClock(999_999_999))).toBe('0.999 999');
});

describe('duration', () => {
  test.each([
    [0, '0 ns'],
    [999, '999 ns'],
    [1_000, '1 µs'],
    [12_340, '12.34 µs'],
    [1_000_001, '1.000 001 ms'],
    [2_500_000_000, '2.5 s'],
    [3_600_000_000_000, '3 600 s'],
    [-40, '−40 ns'],
    [Number.NaN, '–'],
  ])('%d ns reads %s', (nanoseconds, text) => {
    expect(plain(formatDuration(nanoseconds))).toBe(text);
  });
});

test('integers are grouped from the right', () => {
  expect(['0', '999', '1 000', '12 345', '1 234 567']).toEqual(
    [0, 999, 1000, 12_345, 1_234_567].map(value => plain(groupedInteger(value))),
  );
});
