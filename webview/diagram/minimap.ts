/**
 * The whole drawing small in a corner, with a frame around what is in view. For the mouse alone: keys move through the diagram itself, so
 * screen readers do not hear of it.
 */
import type { Drawing } from './drawing';
import type { Box, Point } from './geometry';
import type { ViewTransform } from './packet-layer';
import { watchTheme } from './theme';

const WIDTH = 168;
const HEIGHT = 112;
const MARGIN = 6;

export class Minimap {
  readonly canvas = document.createElement('canvas');
  private readonly context = this.canvas.getContext('2d');
  private readonly stopWatching: () => void;
  private drawing: Drawing | undefined;
  private seen: Box = { x: 0, y: 0, width: 0, height: 0 };
  private scheduled = 0;

  /** @param goTo brings a point of the drawing into the middle */
  constructor(private readonly goTo: (point: Point) => void) {
    this.canvas.className = 'vnet-minimap';
    this.canvas.setAttribute('aria-hidden', 'true');
    this.canvas.hidden = true;
    this.stopWatching = watchTheme(() => this.schedule());
    this.canvas.addEventListener('pointerdown', event => {
      this.canvas.setPointerCapture(event.pointerId);
      this.point(event);
    });
    this.canvas.addEventListener('pointermove', event => {
      if (event.buttons === 1) {
        this.point(event);
      }
    });
    // A click here picks nothing in the drawing, and a drag does not move it a second time.
    for (const type of ['click', 'mousedown', 'touchstart', 'dblclick', 'pointerdown']) {
      this.canvas.addEventListener(type, event => event.stopPropagation());
    }
  }

  get shown(): boolean {
    return !this.canvas.hidden;
  }

  toggle(shown: boolean): void {
    this.canvas.hidden = !shown;
    this.schedule();
  }

  setDrawing(drawing: Drawing): void {
    this.drawing = drawing;
    this.schedule();
  }

  /** @param view the size of what shows the drawing, in pixels of the screen */
  setTransform({ k, x, y }: ViewTransform, view: { readonly width: number; readonly height: number }): void {
    this.seen = { x: -x / k, y: -y / k, width: view.width / k, height: view.height / k };
    this.schedule();
  }

  dispose(): void {
    cancelAnimationFrame(this.scheduled);
    this.stopWatching();
    this.canvas.remove();
  }

  private schedule(): void {
    if (this.scheduled === 0 && this.shown) {
      this.scheduled = requestAnimationFrame(() => {
        this.scheduled = 0;
        this.draw();
      });
    }
  }

  private scale(): number {
    const { width, height } = this.drawing ?? { width: 1, height: 1 };
    return Math.min((WIDTH - 2 * MARGIN) / Math.max(1, width), (HEIGHT - 2 * MARGIN) / Math.max(1, height));
  }

  /** Where the drawing's corner is on the map. */
  private corner(): Point {
    const { width, height } = this.drawing ?? { width: 1, height: 1 };
    const scale = this.scale();
    return { x: (WIDTH - width * scale) / 2, y: (HEIGHT - height * scale) / 2 };
  }

  private point(event: PointerEvent): void {
    const scale = this.scale();
    const corner = this.corner();
    this.goTo({ x: (event.offsetX - corner.x) / scale, y: (event.offsetY - corner.y) / scale });
  }

  private draw(): void {
    const { context, drawing } = this;
    if (context === null || drawing === undefined || !this.shown) {
      return;
    }
    const ratio = window.devicePixelRatio;
    this.canvas.width = WIDTH * ratio;
    this.canvas.height = HEIGHT * ratio;
    const style = getComputedStyle(this.canvas);
    const scale = this.scale();
    const corner = this.corner();
    context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * corner.x, ratio * corner.y);
    const pixel = 1 / scale;
    context.lineWidth = 0.6 * pixel;
    context.strokeStyle = style.getPropertyValue('--vnet-cable');
    context.beginPath();
    for (const { points } of drawing.cables) {
      points.forEach(({ x, y }, index) => (index === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
    }
    context.stroke();
    context.fillStyle = style.getPropertyValue('--vnet-faint');
    for (const node of drawing.nodes) {
      if (node.container) {
        context.strokeRect(node.x, node.y, node.width, node.height);
      } else {
        context.fillRect(node.x, node.y, Math.max(node.width, pixel), Math.max(node.height, pixel));
      }
    }
    context.lineWidth = 1.5 * pixel;
    context.strokeStyle = style.getPropertyValue('--vnet-focus');
    const { x, y, width, height } = this.seen;
    context.strokeRect(x, y, width, height);
  }
}
