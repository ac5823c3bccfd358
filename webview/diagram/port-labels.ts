/**
 * A last look at the labels of ports. The engine takes no care of the labels of ports that nothing is plugged into, and sometimes runs a
 * line that enters a box through the label beside it. Such a label moves to the other side of its cable or further out; a port without a
 * cable moves along the border. Where there is no free place the label is left to the tooltip.
 */
import { BoxIndex } from './box-index';
import type { Drawing, DrawnNode, DrawnPort, PortLabelBox } from './drawing';
import { boxesOverlap, segmentBox, type Box, type Point } from './geometry';
import { portLabelSize, PORT_SIZE, type Size } from './node-size';

/** Pixels between two places along a border that are tried. */
const STEP = 12;
/** Pixels from a port to its label. */
const AWAY = 6;
/** Places further out that are tried, in pixels from the border. */
const OUTWARDS = [3, 16, 30, 44];
/** Pixels by which boxes may touch: the engine's rounding. */
const TOLERANCE = 0.75;

interface Obstacle extends Box {
  /** The port that this is, or whose label it is; the node that it is. */
  readonly of: string;
  readonly kind: 'node' | 'name' | 'port' | 'label' | 'cable';
}

export function placePortLabels(drawing: Drawing): Drawing {
  const nodes = new Map(drawing.nodes.map(node => [node.id, node]));
  const used = new Set(drawing.cables.flatMap(({ ends }) => ends));
  const page: Box = { x: 0, y: 0, width: drawing.width, height: drawing.height };
  const index = new BoxIndex(obstaclesOf(drawing));
  const moved = new Map<string, DrawnPort>();
  /** Boxes that hold the node of a port: its label may be in them. */
  const isAround = (box: string, node: string): boolean => {
    for (let at = nodes.get(node)?.node.inside; at !== undefined; at = nodes.get(at)?.node.inside) {
      if (at === box) {
        return true;
      }
    }
    return false;
  };
  const isTaken = ({ id, port }: DrawnPort, label: Box, margin: number): boolean =>
    index.overlapping(label, margin).some(other => {
      const own = other.of === id || (other.kind === 'node' && isAround(other.of, port.device));
      return !own && !moved.has(other.of);
    }) ||
    [...moved.values()].some(other => other.label !== undefined && boxesOverlap(other.label, label, margin));
  const isSocketFree = (at: Point): boolean =>
    index.overlapping(segmentBox(at, at, PORT_SIZE)).every(({ kind }) => kind !== 'port' && kind !== 'cable');
  for (const port of drawing.ports) {
    const node = nodes.get(port.port.device);
    const size = portLabelSize(port.port);
    if (node === undefined || size === undefined || port.label === undefined) {
      continue;
    }
    const around = nodes.get(node.node.inside ?? '') ?? page;
    const fits = (one: DrawnPort): boolean =>
      one.label !== undefined && contains(around, one.label) && !isTaken(one, one.label, TOLERANCE);
    if (isTaken(port, port.label, TOLERANCE)) {
      const places = used.has(port.id)
        ? besidePort(port, node, size)
        : alongBorder(port, node, size).filter(({ at }) => isSocketFree(at));
      moved.set(port.id, places.find(fits) ?? { ...port, label: undefined });
    }
  }
  return moved.size === 0
    ? drawing
    : { ...drawing, ports: drawing.ports.map(port => moved.get(port.id) ?? port) };
}

function obstaclesOf({ nodes, ports, cables }: Drawing): Obstacle[] {
  return [
    ...nodes.flatMap((node): Obstacle[] => [
      { ...boxOf(node), of: node.id, kind: 'node' },
      ...(node.container ? [{ ...boxOf(node.content), of: node.id, kind: 'name' as const }] : []),
    ]),
    ...ports.flatMap(({ id, at, label }): Obstacle[] => [
      { ...segmentBox(at, at, PORT_SIZE), of: id, kind: 'port' },
      ...(label === undefined ? [] : [{ ...boxOf(label), of: id, kind: 'label' as const }]),
    ]),
    ...cables.flatMap(({ id, label }): Obstacle[] =>
      label === undefined ? [] : [{ ...boxOf(label), of: id, kind: 'label' }],
    ),
    ...cables.flatMap(({ id, points }) =>
      points
        .slice(1)
        .map((to, at): Obstacle => ({ ...segmentBox(points[at] ?? to, to, 2), of: id, kind: 'cable' })),
    ),
  ];
}

/** Other places of the label of a port that stays. */
function besidePort(port: DrawnPort, node: DrawnNode, size: Size): DrawnPort[] {
  const labelled = (label: PortLabelBox): DrawnPort => ({ ...port, label });
  return OUTWARDS.flatMap(out => labelsAt(port.at, node, size, out).map(labelled));
}

/** Right and left of a line that leaves through the upper or lower border, below and above one that leaves through a side. */
function labelsAt({ x, y }: Point, node: Box, { width, height }: Size, out: number): PortLabelBox[] {
  const bottom = node.y + node.height;
  const right = node.x + node.width;
  if (Math.abs(y - node.y) <= PORT_SIZE || Math.abs(y - bottom) <= PORT_SIZE) {
    const row = Math.abs(y - bottom) <= PORT_SIZE ? bottom + out : node.y - out - height;
    return [
      { x: x + AWAY, y: row, width, height, align: 'start' },
      { x: x - AWAY - width, y: row, width, height, align: 'end' },
    ];
  }
  const atRight = Math.abs(x - right) <= PORT_SIZE;
  const column = atRight ? right + out + AWAY : node.x - out - AWAY - width;
  const align = atRight ? 'start' : 'end';
  return [y + AWAY / 2, y - AWAY / 2 - height].map(row => ({ x: column, y: row, width, height, align }));
}

/** Other places of a port that may stand anywhere on the border, with its label. */
function alongBorder(port: DrawnPort, node: DrawnNode, size: Size): DrawnPort[] {
  const places: Point[] = [];
  for (let x = node.x + PORT_SIZE; x <= node.x + node.width - PORT_SIZE; x += STEP) {
    places.push({ x, y: node.y + node.height }, { x, y: node.y });
  }
  for (let y = node.y + PORT_SIZE; y <= node.y + node.height - PORT_SIZE; y += STEP) {
    places.push({ x: node.x + node.width, y }, { x: node.x, y });
  }
  return places.flatMap(at =>
    labelsAt(at, node, size, OUTWARDS[0] ?? 0).map(label => ({ ...port, at, label })),
  );
}

function boxOf({ x, y, width, height }: Box): Box {
  return { x, y, width, height };
}

function contains(outer: Box, inner: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}
