/** Measures the boxes of a drawing and says in words what covers what. An empty answer is a readable diagram. */
import { boxesOverlap, segmentBox, type Box } from '../../../webview/diagram/geometry';
import type { Drawing, DrawnCable, DrawnNode } from '../../../webview/diagram/drawing';

interface Label {
  readonly name: string;
  readonly box: Box;
  /** The node, or the two nodes of a cable, that it belongs to. */
  readonly owners: readonly string[];
}

/** Pixels by which boxes may touch: the engine's rounding. */
const TOLERANCE = 1;

export function overlaps(drawing: Drawing): string[] {
  const nesting = new Map(drawing.nodes.map(node => [node.id, node.node.inside]));
  const around = (id: string): string[] => {
    const inside = nesting.get(id);
    return inside === undefined ? [id] : [id, ...around(inside)];
  };
  return [
    ...nodesOverNodes(drawing, around),
    ...labelsOverLabels(drawing),
    ...labelsOverNodes(drawing, around),
    ...cablesOverNodes(drawing, around),
    ...cablesOverLabels(drawing),
    ...outside(drawing),
    ...textOutOfSymbols(drawing),
    ...cablesOverCables(drawing),
  ];
}

type Around = (id: string) => string[];

function nodesOverNodes({ nodes }: Drawing, around: Around): string[] {
  return pairs(nodes).flatMap(([one, other]) => {
    const nested = around(one.id).includes(other.id) || around(other.id).includes(one.id);
    if (nested) {
      const [outer, inner] = around(one.id).includes(other.id) ? [other, one] : [one, other];
      return contains(outer, inner) ? [] : [`node ${inner.id} sticks out of ${outer.id}`];
    }
    return boxesOverlap(one, other, TOLERANCE) ? [`node ${one.id} and node ${other.id}`] : [];
  });
}

function labelsOverLabels(drawing: Drawing): string[] {
  return pairs(labelsOf(drawing)).flatMap(([one, other]) =>
    boxesOverlap(one.box, other.box, TOLERANCE) ? [`${one.name} and ${other.name}`] : [],
  );
}

/** A label may lie in the boxes around its node, and must lie in them whole; on any other node it may not lie. */
function labelsOverNodes(drawing: Drawing, around: Around): string[] {
  return labelsOf(drawing).flatMap(label =>
    drawing.nodes.flatMap(node => {
      const home =
        node.container &&
        label.owners.every(owner => around(owner).includes(node.id)) &&
        (label.owners.length > 1 || label.owners[0] !== node.id || label.name.startsWith('header'));
      if (home) {
        return contains(node, label.box) ? [] : [`${label.name} sticks out of ${node.id}`];
      }
      return boxesOverlap(node, label.box, TOLERANCE) ? [`${label.name} and node ${node.id}`] : [];
    }),
  );
}

function cablesOverNodes(drawing: Drawing, around: Around): string[] {
  return drawing.cables.flatMap(cable => {
    const own = new Set(endsOf(drawing, cable).flatMap(around));
    return drawing.nodes.flatMap(node =>
      !own.has(node.id) && crosses(cable, node) ? [`cable ${cable.id} through node ${node.id}`] : [],
    );
  });
}

function cablesOverLabels(drawing: Drawing): string[] {
  return drawing.cables.flatMap(cable =>
    labelsOf(drawing).flatMap(label => {
      const own = label.name === `label of cable ${cable.id}`;
      return !own && crosses(cable, label.box) ? [`cable ${cable.id} through ${label.name}`] : [];
    }),
  );
}

function outside(drawing: Drawing): string[] {
  const page = { x: 0, y: 0, width: drawing.width, height: drawing.height };
  const boxes = [
    ...drawing.nodes.map(node => ({ name: `node ${node.id}`, box: node })),
    ...labelsOf(drawing),
  ];
  return boxes.flatMap(({ name, box }) => (contains(page, box) ? [] : [`${name} is off the page`]));
}

/** What stands in a symbol must fit into it. */
function textOutOfSymbols({ nodes }: Drawing): string[] {
  return nodes.flatMap(node => (contains(node, node.content) ? [] : [`text sticks out of node ${node.id}`]));
}

/** Two cables may cross but not run on top of each other for a while, unless they come from one socket. */
function cablesOverCables({ cables }: Drawing): string[] {
  return pairs(cables).flatMap(([one, other]) => {
    const joined = one.ends.some(end => other.ends.includes(end));
    const covered = segments(one).some(a => segments(other).some(b => runAlong(a, b)));
    return !joined && covered ? [`cable ${one.id} along cable ${other.id}`] : [];
  });
}

function segments(cable: DrawnCable): Box[] {
  return cable.points.slice(1).map((to, index) => segmentBox(cable.points[index]!, to));
}

/** Pixels for which two lines on top of each other are still only a crossing. */
const CROSSING = 6;

function runAlong(one: Box, other: Box): boolean {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return (width > CROSSING && height >= 0) || (height > CROSSING && width >= 0);
}

function labelsOf(drawing: Drawing): Label[] {
  return [
    ...drawing.ports.flatMap(({ id, port, label }) =>
      label === undefined ? [] : [{ name: `label of port ${id}`, box: label, owners: [port.device] }],
    ),
    ...drawing.cables.flatMap(cable =>
      cable.label === undefined
        ? []
        : [{ name: `label of cable ${cable.id}`, box: cable.label, owners: endsOf(drawing, cable) }],
    ),
    ...drawing.nodes
      .filter(node => node.container)
      .map(node => ({ name: `header of ${node.id}`, box: node.content, owners: [node.id] })),
  ];
}

function endsOf(drawing: Drawing, cable: DrawnCable): string[] {
  return cable.ends.flatMap(end => drawing.ports.find(port => port.id === end)?.port.device ?? []);
}

function crosses(cable: DrawnCable, box: Box): boolean {
  return cable.points
    .slice(1)
    .some((to, index) => boxesOverlap(segmentBox(cable.points[index]!, to), box, TOLERANCE));
}

function contains(outer: Box | DrawnNode, inner: Box): boolean {
  return (
    inner.x >= outer.x - TOLERANCE &&
    inner.y >= outer.y - TOLERANCE &&
    inner.x + inner.width <= outer.x + outer.width + TOLERANCE &&
    inner.y + inner.height <= outer.y + outer.height + TOLERANCE
  );
}

function pairs<Value>(values: readonly Value[]): [Value, Value][] {
  return values.flatMap((one, index) => values.slice(index + 1).map((other): [Value, Value] => [one, other]));
}
