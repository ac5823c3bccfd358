/**
 * Cables between switches of the same tier (stacks, link aggregation, rings). The layered algorithm would put one switch under the other;
 * drawn afterwards, side to side, they stay in one row.
 */
import type { Arrangement } from './arrangement';
import { boxesOverlap, segmentBox, type Box, type Point } from './geometry';
import type { Drawing, DrawnCable, DrawnNode, DrawnPort, PortLabelBox } from './drawing';
import type { DiagramCable, DiagramModel } from './model';
import { cableLabelSize, portLabelSize, PORT_SIZE, type Size } from './node-size';
import { portOwners, type Tiers } from './tiers';

/** Room kept between a label and what is beside it. */
const AIR = 4;

/** Cables that may be drawn side to side. */
export function peerCables(model: DiagramModel, tiers: Tiers, arrangement: Arrangement): DiagramCable[] {
  const owners = portOwners(model);
  const switches = new Set(model.nodes.filter(node => node.kind === 'switch').map(node => node.id));
  const pairs = new Set<string>();
  return model.cables.filter(({ ends }) => {
    const one = owners.get(ends[0]) ?? '';
    const other = owners.get(ends[1]) ?? '';
    const pair = [one, other].sort().join('\n');
    const peers =
      one !== other &&
      switches.has(one) &&
      switches.has(other) &&
      tiers.of.get(one) === tiers.of.get(other) &&
      arrangement.container.get(one) === arrangement.container.get(other) &&
      !pairs.has(pair);
    if (peers) {
      pairs.add(pair);
    }
    return peers;
  });
}

export interface PeerDrawing {
  readonly drawing: Drawing;
  /** Cables for which there was no free way. */
  readonly unplaced: readonly DiagramCable[];
}

export function drawPeerCables(drawing: Drawing, cables: readonly DiagramCable[]): PeerDrawing {
  let drawn = drawing;
  const unplaced: DiagramCable[] = [];
  for (const cable of cables) {
    const next = drawPeerCable(drawn, cable);
    if (next === undefined) {
      unplaced.push(cable);
    } else {
      drawn = next;
    }
  }
  return { drawing: drawn, unplaced };
}

function drawPeerCable(drawing: Drawing, cable: DiagramCable): Drawing | undefined {
  const ends = cable.ends.map(end => endOf(drawing, end));
  const [one, other] = ends;
  if (one === undefined || other === undefined) {
    return undefined;
  }
  const turned = one.node.x > other.node.x;
  const [left, right] = turned ? [other, one] : [one, other];
  const top = Math.max(left.node.y, right.node.y);
  const bottom = Math.min(left.node.y + left.node.height, right.node.y + right.node.height);
  const from = { x: left.node.x + left.node.width, y: (top + bottom) / 2 };
  const to = { x: right.node.x, y: from.y };
  if (bottom - top < PORT_SIZE) {
    return undefined;
  }
  const leftPort = moved(left.port, from, 'start');
  const rightPort = moved(right.port, to, 'end');
  const label = cableLabel(cable, from, to);
  const taken = [leftPort.label, rightPort.label, label].flatMap(box => box ?? []);
  const corridor = segmentBox(from, to, 2 * PORT_SIZE);
  const pieces = [corridor, ...taken.map(box => grown(box, AIR))];
  if (to.x - from.x < spaceNeeded(leftPort, rightPort, label) || !isFree(drawing, pieces, [left, right])) {
    return undefined;
  }
  const drawnCable: DrawnCable = {
    id: cable.id,
    kind: cable.kind,
    ends: cable.ends,
    points: turned ? [to, from] : [from, to],
    label,
    up: cable.up,
  };
  const replaced = new Map([leftPort, rightPort].map(port => [port.id, port]));
  return {
    ...drawing,
    ports: drawing.ports.map(port => replaced.get(port.id) ?? port),
    cables: [...drawing.cables, drawnCable],
  };
}

interface PeerEnd {
  readonly node: DrawnNode;
  readonly port: DrawnPort;
}

function endOf(drawing: Drawing, id: string): PeerEnd | undefined {
  const port = drawing.ports.find(one => one.id === id);
  const node = drawing.nodes.find(one => one.id === port?.port.device);
  return port === undefined || node === undefined ? undefined : { node, port };
}

/** The port at its new place, its label above the cable. */
function moved(port: DrawnPort, at: Point, align: 'start' | 'end'): DrawnPort {
  const size = portLabelSize(port.port);
  return { ...port, at, label: size === undefined ? undefined : besideCable(size, at, align) };
}

function besideCable(size: Size, at: Point, align: 'start' | 'end'): PortLabelBox {
  const away = PORT_SIZE / 2 + AIR;
  const x = align === 'start' ? at.x + away : at.x - away - size.width;
  return { x, y: at.y - size.height - 2, ...size, align };
}

function cableLabel(cable: DiagramCable, from: Point, to: Point): DrawnCable['label'] {
  if (cable.label === '') {
    return undefined;
  }
  const { width, height } = cableLabelSize(cable.label);
  return { x: (from.x + to.x - width) / 2, y: from.y + 4, width, height, text: cable.label };
}

function spaceNeeded(left: DrawnPort, right: DrawnPort, label: DrawnCable['label']): number {
  const portLabels = (left.label?.width ?? 0) + (right.label?.width ?? 0) + 2 * PORT_SIZE + 3 * AIR;
  return Math.max(portLabels, (label?.width ?? 0) + 2 * AIR);
}

function isFree(drawing: Drawing, pieces: readonly Box[], ends: readonly [PeerEnd, PeerEnd]): boolean {
  const own = new Set(ends.map(end => end.port.id));
  const nodes = drawing.nodes.filter(node => !node.container && ends.every(end => end.node.id !== node.id));
  const labels = [
    ...drawing.ports.flatMap(port => (own.has(port.id) ? [] : (port.label ?? []))),
    ...drawing.cables.flatMap(cable => cable.label ?? []),
  ];
  const wires = drawing.cables.flatMap(({ points }) =>
    points.slice(1).map((to, index) => segmentBox(points[index] ?? to, to, 2)),
  );
  return pieces.every(piece => [...nodes, ...labels, ...wires].every(box => !boxesOverlap(piece, box)));
}

function grown(box: Box, by: number): Box {
  return { x: box.x - by, y: box.y, width: box.width + 2 * by, height: box.height };
}
