/** Ports and edges as the layout engine takes them. */
import type { ElkExtendedEdge, ElkPort } from './elk';
import type { DiagramPort } from './model';
import { cableLabelSize, portLabelSize, PORT_SIZE } from './node-size';

/** elkjs drops ports of no size at all. */
const BOUNDARY_PORT_SIZE = 0.01;

/** Text of a label that only keeps a place; elkjs ignores labels without text. */
export const PLACEHOLDER = ' ';

/** A port astride the border. @param side where it must be, for the ports of a box */
export function elkPort(port: DiagramPort, side?: string): ElkPort {
  const label = portLabelSize(port);
  return {
    id: port.id,
    width: PORT_SIZE,
    height: PORT_SIZE,
    layoutOptions: {
      'elk.port.borderOffset': String(-PORT_SIZE / 2),
      ...(side === undefined ? {} : { 'elk.port.side': side }),
    },
    labels: label === undefined ? [] : [{ id: `label of ${port.id}`, text: port.name, ...label }],
  };
}

/** Where a cable crosses the border of a box without ending there. */
export function boundaryPort(id: string, side: string): ElkPort {
  const layoutOptions = { 'elk.port.side': side };
  return { id, width: BOUNDARY_PORT_SIZE, height: BOUNDARY_PORT_SIZE, layoutOptions };
}

/** @param label undefined for none; empty for one that only keeps the place of a label in the row */
export function elkEdge(id: string, from: string, to: string, label: string | undefined): ElkExtendedEdge {
  if (label === undefined) {
    return { id, sources: [from], targets: [to] };
  }
  const size = label === '' ? { width: 1, height: 1 } : cableLabelSize(label);
  const layoutOptions = { 'elk.edgeLabels.inline': 'true' };
  return {
    id,
    sources: [from],
    targets: [to],
    labels: [{ id: `label of ${id}`, text: label === '' ? PLACEHOLDER : label, ...size, layoutOptions }],
  };
}
