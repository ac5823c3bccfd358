/** What changes on the picture need of the diagram. */
import type { Drawing } from '../diagram/drawing';
import type { Point } from '../diagram/geometry';
import type { ViewTransform } from '../diagram/packet-layer';

export interface EditedView {
  /** The picture's element: what is drawn over it goes in here. */
  readonly element: HTMLElement;
  /** As it is laid out; undefined before anything is. */
  readonly drawing: Drawing | undefined;
  readonly transform: ViewTransform;
  /** The node with the keyboard's focus. */
  readonly focused: string | undefined;
  readonly selectedNode: string | undefined;
  focusOn(node: string): void;
  select(node: string | undefined): void;
  /** Pins a node, its middle at this point of the drawing. */
  putAt(node: string, middle: Point): void;
}

/** A place of the page in pixels of the drawing. */
export function inDrawing(
  { element, transform }: EditedView,
  event: { readonly clientX: number; readonly clientY: number },
): Point {
  const frame = element.getBoundingClientRect();
  const { k, x, y } = transform;
  return { x: (event.clientX - frame.left - x) / k, y: (event.clientY - frame.top - y) / k };
}

/** A place of the drawing in pixels of the picture's element. */
export function onPicture({ transform: { k, x, y } }: EditedView, at: Point): Point {
  return { x: at.x * k + x, y: at.y * k + y };
}

/** Pixels of the screen within which a cable is meant. */
const CABLE_REACH = 7;

/** The cable that passes nearest to a place of the page, if any is near. */
export function cableNear(
  view: EditedView,
  event: { readonly clientX: number; readonly clientY: number },
): string | undefined {
  const at = inDrawing(view, event);
  let nearest: string | undefined;
  let reach = CABLE_REACH / view.transform.k;
  for (const { id, kind, points } of view.drawing?.cables ?? []) {
    for (let index = 1; index < points.length && kind === 'cable'; index++) {
      const distance = distanceTo(points[index - 1] ?? at, points[index] ?? at, at);
      if (distance < reach) {
        reach = distance;
        nearest = id;
      }
    }
  }
  return nearest;
}

/** From a point to a straight piece. */
function distanceTo(from: Point, to: Point, at: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : ((at.x - from.x) * dx + (at.y - from.y) * dy) / length;
  const within = Math.max(0, Math.min(1, share));
  return Math.hypot(at.x - from.x - dx * within, at.y - from.y - dy * within);
}
