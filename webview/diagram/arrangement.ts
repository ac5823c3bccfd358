/**
 * Which box each node is laid out in. Besides the containers a user sees (a host and what runs in it) there are two kinds of invisible
 * ones, which keep together what belongs together and keep the drawing compact: an access block is a switch with its end devices, a site
 * is what falls apart when the tiers above are cut away, and a row some of many boxes that would stand side by side.
 */
import type { DiagramModel, NodeKind } from './model';
import { neighboursOf, type Tiers } from './tiers';

export interface Arrangement {
  /** The box around a node or box; absent for what stands free. */
  readonly container: ReadonlyMap<string, string>;
  /** The invisible boxes, sites before the sites in them. */
  readonly blocks: ReadonlyMap<string, InvisibleBox>;
}

export interface InvisibleBox {
  readonly kind: 'access' | 'site' | 'row';
  /** Which row this is, counted from 0 in the direction of the drawing. */
  readonly row?: number;
}

/** Fewer end devices than this need no block. */
const FEWEST_LEAVES = 2;
/** Fewer items than this need no sites. */
const FEWEST_FOR_SITES = 8;
/** A part of fewer items is no site. */
const SMALLEST_SITE = 2;

const HEADS: ReadonlySet<NodeKind> = new Set(['switch', 'network', 'hub', 'virtual-switch', 'router']);

export function arrange(model: DiagramModel, tiers: Tiers): Arrangement {
  const container = new Map<string, string>();
  for (const node of model.nodes) {
    if (node.inside !== undefined) {
      container.set(node.id, node.inside);
    }
  }
  const items = new ItemGraph(model, tiers);
  const blocks = new Map<string, InvisibleBox>();
  for (const [head, leaves] of accessBlocks(model, items)) {
    const id = `access block of ${head}`;
    blocks.set(id, { kind: 'access' });
    for (const member of [head, ...leaves]) {
      container.set(member, id);
    }
    items.merge([head, ...leaves], id);
  }
  splitIntoSites(items.all(), undefined, 0, items, container, blocks);
  return { container, blocks: inRows(container, blocks) };
}

/** Fewer boxes side by side need no rows. */
const FEWEST_FOR_ROWS = 6;

/** Boxes of one level that would stand in one long row stand in several: about as many rows as boxes in a row. */
function inRows(
  container: Map<string, string>,
  blocks: ReadonlyMap<string, InvisibleBox>,
): ReadonlyMap<string, InvisibleBox> {
  const levels = new Map<string, string[]>();
  for (const id of blocks.keys()) {
    const level = container.get(id) ?? '';
    levels.set(level, [...(levels.get(level) ?? []), id]);
  }
  const rows = new Map<string, InvisibleBox>();
  for (const [level, boxes] of levels) {
    if (boxes.length >= FEWEST_FOR_ROWS) {
      const length = Math.ceil(Math.sqrt(boxes.length));
      boxes.forEach((box, index) => {
        const number = Math.floor(index / length);
        const row = `row ${number} of ${level}`;
        rows.set(row, { kind: 'row', row: number });
        container.set(box, row);
        if (level !== '') {
          container.set(row, level);
        }
      });
    }
  }
  // Outer boxes before the inner ones: a site, the rows in it, what is in the rows.
  const depth = (id: string): number => {
    let levels = 0;
    for (let at = container.get(id); at !== undefined; at = container.get(at)) {
      levels++;
    }
    return levels;
  };
  return new Map([...rows, ...blocks].sort(([one], [other]) => depth(one) - depth(other)));
}

/**
 * The arrangement of the last drawing for an edited model: what was there stays in its box, what is new joins the box of its nearest
 * neighbour towards the outside. So a second cable between two sites does not dissolve them.
 */
export function rearrange(
  model: DiagramModel,
  tiers: Tiers,
  previous: Arrangement,
  known: ReadonlySet<string>,
): Arrangement {
  const neighbours = neighboursOf(model);
  const tier = (id: string): number => tiers.of.get(id) ?? 0;
  const container = new Map<string, string>();
  const needed = new Set<string>();
  for (const node of [...model.nodes].sort((a, b) => tier(a.id) - tier(b.id))) {
    const nearest = [...(neighbours.get(node.id) ?? [])].sort((a, b) => tier(a) - tier(b))[0] ?? '';
    const remembered = known.has(node.id) ? previous.container.get(node.id) : container.get(nearest);
    const box = node.inside ?? (previous.blocks.has(remembered ?? '') ? remembered : undefined);
    if (box !== undefined) {
      container.set(node.id, box);
      needed.add(box);
    }
  }
  // From the innermost outwards, since a site may hold nothing but sites.
  for (const id of [...previous.blocks.keys()].reverse()) {
    const around = previous.container.get(id);
    if (needed.has(id) && around !== undefined) {
      container.set(id, around);
      needed.add(around);
    }
  }
  return { container, blocks: new Map([...previous.blocks].filter(([id]) => needed.has(id))) };
}

/** What stands at the top level, and who is joined with whom there. */
class ItemGraph {
  private readonly neighbours: Map<string, Set<string>>;
  private readonly tier = new Map<string, number>();

  constructor(model: DiagramModel, tiers: Tiers) {
    const outermost = new Map<string, string>();
    for (const node of model.nodes) {
      const top = node.inside === undefined ? node.id : (outermost.get(node.inside) ?? node.id);
      outermost.set(node.id, top);
      const tier = tiers.of.get(node.id) ?? 0;
      this.tier.set(top, Math.min(this.tier.get(top) ?? Infinity, tier));
    }
    this.neighbours = new Map([...this.tier.keys()].map(id => [id, new Set<string>()]));
    for (const [id, others] of neighboursOf(model)) {
      const one = outermost.get(id) ?? id;
      for (const other of [...others].map(each => outermost.get(each) ?? each)) {
        if (one !== other) {
          this.neighbours.get(one)?.add(other);
        }
      }
    }
  }

  all(): string[] {
    return [...this.neighbours.keys()];
  }

  tierOf(item: string): number {
    return this.tier.get(item) ?? 0;
  }

  neighboursOf(item: string): ReadonlySet<string> {
    return this.neighbours.get(item) ?? new Set();
  }

  /** Makes one item of several. */
  merge(members: readonly string[], id: string): void {
    const inside = new Set(members);
    const outside = new Set(
      members.flatMap(member => [...this.neighboursOf(member)]).filter(one => !inside.has(one)),
    );
    this.tier.set(id, Math.min(...members.map(member => this.tierOf(member))));
    this.neighbours.set(id, outside);
    for (const member of members) {
      this.neighbours.delete(member);
    }
    for (const other of outside) {
      const theirs = this.neighbours.get(other);
      members.forEach(member => theirs?.delete(member));
      theirs?.add(id);
    }
  }
}

/** Switches and routers with the end devices that hang on nothing else. */
function accessBlocks(model: DiagramModel, items: ItemGraph): Map<string, string[]> {
  const blocks = new Map<string, string[]>();
  for (const node of model.nodes) {
    if (node.inside === undefined && HEADS.has(node.kind)) {
      const leaves = [...items.neighboursOf(node.id)].filter(
        id => items.neighboursOf(id).size === 1 && items.tierOf(id) > items.tierOf(node.id),
      );
      if (leaves.length >= FEWEST_LEAVES) {
        blocks.set(node.id, leaves);
      }
    }
  }
  return blocks;
}

function splitIntoSites(
  members: readonly string[],
  around: string | undefined,
  depth: number,
  items: ItemGraph,
  container: Map<string, string>,
  blocks: Map<string, InvisibleBox>,
): void {
  if (members.length < FEWEST_FOR_SITES) {
    return;
  }
  const sites = firstSites(members, items);
  for (const site of sites) {
    const id = `site of ${site[0] ?? ''} at depth ${depth}`;
    blocks.set(id, { kind: 'site' });
    if (around !== undefined) {
      container.set(id, around);
    }
    for (const member of site) {
      container.set(member, id);
    }
    splitIntoSites(site, id, depth + 1, items, container, blocks);
  }
}

/** The parts that remain below the first tier whose removal leaves at least two of a good size; none if there is no such tier. */
function firstSites(members: readonly string[], items: ItemGraph): string[][] {
  const tiers = [...new Set(members.map(member => items.tierOf(member)))].sort((a, b) => a - b);
  for (const tier of tiers) {
    const rest = new Set(members.filter(member => items.tierOf(member) > tier));
    const parts = connectedParts(rest, items).filter(part => part.length >= SMALLEST_SITE);
    if (parts.length >= 2) {
      return parts;
    }
  }
  return [];
}

function connectedParts(members: ReadonlySet<string>, items: ItemGraph): string[][] {
  const seen = new Set<string>();
  const parts: string[][] = [];
  for (const start of members) {
    if (seen.has(start)) {
      continue;
    }
    seen.add(start);
    const part = [start];
    for (let index = 0; index < part.length; index++) {
      for (const next of items.neighboursOf(part[index] ?? '')) {
        if (members.has(next) && !seen.has(next)) {
          seen.add(next);
          part.push(next);
        }
      }
    }
    parts.push(part);
  }
  return parts;
}
