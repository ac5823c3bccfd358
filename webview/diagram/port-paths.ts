/** Where the ports of a traffic record are in the drawing. */
import type { ResolvedTopology } from '../../src/topology/resolved';
import type { Drawing } from './drawing';
import { centreOf, type Point } from './geometry';
import { portId } from './model';

export interface PortPath {
  /** The port itself, or the middle of its device where the port is not drawn. */
  readonly at: Point;
  /** The cable as seen from this port, and the port's own place first; undefined when nothing is plugged in. */
  readonly cable: { readonly id: string; readonly points: readonly Point[] } | undefined;
}

/** By the number that records give a port: all ports of all devices in the topology's order. Undefined for what is not in the drawing. */
export function portPaths(topology: ResolvedTopology, drawing: Drawing): (PortPath | undefined)[] {
  const places = new Map(drawing.ports.map(({ id, at }) => [id, at]));
  const nodes = new Map(drawing.nodes.map(node => [node.id, node]));
  const cables = new Map<string, { readonly id: string; readonly points: readonly Point[] }>();
  for (const { id, kind, ends, points } of drawing.cables) {
    if (kind === 'cable') {
      cables.set(ends[0], { id, points });
      cables.set(ends[1], { id, points: [...points].reverse() });
    }
  }
  return topology.devices.flatMap(device =>
    device.ports.map(port => {
      const id = portId(device.id, port.name);
      const node = nodes.get(device.id);
      const at = places.get(id) ?? (node === undefined ? undefined : centreOf(node));
      return at === undefined ? undefined : { at, cable: cables.get(id) };
    }),
  );
}
