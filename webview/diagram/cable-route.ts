/** Which borders a cable crosses on its way from the outside inwards. */
import type { DiagramCable } from './model';
import { ROOT, type Nesting } from './nesting';

export interface CableRoute {
  readonly cable: DiagramCable;
  /** Whether the route runs from the cable's second end to its first. */
  readonly reversed: boolean;
  /** Port ids. */
  readonly from: string;
  readonly to: string;
  /** The node of `from`. */
  readonly source: string;
  /** Boxes left, inner first. */
  readonly up: readonly string[];
  /** The innermost box around both ends. */
  readonly level: string;
  /** Boxes entered, outer first. */
  readonly down: readonly string[];
}

export function routeOf(
  cable: DiagramCable,
  nesting: Nesting,
  owners: ReadonlyMap<string, string>,
  tier: (node: string) => number,
): CableRoute {
  const owner = (port: string): string => owners.get(port) ?? '';
  const [first, second] = cable.ends;
  const reversed = runsUpwards(owner(first), owner(second), nesting, tier);
  const [from, to] = reversed ? [second, first] : [first, second];
  const source = owner(from);
  const target = owner(to);
  const outOf = [...(nesting.isWithin(target, source) ? [source] : []), ...nesting.around(source)];
  const into = nesting.around(target);
  const level = outOf.find(box => into.includes(box)) ?? ROOT;
  return {
    cable,
    reversed,
    from,
    to,
    source,
    up: outOf.slice(0, outOf.indexOf(level)),
    level,
    down: into.slice(0, into.indexOf(level)).reverse(),
  };
}

/** Routes run from the outside to the inside, and from a container's port to what it contains. */
function runsUpwards(one: string, other: string, nesting: Nesting, tier: (node: string) => number): boolean {
  if (nesting.isWithin(one, other) || nesting.isWithin(other, one)) {
    return nesting.isWithin(one, other);
  }
  return tier(one) > tier(other);
}
