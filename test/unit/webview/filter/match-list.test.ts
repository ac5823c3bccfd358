import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MatchList } from '../../../../webview/filter/match-list';
import { allRows, hasRow } from '../../../../webview/trace/list-rows';
import { RecordStore } from '../../../../webview/trace/record-store';

const batch = (...numbers: number[]) => Uint32Array.from(numbers).buffer;
const all = (list: MatchList) => Array.from({ length: list.size }, (_, row) => list.at(row));

describe('the records that pass', () => {
  it('come in batches, and are found by row and by number', () => {
    const list = new MatchList();
    list.add(batch(3, 5, 9), 12);
    list.add(batch(12, 20), 30);
    expect(all(list)).toEqual([3, 5, 9, 12, 20]);
    expect(list.looked).toBe(30);
    expect([0, 3, 4, 9, 21].map(number => list.rowOf(number))).toEqual([0, 0, 1, 2, 5]);
    expect(hasRow(list, 9)).toBe(true);
    expect(hasRow(list, 10)).toBe(false);
    expect(hasRow(list, 21)).toBe(false);
  });

  it('are the same as in a plain list, whatever comes, goes back and is forgotten', () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('add' as const),
        gaps: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 3000 }),
      }),
      fc.record({ kind: fc.constant('truncate' as const), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
      fc.record({ kind: fc.constant('forget' as const), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
      fc.record({ kind: fc.constant('clear' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), steps => {
        const list = new MatchList();
        let plain: number[] = [];
        let end = 0;
        let forgotten = 0;
        for (const each of steps) {
          switch (each.kind) {
            case 'add': {
              const numbers = each.gaps.map(gap => (end += gap));
              end += 1;
              plain.push(...numbers);
              list.add(batch(...numbers), end);
              break;
            }
            case 'truncate':
              end = Math.floor(end * each.part);
              plain = plain.filter(number => number < end);
              list.truncate(end);
              break;
            case 'forget': {
              const oldest = Math.floor(end * each.part);
              const kept = plain.filter(number => number >= oldest);
              forgotten += plain.length - kept.length;
              plain = kept;
              list.forgetBefore(oldest);
              break;
            }
            case 'clear':
              plain = [];
              end = 0;
              forgotten = 0;
              list.clear();
              break;
          }
          expect(all(list)).toEqual(plain);
          expect(list.forgotten).toBe(forgotten);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('a million of them grow in place', () => {
    const list = new MatchList();
    for (let first = 0; first < 1_000_000; first += 16_000) {
      list.add(Uint32Array.from({ length: 16_000 }, (_, index) => first + index).buffer, first + 16_000);
    }
    expect(list.size).toBe(1_008_000);
    expect(list.at(999_999)).toBe(999_999);
    expect(list.rowOf(777_777)).toBe(777_777);
  });

  it('a batch that is cut off is read as far as it goes, and nothing comes twice', () => {
    const list = new MatchList();
    list.add(batch(1, 2).slice(0, 7), 3);
    list.add(batch(1, 1, 4), 5);
    expect(all(list)).toEqual([1, 4]);
  });
});

it('without a filter every record that is kept has a row', () => {
  const store = new RecordStore();
  const rows = allRows(store);
  expect(rows.size).toBe(0);
  expect(hasRow(rows, 0)).toBe(false);
});
