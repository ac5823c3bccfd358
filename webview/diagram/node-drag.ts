/** Devices follow the mouse: from a press on a symbol, or on the name of a host, until it is let go. */
import type { Point } from './geometry';

/** Pixels that the pointer moves before a press becomes a drag. */
const SLACK = 4;

export interface NodeDragOptions {
  /** The node that a press here takes; undefined where a press moves the whole picture. */
  readonly nodeAt: (event: MouseEvent) => string | undefined;
  /** Pixels of the screen for one of the drawing. */
  readonly scale: () => number;
  /** By how far it is away from where it was, in pixels of the drawing. */
  readonly dragged: (node: string, by: Point) => void;
  readonly dropped: (node: string, by: Point) => void;
  /** The drag was given up: the node belongs back. */
  readonly cancelled: () => void;
}

export class NodeDrag {
  private taken:
    { readonly node: string; readonly x: number; readonly y: number; readonly pointer: number } | undefined;
  private moving = false;

  constructor(
    private readonly element: HTMLElement,
    private readonly options: NodeDragOptions,
  ) {
    element.addEventListener('pointerdown', event => this.press(event));
    element.addEventListener('pointermove', event => this.move(event));
    element.addEventListener('pointerup', event => this.release(event));
    element.addEventListener('pointercancel', () => this.cancel());
    // What ends a drag is no click.
    element.addEventListener(
      'click',
      event => {
        if (this.moving) {
          this.moving = false;
          event.stopImmediatePropagation();
        }
      },
      true,
    );
    window.addEventListener(
      'keydown',
      event => {
        if (event.key === 'Escape' && this.taken !== undefined) {
          event.stopPropagation();
          this.cancel();
        }
      },
      true,
    );
  }

  private press(event: PointerEvent): void {
    this.moving = false;
    const node =
      event.button === 0 && event.isPrimary && !event.ctrlKey ? this.options.nodeAt(event) : undefined;
    this.taken =
      node === undefined ? undefined : { node, x: event.clientX, y: event.clientY, pointer: event.pointerId };
  }

  private move(event: PointerEvent): void {
    const by = this.distance(event);
    if (by === undefined || this.taken === undefined) {
      return;
    }
    if (!this.moving && Math.hypot(by.x, by.y) * this.options.scale() < SLACK) {
      return;
    }
    if (!this.moving) {
      this.moving = true;
      this.element.setPointerCapture(event.pointerId);
    }
    this.options.dragged(this.taken.node, by);
  }

  private release(event: PointerEvent): void {
    const by = this.distance(event);
    if (by !== undefined && this.taken !== undefined && this.moving) {
      this.options.dropped(this.taken.node, by);
    }
    this.taken = undefined;
  }

  private cancel(): void {
    if (this.taken !== undefined && this.moving) {
      this.options.cancelled();
    }
    this.taken = undefined;
  }

  private distance({ clientX, clientY, pointerId }: PointerEvent): Point | undefined {
    const { taken } = this;
    const scale = this.options.scale();
    return taken?.pointer === pointerId
      ? { x: (clientX - taken.x) / scale, y: (clientY - taken.y) / scale }
      : undefined;
  }
}
