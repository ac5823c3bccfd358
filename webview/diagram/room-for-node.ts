/** Free places in a finished picture for a device that an edit adds: beside others of its box, as near to its neighbour as there is room. */
import { BoxIndex } from './box-index';
import type { Drawing, DrawnNode } from './drawing';
import { centreOf, segmentBox, type Box, type Point } from './geometry';
import type { Size } from './node-size';

/** Pixels to the next symbol, with room for the labels at a cable between the two, or without. */
const GAPS = [30, 62];
/** Air that the symbol itself keeps. */
const AIR = 14;
/** Pixels from the border of a box to what is in it. */
const PADDING = 14;
/** A place further than this from the neighbour is none. */
const FURTHEST = 520;
const MOST_PLACES = 10;

/** The nearest first. @param inside the box it has to be in; undefined for the page, which may grow to the right and down */
export function roomForNode(
  drawing: Drawing,
  size: Size,
  inside: DrawnNode | undefined,
  neighbour: DrawnNode,
): readonly Box[] {
  const siblings = drawing.nodes.filter(node => node.node.inside === inside?.id);
  const taken = new BoxIndex<Box>([
    ...drawing.nodes.filter(({ id }) => id !== inside?.id && !holds(drawing, id, inside)),
    ...(inside === undefined ? [] : [inside.content]),
    ...drawing.ports.flatMap(({ label }) => label ?? []),
    ...drawing.cables.flatMap(({ label }) => label ?? []),
    ...drawing.cables.flatMap(({ points }) =>
      points.slice(1).map((to, index) => segmentBox(points[index] ?? to, to)),
    ),
  ]);
  const page = {
    x: 0,
    y: 0,
    width: drawing.width + size.width * 2,
    height: drawing.height + size.height * 3,
  };
  const room = inside ?? page;
  const around = neighbour.id === inside?.id ? centreOf(neighbour.content) : centreOf(neighbour);
  return siblings
    .flatMap(sibling => beside(sibling, size))
    .concat(neighbour.id === inside?.id ? [] : beside(neighbour, size))
    .map(({ x, y }) => ({ x, y, ...size }))
    .map(box => ({ box, distance: distanceOf(centreOf(box), around) }))
    .filter(({ distance }) => distance < FURTHEST)
    .filter(({ box }) => within(grown(box, PADDING), room) && !taken.isTouched(grown(box, AIR)))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST_PLACES)
    .map(({ box }) => box);
}

/** The drawing with this box larger by a symbol, to the right or down, where nothing is in the way and no socket would have to move. */
export function grownBoxes(drawing: Drawing, box: DrawnNode, size: Size): readonly Drawing[] {
  const gap = Math.max(...GAPS) + AIR;
  const { x, y, width, height } = box;
  const wider: Box = { x: x + width + 1, y: y - AIR, width: size.width + gap, height: height + 2 * AIR };
  const higher: Box = { x: x - AIR, y: y + height + 1, width: width + 2 * AIR, height: size.height + gap };
  const outer = drawing.nodes.find(({ id }) => id === box.node.inside);
  const taken = new BoxIndex<Box>([
    ...drawing.nodes.filter(({ id }) => id !== outer?.id && !holds(drawing, id, outer)),
    ...drawing.ports.flatMap(({ at, label }) => [
      segmentBox(at, at, 8),
      ...(label === undefined ? [] : [label]),
    ]),
    ...drawing.cables.flatMap(({ label }) => label ?? []),
    ...drawing.cables.flatMap(({ points }) =>
      points.slice(1).map((to, index) => segmentBox(points[index] ?? to, to)),
    ),
  ]);
  const isFree = (strip: Box): boolean =>
    !taken.isTouched(strip) && (outer === undefined || within(strip, outer));
  const enlarged = (change: Partial<Size>): Drawing => ({
    ...drawing,
    width: Math.max(drawing.width, x + (change.width ?? width) + PADDING),
    height: Math.max(drawing.height, y + (change.height ?? height) + PADDING),
    nodes: drawing.nodes.map(node => (node.id === box.id ? { ...node, ...change } : node)),
  });
  return [
    ...(isFree(wider) ? [enlarged({ width: width + wider.width })] : []),
    ...(isFree(higher) ? [enlarged({ height: height + higher.height })] : []),
  ];
}

/** Below, above, right and left of a symbol, in line with it. */
function beside({ x, y, width, height }: Box, size: Size): Point[] {
  return GAPS.flatMap(gap => [
    { x, y: y + height + gap },
    { x, y: y - size.height - gap },
    { x: x + width + gap, y },
    { x: x - size.width - gap, y },
    { x: x + (width - size.width) / 2, y: y + height + gap },
  ]);
}

/** Whether the box with this id is around `inside`. */
function holds({ nodes }: Drawing, id: string, inside: DrawnNode | undefined): boolean {
  for (let at = inside?.node.inside; at !== undefined; at = nodes.find(node => node.id === at)?.node.inside) {
    if (at === id) {
      return true;
    }
  }
  return false;
}

function distanceOf(one: Point, other: Point): number {
  return Math.abs(one.x - other.x) + Math.abs(one.y - other.y);
}

function within(inner: Box, outer: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

function grown({ x, y, width, height }: Box, by: number): Box {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by };
}
