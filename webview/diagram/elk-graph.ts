/**
 * The model as a graph for the layout engine: nested boxes, and cables cut where they cross a border, since each level is laid out by
 * itself.
 */
import type { Arrangement } from './arrangement';
import { routeOf, type CableRoute } from './cable-route';
import { cablesInOrder, nodesByTier, rememberPlaces } from './canonical-order';
import type { ElkNode, ElkPort, LayoutOptions } from './elk';
import { boundaryPort, elkEdge, elkPort } from './elk-elements';
import type { Point } from './geometry';
import { headerSize, HEADER_MARGIN } from './header';
import {
  boxOptions,
  levelOptions,
  symbolOptions,
  type Care,
  type Direction,
  type Directions,
  type Padding,
} from './layout-options';
import type { DiagramCable, DiagramModel, DiagramNode } from './model';
import { Nesting, ROOT } from './nesting';
import { nodeSize } from './node-size';
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
const GAPS = { root: 36, site: 28, access: 20, host: 22 } as const;

const INVISIBLE_PADDING: Padding = { top: 14, left: 14, bottom: 14, right: 14 };
const HOST_PADDING = 18;

export function prepareGraph(plan: GraphPlan): PreparedGraph {
  return new GraphBuilder(plan).build();
}

type Way = 'entering' | 'leaving';

class GraphBuilder {
  private readonly elements = new Map<string, ElkNode>();
  private readonly nodes: ReadonlyMap<string, DiagramNode>;
  private readonly owners: ReadonlyMap<string, string>;
  private readonly nesting: Nesting;
  private readonly boxes: ReadonlySet<string>;

  constructor(private readonly plan: GraphPlan) {
    this.nodes = new Map(plan.model.nodes.map(node => [node.id, node]));
    this.owners = portOwners(plan.model);
    this.nesting = new Nesting(plan.arrangement);
    this.boxes = new Set(plan.arrangement.container.values());
  }

  build(): PreparedGraph {
    const { model, positions, withheld } = this.plan;
    const graph: ElkNode = { id: ROOT, layoutOptions: this.levelOptionsOf(ROOT), children: [], edges: [] };
    this.elements.set(ROOT, graph);
    for (const node of nodesByTier(model, this.tier)) {
      this.ensure(node.id);
    }
    if (positions.size > 0) {
      rememberPlaces(graph, positions);
    }
    const routes = cablesInOrder(model, graph)
      .filter(cable => !withheld.has(cable.id))
      .map(cable => routeOf(cable, this.nesting, this.owners, this.tier));
    // A label takes a row of its own. Where one cable between two tiers has one, all get the row, or targets would stand in two rows.
    const rowOf = (route: CableRoute): string => `${this.tier(route.source)} ${route.level}`;
    const labelled = new Set(routes.filter(route => route.cable.label !== '').map(rowOf));
    const pieces = routes.map(route => this.addCable(route, labelled.has(rowOf(route))));
    return { graph, pieces };
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
    // Neighbours of different size begin in one line, as text does.
    const alignment = this.directionOf(container) === 'DOWN' ? 'TOP' : 'LEFT';
    element.layoutOptions = { ...element.layoutOptions, 'elk.alignment': alignment };
    (this.ensure(container).children ??= []).push(element);
    return element;
  }

  private createElement(id: string): ElkNode {
    const node = this.nodes.get(id);
    if (node === undefined) {
      const layoutOptions = { ...this.levelOptionsOf(id), ...boxOptions(INVISIBLE_PADDING, 0) };
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
    const { width, height } = nodeSize(node);
    const layoutOptions = symbolOptions(width, height);
    return { id, width, height, layoutOptions, ports: node.ports.map(port => elkPort(port)) };
  }

  private boxKind(id: string): keyof Directions {
    return id === ROOT ? 'root' : (this.plan.arrangement.blocks.get(id)?.kind ?? 'host');
  }

  private directionOf(id: string): Direction {
    return this.plan.directions[this.boxKind(id)];
  }

  private levelOptionsOf(id: string): LayoutOptions {
    const { care, positions } = this.plan;
    const kind = this.boxKind(id);
    return levelOptions({
      direction: this.directionOf(id),
      placement: kind === 'root' || kind === 'site' ? 'straight' : 'symmetric',
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
      const others = this.plan.model.cables
        .filter(cable => cable.ends.includes(port.id))
        .map(({ ends }) => (ends[0] === port.id ? ends[1] : ends[0]));
      const leaving =
        others.length > 0 &&
        others.every(
          other =>
            !this.isInside(other, node.id) && this.tier(this.owners.get(other) ?? '') > this.tier(node.id),
        );
      return elkPort(port, this.side(node.id, leaving ? 'leaving' : 'entering'));
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
