/** How much an edit moves what it does not concern. */

interface Placed {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

/** Pixels that nodes in both drawings moved on average, apart from what all of them moved. */
export function meanShift(before: readonly Placed[], after: readonly Placed[]): number {
  const old = new Map(before.map(node => [node.id, node]));
  const shifts = after.flatMap(node => {
    const from = old.get(node.id);
    return from === undefined ? [] : [{ x: node.x - from.x, y: node.y - from.y }];
  });
  const middle = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
  const common = { x: middle(shifts.map(({ x }) => x)), y: middle(shifts.map(({ y }) => y)) };
  const lengths = shifts.map(({ x, y }) => Math.hypot(x - common.x, y - common.y));
  return lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
}
