/**
 * The diagram on a page: draws a topology in one of its views, follows its edits, lets the user look around, pick, find and fold devices
 * by mouse and keyboard, and carries the layer of moving packets.
 */
import type { ResolvedTopology, TopologyPath } from '../../src/topology/resolved';
import { foldedBy } from './collapse';
import { Describer } from './describe';
import { attributeAt, diagramElements, nodeAt } from './diagram-elements';
import { act } from './diagram-keys';
import type { Drawing, DrawnNode } from './drawing';
import type { LayoutEngine } from './elk';
import { findNodes } from './find-node';
import { boundsOf, type Box, type Point } from './geometry';
import { LayoutQueue, type FinishedLayout } from './layout-queue';
import { Legend } from './legend';
import { LiveAddresses } from './live-addresses';
import { LiveCables } from './live-cables';
import { Minimap } from './minimap';
import { Movement } from './movement';
import { isArrowKey, nearestNode, type ArrowKey } from './nearest';
import { PacketLayer, type PacketLayerOptions, type ViewTransform } from './packet-layer';
import type { Size } from './node-size';
import { PanZoom } from './pan-zoom';
import type { PictureSource } from '../picture/standalone-svg';
import type { Pins } from './pins';
import { Placing } from './placing';
import { portPaths } from './port-paths';
import { readBoxes } from './read-boxes';
import type { SceneState } from './scene';
import { LABEL_ZOOM, SceneView } from './scene-view';
import { ENGLISH_STRINGS, type DiagramStrings } from './strings';
import { succession } from './succession';
import { Tooltip } from './tooltip';
import type { View } from './views/view';
import { ViewportSize } from './viewport-size';

export interface DiagramViewOptions extends PacketLayerOptions {
  /** Lays out; createWorkerEngine makes one that does not block the page. The caller ends it. */
  readonly engine: LayoutEngine;
  readonly strings?: DiagramStrings;
  readonly view?: View;
  /** The user put devices elsewhere, or, with none, had them all laid out anew. */
  readonly onPins?: (pins: Pins) => void;
  /** The user picked a node, which is written here in the file, or none. Not called for `select`. */
  readonly onSelect?: (node: string | undefined, source: TopologyPath | undefined) => void;
}

export class DiagramView {
  /** Packets that move along the cables. */
  readonly packets: PacketLayer;
  readonly addresses: LiveAddresses;
  readonly cables = new LiveCables(() => this.scene.redrawSoon());
  private readonly frame: HTMLElement;
  private readonly root: HTMLElement;
  private readonly svg: SVGSVGElement;
  private readonly empty: HTMLElement;
  private readonly scene: SceneView;
  private readonly movement = new Movement(drawing => this.show(drawing));
  private readonly panZoom: PanZoom;
  private readonly minimap: Minimap;
  private readonly legend: Legend;
  private readonly tooltip: Tooltip;
  private readonly strings: DiagramStrings;
  private readonly layouts: LayoutQueue;
  private readonly placing: Placing;
  private readonly size: ViewportSize;
  private readonly collapsed = new Set<string>();
  private topology: ResolvedTopology | undefined;
  private viewed: View;
  /** What is laid out last, and the drawing as it is at this moment. */
  private current: FinishedLayout | undefined;
  private describer: Describer | undefined;
  private shown: Drawing | undefined;
  private selected: string | undefined;
  private focusable: string | undefined;
  /** The node to come near to when the next layout shows it. */
  private goingTo: string | undefined;

  constructor(
    container: HTMLElement,
    private readonly options: DiagramViewOptions,
  ) {
    this.strings = options.strings ?? ENGLISH_STRINGS;
    this.addresses = new LiveAddresses(this.strings, () => this.scene.redrawSoon());
    this.viewed = options.view ?? 'cabling';
    this.packets = new PacketLayer(options);
    this.legend = new Legend(this.strings);
    this.minimap = new Minimap(point => this.panZoom.centre(point));
    const elements = diagramElements(this.strings);
    ({ frame: this.frame, root: this.root, svg: this.svg, empty: this.empty } = elements);
    this.size = new ViewportSize(this.root, () => {
      this.packets.setSize(this.size.now.width, this.size.now.height);
      this.panZoom.resized();
    });
    const room = (): Size => this.size.now;
    this.root.append(this.packets.canvas, this.minimap.canvas, this.empty);
    this.frame.append(this.legend.element);
    this.scene = new SceneView(elements.viewport, room);
    container.append(this.frame);
    this.tooltip = new Tooltip(this.root, node => this.describer?.tooltip(node, this.addresses.shown) ?? []);
    this.panZoom = new PanZoom(
      this.root,
      transform => {
        this.scene.setTransform(transform);
        this.root.classList.toggle('vnet-far', transform.k < LABEL_ZOOM);
        this.packets.setTransform(transform);
        this.minimap.setTransform(transform, room());
        this.tooltip.hide();
      },
      room,
      event => this.placing.takenAt(event) !== undefined,
    );
    this.placing = new Placing(this.root, {
      // Subnets are another picture, which nobody arranges.
      drawing: () => (this.viewed === 'subnets' ? undefined : this.current?.layout.drawing),
      transform: () => this.panZoom.current,
      show: drawing => {
        this.tooltip.hide();
        this.movement.stop();
        this.show(drawing);
      },
      settle: () => this.settle(),
      placed: pins => {
        options.onPins?.(pins);
        this.layOut();
      },
    });
    this.layouts = new LayoutQueue(options.engine, this.strings, room, result => this.showLayout(result));
    this.listen();
  }

  /** Draws this network as soon as it is laid out; until then the last picture stays. */
  setTopology(topology: ResolvedTopology): void {
    this.topology = topology;
    this.layOut();
  }

  /** Where the user put devices, as kept. */
  setPins(pins: Pins): void {
    if (this.placing.setPins(pins)) {
      this.layOut();
    }
  }

  get view(): View {
    return this.viewed;
  }

  /** Shows the network another way; what is selected stays selected where that view has it. */
  setView(view: View): void {
    if (view !== this.viewed) {
      this.viewed = view;
      this.layOut();
    }
  }

  /** Marks a node, or none, and brings it into view. */
  select(node: string | undefined): void {
    const drawn = [this.selected, node].some(one => one !== undefined && this.nodeOf(one) !== undefined);
    if (node !== this.selected) {
      this.selected = node;
      this.focusable = node ?? this.focusable;
    }
    // While a device is typed, the editor's caret is on one that is not drawn yet.
    if (drawn) {
      this.scene.redraw();
    }
    this.reveal(this.nodeOf(node));
  }

  /** The nodes with this in their name or addresses, best first; also those that are folded away. */
  find(text: string): readonly string[] {
    return this.current === undefined ? [] : findNodes(this.current.whole, text, this.addresses.shown);
  }

  /** Selects a node as if the user had picked it, unfolds what it is in, and comes near enough to read it. */
  goTo(node: string): void {
    const { current } = this;
    const hides = [...this.collapsed].filter(
      id => current !== undefined && foldedBy(id, current.whole, current.tiers).has(node),
    );
    this.pick(node);
    if (hides.length > 0) {
      hides.forEach(id => this.collapsed.delete(id));
      this.goingTo = node;
      this.layOut();
    } else {
      this.zoomTo(node);
    }
  }

  private zoomTo(node: string): void {
    const drawn = this.nodeOf(node);
    if (drawn !== undefined) {
      this.panZoom.zoomTo(drawn.container ? drawn.content : drawn);
    }
  }

  /** Folds a node with what is in it or hangs on it, or unfolds it; false where there is nothing to. */
  toggleFold(node: string): boolean {
    const { current } = this;
    if (this.collapsed.delete(node)) {
      this.layOut();
      return true;
    }
    if (current === undefined || foldedBy(node, current.whole, current.tiers).size === 0) {
      return false;
    }
    this.collapsed.add(node);
    this.layOut();
    return true;
  }

  /** Brings the cable of a port into view, by the number that records give the port. */
  revealPort(port: number): void {
    const points = this.packets.pathOf(port)?.cable?.points;
    if (points !== undefined && !this.panZoom.isFitted) {
      this.panZoom.reveal(boundsOf(points));
    }
  }

  setMinimap(shown: boolean): void {
    this.minimap.toggle(shown);
  }

  /** Says that the file has errors and the picture is older. */
  setStale(stale: boolean): void {
    this.root.classList.toggle('vnet-stale', stale);
    if (stale) {
      this.svg.setAttribute('aria-description', this.strings.stale);
    } else {
      this.svg.removeAttribute('aria-description');
    }
  }

  /** What there is to see, as soon as anything is drawn. */
  async picture(): Promise<PictureSource> {
    await this.scene.drawnOnce;
    return {
      svg: this.svg,
      packets: this.packets.canvas,
      legend: this.legend.element,
      paper: this.root,
      title: this.topology?.name ?? '',
    };
  }

  /** The picture's element: what is drawn over it goes in here. */
  get element(): HTMLElement {
    return this.root;
  }

  /** As it is laid out; undefined before anything is. */
  get drawing(): Drawing | undefined {
    return this.current?.layout.drawing;
  }

  get transform(): ViewTransform {
    return this.panZoom.current;
  }

  /** The node with the keyboard's focus. */
  get focused(): string | undefined {
    return this.root.contains(document.activeElement) ? nodeAt(document.activeElement) : undefined;
  }

  get selectedNode(): string | undefined {
    return this.selected;
  }

  /** Pins a node, its middle at this point of the drawing. */
  putAt(node: string, middle: Point): void {
    this.placing.putAt(node, middle);
  }

  /** Shows the whole network. */
  fit(): void {
    this.panZoom.fit();
  }

  /** @param factor above 1 to come nearer */
  zoomBy(factor: number): void {
    this.panZoom.zoomBy(factor);
  }

  /** Lays out anew, without regard to where things are or were put. */
  tidy(): void {
    this.layouts.forget();
    if (this.placing.setPins(new Map())) {
      this.options.onPins?.(this.placing.pins);
    }
    this.layOut();
  }

  dispose(): void {
    this.movement.stop();
    this.scene.dispose();
    this.size.dispose();
    this.panZoom.dispose();
    this.packets.dispose();
    this.minimap.dispose();
    this.frame.remove();
  }

  private layOut(): void {
    if (this.topology !== undefined) {
      this.layouts.add({
        topology: this.topology,
        view: this.viewed,
        collapsed: new Set(this.collapsed),
        pins: this.placing.pins,
      });
    }
  }

  private listen(): void {
    this.root.addEventListener('click', event => {
      const fold = attributeAt(event.target, 'data-fold');
      if (fold === undefined) {
        this.pick(nodeAt(event.target));
      } else {
        this.toggleFold(fold);
      }
    });
    this.root.addEventListener('dblclick', event => this.toggleFold(nodeAt(event.target) ?? ''));
    this.root.addEventListener('keydown', event => this.handleKey(event));
    // Not on the SVG: Chromium makes an SVG element that listens for focus a stop of the Tab key.
    this.root.addEventListener('focusin', event => {
      if (event.target instanceof Element && event.target.matches(':focus-visible')) {
        this.reveal(this.nodeOf(nodeAt(event.target)));
      }
    });
  }

  private handleKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const focused = nodeAt(document.activeElement);
    if (event.shiftKey && isArrowKey(event.key) && focused !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      this.placing.nudge(focused, event.key);
      return;
    }
    const nodes = this.current?.layout.drawing.nodes;
    const known = act(event.key, {
      move: key => this.focusNext(focused, key),
      first: () => this.focusOn(nodes?.[0]?.id),
      last: () => this.focusOn(nodes?.at(-1)?.id),
      pick: () => {
        this.pick(focused);
        return focused !== undefined;
      },
      leave: () => {
        this.tooltip.hide();
        this.pick(undefined);
      },
      zoom: factor => this.panZoom.zoomBy(factor),
      fit: () => this.panZoom.fit(),
      toggle: () => focused !== undefined && this.toggleFold(focused),
    });
    if (known) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  /** Back to the drawing as it is laid out. */
  private settle(): void {
    if (this.current !== undefined) {
      this.movement.begin(this.shown, this.current.layout.drawing);
    }
  }

  private pick(node: string | undefined): void {
    if (node !== this.selected) {
      this.selected = node;
      this.focusable = node ?? this.focusable;
      this.scene.redraw();
      this.options.onSelect?.(node, this.current?.whole.nodes.find(({ id }) => id === node)?.source);
    }
  }

  private focusNext(from: string | undefined, key: ArrowKey): void {
    const drawing = this.current?.layout.drawing;
    this.focusOn(drawing === undefined ? undefined : nearestNode(drawing, from ?? '', key));
  }

  /** Gives a node the keyboard's focus. */
  focusOn(node: string | undefined): void {
    if (node !== undefined) {
      this.focusable = node;
      this.scene.redraw();
      this.scene.focus(node);
    }
  }

  private nodeOf(id: string | undefined): DrawnNode | undefined {
    return this.current?.layout.drawing.nodes.find(node => node.id === id);
  }

  private reveal(node: DrawnNode | undefined): void {
    if (node !== undefined) {
      const box: Box = node.container ? node.content : node;
      this.panZoom.reveal(box);
    }
  }

  private showLayout(result: FinishedLayout): void {
    const before = this.current;
    const after = result.layout.drawing;
    const sameView = before?.view === result.view;
    const hadFocus = nodeAt(document.activeElement);
    this.current = result;
    this.describer = new Describer(result.model, this.strings);
    this.forgetMissing(result);
    this.empty.hidden = after.nodes.length > 0;
    this.legend.show(result.paint?.legend);
    this.minimap.setDrawing(after);
    const { shift, from } = succession(before?.layout.drawing, this.shown, after, result.model, sameView);
    if (shift !== undefined) {
      this.panZoom.follow(shift);
    }
    this.panZoom.setContent(after);
    // What is fitted changes its scale at once, so only what the user sees standing still is moved from where it was on the screen.
    this.movement.begin(from(this.panZoom.isFitted ? undefined : shift), after);
    if (!sameView && this.selected !== undefined) {
      this.reveal(this.nodeOf(this.selected));
    }
    if (this.goingTo !== undefined) {
      this.zoomTo(this.goingTo);
      this.goingTo = undefined;
    }
    if (hadFocus !== undefined && nodeAt(document.activeElement) === undefined) {
      this.focusOn(this.focusable);
    }
  }

  /** A device that is gone is not selected, and another one takes the keyboard's place. What only this view lacks comes back in another. */
  private forgetMissing({ topology, whole, layout }: FinishedLayout): void {
    const known = new Set([...topology.devices.map(({ id }) => id), ...whole.nodes.map(({ id }) => id)]);
    if (this.selected !== undefined && !known.has(this.selected)) {
      this.selected = undefined;
    }
    [...this.collapsed].filter(id => !known.has(id)).forEach(id => this.collapsed.delete(id));
    const { nodes } = layout.drawing;
    if (!nodes.some(({ id }) => id === this.focusable)) {
      this.focusable = nodes.find(({ id }) => id === this.selected)?.id ?? nodes[0]?.id;
    }
  }

  private show(drawing: Drawing): void {
    this.shown = drawing;
    this.scene.show(drawing, () => this.state());
    if (this.current !== undefined) {
      this.packets.setPorts(portPaths(this.current.topology, drawing), readBoxes(drawing));
    }
  }

  private state(): SceneState {
    const domains = this.current?.paint?.ofCable;
    return {
      addresses: this.addresses.shown,
      isUp: this.cables.isUp,
      selected: this.selected,
      focusable: this.focusable,
      describe: id => this.describer?.sentence(id, this.addresses.shown) ?? id,
      ...(domains === undefined ? {} : { domains }),
    };
  }
}
