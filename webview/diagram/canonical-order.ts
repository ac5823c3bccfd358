/** One order for what the engine gets, so that the order of lines in the file changes little and that of links nothing. */
import type { ElkNode } from './elk';
import type { Point } from './geometry';
import type { DiagramCable, DiagramModel, DiagramNode } from './model';
import { portOwners } from './tiers';

/**
 * Containers first, then from the outside inwards, then as in the file.
 * @param turned what comes before its neighbour further out: the members on one side of a bus
 */
export function nodesByTier(
  model: DiagramModel,
  tier: (node: string) => number,
  turned: ReadonlySet<string>,
): DiagramNode[] {
  const keyed = model.nodes.map((node, index) => ({
    node,
    key: [node.inside === undefined ? 0 : 1, tier(node.id) - (turned.has(node.id) ? 1.5 : 0), index],
  }));
  return keyed.sort((a, b) => compareLists(a.key, b.key)).map(({ node }) => node);
}

/** Tells the engine the old places of what is still there; the order of the file stays, so that the same file gives the same drawing. */
export function rememberPlaces(element: ElkNode, positions: ReadonlyMap<string, Point>): void {
  for (const child of element.children ?? []) {
    const before = positions.get(child.id);
    if (before !== undefined) {
      child.layoutOptions = { ...child.layoutOptions, 'elk.position': `(${before.x},${before.y})` };
    }
    rememberPlaces(child, positions);
  }
}

/** By the places of their ends in the graph, then by ports. */
export function cablesInOrder(model: DiagramModel, graph: ElkNode): DiagramCable[] {
  const place = new Map<string, number>();
  const number = (element: ElkNode): void => {
    place.set(element.id, place.size);
    element.children?.forEach(number);
  };
  number(graph);
  const owners = portOwners(model);
  const portPlace = new Map(
    model.nodes.flatMap(node => node.ports.map((port, index) => [port.id, index] as const)),
  );
  const keyed = model.cables.map(cable => {
    const ends = cable.ends.map(end => [place.get(owners.get(end) ?? '') ?? 0, portPlace.get(end) ?? 0]);
    const [one = [], other = []] = ends.sort(compareLists);
    return { cable, key: [one[0] ?? 0, other[0] ?? 0, one[1] ?? 0, other[1] ?? 0] };
  });
  keyed.sort((a, b) => compareLists(a.key, b.key) || (a.cable.id < b.cable.id ? -1 : 1));
  return keyed.map(({ cable }) => cable);
}

function compareLists(one: readonly number[], other: readonly number[]): number {
  const index = one.findIndex((value, at) => value !== other[at]);
  return index === -1 ? 0 : (one[index] ?? 0) < (other[index] ?? 0) ? -1 : 1;
}
