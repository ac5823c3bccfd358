/**
 * The diagram on a page: draws a topology, follows its edits, lets the user look around, pick devices by mouse and keyboard, and carries
 * the layer of moving packets.
 */
import type { ResolvedTopology } from '../../src/topology/resolved';
import { Describer } from './describe';
import { blendDrawings, commonShift, shiftDrawing } from './drawing-blend';
import type { Drawing } from './drawing';
import type { LayoutEngine } from './elk';
import { LayoutQueue, type FinishedLayout } from './layout-queue';
import { addressText, portId } from './model';
import { isArrowKey, nearestNode } from './nearest';
import { PacketLayer, type PacketLayerOptions } from './packet-layer';
import { PanZoom } from './pan-zoom';
import { portPaths } from './port-paths';
import { readBoxes } from './read-boxes';
import { sceneElements } from './scene';
import { ENGLISH_STRINGS, type DiagramStrings } from './strings';
import { SvgMount } from './svg-mount';
import { prefersReducedMotion } from './theme';
import { Tooltip } from './tooltip';

export interface DiagramViewOptions extends PacketLayerOptions {
  /** Lays out; createWorkerEngine makes one that does not block the page. The caller ends it. */
  readonly engine: LayoutEngine;
  readonly strings?: DiagramStrings;
  /** The user picked a device, or none. Not called for `select`. */
  readonly onSelect?: (device: string | undefined) => void;
}

/** Milliseconds in which things move to their new places after an edit. */
const MOVE_DURATION = 250;
/** Larger drawings jump: redrawing them for each step would stutter. */
const MOST_NODES_TO_MOVE = 400;
/** Below this zoom labels are too small to read and are left out. */
const LABEL_ZOOM = 0.25;
const ZOOM_STEP = 1.25;

export class DiagramView {
  /** Packets that move along the cables. */
  readonly packets: PacketLayer;
  private readonly root = document.createElement('div');
  private readonly svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  private readonly viewport = document.createElementNS('http://www.w3.org/2000/svg', 'g');
  private readonly empty = document.createElement('div');
  private readonly mount = new SvgMount(this.viewport);
  private readonly panZoom: PanZoom;
  private readonly tooltip: Tooltip;
  private readonly strings: DiagramStrings;
  private readonly layouts: LayoutQueue;
  private readonly resizes: ResizeObserver;
  private readonly addresses = new Map<string, string>();
  private topology: ResolvedTopology | undefined;
  private describer: Describer | undefined;
  /** Where everything is to be, and where it is drawn at this moment. */
  private target: Drawing | undefined;
  private shown: Drawing | undefined;
  private selected: string | undefined;
  private focusable: string | undefined;
  private movement = 0;
  private redrawing = 0;

  constructor(
    container: HTMLElement,
    private readonly options: DiagramViewOptions,
  ) {
    this.strings = options.strings ?? ENGLISH_STRINGS;
    this.packets = new PacketLayer(options);
    this.buildPage();
    container.append(this.root);
    this.tooltip = new Tooltip(this.root);
    this.panZoom = new PanZoom(this.root, ({ k, x, y }) => {
      this.viewport.setAttribute('transform', `translate(${x} ${y}) scale(${k})`);
      this.root.classList.toggle('vnet-far', k < LABEL_ZOOM);
      this.packets.setTransform({ k, x, y });
      this.tooltip.hide();
    });
    const room = (): { width: number; height: number } => ({
      width: this.root.clientWidth,
      height: this.root.clientHeight,
    });
    this.layouts = new LayoutQueue(options.engine, this.strings, room, result => this.showLayout(result));
    this.resizes = new ResizeObserver(() => {
      this.packets.setSize(this.root.clientWidth, this.root.clientHeight);
      this.panZoom.resized();
    });
    this.resizes.observe(this.root);
    this.listen();
  }

  /** Draws this network as soon as it is laid out; until then the last picture stays. */
  setTopology(topology: ResolvedTopology): void {
    this.layouts.add(topology);
  }

  /** Shows what addresses a port has now; none gives back what the file says. Nothing moves. */
  setAddresses(device: string, port: string, addresses: readonly string[]): void {
    const id = portId(device, port);
    if (addresses.length === 0) {
      this.addresses.delete(id);
    } else {
      this.addresses.set(id, addressText(addresses, this.strings));
    }
    this.redrawSoon();
  }

  /** Back to what the file says, as at the start of a simulation. */
  clearAddresses(): void {
    this.addresses.clear();
    this.redrawSoon();
  }

  /** Marks a device, or none, and brings it into view. */
  select(device: string | undefined): void {
    this.selected = device;
    this.focusable = device ?? this.focusable;
    this.redraw();
    const node = this.target?.nodes.find(one => one.id === device);
    if (node !== undefined) {
      this.panZoom.reveal(node.container ? node.content : node);
    }
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

  /** Shows the whole network. */
  fit(): void {
    this.panZoom.fit();
  }

  /** @param factor above 1 to come nearer */
  zoomBy(factor: number): void {
    this.panZoom.zoomBy(factor);
  }

  /** Lays out anew, without regard to where things are. */
  tidy(): void {
    this.layouts.forget();
    if (this.topology !== undefined) {
      this.layouts.add(this.topology);
    }
  }

  dispose(): void {
    cancelAnimationFrame(this.movement);
    cancelAnimationFrame(this.redrawing);
    this.resizes.disconnect();
    this.panZoom.dispose();
    this.packets.dispose();
    this.root.remove();
  }

  private buildPage(): void {
    this.root.className = 'vnet-diagram';
    this.svg.setAttribute('class', 'vnet-scene');
    this.svg.setAttribute('role', 'listbox');
    this.svg.setAttribute('aria-label', this.strings.diagram);
    this.viewport.setAttribute('class', 'vnet-viewport');
    this.viewport.setAttribute('role', 'presentation');
    this.svg.append(this.viewport);
    this.empty.className = 'vnet-empty';
    this.empty.textContent = this.strings.empty;
    this.empty.hidden = true;
    this.root.append(this.svg, this.packets.canvas, this.empty);
  }

  private listen(): void {
    this.root.addEventListener('click', event => this.pick(deviceAt(event.target)));
    this.root.addEventListener('keydown', event => this.handleKey(event));
    this.root.addEventListener('pointermove', event => {
      const device = event.buttons === 0 ? deviceAt(event.target) : undefined;
      if (device === undefined) {
        this.tooltip.hide();
      } else {
        this.tooltip.showLater(() => this.describer?.tooltip(device, this.addresses) ?? [], event);
      }
    });
    this.root.addEventListener('pointerleave', () => this.tooltip.hide());
    // Not on the SVG: Chromium makes an SVG element that listens for focus a stop of the Tab key.
    this.root.addEventListener('focusin', event => {
      const device = deviceAt(event.target);
      const node = this.target?.nodes.find(one => one.id === device);
      if (node !== undefined && event.target instanceof Element && event.target.matches(':focus-visible')) {
        this.panZoom.reveal(node.container ? node.content : node);
      }
    });
  }

  private pick(device: string | undefined): void {
    if (device !== this.selected) {
      this.selected = device;
      this.focusable = device ?? this.focusable;
      this.redraw();
      this.options.onSelect?.(device);
    }
  }

  private handleKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.act(event.key)) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** Whether the key means something here. */
  private act(key: string): boolean {
    const focused = deviceAt(document.activeElement);
    if (isArrowKey(key)) {
      const next = this.target === undefined ? undefined : nearestNode(this.target, focused ?? '', key);
      this.focus(next);
      return true;
    }
    switch (key) {
      case 'Home':
        this.focus(this.target?.nodes[0]?.id);
        return true;
      case 'End':
        this.focus(this.target?.nodes.at(-1)?.id);
        return true;
      case 'Enter':
        this.pick(focused);
        return focused !== undefined;
      case 'Escape':
        this.tooltip.hide();
        this.pick(undefined);
        return true;
      case '+':
      case '=':
        this.panZoom.zoomBy(ZOOM_STEP);
        return true;
      case '-':
        this.panZoom.zoomBy(1 / ZOOM_STEP);
        return true;
      case '0':
        this.panZoom.fit();
        return true;
      default:
        return false;
    }
  }

  private focus(device: string | undefined): void {
    if (device !== undefined) {
      this.focusable = device;
      this.redraw();
      this.mount.find('containers', device)?.focus();
      this.mount.find('symbols', device)?.focus();
    }
  }

  private showLayout({ topology, model, layout }: FinishedLayout): void {
    const before = this.target;
    const after = layout.drawing;
    this.topology = topology;
    this.describer = new Describer(model, this.strings);
    this.target = after;
    this.forgetMissing(after);
    this.empty.hidden = after.nodes.length > 0;
    if (before !== undefined && before.nodes.length > 0) {
      this.panZoom.follow(commonShift(before, after));
    }
    this.panZoom.setContent(after);
    if (before === undefined || prefersReducedMotion() || after.nodes.length > MOST_NODES_TO_MOVE) {
      this.show(after);
    } else {
      this.moveTo(before, after);
    }
  }

  /** A device that is gone is not selected, and another one takes the keyboard's place. */
  private forgetMissing(drawing: Drawing): void {
    const ids = new Set(drawing.nodes.map(node => node.id));
    if (this.selected !== undefined && !ids.has(this.selected)) {
      this.selected = undefined;
    }
    if (this.focusable === undefined || !ids.has(this.focusable)) {
      this.focusable = drawing.nodes[0]?.id;
    }
  }

  private moveTo(before: Drawing, after: Drawing): void {
    cancelAnimationFrame(this.movement);
    const started = performance.now();
    // What is fitted changes its scale at once, so only what the user sees standing still is moved from where it was on the screen.
    const shift = this.panZoom.isFitted ? { x: 0, y: 0 } : commonShift(before, after);
    const from = shiftDrawing(this.shown ?? before, shift);
    const step = (): void => {
      const share = Math.min(1, (performance.now() - started) / MOVE_DURATION);
      this.show(share < 1 ? blendDrawings(from, after, easeOut(share)) : after);
      if (share < 1) {
        this.movement = requestAnimationFrame(step);
      }
    };
    step();
  }

  private show(drawing: Drawing): void {
    this.shown = drawing;
    this.redraw();
    if (this.topology !== undefined) {
      this.packets.setPorts(portPaths(this.topology, drawing), readBoxes(drawing));
    }
  }

  /** Once for all leases of a moment: at the start of a simulation every machine gets one. */
  private redrawSoon(): void {
    cancelAnimationFrame(this.redrawing);
    this.redrawing = requestAnimationFrame(() => this.redraw());
  }

  private redraw(): void {
    if (this.shown !== undefined) {
      this.mount.show(
        sceneElements(this.shown, {
          addresses: this.addresses,
          selected: this.selected,
          focusable: this.focusable,
          describe: id => this.describer?.sentence(id, this.addresses) ?? id,
        }),
      );
    }
  }
}

function deviceAt(target: EventTarget | null): string | undefined {
  const node = target instanceof Element ? target.closest('[data-device]') : null;
  return node?.getAttribute('data-device') ?? undefined;
}

function easeOut(share: number): number {
  return 1 - (1 - share) ** 3;
}
