/** "Did you mean": the known word that a wrong one most likely stands for. */

/** The nearest of the candidates, when it is near enough to be a slip of the fingers. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = fold(word);
  let best: string | undefined;
  // A third of the letters may differ, and at least one in words of three letters or more.
  let bestDistance = Math.max(1, Math.floor(Math.min(word.length, MAXIMUM_LENGTH) / 3)) + 1;
  let compared = 0;
  for (const candidate of candidates) {
    if (++compared > MAXIMUM_CANDIDATES) {
      break;
    }
    const distance = editDistance(wanted, fold(candidate), bestDistance);
    if (distance < bestDistance && distance < Math.max(1, word.length)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** More names than that are not searched. */
const MAXIMUM_CANDIDATES = 1000;

/** Longer words are not compared: the work is the product of the lengths. */
const MAXIMUM_LENGTH = 64;

const fold = (word: string): string => word.toLowerCase().replace(/_/g, '-');

/** Letters to insert, remove, change or swap with their neighbour (optimal string alignment); at least `limit` when there are more. */
function editDistance(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) >= limit || Math.max(one.length, other.length) > MAXIMUM_LENGTH) {
    return limit;
  }
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1];
      let distance = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]) {
        distance = Math.min(distance, (beforeLast[column - 2] ?? 0) + 1);
      }
      current.push(distance);
    }
    [beforeLast, last] = [last, current];
  }
  return last[other.length] ?? limit;
}
