/**
 * Packets that move along the cables: a canvas over the SVG, since hundreds of moving SVG elements cost several times as much. It draws
 * only while something moves. With reduced motion nothing moves: cables in use light up.
 */
import type { RecordSummary } from '../../src/simulation/record-batch';
import {
  drawTag,
  tagSize,
  strokeArrowHead,
  strokeBurst,
  strokeCross,
  strokeLeader,
  strokePath,
} from './canvas-strokes';
import { boxesOverlap, pointAlong, type Box, type Point } from './geometry';
import { Flights, type Mark } from './packet-flights';
import type { Size } from './node-size';
import { readPacketColours, type PacketColours } from './packet-colours';
import { drawMark } from './packet-marks';
import type { PortPath } from './port-paths';
import { placeTag } from './tag-place';
import { prefersReducedMotion, watchTheme } from './theme';

export interface DropText {
  /** The reason as a user reads it. */
  readonly text: string;
  /** An everyday drop, such as a frame for another station: shown without its reason. */
  readonly quiet: boolean;
}

export interface PacketLayerOptions {
  /** Says why a frame was dropped, by the reason's code. */
  readonly describeDrop?: (code: number) => DropText;
}

/** Scene to screen. */
export interface ViewTransform {
  readonly k: number;
  readonly x: number;
  readonly y: number;
}

/** Side of a mark at zoom 1, in CSS pixels, and the bounds that keep it readable. */
const MARK_SIZE = 22;
const SMALLEST_MARK = 13;
const LARGEST_MARK = 28;
/** Words stay within so many pixels of what they are about. */
const MOST_AWAY = 180;
/** Packets keep to the right of their cable, so that those of both directions are seen, by this share of their size. */
const TO_THE_RIGHT = 0.22;

export class PacketLayer {
  readonly canvas = document.createElement('canvas');
  private readonly flights = new Flights();
  private readonly context: CanvasRenderingContext2D | null;
  private readonly sprites = new Map<string, HTMLCanvasElement>();
  private readonly stopWatching: () => void;
  private paths: readonly (PortPath | undefined)[] = [];
  private read: readonly Box[] = [];
  private transform: ViewTransform = { k: 1, x: 0, y: 0 };
  private colours: PacketColours | undefined;
  private highlighted: RecordSummary | undefined;
  private journey: readonly RecordSummary[] = [];
  private scheduled = 0;

  constructor(private readonly options: PacketLayerOptions = {}) {
    this.canvas.className = 'vnet-packets';
    this.canvas.setAttribute('aria-hidden', 'true');
    this.context = this.canvas.getContext('2d');
    this.stopWatching = watchTheme(() => {
      this.colours = undefined;
      this.sprites.clear();
      this.schedule();
    });
  }

  /** Where each port and its cable are, by port number, and the boxes that words of this layer should not cover. */
  setPorts(paths: readonly (PortPath | undefined)[], read: readonly Box[] = []): void {
    this.paths = paths;
    this.read = read;
    this.schedule();
  }

  /** Where a port and its cable are; undefined for a port that is not drawn. */
  pathOf(port: number): PortPath | undefined {
    return this.paths[port];
  }

  setTransform(transform: ViewTransform): void {
    this.transform = transform;
    this.schedule();
  }

  /** The size of the canvas in CSS pixels. */
  setSize(width: number, height: number): void {
    const ratio = window.devicePixelRatio;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.sprites.clear();
    this.schedule();
  }

  /** Virtual time in ns and how fast it runs: 0 while paused. */
  setClock(now: number, rate: number): void {
    this.flights.setClock(now, rate, performance.now());
    this.schedule();
  }

  /** @param number the record's number; counted on from the last one if left out */
  addRecord(record: RecordSummary, number?: number): void {
    this.flights.add(record, performance.now(), number);
    this.schedule();
  }

  /** Shows one record with its cable until told otherwise. */
  highlight(record: RecordSummary | undefined): void {
    this.highlighted = record;
    this.journey = [];
    this.schedule();
  }

  /** Shows the cables that the highlighted packet goes over, and where it ends. */
  showJourney(hops: readonly RecordSummary[]): void {
    this.journey = hops;
    this.schedule();
  }

  clear(): void {
    this.flights.clear();
    this.highlighted = undefined;
    this.journey = [];
    this.schedule();
  }

  dispose(): void {
    cancelAnimationFrame(this.scheduled);
    this.stopWatching();
    this.canvas.remove();
  }

  /** Draws the moment `wall`, in ms of the page's clock. */
  frame(wall: number): void {
    const context = this.context;
    if (context === null) {
      return;
    }
    const colours = (this.colours ??= readPacketColours(this.canvas));
    const ratio = window.devicePixelRatio;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.drawJourney(context, colours);
    if (this.highlighted !== undefined) {
      this.drawHighlight(context, this.highlighted, colours);
    }
    const reduced = prefersReducedMotion();
    const reasons = new Map<number, Mark & { readonly kind: 'drop' }>();
    for (const mark of this.flights.marks(wall)) {
      switch (mark.kind) {
        case 'packet':
          this.drawPacket(context, mark, colours, reduced);
          break;
        case 'drop':
          reasons.set(mark.port, mark);
          break;
        case 'crowd':
          this.drawCrowd(context, mark, colours);
          break;
      }
    }
    const tags: Box[] = [];
    for (const mark of reasons.values()) {
      this.drawDrop(context, mark.port, mark.reason, mark.strength, colours, tags);
    }
  }

  private schedule(): void {
    if (this.scheduled === 0) {
      this.scheduled = requestAnimationFrame(wall => {
        this.scheduled = 0;
        this.frame(wall);
        if (this.flights.moving) {
          this.schedule();
        }
      });
    }
  }

  private drawPacket(
    context: CanvasRenderingContext2D,
    mark: Mark & { readonly kind: 'packet' },
    colours: PacketColours,
    reduced: boolean,
  ): void {
    const points = this.cableOf(mark.port);
    if (points === undefined) {
      return;
    }
    if (reduced) {
      const colour = colours.protocols[mark.protocol];
      strokePath(context, points, { colour, width: 4, strength: 0.7 * mark.strength });
      return;
    }
    const sprite = this.sprite(mark.protocol, colours);
    const size = sprite.width / window.devicePixelRatio;
    const at = besideLine(points, mark.share, size * TO_THE_RIGHT);
    context.globalAlpha = mark.strength;
    context.drawImage(sprite, at.x - size / 2, at.y - size / 2, size, size);
    if (mark.lost) {
      strokeCross(context, at, size * 0.36, colours.drop);
    }
    context.globalAlpha = 1;
  }

  private drawCrowd(
    context: CanvasRenderingContext2D,
    mark: Mark & { readonly kind: 'crowd' },
    colours: PacketColours,
  ): void {
    const points = this.cableOf(mark.port);
    if (points !== undefined) {
      strokePath(context, points, { colour: colours.protocols.other, width: 5, strength: 0.6 });
      const tag = { text: `×${mark.count}`, colour: colours.ink, background: colours.paper };
      const size = tagSize(context, tag.text);
      const { x, y } = pointAlong(points, 0.4);
      drawTag(context, tag, { x: x - size.width / 2, y: y - size.height / 2, ...size });
    }
  }

  private drawDrop(
    context: CanvasRenderingContext2D,
    port: number,
    reason: number,
    strength: number,
    colours: PacketColours,
    tags: Box[] = [],
  ): void {
    const path = this.paths[port];
    if (path === undefined) {
      return;
    }
    const { text, quiet } = this.options.describeDrop?.(reason) ?? { text: '', quiet: true };
    const at = this.toScreen(path.at);
    const reach = this.markSize() * (quiet ? 0.22 : 0.3);
    context.globalAlpha = strength * (quiet ? 0.6 : 1);
    strokeCross(context, at, reach, colours.drop);
    if (!quiet) {
      strokeBurst(context, at, reach * 1.9, colours.drop);
      if (text !== '') {
        const tag = { text, colour: colours.drop, background: colours.paper };
        const box = this.freePlace(at, reach * 2 + 4, tagSize(context, text), tags);
        tags.push(box);
        strokeLeader(context, at, reach * 2, box, colours.drop);
        drawTag(context, tag, box);
      }
    }
    context.globalAlpha = 1;
  }

  private drawJourney(context: CanvasRenderingContext2D, colours: PacketColours): void {
    for (const hop of this.journey) {
      const points = this.cableOf(hop.port);
      if (hop.drop > 0) {
        this.drawDrop(context, hop.port, hop.drop, 1, colours);
      } else if (points !== undefined) {
        strokePath(context, points, { colour: colours.focus, width: this.arrowSize() * 0.4, strength: 0.35 });
        strokeArrowHead(
          context,
          pointAlong(points, 0.56),
          pointAlong(points, 0.6),
          this.arrowSize(),
          colours.focus,
        );
      }
    }
  }

  private drawHighlight(
    context: CanvasRenderingContext2D,
    record: RecordSummary,
    colours: PacketColours,
  ): void {
    const points = this.cableOf(record.port);
    if (record.drop > 0) {
      this.drawDrop(context, record.port, record.drop, 1, colours);
    } else if (points !== undefined) {
      const lost = Number.isNaN(record.arrival);
      strokePath(context, points, { colour: colours.focus, width: this.arrowSize() * 0.6, strength: 0.5 });
      strokeArrowHead(
        context,
        pointAlong(points, 0.76),
        pointAlong(points, 0.8),
        this.arrowSize(),
        colours.focus,
      );
      const share = lost ? 0.35 : 0.5;
      const mark = {
        kind: 'packet',
        port: record.port,
        share,
        strength: 1,
        lost,
        protocol: record.protocol,
      } as const;
      this.drawPacket(context, mark, colours, false);
    }
  }

  /** The corners of the cable in a port, on the screen, the port first. */
  private cableOf(port: number): readonly Point[] | undefined {
    return this.paths[port]?.cable?.points.map(point => this.toScreen(point));
  }

  /** Where words of this size cover nothing that is read, on the screen. */
  private freePlace(at: Point, reach: number, size: Size, tags: readonly Box[]): Box {
    const far = MOST_AWAY + size.width;
    const near = { x: at.x - far, y: at.y - far, width: 2 * far, height: 2 * far };
    const { k } = this.transform;
    const boxes = this.read
      .map(box => ({ ...this.toScreen(box), width: box.width * k, height: box.height * k }))
      .filter(box => boxesOverlap(box, near));
    const ratio = window.devicePixelRatio;
    const room = { x: 0, y: 0, width: this.canvas.width / ratio, height: this.canvas.height / ratio };
    return placeTag(at, reach, size, [...boxes, ...tags], room);
  }

  private toScreen(point: Point): Point {
    const { k, x, y } = this.transform;
    return { x: point.x * k + x, y: point.y * k + y };
  }

  private markSize(): number {
    return Math.min(LARGEST_MARK, Math.max(SMALLEST_MARK, MARK_SIZE * Math.sqrt(this.transform.k)));
  }

  /** As large as a mark is at full size; smaller where the whole picture is, or it would cover the symbols. */
  private arrowSize(): number {
    return Math.min(10, Math.max(4, 14 * this.transform.k));
  }

  private sprite(protocol: RecordSummary['protocol'], colours: PacketColours): HTMLCanvasElement {
    const size = Math.round(this.markSize());
    const key = `${protocol} ${size}`;
    const existing = this.sprites.get(key);
    if (existing !== undefined) {
      return existing;
    }
    const sprite = document.createElement('canvas');
    const ratio = window.devicePixelRatio;
    sprite.width = Math.round(size * ratio);
    sprite.height = Math.round(size * ratio);
    const context = sprite.getContext('2d');
    if (context !== null) {
      context.scale(ratio, ratio);
      drawMark(context, protocol, size, {
        fill: colours.protocols[protocol],
        letter: colours.letter,
        rim: colours.paper,
      });
    }
    this.sprites.set(key, sprite);
    return sprite;
  }
}

/** The point at this share of a line, moved to the right of the way it goes. */
function besideLine(points: readonly Point[], share: number, by: number): Point {
  const at = pointAlong(points, share);
  const before = pointAlong(points, Math.max(0, share - 0.01));
  const after = pointAlong(points, Math.min(1, share + 0.01));
  const length = Math.hypot(after.x - before.x, after.y - before.y);
  return length === 0
    ? at
    : { x: at.x - ((after.y - before.y) * by) / length, y: at.y + ((after.x - before.x) * by) / length };
}
