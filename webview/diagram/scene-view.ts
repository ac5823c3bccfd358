/** The drawing on the page as SVG. Of a large one, only what is in view and a rim around it; from afar, without what can't be read. */
import type { Drawing } from './drawing';
import { boxesOverlap, type Box } from './geometry';
import type { ViewTransform } from './packet-layer';
import { sceneElements, type SceneState } from './scene';
import { SvgMount } from './svg-mount';

/** Below this zoom labels are too small to read: names stand alone, and larger. */
const NAMES_ZOOM = 0.4;
/** Below this zoom sockets are left out as well. */
export const LABEL_ZOOM = 0.25;
/** Drawings of fewer nodes are put on the page whole. */
const FEWEST_TO_CULL = 150;
/** Rim around the view in which things are drawn already, in widths of the view. */
const RIM = 0.5;

export class SceneView {
  private readonly mount: SvgMount;
  private drawing: Drawing | undefined;
  private state: (() => SceneState) | undefined;
  private transform: ViewTransform = { k: 1, x: 0, y: 0 };
  /** What was in view with its rim when it was drawn last; undefined for all. */
  private drawn: Box | undefined;
  private detail = '';
  private scheduled = 0;
  private drawnFirst: (() => void) | undefined;
  /** Settles when there is something to see. */
  readonly drawnOnce = new Promise<void>(resolve => (this.drawnFirst = resolve));

  constructor(
    private readonly viewport: SVGGElement,
    private readonly room: () => { readonly width: number; readonly height: number },
  ) {
    this.mount = new SvgMount(viewport);
  }

  /** Draws, and draws again with the state of that moment when other parts come into view. */
  show(drawing: Drawing, state: () => SceneState): void {
    this.drawing = drawing;
    this.state = state;
    this.redraw();
    this.drawnFirst?.();
  }

  /** Once for all changes of a moment: at the start of a simulation every machine gets a lease. */
  redrawSoon(): void {
    cancelAnimationFrame(this.scheduled);
    this.scheduled = requestAnimationFrame(() => this.redraw());
  }

  redraw(): void {
    cancelAnimationFrame(this.scheduled);
    if (this.drawing === undefined || this.state === undefined) {
      return;
    }
    this.detail = detailAt(this.transform.k);
    this.drawn = this.drawing.nodes.length < FEWEST_TO_CULL ? undefined : grown(this.seen());
    const { drawn, detail } = this;
    this.mount.show(
      sceneElements(this.drawing, {
        ...this.state(),
        ...(detail === 'far' ? { far: true } : {}),
        ...(detail === 'all' ? {} : { namesOnly: true }),
        ...(drawn === undefined ? {} : { isSeen: (box: Box): boolean => boxesOverlap(box, drawn, -1) }),
      }),
    );
  }

  setTransform(transform: ViewTransform): void {
    this.transform = transform;
    const { k, x, y } = transform;
    this.viewport.setAttribute('transform', `translate(${x} ${y}) scale(${k})`);
    const leftOut = this.drawn !== undefined && !contains(this.drawn, this.seen());
    if (leftOut || this.detail !== detailAt(k)) {
      this.redrawSoon();
    }
  }

  /** Puts the keyboard's focus on a node that is drawn. */
  focus(node: string): void {
    this.mount.find('containers', node)?.focus();
    this.mount.find('symbols', node)?.focus();
  }

  dispose(): void {
    cancelAnimationFrame(this.scheduled);
  }

  private seen(): Box {
    const { k, x, y } = this.transform;
    const { width, height } = this.room();
    return { x: -x / k, y: -y / k, width: width / k, height: height / k };
  }
}

function detailAt(zoom: number): 'far' | 'names' | 'all' {
  return zoom < LABEL_ZOOM ? 'far' : zoom < NAMES_ZOOM ? 'names' : 'all';
}

function grown({ x, y, width, height }: Box): Box {
  return {
    x: x - width * RIM,
    y: y - height * RIM,
    width: width * (1 + 2 * RIM),
    height: height * (1 + 2 * RIM),
  };
}

function contains(outer: Box, inner: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}
