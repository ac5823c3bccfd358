/** Reads what the layout engine answered: absolute places, and cables whole again. */
import type { Box, Point } from './geometry';
import type { Drawing, DrawnCable, DrawnNode, DrawnPort, PortLabelBox } from './drawing';
import type { CablePieces } from './elk-graph';
import type { ElkExtendedEdge, ElkLabel, ElkNode, ElkPort } from './elk';
import { PLACEHOLDER } from './elk-elements';
import { headerSize, placeHeader } from './header';
import type { DiagramModel, DiagramNode, DiagramPort } from './model';
import { contentSize } from './node-size';

interface EdgeGeometry {
  readonly points: readonly Point[];
  readonly label: (Box & { readonly text: string }) | undefined;
}

/** Nodes, ports and the cables that were given to the engine. */
export function readDrawing(result: ElkNode, model: DiagramModel, pieces: readonly CablePieces[]): Drawing {
  const places = new Map<string, Box>();
  const ports = new Map<string, DrawnPort>();
  const edges = new Map<string, EdgeGeometry>();
  const portModels = new Map(model.nodes.flatMap(node => node.ports.map(port => [port.id, port] as const)));
  collect(result, { x: 0, y: 0 }, places, ports, edges, portModels);

  const cables = pieces.flatMap(piece => drawnCable(piece, edges, ports));
  const containers = new Set(model.nodes.flatMap(node => node.inside ?? []));
  const nodes = model.nodes.flatMap(node => {
    const box = places.get(node.id);
    return box === undefined ? [] : [drawnNode(node, box, containers.has(node.id), cables)];
  });
  return { width: result.width ?? 0, height: result.height ?? 0, nodes, ports: [...ports.values()], cables };
}

/** Places relative to the container, as the engine wants them back next time. */
export function relativePositions(result: ElkNode): Map<string, Point> {
  const positions = new Map<string, Point>();
  const visit = (element: ElkNode): void => {
    for (const child of element.children ?? []) {
      positions.set(child.id, { x: child.x ?? 0, y: child.y ?? 0 });
      visit(child);
    }
  };
  visit(result);
  return positions;
}

/** Puts the text of a node in its middle, or in the top row of a container where no cable passes. */
export function drawnNode(
  node: DiagramNode,
  box: Box,
  container: boolean,
  cables: readonly { readonly points: readonly Point[] }[],
): DrawnNode {
  if (container) {
    const size = headerSize(node);
    const passing = cables.flatMap(({ points }) => crossingsOfRow(points, box, size.height));
    return { ...box, id: node.id, node, container, content: placeHeader(box, size, passing) };
  }
  const { width, height } = contentSize(node);
  const content = { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height };
  return { ...box, id: node.id, node, container, content };
}

/** Where a cable passes through the top row of a container, across. */
function crossingsOfRow(points: readonly Point[], box: Box, height: number): number[] {
  const bottom = box.y + height;
  return points.flatMap((to, index) => {
    const from = points[index - 1];
    const passes =
      from !== undefined &&
      Math.min(from.y, to.y) < bottom &&
      Math.max(from.y, to.y) > box.y + 1 &&
      to.x > box.x &&
      to.x < box.x + box.width;
    return passes ? [to.x] : [];
  });
}

function collect(
  element: ElkNode,
  origin: Point,
  places: Map<string, Box>,
  ports: Map<string, DrawnPort>,
  edges: Map<string, EdgeGeometry>,
  portModels: ReadonlyMap<string, DiagramPort>,
): void {
  const at = { x: origin.x + (element.x ?? 0), y: origin.y + (element.y ?? 0) };
  const box = { ...at, width: element.width ?? 0, height: element.height ?? 0 };
  places.set(element.id, box);
  for (const port of element.ports ?? []) {
    const model = portModels.get(port.id);
    if (model !== undefined) {
      ports.set(port.id, drawnPort(port, model, at));
    }
  }
  for (const edge of element.edges ?? []) {
    edges.set(edge.id, edgeGeometry(edge, at));
  }
  for (const child of element.children ?? []) {
    collect(child, at, places, ports, edges, portModels);
  }
}

function drawnPort(port: ElkPort, model: DiagramPort, origin: Point): DrawnPort {
  const corner = { x: origin.x + (port.x ?? 0), y: origin.y + (port.y ?? 0) };
  const at = { x: corner.x + (port.width ?? 0) / 2, y: corner.y + (port.height ?? 0) / 2 };
  const label = port.labels?.[0];
  return {
    id: port.id,
    port: model,
    at,
    label: label === undefined ? undefined : labelBox(label, corner, at),
  };
}

function labelBox(label: ElkLabel, corner: Point, port: Point): PortLabelBox {
  const x = corner.x + (label.x ?? 0);
  const width = label.width ?? 0;
  const align = x >= port.x ? 'start' : x + width <= port.x ? 'end' : 'middle';
  return { x, y: corner.y + (label.y ?? 0), width, height: label.height ?? 0, align };
}

function edgeGeometry(edge: ElkExtendedEdge, origin: Point): EdgeGeometry {
  const shift = (point: Point): Point => ({ x: point.x + origin.x, y: point.y + origin.y });
  const points = (edge.sections ?? []).flatMap(section =>
    [section.startPoint, ...(section.bendPoints ?? []), section.endPoint].map(shift),
  );
  const label = edge.labels?.[0];
  return {
    points,
    label:
      label?.text === undefined || label.text === PLACEHOLDER
        ? undefined
        : {
            ...shift({ x: label.x ?? 0, y: label.y ?? 0 }),
            width: label.width ?? 0,
            height: label.height ?? 0,
            text: label.text,
          },
  };
}

function drawnCable(
  { cable, reversed, edges: ids }: CablePieces,
  edges: ReadonlyMap<string, EdgeGeometry>,
  ports: ReadonlyMap<string, DrawnPort>,
): DrawnCable[] {
  const parts = ids.flatMap(id => edges.get(id) ?? []);
  const joined = parts.flatMap(part => part.points);
  const from = ports.get(cable.ends[0])?.at;
  const to = ports.get(cable.ends[1])?.at;
  if (from === undefined || to === undefined) {
    return [];
  }
  const inner = reversed ? joined.reverse() : joined;
  return [
    {
      id: cable.id,
      kind: cable.kind,
      ends: cable.ends,
      points: straighten(squared([from, ...inner, to])),
      label: parts.flatMap(part => part.label ?? [])[0],
      up: cable.up,
    },
  ];
}

/** Makes lines that the engine's rounding left slanted by less than a pixel run straight across or down. */
function squared(points: readonly Point[]): readonly Point[] {
  const result: Point[] = [];
  for (const point of points) {
    const before = result[result.length - 1] ?? point;
    result.push({
      x: Math.abs(point.x - before.x) < 1 ? before.x : point.x,
      y: Math.abs(point.y - before.y) < 1 ? before.y : point.y,
    });
  }
  return result;
}

/** Takes out corners that are none. */
export function straighten(points: readonly Point[]): readonly Point[] {
  const kept: Point[] = [];
  for (const point of points) {
    const before = kept[kept.length - 1];
    const earlier = kept[kept.length - 2];
    if (before !== undefined && same(before.x, point.x) && same(before.y, point.y)) {
      continue;
    }
    const straight =
      before !== undefined &&
      earlier !== undefined &&
      ((same(earlier.x, before.x) && same(before.x, point.x)) ||
        (same(earlier.y, before.y) && same(before.y, point.y)));
    if (straight) {
      kept.pop();
    }
    kept.push(point);
  }
  return kept;
}

function same(one: number, other: number): boolean {
  return Math.abs(one - other) < 0.05;
}
