/**
 * The model as a graph for the layout engine: nested boxes, and cables cut where they cross a border, since each level is laid out by
 * itself.
 */
import type { Arrangement } from './arrangement';
import type { Buses } from './bus';
import { routeOf, type CableRoute } from './cable-route';
import { cablesInOrder, nodesByTier, rememberPlaces } from './canonical-order';
import type { ElkNode, ElkPort, LayoutOptions } from './elk';
import { boundaryPort, elkEdge, elkPort } from './elk-elements';
import type { Point } from './geometry';
import { headerSize, HEADER_MARGIN } from './header';
import {
  boxOptions,
  rowOptions,
  levelOptions,
  symbolOptions,
  type Care,
  type Direction,
  type Directions,
  type Padding,
} from './layout-options';
import type { DiagramCable, DiagramModel, DiagramNode, DiagramPort } from './model';
import { Nesting, ROOT } from './nesting';
import { nodeSize, portLabelSize, PORT_SIZE, type Size } from './node-size';
import { portOwners, type Tiers } from './tiers';

export interface GraphPlan {
  readonly model: DiagramModel;
  readonly tiers: Tiers;
  readonly arrangement: Arrangement;
  readonly directions: Directions;
  readonly care: Care;
  /** Where boxes and symbols were in their container in the last drawing. */
  readonly positions: ReadonlyMap<string, Point>;
  /** Cables that are drawn afterwards, side to side. */
  readonly withheld: ReadonlySet<string>;
  readonly buses: Buses;
  /** Hosts whose contents keep clear of the name at the top left, since a cable would pass through it. */
  readonly clearOfName: ReadonlySet<string>;
}

/** A cable as the engine sees it. */
export interface CablePieces {
  readonly cable: DiagramCable;
  /** Whether the pieces run from the cable's second end to its first. */
  readonly reversed: boolean;
  /** Edge ids, one for each level that the cable crosses. */
  readonly edges: readonly string[];
}

export interface PreparedGraph {
  readonly graph: ElkNode;
  readonly pieces: readonly CablePieces[];
}

/** Pixels between neighbours, by the kind of box. */
const GAPS = { root: 36, site: 28, row: 28, access: 20, host: 22 } as const;

const INVISIBLE_PADDING: Padding = { top: 14, left: 14, bottom: 14, right: 14 };
const HOST_PADDING = 18;
/** Room that a cable with its labels takes between two symbols. */
const LABEL_ROOM = 70;

export function prepareGraph(plan: GraphPlan): PreparedGraph {
  return new GraphBuilder(plan).build();
}

const FIXED_ORDER: LayoutOptions = { 'elk.portConstraints': 'FIXED_ORDER' };

function ordered(ports: readonly DiagramPort[], side: string): ElkPort[] {
  return ports.map((port, index) => {
    const element = elkPort(port, side);
    return { ...element, layoutOptions: { ...element.layoutOptions, 'elk.port.index': String(index) } };
  });
}

type BoxKind = keyof Directions | 'row';

type Way = 'entering' | 'leaving';

class GraphBuilder {
  private readonly elements = new Map<string, ElkNode>();
  private readonly nodes: ReadonlyMap<string, DiagramNode>;
  private readonly owners: ReadonlyMap<string, string>;
  private readonly nesting: Nesting;
  private readonly boxes: ReadonlySet<string>;
  /** What is joined with each port. */
  private readonly farEnds = new Map<string, string[]>();

  constructor(private readonly plan: GraphPlan) {
    this.nodes = new Map(plan.model.nodes.map(node => [node.id, node]));
    this.owners = portOwners(plan.model);
    this.nesting = new Nesting(plan.arrangement);
    this.boxes = new Set(plan.arrangement.container.values());
    for (const { ends } of plan.model.cables) {
      for (const [from, to] of [ends, [ends[1], ends[0]]] as const) {
        this.farEnds.set(from, [...(this.farEnds.get(from) ?? []), to]);
      }
    }
  }

  build(): PreparedGraph {
    const { model, positions, withheld } = this.plan;
    const graph: ElkNode = { id: ROOT, layoutOptions: this.levelOptionsOf(ROOT), children: [], edges: [] };
    this.elements.set(ROOT, graph);
    for (const node of nodesByTier(model, this.tier, this.plan.buses.turned)) {
      this.ensure(node.id);
    }
    if (positions.size > 0) {
      rememberPlaces(graph, positions);
    }
    const routes = cablesInOrder(model, graph)
      .filter(cable => !withheld.has(cable.id))
      .map(cable => this.turnedToBus(routeOf(cable, this.nesting, this.owners, this.tier)));
    // A label takes a row of its own. Where one cable between two tiers has one, all get the row, or targets would stand in two rows.
    const rowOf = (route: CableRoute): string => `${this.tier(route.source)} ${route.level}`;
    const labelled = new Set(routes.filter(route => route.cable.label !== '').map(rowOf));
    const pieces = routes.map(route => this.addCable(route, labelled.has(rowOf(route))));
    return { graph, pieces };
  }

  /** A cable between a bus and a member that stands before it runs from the member to the bus. */
  private turnedToBus(route: CableRoute): CableRoute {
    const { turned } = this.plan.buses;
    const [inner] = [this.owners.get(route.to) ?? '', ...route.down].filter(id => turned.has(id));
    if (inner === undefined || turned.has(route.source) || this.nesting.isWithin(route.source, inner)) {
      return route;
    }
    return {
      ...route,
      reversed: !route.reversed,
      from: route.to,
      to: route.from,
      source: this.owners.get(route.to) ?? '',
      up: [...route.down].reverse(),
      down: [...route.up].reverse(),
    };
  }

  private readonly tier = (id: string): number => this.plan.tiers.of.get(id) ?? 0;

  private ensure(id: string): ElkNode {
    const existing = this.elements.get(id);
    if (existing !== undefined) {
      return existing;
    }
    const element = this.createElement(id);
    this.elements.set(id, element);
    const container = this.nesting.containerOf(id);
    // Neighbours of different size begin in one line, as text does; at a bus, the one they stand on.
    const turned = this.plan.buses.turned.has(id);
    const down = this.directionOf(container) === 'DOWN';
    const alignment = down ? (turned ? 'BOTTOM' : 'TOP') : turned ? 'RIGHT' : 'LEFT';
    element.layoutOptions = { ...element.layoutOptions, 'elk.alignment': alignment };
    (this.ensure(container).children ??= []).push(element);
    return element;
  }

  private createElement(id: string): ElkNode {
    const node = this.nodes.get(id);
    if (node === undefined) {
      const layoutOptions = {
        ...this.levelOptionsOf(id),
        ...boxOptions(INVISIBLE_PADDING, 0),
        ...rowOptions(this.plan.arrangement.blocks.get(id)?.row),
      };
      return { id, layoutOptions, children: [], edges: [], ports: [] };
    }
    if (this.boxes.has(id)) {
      return {
        id,
        layoutOptions: this.hostOptions(node),
        children: [],
        edges: [],
        ports: this.hostPorts(node),
      };
    }
    const { width, height } = this.sizeOf(node);
    const layoutOptions = symbolOptions(width, height, this.plan.buses.after.has(id));
    const ordered = this.busPorts(node);
    return ordered === undefined
      ? { id, width, height, layoutOptions, ports: node.ports.map(port => elkPort(port)) }
      : { id, width, height, layoutOptions: { ...layoutOptions, ...FIXED_ORDER }, ports: ordered };
  }

  /**
   * The ports of a bus in the order of its members, the way in first. Left to itself the engine puts the way in last, across all others.
   * Undefined for what is no bus, or has other cables than one way in.
   */
  private busPorts(node: DiagramNode): ElkPort[] | undefined {
    const { after, before } = this.plan.buses;
    const rank = new Map(
      [...(before.get(node.id) ?? []), ...(after.get(node.id) ?? [])].map(
        (id, index) => [id, index] as const,
      ),
    );
    const memberOf = (port: string): string | undefined => {
      const far = this.farEnds.get(port) ?? [];
      return far.length === 1 ? this.owners.get(far[0] ?? '') : undefined;
    };
    const others = node.ports.filter(port => !rank.has(memberOf(port.id) ?? ''));
    if (rank.size === 0 || others.length > 1) {
      return undefined;
    }
    const down = this.directionOf(this.nesting.containerOf(node.id)) === 'DOWN';
    const place = (port: DiagramPort): number => rank.get(memberOf(port.id) ?? '') ?? -1;
    const first = before.get(node.id)?.length ?? 0;
    const sorted = [...node.ports].sort((a, b) => place(a) - place(b));
    const entering = sorted.filter(port => place(port) < first);
    const leaving = sorted.filter(port => place(port) >= first);
    // The engine counts clockwise: along the top to the right, down the right side, along the bottom to the left, up the left side.
    return down
      ? [...ordered(entering, 'NORTH'), ...ordered(leaving.reverse(), 'SOUTH')]
      : [...ordered(leaving, 'EAST'), ...ordered(entering.reverse(), 'WEST')];
  }

  /** A bus is about as long as the longer of its two rows of members. */
  private sizeOf(node: DiagramNode): Size {
    const size = nodeSize(node);
    const { after, before } = this.plan.buses;
    const rows = [after.get(node.id) ?? [], before.get(node.id) ?? []];
    if (rows.every(row => row.length === 0)) {
      return size;
    }
    const container = this.nesting.containerOf(node.id);
    const across = this.directionOf(container) === 'DOWN' ? 'width' : 'height';
    const gap = GAPS[this.boxKind(container)];
    const lengths = rows.map(row =>
      row.reduce((sum, id) => {
        const member = this.nodes.get(id);
        return sum + gap + (member === undefined ? 0 : this.stretchOf(member, across));
      }, 0),
    );
    return { ...size, [across]: Math.max(size[across], ...lengths) };
  }

  /** About as long as a member and the label at its cable are; a host with guests counts for its guests. */
  private stretchOf(member: DiagramNode, across: 'width' | 'height'): number {
    const own = nodeSize(member)[across];
    const label = Math.max(0, ...member.ports.map(port => portLabelSize(port)?.[across] ?? 0));
    const guests = this.boxes.has(member.id)
      ? this.plan.model.nodes.filter(({ inside }) => inside === member.id).length
      : 0;
    const alone = Math.max(own, own / 2 + PORT_SIZE / 2 + label);
    return guests === 0 ? alone : alone + (guests * (own + LABEL_ROOM)) / 2;
  }

  private boxKind(id: string): BoxKind {
    return id === ROOT ? 'root' : (this.plan.arrangement.blocks.get(id)?.kind ?? 'host');
  }

  private directionOf(id: string): Direction {
    const kind = this.boxKind(id);
    // A row runs across what it is a row of.
    return kind === 'row'
      ? this.directionOf(this.nesting.containerOf(id)) === 'DOWN'
        ? 'RIGHT'
        : 'DOWN'
      : this.plan.directions[kind];
  }

  private levelOptionsOf(id: string): LayoutOptions {
    const { care, positions } = this.plan;
    const kind = this.boxKind(id);
    return levelOptions({
      direction: this.directionOf(id),
      placement: kind === 'access' || kind === 'host' ? 'symmetric' : 'straight',
      gap: GAPS[kind],
      care,
      remember: positions.size > 0,
    });
  }

  /** A host leaves room for its name at the top left, in a row that cables to what runs inside pass through. */
  private hostOptions(node: DiagramNode): LayoutOptions {
    const header = headerSize(node);
    const width = header.width + 2 * HEADER_MARGIN;
    const top = header.height + 2 * HEADER_MARGIN;
    const left = this.plan.clearOfName.has(node.id) ? Math.max(HOST_PADDING, width) : HOST_PADDING;
    const padding = { top, left, bottom: HOST_PADDING, right: HOST_PADDING };
    return { ...this.levelOptionsOf(node.id), ...boxOptions(padding, width) };
  }

  private isInside(port: string, host: string): boolean {
    return this.nesting.isWithin(this.owners.get(port) ?? '', host);
  }

  /** A host's port is where lines come in, unless its only cable leads further inwards elsewhere. */
  private hostPorts(node: DiagramNode): ElkPort[] {
    return node.ports.map(port => {
      const others = this.farEnds.get(port.id) ?? [];
      const turned =
        this.plan.buses.turned.has(node.id) && others.some(other => !this.isInside(other, node.id));
      const leaving =
        others.length > 0 &&
        others.every(
          other =>
            !this.isInside(other, node.id) && this.tier(this.owners.get(other) ?? '') > this.tier(node.id),
        );
      return elkPort(port, this.side(node.id, leaving || turned ? 'leaving' : 'entering'));
    });
  }

  /** The border through which lines enter or leave a box. Invisible boxes are entered as their surroundings are read. */
  private side(box: string, way: Way): string {
    const downwards =
      this.boxKind(box) === 'host' ? this.directionOf(box) === 'DOWN' : this.plan.directions.root === 'DOWN';
    if (downwards) {
      return way === 'entering' ? 'NORTH' : 'SOUTH';
    }
    return way === 'entering' ? 'WEST' : 'EAST';
  }

  private addCable(
    { cable, reversed, from, to, up, level, down }: CableRoute,
    labelRow: boolean,
  ): CablePieces {
    const edges: string[] = [];
    let at = from;
    const addEdge = (box: string, end: string, label?: string): void => {
      const id = `${cable.id} piece ${edges.length}`;
      (this.ensure(box).edges ??= []).push(elkEdge(id, at, end, label));
      edges.push(id);
      at = end;
    };
    for (const box of up) {
      addEdge(box, this.addBoundaryPort(cable, box, 'leaving'));
    }
    let box = level;
    const label = labelRow ? cable.label : undefined;
    for (const next of down) {
      addEdge(box, this.addBoundaryPort(cable, next, 'entering'), box === level ? label : undefined);
      box = next;
    }
    addEdge(box, to, box === level ? label : undefined);
    return { cable, reversed, edges };
  }

  private addBoundaryPort(cable: DiagramCable, box: string, way: Way): string {
    const id = `${cable.id} ${way} ${box}`;
    (this.ensure(box).ports ??= []).push(boundaryPort(id, this.side(box, way)));
    return id;
  }
}
