/**
 * Parts of a network folded into one symbol: a host with all that runs in it, or a switch or router with all that hangs on it alone. What
 * is folded away is counted under the name, and its cables end at the symbol.
 */
import type { DiagramCable, DiagramModel, DiagramNode, DiagramPort } from './model';
import { fill, type DiagramStrings } from './strings';
import { neighboursOf, portOwners, type Tiers } from './tiers';

/** The nodes that would go if this one were folded, empty for one that folds nothing. */
export function foldedBy(id: string, model: DiagramModel, tiers: Tiers): ReadonlySet<string> {
  const inside = descendants(id, model);
  if (inside.size > 0) {
    return inside;
  }
  return hangingOn(id, model, tiers);
}

/** @param collapsed ids of the folded nodes; those that do not exist count for nothing */
export function collapsedModel(
  model: DiagramModel,
  collapsed: ReadonlySet<string>,
  tiers: Tiers,
  strings: DiagramStrings,
): DiagramModel {
  const home = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const node of model.nodes) {
    if (collapsed.has(node.id) && !home.has(node.id)) {
      const folded = foldedBy(node.id, model, tiers);
      counts.set(node.id, folded.size);
      folded.forEach(id => home.set(id, node.id));
    }
  }
  if (home.size === 0) {
    return model;
  }
  const outermost = (id: string): string => {
    let at = id;
    for (let next = home.get(at); next !== undefined; next = home.get(at)) {
      at = next;
    }
    return at;
  };
  const owners = portOwners(model);
  const cables = model.cables.filter(({ ends }) => {
    const [one, other] = ends.map(end => outermost(owners.get(end) ?? ''));
    return one !== other;
  });
  return {
    ...model,
    nodes: model.nodes
      .filter(({ id }) => !home.has(id))
      .map(node =>
        foldedNode(node, counts.get(node.id), portsTaken(node, model, cables, owners, outermost), strings),
      ),
    cables,
  };
}

function foldedNode(
  node: DiagramNode,
  count: number | undefined,
  taken: readonly DiagramPort[],
  strings: DiagramStrings,
): DiagramNode {
  return count === undefined || count === 0
    ? node
    : {
        ...node,
        folded: count,
        details: [...node.details, fill(strings.folded, count)],
        ports: [...node.ports, ...taken],
      };
}

/** Ports of what is folded whose cables lead out of it. */
function portsTaken(
  node: DiagramNode,
  model: DiagramModel,
  cables: readonly DiagramCable[],
  owners: ReadonlyMap<string, string>,
  outermost: (id: string) => string,
): DiagramPort[] {
  const used = new Set(cables.flatMap(({ ends }) => ends));
  return model.nodes
    .filter(({ id }) => id !== node.id && outermost(id) === node.id)
    .flatMap(({ ports }) => ports)
    .filter(port => used.has(port.id) && owners.has(port.id))
    .map(port => ({ ...port, device: node.id }));
}

function descendants(id: string, { nodes }: DiagramModel): Set<string> {
  const found = new Set<string>();
  // Containers come before what is inside them.
  for (const node of nodes) {
    if (node.inside !== undefined && (node.inside === id || found.has(node.inside))) {
      found.add(node.id);
    }
  }
  return found;
}

/** What can't be reached from the roots without passing this node. A root folds nothing. */
function hangingOn(id: string, model: DiagramModel, tiers: Tiers): ReadonlySet<string> {
  const node = model.nodes.find(one => one.id === id);
  if (node === undefined || tiers.roots.includes(id)) {
    return new Set();
  }
  const neighbours = neighboursOf(model);
  const reached = new Set(tiers.roots);
  const queue = [...tiers.roots];
  for (let index = 0; index < queue.length; index++) {
    for (const next of neighbours.get(queue[index] ?? '') ?? []) {
      if (next !== id && !reached.has(next)) {
        reached.add(next);
        queue.push(next);
      }
    }
  }
  const hanging = new Set<string>();
  const stack = [...(neighbours.get(id) ?? [])];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next !== id && !reached.has(next) && !hanging.has(next)) {
      hanging.add(next);
      stack.push(...(neighbours.get(next) ?? []));
    }
  }
  // What runs in a host that goes, goes with it, with cables or without; a host stays while something in it does.
  for (const { id: one, inside } of model.nodes) {
    if (inside !== undefined && hanging.has(inside)) {
      hanging.add(one);
    }
  }
  return hanging.has(node.inside ?? '') ? new Set() : hanging;
}
