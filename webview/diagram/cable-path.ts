/** A cable's corners as SVG path data with rounded bends. */
import type { Point } from './geometry';

/** Pixels; smaller where two corners are close. */
const RADIUS = 8;

export function cablePath(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) {
    return '';
  }
  let path = `M${at(first)}`;
  rest.forEach((corner, index) => {
    const before = points[index] ?? first;
    const after = rest[index + 1];
    if (after === undefined) {
      path += `L${at(corner)}`;
      return;
    }
    const radius = Math.min(RADIUS, length(before, corner) / 2, length(corner, after) / 2);
    path += `L${at(towards(corner, before, radius))}Q${at(corner)} ${at(towards(corner, after, radius))}`;
  });
  return path;
}

/** With one decimal: more is noise in a drawing. */
export function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function at(point: Point): string {
  return `${rounded(point.x)} ${rounded(point.y)}`;
}

function length(from: Point, to: Point): number {
  return Math.hypot(to.x - from.x, to.y - from.y);
}

function towards(from: Point, to: Point, by: number): Point {
  const share = by / Math.max(by, length(from, to), 0.001);
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}
