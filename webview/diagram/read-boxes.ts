/** The boxes of a drawing that are read: what else is put on the picture must not cover them. */
import type { Drawing } from './drawing';
import type { Box } from './geometry';

/** Symbols, names of hosts, and the labels of ports and cables. */
export function readBoxes({ nodes, ports, cables }: Drawing): Box[] {
  return [
    ...nodes.map(node => (node.container ? node.content : node)),
    ...ports.flatMap(({ label }) => label ?? []),
    ...cables.flatMap(({ label }) => label ?? []),
  ];
}
