/**
 * Lays a diagram out: tiers, invisible boxes, directions, the engine, cables between peers. Never rejects: what the engine can't do is
 * tried in plainer ways, and at last put on a grid.
 */
import { arrange, rearrange, type Arrangement } from './arrangement';
import { busesOf, type Buses } from './bus';
import type { Drawing, LayoutMemory } from './drawing';
import type { LayoutEngine } from './elk';
import { readDrawing, relativePositions } from './elk-drawing';
import { prepareGraph, type GraphPlan } from './elk-graph';
import { drawFreeCables } from './free-cables';
import { frozenLayout } from './frozen-layout';
import { gridDrawing } from './grid-layout';
import { crossedNames, isNameAtLeft } from './header';
import type { Care, Direction, Directions } from './layout-options';
import { withPins, type Pins } from './pins';
import { placePortLabels } from './port-labels';
import type { DiagramCable, DiagramModel } from './model';
import type { Size } from './node-size';
import { drawPeerCables, peerCables } from './peer-cables';
import { renumberedMemory } from './renumbered';
import { neighboursOf, portOwners, tiersOf, type Tiers } from './tiers';

export interface DiagramLayout {
  readonly drawing: Drawing;
  /** For the next layout of an edited version of the same file; undefined when this one is only a grid. */
  readonly memory: LayoutMemory | undefined;
}

export interface LayoutOptionsOfCaller {
  /** The layout before an edit: what is still there moves little. */
  readonly previous?: LayoutMemory | undefined;
  /** The room there is, in CSS pixels: of several ways to turn the boxes, the one that has to be shrunk least is taken. */
  readonly view?: Size;
  /** Where the user put devices. */
  readonly pins?: Pins;
}

/** Steps of the searches for ways of cables that an edit added; what finds none is routed by the engine like any other. */
const MOST_STEPS = 25_000;

/** A panel beside the text editor on an ordinary screen. */
const USUAL_VIEW: Size = { width: 900, height: 900 };

/** How many ways to turn the boxes are tried, by the number of nodes: each try takes longer, up to seconds. */
const TRIES: readonly (readonly [nodes: number, candidates: number])[] = [
  [100, 8],
  [300, 6],
  [1000, 2],
];

/** The most different ones first. The number is how much the reader likes it at equal size: downwards reads best. */
const CANDIDATES: readonly (readonly [Directions, number])[] = [
  [directions('DOWN', 'DOWN', 'DOWN', 'DOWN'), 1.2],
  [directions('RIGHT', 'DOWN', 'RIGHT', 'DOWN'), 0.9],
  [directions('RIGHT', 'RIGHT', 'RIGHT', 'RIGHT'), 0.95],
  [directions('DOWN', 'DOWN', 'RIGHT', 'DOWN'), 1],
  [directions('DOWN', 'DOWN', 'RIGHT', 'RIGHT'), 1],
  [directions('DOWN', 'DOWN', 'DOWN', 'RIGHT'), 1],
  [directions('RIGHT', 'RIGHT', 'RIGHT', 'DOWN'), 0.9],
  [directions('RIGHT', 'DOWN', 'RIGHT', 'RIGHT'), 0.85],
];

function directions(root: Direction, site: Direction, access: Direction, host: Direction): Directions {
  return { root, site, access, host };
}

interface Base {
  readonly model: DiagramModel;
  readonly tiers: Tiers;
  readonly arrangement: Arrangement;
  readonly buses: Buses;
}

/** With pins, those of the pinned devices stand where the user put them. */
export async function layoutDiagram(
  model: DiagramModel,
  engine: LayoutEngine,
  options: LayoutOptionsOfCaller = {},
): Promise<DiagramLayout> {
  const { pins, previous } = options;
  const { drawing, memory } = await layoutFreely(model, engine, {
    ...options,
    previous: previous === undefined ? undefined : renumberedMemory(previous, model),
  });
  if (pins === undefined || pins.size === 0) {
    return { drawing, memory };
  }
  const pinned = withPins(drawing, model, pins);
  return { drawing: pinned, memory: memory === undefined ? undefined : { ...memory, drawing: pinned } };
}

async function layoutFreely(
  model: DiagramModel,
  engine: LayoutEngine,
  { previous, view = USUAL_VIEW }: LayoutOptionsOfCaller,
): Promise<DiagramLayout> {
  const ways: (() => Promise<DiagramLayout>)[] = [
    () => bestLayout(newBase(model), engine, view, 'best'),
    () => bestLayout(newBase(model), engine, view, 'careful'),
  ];
  if (previous !== undefined && changes(model, previous) <= tolerableChanges(previous)) {
    const frozen = frozenLayout(model, previous);
    if (frozen !== undefined) {
      return frozen;
    }
    ways.unshift(() => similarLayout(model, engine, previous));
  }
  for (const way of ways) {
    try {
      return await way();
    } catch {
      // elkjs 0.12 throws TypeErrors of its own making on some graphs; the next way is plainer.
    }
  }
  return { drawing: gridDrawing(model), memory: undefined };
}

/** Nodes that came or went since the layout was last made without a memory. */
function changes(model: DiagramModel, { firstNodes }: LayoutMemory): number {
  const now = new Set(model.nodes.map(node => node.id));
  return (
    [...now].filter(id => !firstNodes.has(id)).length + [...firstNodes].filter(id => !now.has(id)).length
  );
}

/** A network that has grown by more than this is another network: keeping its old shape would cost more than it helps. */
function tolerableChanges({ firstNodes }: LayoutMemory): number {
  return Math.max(4, firstNodes.size * 0.3);
}

function newBase(model: DiagramModel): Base {
  const tiers = tiersOf(model);
  const arrangement = arrange(model, tiers);
  return { model, tiers, arrangement, buses: busesOf(model, tiers, arrangement, undefined) };
}

/** The layout before an edit, changed where it must be. */
async function similarLayout(
  model: DiagramModel,
  engine: LayoutEngine,
  previous: LayoutMemory,
): Promise<DiagramLayout> {
  const tiers = rememberedTiers(model, previous);
  const known = new Set(previous.positions.keys());
  const arrangement = rearrange(model, tiers, previous.arrangement, known);
  const base = {
    model,
    tiers,
    arrangement,
    buses: busesOf(model, tiers, arrangement, { buses: previous.buses, known }),
  };
  return layoutOnce(base, engine, previous.directions, previous, 'best');
}

/** Devices keep their tiers; a new one is one further in than its neighbour. */
function rememberedTiers(model: DiagramModel, { roots, tiers }: LayoutMemory): Tiers {
  const found = tiersOf(model, roots);
  const neighbours = neighboursOf(model);
  const of = new Map<string, number>();
  for (const { id } of model.nodes) {
    const beside = [...(neighbours.get(id) ?? [])].flatMap(one => tiers.get(one) ?? []);
    const own = tiers.get(id) ?? (beside.length === 0 ? undefined : Math.min(...beside) + 1);
    of.set(id, own ?? found.of.get(id) ?? 0);
  }
  return { of, roots: found.roots };
}

async function bestLayout(base: Base, engine: LayoutEngine, view: Size, care: Care): Promise<DiagramLayout> {
  let best: { readonly layout: DiagramLayout; readonly score: number } | undefined;
  const tries = TRIES.find(([nodes]) => base.model.nodes.length <= nodes)?.[1] ?? 1;
  const tried = new Set<string>();
  for (const [candidate, liking] of CANDIDATES.slice(0, tries)) {
    const kind = relevant(candidate, base);
    if (tried.has(kind)) {
      continue;
    }
    tried.add(kind);
    const layout = await layoutOnce(base, engine, candidate, undefined, care);
    const { width, height } = layout.drawing;
    const zoom = Math.min(1, view.width / Math.max(1, width), view.height / Math.max(1, height));
    if (best === undefined || zoom * liking > best.score) {
      best = { layout, score: zoom * liking };
    }
    if (best.score >= 1) {
      break;
    }
  }
  return best === undefined ? { drawing: gridDrawing(base.model), memory: undefined } : best.layout;
}

/** The directions that make a difference for this network. */
function relevant(candidate: Directions, { model, arrangement }: Base): string {
  const kinds = new Set([...arrangement.blocks.values()].map(({ kind }) => kind));
  return [
    candidate.root,
    kinds.has('site') ? candidate.site : '',
    kinds.has('access') ? candidate.access : '',
    model.nodes.some(node => node.inside !== undefined) ? candidate.host : '',
  ].join();
}

async function layoutOnce(
  base: Base,
  engine: LayoutEngine,
  way: Directions,
  previous: LayoutMemory | undefined,
  care: Care,
): Promise<DiagramLayout> {
  const peers = way.root === 'DOWN' ? peerCables(base.model, base.tiers, base.arrangement) : [];
  const layered = new Set(previous?.layered);
  const clearOfName = new Set(previous?.clearOfName);
  const apart = previous === undefined ? [] : freeCables(base.model, previous);
  for (;;) {
    const free = apart.filter(cable => !layered.has(cable.id));
    const isFree = new Set(free.map(({ id }) => id));
    const beside = peers.filter(cable => !layered.has(cable.id) && !isFree.has(cable.id));
    const plan: GraphPlan = {
      ...base,
      directions: way,
      care,
      positions: previous?.positions ?? new Map(),
      withheld: new Set([...beside, ...free].map(cable => cable.id)),
      clearOfName,
    };
    const { graph, pieces } = prepareGraph(plan);
    const result = await engine.layout(graph);
    const first = drawPeerCables(readDrawing(result, base.model, pieces), beside);
    const second = drawFreeCables(placePortLabels(first.drawing), free, { left: MOST_STEPS });
    const unplaced = [...first.unplaced, ...second.unplaced];
    const drawing = placePortLabels(second.drawing);
    const crossed = [...drawing.nodes.filter(node => !isNameAtLeft(node)), ...crossedNames(drawing)].filter(
      ({ id }) => !clearOfName.has(id),
    );
    if (unplaced.length === 0 && crossed.length === 0) {
      const memory: LayoutMemory = {
        positions: relativePositions(result),
        directions: way,
        arrangement: base.arrangement,
        buses: base.buses,
        roots: base.tiers.roots,
        tiers: base.tiers.of,
        drawing,
        free: isFree,
        firstNodes: previous?.firstNodes ?? new Set(base.model.nodes.map(node => node.id)),
        layered,
        clearOfName,
      };
      return { drawing, memory };
    }
    // There is no free way beside: the engine routes these like any other. Names get room. Each turn adds to one, so this ends.
    unplaced.forEach(cable => layered.add(cable.id));
    crossed.forEach(node => clearOfName.add(node.id));
  }
}

/** Cables that an edit added between devices that stood already: they are drawn into the finished picture, and what stands stays. */
function freeCables(model: DiagramModel, { free, drawing, positions }: LayoutMemory): DiagramCable[] {
  const owners = portOwners(model);
  const known = new Set(drawing.cables.map(({ id }) => id));
  return model.cables.filter(
    ({ id, ends }) =>
      (free.has(id) || !known.has(id)) && ends.every(end => positions.has(owners.get(end) ?? '')),
  );
}
