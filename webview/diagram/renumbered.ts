/**
 * The ports of a network, a switch or the internet are numbered in the order of the file: a line more near its top gives most of them
 * other numbers. For the drawing they are the same ports with the same cables.
 */
import type { Drawing, LayoutMemory } from './drawing';
import type { CableKind, DiagramModel } from './model';
import { portOwners } from './tiers';

/** Old ids and the new ones, of what has another id now. */
interface Renumbering {
  readonly cables: ReadonlyMap<string, string>;
  readonly ports: ReadonlyMap<string, string>;
}

/** The last layout with the ids that the model has for its ports and cables. */
export function renumberedMemory(memory: LayoutMemory, model: DiagramModel): LayoutMemory {
  const renumbering = renumberingOf(memory.drawing, model);
  if (renumbering === undefined) {
    return memory;
  }
  const renamed = (cables: ReadonlySet<string>): ReadonlySet<string> =>
    new Set([...cables].map(id => renumbering.cables.get(id) ?? id));
  return {
    ...memory,
    drawing: withIds(memory.drawing, renumbering),
    free: renamed(memory.free),
    layered: renamed(memory.layered),
  };
}

/** A drawing with the ids that the model has for its ports and cables. */
export function renumberedDrawing(drawing: Drawing, model: DiagramModel): Drawing {
  const renumbering = renumberingOf(drawing, model);
  return renumbering === undefined ? drawing : withIds(drawing, renumbering);
}

/** Undefined where all ids are what they were. */
function renumberingOf(drawing: Drawing, model: DiagramModel): Renumbering | undefined {
  const wanted = new Set(model.cables.map(({ id }) => id));
  const gone = drawing.cables.filter(({ id }) => !wanted.has(id));
  if (gone.length === 0) {
    return undefined;
  }
  const before = new Map(drawing.ports.map(({ id, port }) => [id, port.device]));
  const known = new Set(drawing.cables.map(({ id }) => id));
  const come = new Candidates(
    model.cables.filter(({ id }) => !known.has(id)),
    portOwners(model),
  );
  const cables = new Map<string, string>();
  const ports = new Map<string, string>();
  for (const cable of gone) {
    const now = come.take(cable, before);
    if (now !== undefined) {
      cables.set(cable.id, now.id);
      cable.ends.forEach((end, index) => ports.set(end, now.ends[index] ?? end));
    }
  }
  return cables.size === 0 ? undefined : { cables, ports };
}

interface Cable {
  readonly id: string;
  readonly kind: CableKind;
  readonly ends: readonly [string, string];
}

/** New cables, to be found by one end and the device at the other; each is found once. */
class Candidates {
  private readonly byEnds = new Map<string, Cable>();

  constructor(
    cables: readonly Cable[],
    private readonly owners: ReadonlyMap<string, string>,
  ) {
    for (const cable of cables) {
      keysOf(cable, owners).forEach(key => this.byEnds.set(key, cable));
    }
  }

  take(cable: Cable, owners: ReadonlyMap<string, string>): Cable | undefined {
    const key = keysOf(cable, owners).find(one => this.byEnds.has(one));
    const found = key === undefined ? undefined : this.byEnds.get(key);
    if (found !== undefined) {
      keysOf(found, this.owners).forEach(one => this.byEnds.delete(one));
    }
    return found;
  }
}

/** @param owners the device of each port */
function keysOf({ kind, ends: [one, other] }: Cable, owners: ReadonlyMap<string, string>): string[] {
  return [
    JSON.stringify([kind, one, owners.get(other)]),
    JSON.stringify([kind, owners.get(one) ?? '', null, other]),
  ];
}

function withIds(drawing: Drawing, { cables, ports }: Renumbering): Drawing {
  const taken = new Set(ports.values());
  const portNow = (id: string): string => ports.get(id) ?? id;
  return {
    ...drawing,
    ports: drawing.ports
      // The cable of such a port is gone, and another one has its number.
      .filter(({ id }) => ports.has(id) || !taken.has(id))
      .map(port => {
        const id = portNow(port.id);
        return id === port.id ? port : { ...port, id, port: { ...port.port, id } };
      }),
    cables: drawing.cables.map(cable => {
      const [one, other] = cable.ends;
      const ends: [string, string] = [portNow(one), portNow(other)];
      return cables.has(cable.id) ? { ...cable, id: cables.get(cable.id) ?? cable.id, ends } : cable;
    }),
  };
}
