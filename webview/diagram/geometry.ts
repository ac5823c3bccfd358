/** Points and boxes on the drawing: x to the right, y down, in CSS pixels at zoom 1. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** Whether the boxes share more than a border of `margin`. */
export function boxesOverlap(one: Box, other: Box, margin = 0): boolean {
  return (
    one.x + margin < other.x + other.width &&
    other.x + margin < one.x + one.width &&
    one.y + margin < other.y + other.height &&
    other.y + margin < one.y + one.height
  );
}

/** The box that a line from `from` to `to`, across or down, covers when it is this thick. */
export function segmentBox(from: Point, to: Point, thickness = 0): Box {
  return {
    x: Math.min(from.x, to.x) - thickness / 2,
    y: Math.min(from.y, to.y) - thickness / 2,
    width: Math.abs(from.x - to.x) + thickness,
    height: Math.abs(from.y - to.y) + thickness,
  };
}

/** The box around all points. */
export function boundsOf(points: readonly Point[]): Box {
  const [first = { x: 0, y: 0 }] = points;
  let [left, top, right, bottom] = [first.x, first.y, first.x, first.y];
  for (const { x, y } of points) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

export function centreOf(box: Box): Point {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Length of a chain of straight pieces. */
export function pathLength(points: readonly Point[]): number {
  let length = 0;
  for (let index = 1; index < points.length; index++) {
    length += distance(points[index - 1], points[index]);
  }
  return length;
}

/** The point at this share, 0 to 1, of a chain's length. */
export function pointAlong(points: readonly Point[], share: number): Point {
  let left = pathLength(points) * Math.min(1, Math.max(0, share));
  for (let index = 1; index < points.length; index++) {
    const from = points[index - 1];
    const to = points[index];
    const piece = distance(from, to);
    if (from !== undefined && to !== undefined && (left <= piece || index === points.length - 1)) {
      const part = piece === 0 ? 0 : Math.min(1, left / piece);
      return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
    }
    left -= piece;
  }
  return points[0] ?? { x: 0, y: 0 };
}

function distance(from: Point | undefined, to: Point | undefined): number {
  return from === undefined || to === undefined ? 0 : Math.hypot(to.x - from.x, to.y - from.y);
}
