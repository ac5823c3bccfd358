/**
 * Devices that the user put somewhere: they stand there whatever the layout says, with what is in them; their cables go around the rest,
 * and what a layout put into their place makes room.
 */
import type { Drawing, DrawnCable, DrawnNode } from './drawing';
import { shiftDrawing } from './drawing-blend';
import { drawnNode } from './elk-drawing';
import { drawFreeCables } from './free-cables';
import { boxesOverlap, type Point } from './geometry';
import type { DiagramCable, DiagramModel } from './model';
import { placePortLabels } from './port-labels';
import { roomForNode } from './room-for-node';

/** Corners by node id: on the page, or in the box that the node is in. */
export type Pins = ReadonlyMap<string, Point>;

/** Pixels from the border of the page or of a box. */
const RIM = 12;

export function withPins(laidOut: Drawing, model: DiagramModel, pins: Pins): Drawing {
  const drawing = withRoomFor(laidOut, pins);
  const before = new Map(drawing.nodes.map(node => [node.id, node]));
  let drawn = drawing;
  // Containers come before what is in them, so that a pin in a box is measured from where the box stands now.
  for (const { id } of drawing.nodes) {
    const pin = pins.get(id);
    if (pin !== undefined) {
      drawn = movedTo(drawn, id, pin);
    }
  }
  drawn = madeRoom(drawn, pins);
  const moved = new Set(
    drawn.nodes
      .filter(({ id, x, y }) => before.get(id)?.x !== x || before.get(id)?.y !== y)
      .map(({ id }) => id),
  );
  return moved.size === 0 ? drawing : rerouted(drawn, drawing, model, moved);
}

/** Where a pin that says where the node stands now would be. */
export function pinOf(drawing: Drawing, id: string): Point | undefined {
  const node = drawing.nodes.find(one => one.id === id);
  const around = drawing.nodes.find(one => one.id === node?.node.inside);
  const corner = around ?? drawing.origin ?? CORNER;
  return node === undefined ? undefined : { x: node.x - corner.x, y: node.y - corner.y };
}

/** The drawing while a node is dragged: its cables follow in straight pieces and are routed when it is let go. */
export function withDragged(drawing: Drawing, id: string, by: Point): Drawing {
  const group = groupOf(drawing, id);
  const shifted = shiftNodes(drawing, group, by);
  const ports = new Map(shifted.ports.map(({ id: port, port: { device } }) => [port, device]));
  const cables = drawing.cables.map((cable): DrawnCable => {
    const inGroup = cable.ends.map(end => group.has(ports.get(end) ?? ''));
    if (!inGroup.includes(true)) {
      return cable;
    }
    const shift = (point: Point): Point => ({ x: point.x + by.x, y: point.y + by.y });
    if (!inGroup.includes(false)) {
      return { ...cable, points: cable.points.map(shift), label: undefined };
    }
    const [first, last] = [cable.points[0], cable.points.at(-1)];
    if (first === undefined || last === undefined) {
      return cable;
    }
    const [from, to] = [inGroup[0] === true ? shift(first) : first, inGroup[1] === true ? shift(last) : last];
    const middle = (from.y + to.y) / 2;
    return {
      ...cable,
      points: [from, { x: from.x, y: middle }, { x: to.x, y: middle }, to],
      label: undefined,
    };
  });
  return { ...shifted, cables };
}

function movedTo(drawing: Drawing, id: string, pin: Point): Drawing {
  const node = drawing.nodes.find(one => one.id === id);
  if (node === undefined) {
    return drawing;
  }
  const around = drawing.nodes.find(one => one.id === node.node.inside);
  const to = around === undefined ? onPage(drawing, pin) : inBox(around, node, pin);
  const by = { x: to.x - node.x, y: to.y - node.y };
  return by.x === 0 && by.y === 0 ? drawing : shiftNodes(drawing, groupOf(drawing, id), by);
}

const CORNER: Point = { x: 0, y: 0 };

function onPage({ origin = CORNER }: Drawing, pin: Point): Point {
  return { x: origin.x + pin.x, y: origin.y + pin.y };
}

/** Within the box, and below its name. */
function inBox(box: DrawnNode, { width, height }: DrawnNode, pin: Point): Point {
  const low = box.content.y - box.y + box.content.height + RIM / 2;
  const x = Math.max(RIM, Math.min(pin.x, box.width - width - RIM));
  const y = Math.max(low, Math.min(pin.y, box.height - height - RIM));
  return { x: box.x + x, y: box.y + y };
}

/** The drawing moved right and down by as much as pins are left of the page, or above it. */
function withRoomFor(drawing: Drawing, pins: Pins): Drawing {
  const places = drawing.nodes.flatMap(({ id, node }) => {
    const pin = node.inside === undefined ? pins.get(id) : undefined;
    return pin === undefined ? [] : [onPage(drawing, pin)];
  });
  const x = Math.max(0, ...places.map(place => RIM - place.x));
  const y = Math.max(0, ...places.map(place => RIM - place.y));
  if (x === 0 && y === 0) {
    return drawing;
  }
  const { origin = CORNER, width, height } = drawing;
  return {
    ...shiftDrawing(drawing, { x, y }),
    width: width + x,
    height: height + y,
    origin: { x: origin.x + x, y: origin.y + y },
  };
}

/** What is not pinned goes out of the way of what is. */
function madeRoom(drawing: Drawing, pins: Pins): Drawing {
  let drawn = drawing;
  for (const { id, node, container } of drawing.nodes) {
    const self = drawn.nodes.find(one => one.id === id);
    const covered =
      self !== undefined &&
      !pins.has(id) &&
      drawn.nodes.some(
        other => pins.has(other.id) && other.node.inside === node.inside && boxesOverlap(other, self, -4),
      );
    if (self === undefined || !covered || container) {
      continue;
    }
    const inside = drawn.nodes.find(one => one.id === node.inside);
    const without = { ...drawn, nodes: drawn.nodes.filter(one => one.id !== id) };
    const [box] = roomForNode(without, self, inside, self);
    if (box !== undefined) {
      drawn = shiftNodes(drawn, new Set([id]), { x: box.x - self.x, y: box.y - self.y });
    }
  }
  return drawn;
}

/** Cables between what moved together go along; those that lead away are routed anew. */
function rerouted(
  moved: Drawing,
  before: Drawing,
  model: DiagramModel,
  movedNodes: ReadonlySet<string>,
): Drawing {
  const shift = new Map(
    moved.nodes.map(node => {
      const old = before.nodes.find(({ id }) => id === node.id) ?? node;
      return [node.id, { x: node.x - old.x, y: node.y - old.y }];
    }),
  );
  const owners = new Map(moved.ports.map(({ id, port }) => [id, port.device]));
  const shiftOf = (end: string): Point => shift.get(owners.get(end) ?? '') ?? { x: 0, y: 0 };
  const standing: DrawnCable[] = [];
  const loose: DiagramCable[] = [];
  const byId = new Map(model.cables.map(cable => [cable.id, cable]));
  for (const cable of before.cables) {
    const [one, other] = [shiftOf(cable.ends[0]), shiftOf(cable.ends[1])];
    const own = byId.get(cable.id);
    if (one.x === other.x && one.y === other.y) {
      const place = <Place extends Point>(at: Place): Place => ({ ...at, x: at.x + one.x, y: at.y + one.y });
      const label = cable.label === undefined ? undefined : place(cable.label);
      standing.push({ ...cable, points: cable.points.map(place), label });
    } else if (own !== undefined) {
      loose.push(own);
    }
  }
  // A cable of others that a moved device now covers finds another way as well.
  const boxes = moved.nodes.filter(({ id, container }) => movedNodes.has(id) && !container);
  const covered = standing.filter(({ ends, points }) =>
    boxes.some(box => !ends.some(end => owners.get(end) === box.id) && crosses(points, box)),
  );
  const rest = standing.filter(cable => !covered.includes(cable));
  const again = [...loose, ...covered.flatMap(({ id }) => byId.get(id) ?? [])];
  const size = {
    width: Math.max(before.width, ...moved.nodes.map(({ x, width }) => x + width + RIM)),
    height: Math.max(before.height, ...moved.nodes.map(({ y, height }) => y + height + RIM)),
  };
  const { drawing, unplaced } = drawFreeCables({ ...moved, ...size, cables: rest }, again);
  const plain = unplaced.flatMap(cable => straightCable(drawing, cable));
  const drawn = { ...drawing, cables: [...drawing.cables, ...plain] };
  return placePortLabels({
    ...drawn,
    nodes: drawn.nodes.map(node => drawnNode(node.node, node, node.container, drawn.cables)),
  });
}

/** Where there is no way around, through: the user put it so. */
function straightCable({ ports }: Drawing, { id, kind, ends, up }: DiagramCable): DrawnCable[] {
  const [from, to] = ends.map(end => ports.find(port => port.id === end)?.at);
  if (from === undefined || to === undefined) {
    return [];
  }
  const middle = (from.y + to.y) / 2;
  const points = [from, { x: from.x, y: middle }, { x: to.x, y: middle }, to];
  return [{ id, kind, ends, up, points, label: undefined }];
}

function crosses(points: readonly Point[], box: DrawnNode): boolean {
  return points.slice(1).some((to, index) => {
    const from = points[index] ?? to;
    return boxesOverlap(
      {
        x: Math.min(from.x, to.x),
        y: Math.min(from.y, to.y),
        width: Math.abs(from.x - to.x),
        height: Math.abs(from.y - to.y),
      },
      box,
    );
  });
}

/** A node and what is in it. */
function groupOf({ nodes }: Drawing, id: string): ReadonlySet<string> {
  const group = new Set([id]);
  for (const { id: one, node } of nodes) {
    if (node.inside !== undefined && group.has(node.inside)) {
      group.add(one);
    }
  }
  return group;
}

function shiftNodes(drawing: Drawing, group: ReadonlySet<string>, by: Point): Drawing {
  const shift = <Place extends Point>(at: Place): Place => ({ ...at, x: at.x + by.x, y: at.y + by.y });
  return {
    ...drawing,
    nodes: drawing.nodes.map(node =>
      group.has(node.id) ? { ...shift(node), content: shift(node.content) } : node,
    ),
    ports: drawing.ports.map(port =>
      group.has(port.port.device)
        ? { ...port, at: shift(port.at), label: port.label === undefined ? undefined : shift(port.label) }
        : port,
    ),
  };
}
