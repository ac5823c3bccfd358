/**
 * Cables drawn into a picture that stays as it is: one that an edit adds between devices that stand already, and those of a device that
 * the user put elsewhere. They go around everything; the sockets for them are put where there is room.
 */
import { BoxIndex } from './box-index';
import type { CableLabelBox, Drawing, DrawnCable, DrawnNode, DrawnPort, PortLabelBox } from './drawing';
import { straighten } from './elk-drawing';
import { segmentBox, type Box, type Point } from './geometry';
import type { DiagramCable, DiagramPort } from './model';
import { cableLabelSize, portLabelSize, PORT_SIZE, type Size } from './node-size';
import { orthogonalRoute, STUB, type Effort, type Exit, type RouteWalls } from './orthogonal-route';
import type { PeerDrawing } from './peer-cables';

/** Air around symbols and labels that a cable keeps. */
const NODE_AIR = 8;
const LABEL_AIR = 3;
/** Pixels between two sockets on a border. */
const SOCKET_GAP = 16;
/** Pixels from a socket to its label. */
const AWAY = 6;
/** Pairs of sockets that are tried, the nearest first. */
const MOST_PAIRS = 6;
const MOST_SOCKETS = 14;

/**
 * @param cables not in the drawing yet; their ports may be, and then move if nothing else is in them
 * @param effort what the search for ways may cost; unlimited where nobody else can draw what is not drawn here
 */
export function drawFreeCables(
  drawing: Drawing,
  cables: readonly DiagramCable[],
  effort: Effort = { left: Number.POSITIVE_INFINITY },
): PeerDrawing {
  let drawn = drawing;
  const unplaced: DiagramCable[] = [];
  for (const cable of cables) {
    const next = drawFreeCable(drawn, cable, effort);
    if (next === undefined) {
      unplaced.push(cable);
    } else {
      drawn = next;
    }
  }
  return { drawing: drawn, unplaced };
}

interface Socket extends Exit {
  readonly port: DrawnPort;
}

function drawFreeCable(drawing: Drawing, cable: DiagramCable, effort: Effort): Drawing | undefined {
  const [one, other] = cable.ends.map(end => endOf(drawing, end));
  if (one === undefined || other === undefined) {
    return undefined;
  }
  const nodes = new Map(drawing.nodes.map(node => [node.id, node]));
  const own = new Set(cable.ends);
  const around = [one, other].map(({ node }) => boxesAround(node, nodes));
  const walls = wallsFor(drawing, around.flat(), own);
  const inwards = around.flat();
  const socketsAt = (end: CableEnd, far: CableEnd): Socket[] => {
    const goesIn = inwards.includes(end.node.id);
    const open = goesIn ? [end.node.id, ...boxesAround(end.node, nodes)] : boxesAround(end.node, nodes);
    return socketsOf(drawing, end, far.node, goesIn, takenFor(drawing, own, open), walls, nodes);
  };
  const taken = takenFor(drawing, own, inwards);
  const starts = socketsAt(one, other);
  const ends = socketsAt(other, one);
  const pairs = starts
    .flatMap(from => ends.map(to => ({ from, to, distance: distanceOf(from, to) })))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST_PAIRS);
  for (const { from, to } of pairs) {
    const found = orthogonalRoute(from, to, walls, effort);
    const points = found === undefined ? undefined : straighten(found);
    const label = points === undefined ? undefined : labelOn(points, cable.label, taken);
    if (points !== undefined && (cable.label === '' || label !== undefined)) {
      const { id, kind, ends: ports, up } = cable;
      const added: DrawnCable = { id, kind, ends: ports, up, points, label };
      const moved = new Map([from.port, to.port].map(port => [port.id, port]));
      const kept = drawing.ports.filter(port => !moved.has(port.id));
      return { ...drawing, ports: [...kept, ...moved.values()], cables: [...drawing.cables, added] };
    }
  }
  return undefined;
}

interface CableEnd {
  readonly node: DrawnNode;
  readonly port: DiagramPort;
  /** Where it is, if another cable already is in it. */
  readonly fixed: DrawnPort | undefined;
}

function endOf({ nodes, ports, cables }: Drawing, id: string): CableEnd | undefined {
  for (const node of nodes) {
    const port = node.node.ports.find(one => one.id === id);
    if (port !== undefined) {
      const used = cables.some(cable => cable.ends.includes(id));
      return { node, port, fixed: used ? ports.find(one => one.id === id) : undefined };
    }
  }
  return undefined;
}

function boxesAround(node: DrawnNode, nodes: ReadonlyMap<string, DrawnNode>): string[] {
  const boxes: string[] = [];
  for (let at = node.node.inside; at !== undefined; at = nodes.get(at)?.node.inside) {
    boxes.push(at);
  }
  return boxes;
}

function wallsFor(drawing: Drawing, open: readonly string[], own: ReadonlySet<string>): RouteWalls {
  const boxes = new BoxIndex<Box>();
  for (const node of drawing.nodes) {
    if (!open.includes(node.id)) {
      boxes.add(grown(node, NODE_AIR));
    } else {
      boxes.add(grown(node.content, LABEL_AIR));
    }
  }
  for (const { id, label } of drawing.ports) {
    if (label !== undefined && !own.has(id)) {
      boxes.add(grown(label, LABEL_AIR));
    }
  }
  drawing.cables.forEach(({ label }) => label !== undefined && boxes.add(grown(label, LABEL_AIR)));
  return { boxes, cables: new BoxIndex(segmentsOf(drawing)) };
}

/** What a socket or a label may not cover. @param open boxes that they may be in */
function takenFor(drawing: Drawing, own: ReadonlySet<string>, open: readonly string[]): BoxIndex<Box> {
  const others = drawing.ports.filter(({ id }) => !own.has(id));
  return new BoxIndex<Box>([
    ...drawing.nodes.map(node => (open.includes(node.id) ? node.content : node)),
    ...others.flatMap(({ at, label }) => [
      segmentBox(at, at, PORT_SIZE + 4),
      ...(label === undefined ? [] : [label]),
    ]),
    ...drawing.cables.flatMap(({ label }) => label ?? []),
    ...segmentsOf(drawing),
  ]);
}

function segmentsOf({ cables }: Drawing): Box[] {
  return cables.flatMap(({ points }) =>
    points.slice(1).map((to, index) => segmentBox(points[index] ?? to, to, 2)),
  );
}

/**
 * Free places for a socket, those nearest to where the cable goes first.
 * @param inwards whether the cable goes to something in this node
 */
function socketsOf(
  drawing: Drawing,
  { node, port, fixed }: CableEnd,
  far: DrawnNode,
  inwards: boolean,
  taken: BoxIndex<Box>,
  walls: RouteWalls,
  nodes: ReadonlyMap<string, DrawnNode>,
): Socket[] {
  const size = portLabelSize(port);
  if (fixed !== undefined) {
    return outwards(node, fixed.at, !inwards).map(out => ({
      at: fixed.at,
      out,
      port: fixed,
    }));
  }
  const page: Box = { x: 0, y: 0, width: drawing.width, height: drawing.height };
  const room = inwards ? node : (nodes.get(node.node.inside ?? '') ?? page);
  const target = { x: far.x + far.width / 2, y: far.y + far.height / 2 };
  const sockets: Socket[] = [];
  for (const { at, out } of placesOn(node, inwards ? -1 : 1)) {
    const stub = (from: number): Box =>
      segmentBox(
        { x: at.x + out.x * from, y: at.y + out.y * from },
        { x: at.x + out.x * STUB, y: at.y + out.y * STUB },
        PORT_SIZE,
      );
    const isOpen = !taken.isTouched(stub(PORT_SIZE / 2 + 1)) && !walls.boxes.isTouched(stub(STUB));
    const label =
      size === undefined ? undefined : labelPlaces(at, out, size).find(box => isFree(box, taken, room));
    const hasRoom = within(stub(0), room, PORT_SIZE) && (size === undefined || label !== undefined);
    if (hasRoom && isOpen && isApart(drawing, at, port.id)) {
      sockets.push({ at, out, port: { id: port.id, port, at, label } });
    }
  }
  return sockets
    .sort(
      (a, b) =>
        Math.hypot(a.at.x - target.x, a.at.y - target.y) - Math.hypot(b.at.x - target.x, b.at.y - target.y),
    )
    .slice(0, MOST_SOCKETS);
}

function isApart(drawing: Drawing, at: Point, own: string): boolean {
  return drawing.ports.every(
    port => port.id === own || Math.abs(port.at.x - at.x) + Math.abs(port.at.y - at.y) >= SOCKET_GAP - 2,
  );
}

/** Places along all four borders. @param sign 1 for ways out of the box, -1 for ways into it */
function placesOn({ x, y, width, height }: Box, sign: number): Exit[] {
  const places: Exit[] = [];
  const [right, bottom] = [x + width, y + height];
  for (let at = x + SOCKET_GAP; at <= right - SOCKET_GAP; at += SOCKET_GAP) {
    places.push(
      { at: { x: at, y: bottom }, out: { x: 0, y: sign } },
      { at: { x: at, y }, out: { x: 0, y: -sign } },
    );
  }
  for (let at = y + SOCKET_GAP / 2; at <= bottom - SOCKET_GAP / 2; at += SOCKET_GAP) {
    places.push(
      { at: { x: right, y: at }, out: { x: sign, y: 0 } },
      { at: { x, y: at }, out: { x: -sign, y: 0 } },
    );
  }
  return places;
}

/** The ways out of a node at a place on its border. @param outer false where the cable goes into the node */
function outwards({ x, y, width, height }: Box, at: Point, outer: boolean): Point[] {
  const sign = outer ? 1 : -1;
  const near = (one: number, other: number): boolean => Math.abs(one - other) < PORT_SIZE;
  return [
    ...(near(at.y, y) ? [{ x: 0, y: -sign }] : []),
    ...(near(at.y, y + height) ? [{ x: 0, y: sign }] : []),
    ...(near(at.x, x) ? [{ x: -sign, y: 0 }] : []),
    ...(near(at.x, x + width) ? [{ x: sign, y: 0 }] : []),
  ];
}

function labelPlaces(at: Point, out: Point, { width, height }: Size): PortLabelBox[] {
  if (out.x === 0) {
    const y = out.y > 0 ? at.y + AWAY : at.y - AWAY - height;
    return [
      { x: at.x + AWAY, y, width, height, align: 'start' },
      { x: at.x - AWAY - width, y, width, height, align: 'end' },
    ];
  }
  const x = out.x > 0 ? at.x + AWAY : at.x - AWAY - width;
  const align = out.x > 0 ? 'start' : 'end';
  return [at.y + AWAY / 2, at.y - AWAY / 2 - height].map(y => ({ x, y, width, height, align }));
}

/** Where a cable's label stands on it: in the middle of a piece that is long enough. */
function labelOn(points: readonly Point[], text: string, taken: BoxIndex<Box>): CableLabelBox | undefined {
  if (text === '') {
    return undefined;
  }
  const { width, height } = cableLabelSize(text);
  return points
    .slice(1)
    .map((to, index) => ({ to, from: points[index] ?? to }))
    .map(({ from, to }) => ({
      box: { x: (from.x + to.x - width) / 2, y: (from.y + to.y - height) / 2, width, height, text },
      room: Math.max(Math.abs(from.x - to.x) - width, Math.abs(from.y - to.y) - height),
    }))
    .filter(({ box, room }) => room > 0 && !taken.isTouched(box))
    .sort((a, b) => b.room - a.room)[0]?.box;
}

function isFree(box: Box, taken: BoxIndex<Box>, room: Box): boolean {
  return within(box, room, 0) && !taken.isTouched(box);
}

function within(inner: Box, outer: Box, over: number): boolean {
  return (
    inner.x >= outer.x - over &&
    inner.y >= outer.y - over &&
    inner.x + inner.width <= outer.x + outer.width + over &&
    inner.y + inner.height <= outer.y + outer.height + over
  );
}

function distanceOf(from: Exit, to: Exit): number {
  const [a, b] = [from, to].map(({ at, out }) => ({
    x: at.x + out.x * STUB * 2,
    y: at.y + out.y * STUB * 2,
  }));
  return a === undefined || b === undefined ? 0 : Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
}

function grown({ x, y, width, height }: Box, by: number): Box {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by };
}
