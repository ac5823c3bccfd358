/**
 * Segments with many members are drawn as a bus: a long bar with its members in a row on each side. One row under a small box would be a
 * ribbon that no panel can show.
 */
import type { Arrangement } from './arrangement';
import type { DiagramModel, NodeKind } from './model';
import { Nesting } from './nesting';
import { portOwners, type Tiers } from './tiers';

export interface Buses {
  /** Members by bus that stand after it, below or to the right, as the engine reads. */
  readonly after: ReadonlyMap<string, readonly string[]>;
  /** The other members: above or to the left. */
  readonly before: ReadonlyMap<string, readonly string[]>;
  /** All members that stand before their bus. */
  readonly turned: ReadonlySet<string>;
}

/** A segment with fewer members stays a box with one row. */
const FEWEST_MEMBERS = 7;

const SEGMENTS: ReadonlySet<NodeKind> = new Set(['switch', 'network', 'hub', 'virtual-switch', 'bridge']);

/** @param previous the last drawing: what was a bus stays one with its members where they are, and no box becomes one */
export function busesOf(
  model: DiagramModel,
  tiers: Tiers,
  arrangement: Arrangement,
  previous: { readonly buses: Buses; readonly known: ReadonlySet<string> } | undefined,
): Buses {
  const after = new Map<string, readonly string[]>();
  const before = new Map<string, readonly string[]>();
  const known = previous?.known ?? new Set();
  const turned = previous?.buses.turned ?? new Set();
  for (const [bus, members] of membersOf(model, tiers, arrangement)) {
    const isBus = known.has(bus) ? previous?.buses.after.has(bus) === true : members.length >= FEWEST_MEMBERS;
    if (!isBus) {
      continue;
    }
    const sides: { readonly before: string[]; readonly after: string[] } = { before: [], after: [] };
    for (const member of members.filter(id => known.has(id))) {
      (turned.has(member) ? sides.before : sides.after).push(member);
    }
    for (const member of members.filter(id => !known.has(id))) {
      (sides.before.length < sides.after.length ? sides.before : sides.after).push(member);
    }
    before.set(bus, sides.before);
    after.set(bus, sides.after);
  }
  return { after, before, turned: new Set([...before.values()].flat()) };
}

/** By segment, what hangs on it alone and stands in the same box, in the model's order. */
function membersOf(model: DiagramModel, tiers: Tiers, arrangement: Arrangement): Map<string, string[]> {
  const owners = portOwners(model);
  const nesting = new Nesting(arrangement);
  const kinds = new Map(model.nodes.map(node => [node.id, node.kind]));
  const tier = (id: string): number => tiers.of.get(id) ?? 0;
  /** By node, what its cables and those of what it holds lead to outside of it. */
  const beyond = new Map<string, string[]>();
  for (const { ends } of model.cables) {
    const [one = '', other = ''] = ends.map(end => owners.get(end));
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      for (const box of [from, ...nesting.around(from)].filter(id => kinds.has(id))) {
        if (to !== box && !nesting.isWithin(to, box)) {
          beyond.set(box, [...(beyond.get(box) ?? []), to]);
        }
      }
    }
  }
  const members = new Map<string, string[]>();
  for (const [member, far] of beyond) {
    const [bus = ''] = far;
    const hangs =
      new Set(far).size === 1 &&
      SEGMENTS.has(kinds.get(bus) ?? 'host') &&
      nesting.containerOf(bus) === nesting.containerOf(member) &&
      tier(member) > tier(bus);
    if (hangs) {
      members.set(bus, [...(members.get(bus) ?? []), member]);
    }
  }
  const order = new Map(model.nodes.map((node, index) => [node.id, index]));
  for (const list of members.values()) {
    list.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  }
  return members;
}
