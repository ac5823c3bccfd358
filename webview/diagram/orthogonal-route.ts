/**
 * A way from one border to another, across and down only, around all that is in between: A* over the lines along the borders of what is in
 * the way (Hart, Nilsson and Raphael 1968), where a bend costs as much as a detour.
 */
import type { BoxIndex } from './box-index';
import type { Box, Point } from './geometry';

/** A place on a border and the way out of it. */
export interface Exit {
  readonly at: Point;
  readonly out: Point;
}

export interface RouteWalls {
  /** What can't be passed, with the air that is to stay around it. */
  readonly boxes: BoxIndex<Box>;
  /** Other cables' segments as boxes: they may be crossed but not followed. */
  readonly cables: BoxIndex<Box>;
}

/** Pixels straight out of a border before the first bend. */
export const STUB = 14;
/** Pixels that a bend, and a crossing, are worth. */
const BEND = 40;
const CROSSING = 60;
/** Pixels around the two ends in which a way is looked for, or a quarter of the way itself. */
const REACH = 260;
/** Lines nearer to each other than this count as one, and where there are too many places for a search, up to that. */
const NEAREST_LINES = 4;
const FURTHEST_LINES = 32;
const MOST_PLACES = 30_000;
/** Air between a way and the borders along which it goes. */
const AIR = 3;
/** Pixels that parallel cables keep apart. */
const APART = 6;
/** Steps after which the search is given up. */
const MOST_STEPS = 30_000;

const WAYS: readonly Point[] = [
  { x: 1, y: 0 },
  { x: 0, y: 1 },
  { x: -1, y: 0 },
  { x: 0, y: -1 },
];

/** How many steps all searches of one task may still take; each search has a limit of its own as well. */
export interface Effort {
  left: number;
}

/** The corners with both ends; undefined where there is no way, or none that is found soon. */
export function orthogonalRoute(
  from: Exit,
  to: Exit,
  walls: RouteWalls,
  effort: Effort,
): Point[] | undefined {
  if (effort.left <= 0) {
    return undefined;
  }
  const start = outOf(from);
  const goal = outOf(to);
  const window = around(start, goal);
  const boxes = walls.boxes.overlapping(window);
  let apart = NEAREST_LINES;
  let columns = linesOf([start.x, goal.x], boxes, 'x', window, apart);
  let rows = linesOf([start.y, goal.y], boxes, 'y', window, apart);
  // Over a long way, fewer lines lead there as well.
  while (columns.length * rows.length > MOST_PLACES && apart < FURTHEST_LINES) {
    apart *= 2;
    columns = linesOf([start.x, goal.x], boxes, 'x', window, apart);
    rows = linesOf([start.y, goal.y], boxes, 'y', window, apart);
  }
  const free = (a: Point, b: Point): boolean => {
    const segment = segmentOf(a, b);
    return !walls.boxes.isTouched(segment) && !follows(segment, walls.cables);
  };
  if (!free(from.at, start) && walls.boxes.isTouched(segmentOf(start, start))) {
    return undefined;
  }
  const path = search(
    start,
    goal,
    wayOf(from.out),
    wayOf({ x: -to.out.x, y: -to.out.y }),
    columns,
    rows,
    free,
    walls,
    effort,
  );
  return path === undefined ? undefined : [from.at, ...path, to.at];
}

interface Step {
  readonly column: number;
  readonly row: number;
  readonly way: number;
  readonly cost: number;
  readonly estimate: number;
  readonly before: Step | undefined;
}

function search(
  start: Point,
  goal: Point,
  firstWay: number,
  lastWay: number,
  columns: readonly number[],
  rows: readonly number[],
  free: (a: Point, b: Point) => boolean,
  walls: RouteWalls,
  effort: Effort,
): Point[] | undefined {
  const place = (step: { column: number; row: number }): Point => ({
    x: columns[step.column] ?? 0,
    y: rows[step.row] ?? 0,
  });
  const target = { column: columns.indexOf(goal.x), row: rows.indexOf(goal.y) };
  const rest = (at: Point): number => Math.abs(at.x - goal.x) + Math.abs(at.y - goal.y);
  const open = new StepHeap();
  const best = new Map<number, number>();
  open.push({
    column: columns.indexOf(start.x),
    row: rows.indexOf(start.y),
    way: firstWay,
    cost: 0,
    estimate: rest(start),
    before: undefined,
  });
  for (let steps = 0; steps < MOST_STEPS && effort.left > 0; steps++) {
    effort.left--;
    const step = open.pop();
    if (step === undefined) {
      return undefined;
    }
    if (step.column === target.column && step.row === target.row) {
      return cornersOf(step, place);
    }
    const at = place(step);
    for (let way = 0; way < WAYS.length; way++) {
      const { x, y } = WAYS[way] ?? { x: 0, y: 0 };
      const next = { column: step.column + x, row: step.row + y };
      const isBack = (way + 2) % 4 === step.way;
      if (isBack || columns[next.column] === undefined || rows[next.row] === undefined) {
        continue;
      }
      const to = place(next);
      const arrives = next.column === target.column && next.row === target.row;
      const bends = (way === step.way ? 0 : 1) + (arrives && way !== lastWay ? 1 : 0);
      if ((arrives && (way + 2) % 4 === lastWay) || !free(at, to)) {
        continue;
      }
      const crossings = walls.cables.overlapping(segmentOf(at, to)).length;
      const cost =
        step.cost + Math.abs(to.x - at.x) + Math.abs(to.y - at.y) + BEND * bends + CROSSING * crossings;
      const key = (next.column * 4096 + next.row) * 4 + way;
      if (cost < (best.get(key) ?? Infinity)) {
        best.set(key, cost);
        open.push({ ...next, way, cost, estimate: cost + rest(to), before: step });
      }
    }
  }
  return undefined;
}

function cornersOf(last: Step, place: (step: Step) => Point): Point[] {
  const points: Point[] = [];
  for (let step: Step | undefined = last; step !== undefined; step = step.before) {
    points.unshift(place(step));
  }
  return points;
}

function outOf({ at, out }: Exit): Point {
  return { x: at.x + out.x * STUB, y: at.y + out.y * STUB };
}

function wayOf({ x, y }: Point): number {
  return Math.max(
    0,
    WAYS.findIndex(way => way.x === Math.sign(x) && way.y === Math.sign(y)),
  );
}

function around(one: Point, other: Point): Box {
  const reach = Math.max(REACH, (Math.abs(one.x - other.x) + Math.abs(one.y - other.y)) / 4);
  return {
    x: Math.min(one.x, other.x) - reach,
    y: Math.min(one.y, other.y) - reach,
    width: Math.abs(one.x - other.x) + 2 * reach,
    height: Math.abs(one.y - other.y) + 2 * reach,
  };
}

/** Lines beside the borders of what is in the way, and the two given ones as they are. */
function linesOf(
  exact: readonly number[],
  boxes: readonly Box[],
  axis: 'x' | 'y',
  window: Box,
  apart: number,
): number[] {
  const extent = axis === 'x' ? 'width' : 'height';
  const [low, high] = [window[axis], window[axis] + window[extent]];
  const wanted = boxes
    .flatMap(box => [box[axis] - AIR, box[axis] + box[extent] + AIR])
    .concat(boxes.map(box => box[axis] + box[extent] + AIR + 2 * APART))
    .filter(line => line > low && line < high)
    .sort((a, b) => a - b);
  const lines = [...new Set(exact)];
  for (const line of wanted) {
    if (lines.every(other => Math.abs(other - line) >= apart)) {
      lines.push(line);
    }
  }
  return lines.sort((a, b) => a - b);
}

function segmentOf(a: Point, b: Point): Box {
  return {
    x: Math.min(a.x, b.x) - 0.5,
    y: Math.min(a.y, b.y) - 0.5,
    width: Math.abs(a.x - b.x) + 1,
    height: Math.abs(a.y - b.y) + 1,
  };
}

/** Whether the segment runs beside a cable that goes the same way. */
function follows(segment: Box, cables: BoxIndex<Box>): boolean {
  const level = segment.width >= segment.height;
  const near = level
    ? { ...segment, y: segment.y - APART, height: segment.height + 2 * APART }
    : { ...segment, x: segment.x - APART, width: segment.width + 2 * APART };
  return cables.isTouched(near, cable => {
    const other = cable.width >= cable.height;
    const shared = level
      ? Math.min(segment.x + segment.width, cable.x + cable.width) - Math.max(segment.x, cable.x)
      : Math.min(segment.y + segment.height, cable.y + cable.height) - Math.max(segment.y, cable.y);
    return other === level && shared > 1;
  });
}

/** The step with the lowest estimate first: a binary heap. */
class StepHeap {
  private readonly steps: Step[] = [];

  push(step: Step): void {
    const { steps } = this;
    let at = steps.length;
    steps.push(step);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = steps[above];
      if (parent === undefined || parent.estimate <= step.estimate) {
        break;
      }
      steps[at] = parent;
      at = above;
    }
    steps[at] = step;
  }

  pop(): Step | undefined {
    const { steps } = this;
    const first = steps[0];
    const last = steps.pop();
    if (first === undefined || last === undefined || steps.length === 0) {
      return first;
    }
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      const [leftStep, rightStep] = [steps[left], steps[right]];
      const child =
        rightStep !== undefined && leftStep !== undefined && rightStep.estimate < leftStep.estimate
          ? right
          : left;
      const below = steps[child];
      if (below === undefined || below.estimate >= last.estimate) {
        break;
      }
      steps[at] = below;
      at = child;
    }
    steps[at] = last;
    return first;
  }
}
