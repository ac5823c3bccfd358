/** Boxes by place, so that finding those near one takes no walk through all of them. */
import { boxesOverlap, type Box } from './geometry';

/** Side of a square of the index in pixels: a symbol or two. */
const CELL = 160;
/** Boxes over more squares than this are kept aside and looked at every time. */
const MOST_CELLS = 64;
/** Squares of one row: more than any drawing has, so that each square has a number of its own. */
const ROW = 1 << 20;

export class BoxIndex<Item extends Box> {
  private readonly cells = new Map<number, Item[]>();
  private readonly large: Item[] = [];

  constructor(items: Iterable<Item> = []) {
    for (const item of items) {
      this.add(item);
    }
  }

  add(item: Item): void {
    const cells = cellsOf(item);
    if (cells.length > MOST_CELLS) {
      this.large.push(item);
      return;
    }
    for (const key of cells) {
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
    const found = this.large.filter(item => boxesOverlap(item, box, margin));
    for (const key of cellsOf(box)) {
      for (const item of this.cells.get(key) ?? []) {
        // What lies in several squares is met in each of them.
        if (boxesOverlap(item, box, margin) && !found.includes(item)) {
          found.push(item);
        }
      }
    }
    return found;
  }

  /** Whether any does that this holds for. */
  isTouched(box: Box, which: (item: Item) => boolean = () => true): boolean {
    const touches = (item: Item): boolean => boxesOverlap(item, box) && which(item);
    return this.large.some(touches) || cellsOf(box).some(key => this.cells.get(key)?.some(touches) === true);
  }
}

function cellsOf({ x, y, width, height }: Box): number[] {
  const right = Math.floor((x + width) / CELL);
  const bottom = Math.floor((y + height) / CELL);
  const cells: number[] = [];
  for (let column = Math.floor(x / CELL); column <= right; column++) {
    for (let row = Math.floor(y / CELL); row <= bottom; row++) {
      cells.push(column * ROW + row);
    }
  }
  return cells;
}
