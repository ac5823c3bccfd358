/** Drawings half-way between two layouts, for the short movement after an edit. */
import type { Box, Point } from './geometry';
import type { Drawing, DrawnCable, DrawnNode, DrawnPort } from './drawing';

/** `after` with everything that was in `before` moved back towards its old place. @param share 0 for the old places, 1 for the new ones */
export function blendDrawings(before: Drawing, after: Drawing, share: number): Drawing {
  const mix = (from: number, to: number): number => from + (to - from) * share;
  const point = (from: Point, to: Point): Point => ({ x: mix(from.x, to.x), y: mix(from.y, to.y) });
  const box = (from: Box, to: Box): Box => ({
    ...point(from, to),
    width: mix(from.width, to.width),
    height: mix(from.height, to.height),
  });
  const nodes = new Map(before.nodes.map(node => [node.id, node]));
  const ports = new Map(before.ports.map(port => [port.id, port]));
  const cables = new Map(before.cables.map(cable => [cable.id, cable]));

  const blendNode = (to: DrawnNode): DrawnNode => {
    const from = nodes.get(to.id);
    return from === undefined ? to : { ...to, ...box(from, to), content: box(from.content, to.content) };
  };
  const blendPort = (to: DrawnPort): DrawnPort => {
    const from = ports.get(to.id);
    if (from === undefined) {
      return to;
    }
    const label =
      to.label === undefined || from.label === undefined
        ? to.label
        : { ...to.label, ...point(from.label, to.label) };
    return { ...to, at: point(from.at, to.at), label };
  };
  const blendCable = (to: DrawnCable): DrawnCable => {
    const from = cables.get(to.id);
    if (from === undefined) {
      return to;
    }
    const corners = Math.max(from.points.length, to.points.length);
    const old = padded(from.points, corners);
    const points = padded(to.points, corners).map((end, index) => point(old[index] ?? end, end));
    const label =
      to.label === undefined || from.label === undefined
        ? to.label
        : { ...to.label, ...point(from.label, to.label) };
    return { ...to, points, label };
  };
  return {
    width: mix(before.width, after.width),
    height: mix(before.height, after.height),
    nodes: after.nodes.map(blendNode),
    ports: after.ports.map(blendPort),
    cables: after.cables.map(blendCable),
  };
}

/** Whether nothing that is in both drawings has another place in them. */
export function standsStill(before: Drawing, after: Drawing): boolean {
  const nodes = new Map(before.nodes.map(node => [node.id, node]));
  const ports = new Map(before.ports.map(port => [port.id, port]));
  const cables = new Map(before.cables.map(cable => [cable.id, cable]));
  return (
    after.nodes.every(to => {
      const from = nodes.get(to.id);
      return from === undefined || (isSameBox(from, to) && isSameBox(from.content, to.content));
    }) &&
    after.ports.every(to => {
      const from = ports.get(to.id);
      return from === undefined || (isSamePoint(from.at, to.at) && isSameLabel(from.label, to.label));
    }) &&
    after.cables.every(to => {
      const from = cables.get(to.id);
      return from === undefined || (isSameWay(from.points, to.points) && isSameLabel(from.label, to.label));
    })
  );
}

const isSamePoint = (one: Point, other: Point | undefined): boolean =>
  one.x === other?.x && one.y === other.y;
const isSameBox = (one: Box, other: Box): boolean =>
  isSamePoint(one, other) && one.width === other.width && one.height === other.height;
const isSameWay = (one: readonly Point[], other: readonly Point[]): boolean =>
  one.length === other.length && one.every((point, index) => isSamePoint(point, other[index]));
/** A label that comes or goes does not move. */
const isSameLabel = (one: Point | undefined, other: Point | undefined): boolean =>
  one === undefined || other === undefined || isSamePoint(one, other);

/** How far the nodes in both drawings moved together: the median, so that a few that went elsewhere do not count. */
export function commonShift(before: Drawing, after: Drawing): Point {
  const old = new Map(before.nodes.map(node => [node.id, node]));
  const shifts = after.nodes.flatMap(node => {
    const from = old.get(node.id);
    return from === undefined ? [] : [{ x: node.x - from.x, y: node.y - from.y }];
  });
  return { x: median(shifts.map(({ x }) => x)), y: median(shifts.map(({ y }) => y)) };
}

/** The same drawing elsewhere. */
export function shiftDrawing(drawing: Drawing, { x, y }: Point): Drawing {
  const move = <Place extends Point>(place: Place): Place => ({
    ...place,
    x: place.x + x,
    y: place.y + y,
  });
  return {
    ...drawing,
    nodes: drawing.nodes.map(node => ({ ...move(node), content: move(node.content) })),
    ports: drawing.ports.map(port => ({
      ...port,
      at: move(port.at),
      label: port.label === undefined ? undefined : move(port.label),
    })),
    cables: drawing.cables.map(cable => ({
      ...cable,
      points: cable.points.map(move),
      label: cable.label === undefined ? undefined : move(cable.label),
    })),
  };
}

/** The same corners, the last one repeated. */
function padded(points: readonly Point[], count: number): Point[] {
  const last = points[points.length - 1] ?? { x: 0, y: 0 };
  return Array.from({ length: count }, (_, index) => points[index] ?? last);
}

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)] ?? 0;
}
