/** Which device an arrow key leads to. */
import type { Drawing, DrawnNode } from './drawing';
import { centreOf, type Point } from './geometry';

export type ArrowKey = 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight';

/** Where each arrow points. */
export const WAYS: Readonly<Record<ArrowKey, Point>> = {
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
};

/** What lies off the way counts for so much more than what lies along it. */
const ASIDE = 2.5;

export function isArrowKey(key: string): key is ArrowKey {
  return Object.hasOwn(WAYS, key);
}

/** The nearest node in this direction, undefined at the edge of the drawing. */
export function nearestNode(drawing: Drawing, from: string, key: ArrowKey): string | undefined {
  const start = drawing.nodes.find(node => node.id === from);
  if (start === undefined) {
    return drawing.nodes[0]?.id;
  }
  const way = WAYS[key];
  const origin = anchor(start);
  let best: { readonly id: string; readonly cost: number } | undefined;
  for (const node of drawing.nodes) {
    const to = anchor(node);
    const along = (to.x - origin.x) * way.x + (to.y - origin.y) * way.y;
    const aside = Math.abs((to.x - origin.x) * way.y) + Math.abs((to.y - origin.y) * way.x);
    const cost = along + ASIDE * aside;
    if (node.id !== from && along > 1 && (best === undefined || cost < best.cost)) {
      best = { id: node.id, cost };
    }
  }
  return best?.id;
}

/** A container stands where its name is; its middle belongs to what is inside. */
function anchor(node: DrawnNode): Point {
  return node.container ? { x: centreOf(node).x, y: centreOf(node.content).y } : centreOf(node);
}
