/** Sorting for what is nearly sorted already: records whose times overlap a little. */

/**
 * Sorts `order` by the key of each of its entries; equal keys keep their order. A merge sort over the runs that are there, so that
 * sorted input costs one pass.
 */
export function sortByKey(order: Uint32Array<ArrayBuffer>, keyOf: (entry: number) => number): Uint32Array {
  const keys = Float64Array.from(order, keyOf);
  let from = { entries: order, keys };
  let into = { entries: new Uint32Array(order.length), keys: new Float64Array(order.length) };
  for (;;) {
    const runs = mergeRuns(from, into);
    if (runs <= 1) {
      return runs === 0 ? from.entries : into.entries;
    }
    [from, into] = [into, from];
  }
}

interface Sequence {
  readonly entries: Uint32Array<ArrayBuffer>;
  readonly keys: Float64Array<ArrayBuffer>;
}

/** Merges each pair of neighbouring runs; returns how many runs there are then, 0 when `from` was sorted and nothing was written. */
function mergeRuns(from: Sequence, into: Sequence): number {
  const length = from.keys.length;
  let begin = 0;
  let runs = 0;
  while (begin < length) {
    const middle = runEnd(from.keys, begin);
    if (begin === 0 && middle === length) {
      return 0;
    }
    const end = middle < length ? runEnd(from.keys, middle) : length;
    merge(from, into, begin, middle, end);
    begin = end;
    runs += 1;
  }
  return runs;
}

function runEnd(keys: Float64Array, begin: number): number {
  let i = begin + 1;
  while (i < keys.length && (keys[i - 1] ?? 0) <= (keys[i] ?? 0)) {
    i += 1;
  }
  return i;
}

function merge(from: Sequence, into: Sequence, begin: number, middle: number, end: number): void {
  let left = begin;
  let right = middle;
  for (let i = begin; i < end; i += 1) {
    const takeRight = left >= middle || (right < end && (from.keys[right] ?? 0) < (from.keys[left] ?? 0));
    const taken = takeRight ? right++ : left++;
    into.entries[i] = from.entries[taken] ?? 0;
    into.keys[i] = from.keys[taken] ?? 0;
  }
}
