/** The plainest drawing there is, for when the layout engine fails: everything in rows, cables straight. */
import type { Box, Point } from './geometry';
import type { Drawing, DrawnCable, DrawnPort } from './drawing';
import { drawnNode } from './elk-drawing';
import { headerSize, HEADER_MARGIN } from './header';
import type { DiagramModel, DiagramNode } from './model';
import { nodeSize, portLabelSize, PORT_LINE, type Size } from './node-size';

const GAP = 60;
const PADDING = 24;
/** Under the last row: ports hang at the lower borders, with two lines of label. */
const BELOW = PADDING + 2 * PORT_LINE;

interface Block extends Size {
  readonly node: DiagramNode;
  readonly place: (at: Point, boxes: Map<string, Box>) => void;
}

export function gridDrawing(model: DiagramModel): Drawing {
  const inner = new Map<string | undefined, DiagramNode[]>();
  for (const node of model.nodes) {
    inner.set(node.inside, [...(inner.get(node.inside) ?? []), node]);
  }
  const boxes = new Map<string, Box>();
  const { width, height } = placeRows(
    (inner.get(undefined) ?? []).map(node => blockOf(node, inner)),
    { x: PADDING, y: PADDING },
    boxes,
  );
  const nodes = model.nodes.flatMap(node => {
    const box = boxes.get(node.id);
    return box === undefined ? [] : [drawnNode(node, box, inner.has(node.id), [])];
  });
  const ports = nodes.flatMap(drawn => drawn.node.ports.map((port, index) => drawnPort(drawn, port, index)));
  return {
    width: width + 2 * PADDING,
    height: height + PADDING + BELOW,
    nodes,
    ports,
    cables: cablesOf(model, ports),
  };
}

function blockOf(node: DiagramNode, inner: ReadonlyMap<string | undefined, DiagramNode[]>): Block {
  const children = (inner.get(node.id) ?? []).map(child => blockOf(child, inner));
  const header = headerSize(node);
  const top = header.height + 2 * HEADER_MARGIN;
  const rows = placeRows(children, { x: 0, y: 0 }, new Map());
  const size =
    children.length === 0
      ? withRoomForPorts(node)
      : {
          width: Math.max(rows.width + 2 * PADDING, header.width + 2 * HEADER_MARGIN),
          height: rows.height + top + BELOW,
        };
  return {
    node,
    ...size,
    place(at, boxes) {
      boxes.set(node.id, { ...at, ...size });
      placeRows(children, { x: at.x + PADDING, y: at.y + top }, boxes);
    },
  };
}

function withRoomForPorts(node: DiagramNode): Size {
  const { width, height } = nodeSize(node);
  const labels = node.ports.reduce((sum, port) => sum + portSpace(port), 0);
  return { width: Math.max(width, labels), height };
}

function portSpace(port: DiagramNode['ports'][number]): number {
  return (portLabelSize(port)?.width ?? 0) + 24;
}

/** Places blocks in about as many rows as columns; returns the size of all. */
function placeRows(blocks: readonly Block[], at: Point, boxes: Map<string, Box>): Size {
  const columns = Math.max(1, Math.ceil(Math.sqrt(blocks.length)));
  let y = at.y;
  let width = 0;
  for (let first = 0; first < blocks.length; first += columns) {
    const row = blocks.slice(first, first + columns);
    let x = at.x;
    for (const block of row) {
      block.place({ x, y }, boxes);
      x += block.width + GAP;
    }
    width = Math.max(width, x - GAP - at.x);
    y += Math.max(...row.map(block => block.height)) + GAP;
  }
  return { width, height: Math.max(0, y - GAP - at.y) };
}

/** Ports stand in a row along the lower border, each with its label to the right. */
function drawnPort(
  box: Box & { readonly node: DiagramNode },
  port: DiagramNode['ports'][number],
  index: number,
): DrawnPort {
  const before = box.node.ports.slice(0, index).reduce((sum, one) => sum + portSpace(one), 0);
  const at = { x: box.x + 10 + before, y: box.y + box.height };
  const size = portLabelSize(port);
  const label =
    size === undefined ? undefined : { x: at.x + 8, y: at.y + 6, ...size, align: 'start' as const };
  return { id: port.id, port, at, label };
}

function cablesOf(model: DiagramModel, ports: readonly DrawnPort[]): DrawnCable[] {
  const places = new Map(ports.map(port => [port.id, port.at]));
  return model.cables.flatMap(cable => {
    const from = places.get(cable.ends[0]);
    const to = places.get(cable.ends[1]);
    const { id, kind, ends, up } = cable;
    return from === undefined || to === undefined
      ? []
      : [{ id, kind, ends, up, points: [from, to], label: undefined }];
  });
}
