/** Boxes by place, so that finding those near one takes no walk through all of them. */
import { boxesOverlap, type Box } from './geometry';

/** Side of a square of the index in pixels: a symbol or two. */
const CELL = 160;
/** Boxes over more squares than this are kept aside and looked at every time. */
const MOST_CELLS = 64;

export class BoxIndex<Item extends Box> {
  private readonly cells = new Map<string, Item[]>();
  private readonly large: Item[] = [];

  constructor(items: Iterable<Item> = []) {
    for (const item of items) {
      this.add(item);
    }
  }

  add(item: Item): void {
    const keys = [...cellsOf(item)];
    if (keys.length > MOST_CELLS) {
      this.large.push(item);
      return;
    }
    for (const key of keys) {
      const cell = this.cells.get(key);
      if (cell === undefined) {
        this.cells.set(key, [item]);
      } else {
        cell.push(item);
      }
    }
  }

  /** Those that share more than a border of `margin` with the box. */
  overlapping(box: Box, margin = 0): Item[] {
    const near = new Set(this.large);
    for (const key of cellsOf(box)) {
      this.cells.get(key)?.forEach(item => near.add(item));
    }
    return [...near].filter(item => boxesOverlap(item, box, margin));
  }

  /** Whether any does. */
  isTouched(box: Box): boolean {
    if (this.large.some(item => boxesOverlap(item, box))) {
      return true;
    }
    for (const key of cellsOf(box)) {
      if (this.cells.get(key)?.some(item => boxesOverlap(item, box)) === true) {
        return true;
      }
    }
    return false;
  }
}

function* cellsOf({ x, y, width, height }: Box): Generator<string> {
  const right = Math.floor((x + width) / CELL);
  const bottom = Math.floor((y + height) / CELL);
  for (let column = Math.floor(x / CELL); column <= right; column++) {
    for (let row = Math.floor(y / CELL); row <= bottom; row++) {
      yield `${column} ${row}`;
    }
  }
}
