/**
 * An edit that leaves every device where it is: a name or an address that still fits, a cable more or less. Nothing is laid out anew, so
 * nothing moves, and the picture is there at once.
 */
import type { Drawing, DrawnCable, DrawnNode, DrawnPort, LayoutMemory } from './drawing';
import { drawnNode } from './elk-drawing';
import { drawFreeCables } from './free-cables';
import type { Box } from './geometry';
import { crossedNames, headerSize } from './header';
import type { DiagramCable, DiagramModel, DiagramNode, DiagramPort } from './model';
import { cableLabelSize, nodeSize, portLabelSize, type Size } from './node-size';
import type { Effort } from './orthogonal-route';
import { placePortLabels } from './port-labels';
import { grownBoxes, roomForNode } from './room-for-node';

/** With more cables than this drawn around the others, a layout that knows of them is worth its movement. */
const MOST_FREE_CABLES = 12;
/** Steps of all searches for ways: some tenths of a second, in which the engine is done with a new layout. */
const MOST_STEPS = 40_000;
/** More new devices than this are laid out with the others. */
const MOST_NEWCOMERS = 3;
/** Around what is at the edge of the page. */
const PAGE_RIM = 12;
/** Pixels of the air beside a name that it may take before its symbol must grow. */
const SPARE = 16;
/** Pixels by which a text may be wider than its place. */
const TOLERANCE = 0.5;

export interface FrozenLayout {
  readonly drawing: Drawing;
  readonly memory: LayoutMemory;
}

/** Undefined where something must move. */
export function frozenLayout(model: DiagramModel, previous: LayoutMemory): FrozenLayout | undefined {
  const { drawing } = previous;
  const known = new Set(drawing.nodes.map(({ id }) => id));
  const newcomers = model.nodes.filter(({ id }) => !known.has(id));
  const isNew = new Set(newcomers.map(({ id }) => id));
  const nodes = keptNodes(
    model.nodes.filter(({ id }) => !isNew.has(id)),
    drawing,
  );
  const old = new Map(drawing.cables.map(cable => [cable.id, cable]));
  const cables = model.cables.flatMap(cable => keptCable(cable, old.get(cable.id)));
  const kept = new Set(cables.map(({ id }) => id));
  const added = model.cables.filter(({ id }) => !kept.has(id));
  const free = new Set([...previous.free].filter(id => kept.has(id)).concat(added.map(({ id }) => id)));
  const ports = keptPorts(model, drawing, new Set(added.flatMap(({ ends }) => ends)));
  const tooMany = free.size > MOST_FREE_CABLES || newcomers.length > MOST_NEWCOMERS;
  if (nodes === undefined || ports === undefined || tooMany) {
    return undefined;
  }
  const drawn = withNewcomers({ ...drawing, nodes, ports, cables }, newcomers, added, {
    left: MOST_STEPS,
  });
  if (drawn === undefined) {
    return undefined;
  }
  const order = new Map(model.nodes.map(({ id }, index) => [id, index]));
  const result = placePortLabels({
    ...drawn,
    nodes: drawn.nodes
      .map(node => drawnNode(node.node, node, node.container, drawn.cables))
      .sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0)),
  });
  if (crossedNames(result).length > crossedNames(drawing).length) {
    return undefined;
  }
  // The next layout takes the newcomers for new, and gives them a place among the others.
  return { drawing: result, memory: { ...previous, drawing: result, free } };
}

/** Puts each newcomer where there is room, with its cables to what stands already; undefined where there is none. */
function withNewcomers(
  drawing: Drawing,
  newcomers: readonly DiagramNode[],
  cables: readonly DiagramCable[],
  effort: Effort,
): Drawing | undefined {
  const owners = new Map(
    [...drawing.nodes.map(({ node }) => node), ...newcomers].flatMap(node =>
      node.ports.map(({ id }) => [id, node.id] as const),
    ),
  );
  const used = new Set(cables.flatMap(({ ends }) => ends));
  let drawn: Drawing | undefined = drawing;
  let waiting = newcomers;
  let toDraw = cables;
  while (drawn !== undefined) {
    const present: ReadonlySet<string> = new Set(drawn.nodes.map(({ id }) => id));
    const farOf = (node: DiagramNode): string | undefined =>
      toDraw
        .map(({ ends }) => ends.map(end => owners.get(end) ?? ''))
        .filter(ends => ends.includes(node.id))
        .map(ends => ends.find(end => end !== node.id) ?? '')
        .find(end => present.has(end));
    const next = waiting.find(node => farOf(node) !== undefined);
    const ready = toDraw.filter(({ ends }) =>
      ends.every(end => present.has(owners.get(end) ?? '') || owners.get(end) === next?.id),
    );
    if (next === undefined) {
      return waiting.length > 0 || ready.length < toDraw.length ? undefined : allDrawn(drawn, ready, effort);
    }
    if (next.ports.some(({ id, name }) => name !== '' && !used.has(id))) {
      return undefined;
    }
    drawn = withNewcomer(drawn, next, farOf(next) ?? '', ready, effort);
    waiting = waiting.filter(node => node !== next);
    toDraw = toDraw.filter(cable => !ready.includes(cable));
  }
  return undefined;
}

function withNewcomer(
  drawing: Drawing,
  node: DiagramNode,
  far: string,
  cables: readonly DiagramCable[],
  effort: Effort,
): Drawing | undefined {
  const neighbour = drawing.nodes.find(({ id }) => id === far);
  const inside = drawing.nodes.find(({ id }) => id === node.inside);
  const standsAlone = (node.inside !== undefined && inside?.container !== true) || neighbour === undefined;
  if (standsAlone) {
    return undefined;
  }
  const size = nodeSize(node);
  for (const still of [drawing, ...(inside === undefined ? [] : grownBoxes(drawing, inside, size))]) {
    const room = still.nodes.find(({ id }) => id === node.inside);
    for (const box of roomForNode(still, size, room, neighbour)) {
      if (effort.left <= 0) {
        return undefined;
      }
      const drawn = allDrawn(
        {
          ...still,
          width: Math.max(still.width, box.x + box.width + PAGE_RIM),
          height: Math.max(still.height, box.y + box.height + PAGE_RIM),
          nodes: [...still.nodes, drawnNode(node, box, false, [])],
        },
        cables,
        effort,
      );
      if (drawn !== undefined) {
        return drawn;
      }
    }
  }
  return undefined;
}

function allDrawn(drawing: Drawing, cables: readonly DiagramCable[], effort: Effort): Drawing | undefined {
  const { drawing: drawn, unplaced } = drawFreeCables(drawing, cables, effort);
  return unplaced.length === 0 ? drawn : undefined;
}

/** The nodes of the drawing that are still there, with what stands in them now; undefined where one does not fit any more. */
function keptNodes(nodes: readonly DiagramNode[], drawing: Drawing): DrawnNode[] | undefined {
  const old = new Map(drawing.nodes.map(node => [node.id, node]));
  const containers = new Set(nodes.flatMap(({ inside }) => inside ?? []));
  const kept = nodes.flatMap(node => {
    const before = old.get(node.id);
    const same = before?.node.inside === node.inside && before?.container === containers.has(node.id);
    return before !== undefined && same && fitsNode(node, before) ? [{ ...before, node }] : [];
  });
  return kept.length === nodes.length ? kept : undefined;
}

function fitsNode(node: DiagramNode, before: DrawnNode): boolean {
  if (before.container) {
    return fits(headerSize(node), before.content);
  }
  const { width, height } = nodeSize(node);
  return fits({ width: width - SPARE, height }, before);
}

/** Undefined where a new port belongs to no new cable, or a label does not fit any more. */
function keptPorts(
  { nodes }: DiagramModel,
  drawing: Drawing,
  toCome: ReadonlySet<string>,
): DrawnPort[] | undefined {
  const old = new Map(drawing.ports.map(port => [port.id, port]));
  const wanted = nodes.flatMap(node => node.ports);
  const kept = wanted.flatMap(port => {
    const before = old.get(port.id);
    return before?.port.device === port.device && fitsLabel(port, before) ? [{ ...before, port }] : [];
  });
  const found = new Set(kept.map(({ id }) => id));
  return wanted.every(({ id }) => found.has(id) || toCome.has(id)) ? kept : undefined;
}

function fitsLabel(port: DiagramPort, { label }: DrawnPort): boolean {
  const size = portLabelSize(port);
  return size === undefined || label === undefined || fits(size, label);
}

function keptCable(cable: DiagramCable, before: DrawnCable | undefined): DrawnCable[] {
  if (before?.kind !== cable.kind || before.ends.some((end, index) => end !== cable.ends[index])) {
    return [];
  }
  if (cable.label === '') {
    return [{ ...before, up: cable.up, label: undefined }];
  }
  const { label } = before;
  if (label === undefined || !fits(cableLabelSize(cable.label), label)) {
    return [];
  }
  return [{ ...before, up: cable.up, label: { ...label, text: cable.label } }];
}

function fits({ width, height }: Size, room: Box): boolean {
  return width <= room.width + TOLERANCE && height <= room.height + TOLERANCE;
}
