/** Where words beside a mark go so that they cover nothing that is read. */
import { boxesOverlap, type Box, type Point } from './geometry';
import type { Size } from './node-size';

/** Rings of places around the mark that are tried, in heights of the tag. */
const RINGS = [0, 1, 2, 3.5, 5.5, 8];

/**
 * The nearest place for a tag of `size` around the mark at `at` that covers none of the boxes and lies in `room`; where all are taken, the
 * one that covers least, right of the mark first.
 * @param reach half the side of the mark
 */
export function placeTag(at: Point, reach: number, size: Size, boxes: readonly Box[], room: Box): Box {
  let best: { readonly box: Box; readonly cost: number } | undefined;
  for (const ring of RINGS) {
    for (const box of around(at, reach, size, ring * size.height)) {
      const cost = boxes.reduce((sum, other) => sum + shared(box, other), 0) + outside(box, room);
      if (cost === 0) {
        return box;
      }
      if (best === undefined || cost < best.cost) {
        best = { box, cost };
      }
    }
  }
  return best?.box ?? { ...at, ...size };
}

/** Right, left, below and above, then the corners. */
function around({ x, y }: Point, reach: number, { width, height }: Size, away: number): Box[] {
  const right = x + reach + away;
  const left = x - reach - away - width;
  const below = y + reach + away;
  const above = y - reach - away - height;
  const places: readonly (readonly [number, number])[] = [
    [right, y - height / 2],
    [left, y - height / 2],
    [x - width / 2, below],
    [x - width / 2, above],
    [right, below],
    [right, above],
    [left, below],
    [left, above],
  ];
  return places.map(([column, row]) => ({ x: column, y: row, width, height }));
}

/** Area that two boxes have in common. */
function shared(one: Box, other: Box): number {
  return boxesOverlap(one, other)
    ? (Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x)) *
        (Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y))
    : 0;
}

/** Area of a box that is out of the room, counted many times: what can't be seen says nothing. */
function outside(box: Box, room: Box): number {
  return 4 * (box.width * box.height - shared(box, room));
}
