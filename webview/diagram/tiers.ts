/**
 * How far each device is from the outside. A network has no direction of its own, a drawing has: from the internet down to the guests.
 */
import type { DiagramModel, DiagramNode, NodeKind } from './model';

export interface Tiers {
  /** Cables to the nearest root, by node. */
  readonly of: ReadonlyMap<string, number>;
  /** Where counting starts, at least one for each connected part. */
  readonly roots: readonly string[];
}

/** The nearer to the outside, the smaller. */
const RANK: Readonly<Record<NodeKind, number>> = {
  internet: 0,
  router: 1,
  network: 2,
  switch: 2,
  hub: 2,
  'virtual-switch': 3,
  bridge: 3,
  nat: 3,
  host: 4,
  vm: 4,
  container: 4,
  dhcp: 4,
  tunnel: 4,
};

/** Parts with more candidates than this take the first ones only: looking for the middle costs a walk for each. */
const MOST_CANDIDATES = 64;

type Neighbours = ReadonlyMap<string, ReadonlySet<string>>;

/** @param previousRoots roots of the drawing before an edit, kept where they still are as good as any other */
export function tiersOf(model: DiagramModel, previousRoots: readonly string[] = []): Tiers {
  const neighbours = neighboursOf(model);
  const parts = connectedParts(model, neighbours);
  const kept = new Set(previousRoots);
  const of = new Map<string, number>();
  const roots: string[] = [];
  for (const part of parts) {
    const chosen = rootsOf(part, neighbours, kept);
    roots.push(...chosen);
    for (const [id, distance] of distances(chosen, neighbours)) {
      of.set(id, distance);
    }
  }
  levelHosts(model, parts, of);
  return { of, roots };
}

function connectedParts(model: DiagramModel, neighbours: Neighbours): (readonly DiagramNode[])[] {
  const nodes = new Map(model.nodes.map(node => [node.id, node]));
  const seen = new Set<string>();
  return model.nodes.flatMap(node => {
    if (seen.has(node.id)) {
      return [];
    }
    const part = [...distances([node.id], neighbours).keys()];
    part.forEach(id => seen.add(id));
    return [part.flatMap(id => nodes.get(id) ?? [])];
  });
}

/** A host without a cable of its own is as near as the nearest of its guests; what is cabled only within a host comes after the host. */
function levelHosts(
  model: DiagramModel,
  parts: readonly (readonly DiagramNode[])[],
  of: Map<string, number>,
): void {
  const containers = new Map(model.nodes.map(node => [node.id, node.inside]));
  const within = (id: string, host: string): boolean => {
    for (let at = containers.get(id); at !== undefined; at = containers.get(at)) {
      if (at === host) {
        return true;
      }
    }
    return false;
  };
  const hosts = new Set(containers.values());
  for (const { id: host } of parts.filter(part => part.length === 1).flat()) {
    const nearest = hosts.has(host) ? nearestGuest(host, parts, within, of) : undefined;
    if (nearest !== undefined) {
      of.set(host, nearest);
    }
  }
  for (const part of parts) {
    const host = part[0]?.inside;
    if (host !== undefined && part.every(node => within(node.id, host))) {
      const base = (of.get(host) ?? 0) + 1;
      part.forEach(node => of.set(node.id, (of.get(node.id) ?? 0) + base));
    }
  }
}

/** The smallest tier of what runs in the host and is cabled with the outside; undefined for none. */
function nearestGuest(
  host: string,
  parts: readonly (readonly DiagramNode[])[],
  within: (id: string, host: string) => boolean,
  of: ReadonlyMap<string, number>,
): number | undefined {
  const tiers = parts
    .filter(part => part.length > 1 && part.some(node => !within(node.id, host)))
    .flatMap(part => part.filter(node => within(node.id, host)))
    .map(node => of.get(node.id) ?? 0);
  return tiers.length === 0 ? undefined : Math.min(...tiers);
}

/** Who is joined with whom by a cable or a sockets relation. */
export function neighboursOf(model: DiagramModel): Map<string, Set<string>> {
  const neighbours = new Map(model.nodes.map(node => [node.id, new Set<string>()]));
  const owners = portOwners(model);
  for (const { ends } of model.cables) {
    const one = owners.get(ends[0]);
    const other = owners.get(ends[1]);
    if (one !== undefined && other !== undefined && one !== other) {
      neighbours.get(one)?.add(other);
      neighbours.get(other)?.add(one);
    }
  }
  return neighbours;
}

/** The node of each port id. */
export function portOwners(model: DiagramModel): Map<string, string> {
  return new Map(model.nodes.flatMap(node => node.ports.map(port => [port.id, node.id] as const)));
}

/** Every internet; where there is none, the one device that is best connected, most central, first in the file. */
function rootsOf(
  part: readonly DiagramNode[],
  neighbours: Neighbours,
  previous: ReadonlySet<string>,
): string[] {
  const best = Math.min(...part.map(node => RANK[node.kind]));
  const candidates = part.filter(node => RANK[node.kind] === best).map(node => node.id);
  if (best === RANK.internet) {
    return candidates;
  }
  const kept = candidates.filter(id => previous.has(id));
  const pool = (kept.length > 0 ? kept : candidates).slice(0, MOST_CANDIDATES);
  const scored = pool.map((id, order) => ({
    id,
    order,
    degree: neighbours.get(id)?.size ?? 0,
    reach: Math.max(...distances([id], neighbours).values()),
  }));
  scored.sort((a, b) => b.degree - a.degree || a.reach - b.reach || a.order - b.order);
  return scored.slice(0, 1).map(({ id }) => id);
}

/** Breadth first; holds only what can be reached. */
function distances(from: readonly string[], neighbours: Neighbours): Map<string, number> {
  const found = new Map(from.map(id => [id, 0]));
  const queue = [...from];
  for (let index = 0; index < queue.length; index++) {
    const at = queue[index] ?? '';
    for (const next of neighbours.get(at) ?? []) {
      if (!found.has(next)) {
        found.set(next, (found.get(at) ?? 0) + 1);
        queue.push(next);
      }
    }
  }
  return found;
}
