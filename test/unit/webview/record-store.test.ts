import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  PROTOCOL_CLASSES,
  RECORD_BYTES,
  encodeRecord,
  type RecordSummary,
} from '../../../src/simulation/record-batch';
import { CHUNK_ROWS, RecordStore } from '../../../webview/trace/record-store';

/** A record that tells its number in every column. */
const recordOf = (number: number): RecordSummary => ({
  departure: number * 10,
  arrival: number % 3 === 0 ? Number.NaN : number * 10 + 5,
  port: number % 0x1_0000,
  cause: number - 1,
  length: number % 1515,
  protocol: PROTOCOL_CLASSES[number % PROTOCOL_CLASSES.length] ?? 'other',
  drop: number % 3 === 0 ? 7 : 0,
});

function batch(first: number, count: number) {
  const data = new ArrayBuffer(count * RECORD_BYTES);
  const view = new DataView(data);
  for (let index = 0; index < count; index++) {
    encodeRecord(view, index, recordOf(first + index));
  }
  return { first, count, data };
}

test('what goes in comes out, across chunks', () => {
  const store = new RecordStore();
  const count = CHUNK_ROWS + 100;
  store.add(batch(0, 60_000));
  store.add(batch(60_000, count - 60_000));
  expect([store.oldest, store.end, store.size]).toEqual([0, count, count]);
  for (const number of [0, 1, 59_999, 60_000, CHUNK_ROWS - 1, CHUNK_ROWS, count - 1]) {
    expect(store.get(number)).toEqual(recordOf(number));
  }
  expect(store.get(count)).toBeUndefined();
  expect(store.get(-1)).toBeUndefined();
  expect(store.drops).toBe(Math.ceil(count / 3));
});

test('each record is seen once, also when a batch comes twice', () => {
  const store = new RecordStore();
  const seen: number[] = [];
  store.add(batch(0, 5), number => seen.push(number));
  store.add(batch(3, 5), number => seen.push(number));
  store.add(batch(0, 2), number => seen.push(number));
  expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(store.get(7)).toEqual(recordOf(7));
});

test('a batch behind a gap begins anew: no row is made up', () => {
  const store = new RecordStore();
  store.add(batch(0, 10));
  store.add(batch(1_000_000, 10));
  expect([store.oldest, store.end]).toEqual([1_000_000, 1_000_010]);
  expect(store.get(5)).toBeUndefined();
  expect(store.get(1_000_003)).toEqual(recordOf(1_000_003));
});

test('forgetting keeps the rest', () => {
  const store = new RecordStore();
  store.add(batch(0, CHUNK_ROWS + 10));
  store.forgetBefore(CHUNK_ROWS + 4);
  expect(store.size).toBe(6);
  expect(store.get(CHUNK_ROWS + 3)).toBeUndefined();
  expect(store.get(CHUNK_ROWS + 4)).toEqual(recordOf(CHUNK_ROWS + 4));
  store.forgetBefore(3);
  expect(store.oldest).toBe(CHUNK_ROWS + 4);
  store.forgetBefore(Number.MAX_SAFE_INTEGER);
  expect(store.size).toBe(0);
  store.add(batch(CHUNK_ROWS + 10, 1));
  expect(store.size).toBe(1);
});

test('a batch shorter than it says is read as far as it goes', () => {
  const store = new RecordStore();
  store.add({ ...batch(0, 3), count: 1_000_000 });
  expect(store.end).toBe(3);
  store.add({ first: 3, count: 5, data: new ArrayBuffer(0) });
  expect(store.end).toBe(3);
});

test('after clear a trace may begin anywhere', () => {
  const store = new RecordStore();
  store.add(batch(0, 3));
  store.clear();
  expect([store.size, store.drops]).toEqual([0, 0]);
  store.add(batch(500, 3));
  expect([store.oldest, store.end]).toEqual([500, 503]);
});

test('whatever comes in whatever order, the rows kept are those that were sent', () => {
  const act = fc.oneof(
    fc.record({ type: fc.constant('add' as const), first: fc.nat(300), count: fc.nat(80) }),
    fc.record({ type: fc.constant('forget' as const), first: fc.nat(400), count: fc.constant(0) }),
  );
  fc.assert(
    fc.property(fc.array(act, { maxLength: 20 }), acts => {
      const store = new RecordStore();
      for (const { type, first, count } of acts) {
        if (type === 'add') {
          store.add(batch(first, count));
        } else {
          store.forgetBefore(first);
        }
        expect(store.oldest).toBeLessThanOrEqual(store.end);
        for (let number = store.oldest; number < store.end; number++) {
          expect(store.get(number)).toEqual(recordOf(number));
        }
      }
    }),
  );
});
