/** Moving and scaling the drawing: wheel, drag, pinch, keys. */
import { select } from 'd3-selection';
import { zoom, zoomIdentity, type D3ZoomEvent, type ZoomBehavior, type ZoomTransform } from 'd3-zoom';
import type { Box, Point } from './geometry';
import type { Size } from './node-size';

/** Smaller only where the whole drawing needs it. */
const SMALLEST_ZOOM = 0.05;
const LARGEST_ZOOM = 4;
/** A small network is not blown up beyond this when it is fitted. */
const LARGEST_FIT = 1.25;
/** A pane of no height has a fitted drawing too. */
const SMALLEST_FIT = 0.005;
/** Free pixels around a fitted drawing, and their largest part of a small pane. */
const FIT_MARGIN = 20;
const LARGEST_MARGIN = 0.06;
/** Around what is brought into view, in pixels of the drawing: the ring of the selection. */
const REVEAL_RIM = 8;
/** Part of the drawing that always stays in view, in pixels of the screen. */
const KEPT_IN_VIEW = 80;

export class PanZoom {
  private readonly behaviour: ZoomBehavior<HTMLElement, unknown>;
  private content: Size = { width: 1, height: 1 };
  private transform: ZoomTransform = zoomIdentity;
  /** Whether the whole drawing is to stay in view: until the user moves it. */
  private fitted = true;

  /**
   * @param moved called with every new transform
   * @param room the pixels there are at this moment
   */
  constructor(
    private readonly element: HTMLElement,
    private readonly moved: (transform: ZoomTransform) => void,
    private readonly room: () => Size,
    /** Whether a press here takes something else than the whole drawing. */
    takesOther: (event: MouseEvent) => boolean = () => false,
  ) {
    this.behaviour = zoom<HTMLElement, unknown>()
      .extent(() => [
        [0, 0],
        [this.room().width, this.room().height],
      ])
      .scaleExtent([SMALLEST_ZOOM, LARGEST_ZOOM])
      .filter(
        (event: MouseEvent) =>
          // As d3-zoom has it by itself, but for what is taken.
          (!event.ctrlKey || event.type === 'wheel') &&
          event.button === 0 &&
          !(event.type === 'mousedown' && takesOther(event)),
      )
      .constrain(transform => this.constrain(transform))
      .on('zoom', (event: D3ZoomEvent<HTMLElement, unknown>) => {
        this.fitted &&= event.sourceEvent === null;
        this.transform = event.transform;
        this.moved(event.transform);
      });
    select(element).call(this.behaviour).on('dblclick.zoom', null);
  }

  get current(): ZoomTransform {
    return this.transform;
  }

  get isFitted(): boolean {
    return this.fitted;
  }

  /** The size of the drawing at zoom 1; a fitted drawing is fitted again. */
  setContent(content: Size): void {
    this.content = content;
    if (this.fitted) {
      this.fit();
    }
  }

  /** To be called when the element has another size. */
  resized(): void {
    if (this.fitted) {
      this.fit();
    }
  }

  /** Shows the whole drawing, in the middle. */
  fit(): void {
    this.fitted = true;
    const fitting = this.fitting();
    this.behaviour.scaleExtent([Math.min(SMALLEST_ZOOM, fitting.k), LARGEST_ZOOM]);
    this.apply(fitting);
  }

  /** Zooms around the middle of what is seen. */
  zoomBy(factor: number): void {
    this.fitted = false;
    const { width, height } = this.room();
    this.behaviour.scaleBy(select(this.element), factor, [width / 2, height / 2]);
  }

  /** Real size, around the middle. */
  zoomToRealSize(): void {
    this.zoomBy(1 / this.transform.k);
  }

  /** Follows content that moved as a whole, so that it stays where the user looks at it. */
  follow(shift: Point): void {
    if (!this.fitted) {
      this.apply(this.transform.translate(-shift.x, -shift.y));
    }
  }

  /** Moves as little as needed to bring a box of the drawing into view. */
  reveal(box: Box): void {
    const { width, height } = this.room();
    const { k, x, y } = this.transform;
    const rim = REVEAL_RIM * k;
    const shiftX = intoView(box.x * k + x - rim, box.width * k + 2 * rim, width);
    const shiftY = intoView(box.y * k + y - rim, box.height * k + 2 * rim, height);
    if (shiftX !== 0 || shiftY !== 0) {
      this.fitted = false;
      this.apply(this.transform.translate(shiftX / k, shiftY / k));
    }
  }

  /** Brings a box to the middle, near enough to read what is in it. */
  zoomTo(box: Box): void {
    const { width, height } = this.room();
    const across = (width - 2 * FIT_MARGIN) / Math.max(1, box.width);
    const down = (height - 2 * FIT_MARGIN) / Math.max(1, box.height);
    const k = Math.min(Math.max(this.transform.k, 1), Math.max(SMALLEST_ZOOM, Math.min(across, down)));
    this.fitted = false;
    this.apply(
      zoomIdentity
        .translate(width / 2 - (box.x + box.width / 2) * k, height / 2 - (box.y + box.height / 2) * k)
        .scale(k),
    );
  }

  /** Brings a point of the drawing to the middle. */
  centre({ x, y }: Point): void {
    this.fitted = false;
    this.behaviour.translateTo(select(this.element), x, y);
  }

  dispose(): void {
    select(this.element).on('.zoom', null);
  }

  private apply(transform: ZoomTransform): void {
    if (this.room().width > 0) {
      this.behaviour.transform(select(this.element), transform);
    }
  }

  private fitting(): ZoomTransform {
    const { width, height } = this.room();
    const margin = 2 * Math.min(FIT_MARGIN, LARGEST_MARGIN * width, LARGEST_MARGIN * height);
    const across = (width - margin) / this.content.width;
    const down = (height - margin) / this.content.height;
    const k = Math.max(SMALLEST_FIT, Math.min(LARGEST_FIT, across, down));
    const x = (width - this.content.width * k) / 2;
    const y = (height - this.content.height * k) / 2;
    return zoomIdentity.translate(x, y).scale(k);
  }

  /** A drawing can't be pushed out of sight. */
  private constrain(transform: ZoomTransform): ZoomTransform {
    const { width, height } = this.room();
    const { k } = transform;
    const x = clamp(transform.x, KEPT_IN_VIEW - this.content.width * k, width - KEPT_IN_VIEW);
    const y = clamp(transform.y, KEPT_IN_VIEW - this.content.height * k, height - KEPT_IN_VIEW);
    return x === transform.x && y === transform.y ? transform : zoomIdentity.translate(x, y).scale(k);
  }
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, Math.min(least, most)), Math.max(least, most));
}

/** How far to move a stretch so that it lies within 0 to `room`, its beginning first. */
function intoView(start: number, length: number, room: number): number {
  if (start < FIT_MARGIN) {
    return FIT_MARGIN - start;
  }
  const over = start + length - (room - FIT_MARGIN);
  return over > 0 ? -Math.min(over, start - FIT_MARGIN) : 0;
}
