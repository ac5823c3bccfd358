/** Devices that the user puts somewhere, by mouse or by keys, and the pins that come of it. */
import { attributeAt, nodeAt } from './diagram-elements';
import type { Drawing } from './drawing';
import type { Point } from './geometry';
import { WAYS, type ArrowKey } from './nearest';
import { NodeDrag } from './node-drag';
import type { ViewTransform } from './packet-layer';
import { pinOf, withDragged, type Pins } from './pins';

/** Pixels by which a key moves a device. */
const NUDGE = 12;
/** About the size of a device that was just added, px. */
const NEW_SIZE = { width: 96, height: 44 };
/** Pixels around the name of a host by which it can be taken. */
const HOLD = 8;

export interface PlacingOptions {
  /** The drawing as it is laid out; undefined where nothing can be moved. */
  readonly drawing: () => Drawing | undefined;
  readonly transform: () => ViewTransform;
  /** Draws what is under way. */
  readonly show: (drawing: Drawing) => void;
  /** A move was given up. */
  readonly settle: () => void;
  /** The user put a device somewhere. */
  readonly placed: (pins: Pins) => void;
}

export class Placing {
  private kept: Pins = new Map();

  constructor(
    private readonly root: HTMLElement,
    private readonly options: PlacingOptions,
  ) {
    new NodeDrag(root, {
      nodeAt: event => this.takenAt(event),
      scale: () => options.transform().k,
      dragged: (node, by) => {
        const drawing = options.drawing();
        if (drawing !== undefined) {
          options.show(withDragged(drawing, node, by));
        }
      },
      dropped: (node, by) => this.put(node, by),
      cancelled: options.settle,
    });
  }

  get pins(): Pins {
    return this.kept;
  }

  /** Whether they differ from those before. */
  setPins(pins: Pins): boolean {
    const same =
      this.kept.size === pins.size &&
      [...this.kept].every(([id, { x, y }]) => pins.get(id)?.x === x && pins.get(id)?.y === y);
    this.kept = pins;
    return !same;
  }

  /** Moves a device a little. */
  nudge(node: string, key: ArrowKey): void {
    const { x, y } = WAYS[key];
    this.put(node, { x: x * NUDGE, y: y * NUDGE });
  }

  /** The node that a press takes: a symbol anywhere, a host by its name. */
  takenAt(event: MouseEvent): string | undefined {
    const id = nodeAt(event.target);
    const node = this.options.drawing()?.nodes.find(one => one.id === id);
    if (node === undefined || attributeAt(event.target, 'data-fold') !== undefined) {
      return undefined;
    }
    const { k, x, y } = this.options.transform();
    const frame = this.root.getBoundingClientRect();
    const at = { x: (event.clientX - frame.left - x) / k, y: (event.clientY - frame.top - y) / k };
    const { content } = node;
    const onName =
      at.x >= content.x - HOLD &&
      at.x <= content.x + content.width + HOLD &&
      at.y >= content.y - HOLD &&
      at.y <= content.y + content.height + HOLD;
    return !node.container || onName ? id : undefined;
  }

  /** Pins a node, laid out already or not yet, with its middle at a point of the drawing. */
  putAt(node: string, middle: Point): void {
    const drawing = this.options.drawing();
    const { width, height } = drawing?.nodes.find(({ id }) => id === node) ?? NEW_SIZE;
    const { x, y } = drawing?.origin ?? { x: 0, y: 0 };
    const corner = {
      x: Math.round(middle.x - x - width / 2),
      y: Math.round(middle.y - y - height / 2),
    };
    this.kept = new Map([...this.kept, [node, corner]]);
    this.options.placed(this.kept);
  }

  private put(node: string, by: Point): void {
    const drawing = this.options.drawing();
    const from = drawing === undefined ? undefined : pinOf(drawing, node);
    if (from !== undefined) {
      const to = { x: Math.round(from.x + by.x), y: Math.round(from.y + by.y) };
      this.kept = new Map([...this.kept, [node, to]]);
      this.options.placed(this.kept);
    }
  }
}
