/** The name of a host that contains other devices, in the row at the top of its box. */
import type { Drawing, DrawnNode } from './drawing';
import { boxesOverlap, segmentBox, type Box } from './geometry';
import type { DiagramNode } from './model';
import { contentSize, type Size } from './node-size';

/** Pixels kept free around the name. */
export const HEADER_MARGIN = 10;

/** Whether the name of a host stands where one looks for it: not moved away by a cable. */
export function isNameAtLeft({ container, x, content }: DrawnNode): boolean {
  return !container || Math.abs(content.x - x - HEADER_MARGIN) < 0.5;
}

/** Glyph, label and details, as in any symbol. */
export function headerSize(node: DiagramNode): Size {
  return contentSize(node);
}

/**
 * The place for the name in the top row of `box`: as far left as it goes without touching what passes through.
 * @param passing places across where a line passes through the row
 */
export function placeHeader(box: Box, size: Size, passing: readonly number[]): Box {
  const y = box.y + HEADER_MARGIN;
  const walls = [...passing].sort((a, b) => a - b);
  let left = box.x;
  let widest = { left, width: 0 };
  for (const wall of [...walls, box.x + box.width]) {
    const width = wall - left;
    if (width >= size.width + 2 * HEADER_MARGIN - 0.01) {
      return { x: left + HEADER_MARGIN, y, ...size };
    }
    if (width > widest.width) {
      widest = { left, width };
    }
    left = wall;
  }
  return { x: widest.left + Math.max(0, (widest.width - size.width) / 2), y, ...size };
}

/** The containers of a drawing whose name a cable goes through. */
export function crossedNames({ nodes, cables }: Drawing): DrawnNode[] {
  const segments = cables.flatMap(({ points }) =>
    points.slice(1).map((to, index) => segmentBox(points[index] ?? to, to)),
  );
  return nodes.filter(
    ({ container, content }) => container && segments.some(segment => boxesOverlap(segment, content)),
  );
}
