/**
 * Packets that move along the cables: a canvas over the SVG, since hundreds of moving SVG elements cost several times as much. It draws
 * only while something moves. With reduced motion nothing moves: cables in use light up.
 */
import type { RecordSummary } from '../../src/simulation/record-batch';
import { pointAlong, type Point } from './geometry';
import { Flights, type Mark } from './packet-flights';
import { readPacketColours, type PacketColours } from './packet-colours';
import { drawMark } from './packet-marks';
import type { PortPath } from './port-paths';
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
const REASON_FONT = '600 11px sans-serif';

export class PacketLayer {
  readonly canvas = document.createElement('canvas');
  private readonly flights = new Flights();
  private readonly context: CanvasRenderingContext2D | null;
  private readonly sprites = new Map<string, HTMLCanvasElement>();
  private readonly stopWatching: () => void;
  private paths: readonly (PortPath | undefined)[] = [];
  private transform: ViewTransform = { k: 1, x: 0, y: 0 };
  private colours: PacketColours | undefined;
  private highlighted: RecordSummary | undefined;
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

  /** Where each port and its cable are, by port number. */
  setPorts(paths: readonly (PortPath | undefined)[]): void {
    this.paths = paths;
    this.schedule();
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
    this.schedule();
  }

  clear(): void {
    this.flights.clear();
    this.highlighted = undefined;
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
    for (const mark of reasons.values()) {
      this.drawDrop(context, mark.port, mark.reason, mark.strength, colours);
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
    const points = this.paths[mark.port]?.cable?.points;
    if (points === undefined) {
      return;
    }
    if (reduced) {
      this.strokePath(context, points, colours.protocols[mark.protocol], 3.5, 0.7 * mark.strength);
      return;
    }
    const at = this.toScreen(pointAlong(points, mark.share));
    const sprite = this.sprite(mark.protocol, colours);
    const size = sprite.width / window.devicePixelRatio;
    context.globalAlpha = mark.strength;
    context.drawImage(sprite, at.x - size / 2, at.y - size / 2, size, size);
    if (mark.lost) {
      this.strokeCross(context, at, size * 0.36, colours.drop);
    }
    context.globalAlpha = 1;
  }

  private drawCrowd(
    context: CanvasRenderingContext2D,
    mark: Mark & { readonly kind: 'crowd' },
    colours: PacketColours,
  ): void {
    const points = this.paths[mark.port]?.cable?.points;
    if (points !== undefined) {
      this.strokePath(context, points, colours.protocols.other, 5, 0.6);
      this.drawText(context, `×${mark.count}`, this.toScreen(pointAlong(points, 0.4)), colours.ink, colours);
    }
  }

  private drawDrop(
    context: CanvasRenderingContext2D,
    port: number,
    reason: number,
    strength: number,
    colours: PacketColours,
  ): void {
    const path = this.paths[port];
    if (path === undefined) {
      return;
    }
    const { text, quiet } = this.options.describeDrop?.(reason) ?? { text: '', quiet: true };
    const at = this.toScreen(path.at);
    const reach = this.markSize() * (quiet ? 0.24 : 0.42);
    context.globalAlpha = strength * (quiet ? 0.6 : 1);
    if (!quiet) {
      this.strokeBurst(context, at, reach * 1.7, colours.drop);
    }
    this.strokeCross(context, at, reach, colours.drop);
    if (!quiet && text !== '') {
      this.drawText(context, text, { x: at.x + reach * 2 + 4, y: at.y }, colours.drop, colours);
    }
    context.globalAlpha = 1;
  }

  private drawHighlight(
    context: CanvasRenderingContext2D,
    record: RecordSummary,
    colours: PacketColours,
  ): void {
    const path = this.paths[record.port];
    const points = path?.cable?.points;
    if (record.drop > 0) {
      this.drawDrop(context, record.port, record.drop, 1, colours);
    } else if (points !== undefined) {
      this.strokePath(context, points, colours.focus, 5, 0.55);
      this.strokeArrow(context, points, colours.focus);
      const share = Number.isNaN(record.arrival) ? 0.35 : 0.5;
      const mark = {
        kind: 'packet',
        port: record.port,
        share,
        strength: 1,
        protocol: record.protocol,
      } as const;
      this.drawPacket(context, { ...mark, lost: Number.isNaN(record.arrival) }, colours, false);
    }
  }

  private toScreen(point: Point): Point {
    const { k, x, y } = this.transform;
    return { x: point.x * k + x, y: point.y * k + y };
  }

  private markSize(): number {
    return Math.min(LARGEST_MARK, Math.max(SMALLEST_MARK, MARK_SIZE * Math.sqrt(this.transform.k)));
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

  private strokePath(
    context: CanvasRenderingContext2D,
    points: readonly Point[],
    colour: string,
    width: number,
    strength: number,
  ): void {
    context.beginPath();
    for (const point of points.map(one => this.toScreen(one))) {
      context.lineTo(point.x, point.y);
    }
    context.lineJoin = 'round';
    context.lineCap = 'round';
    context.globalAlpha = strength;
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke();
    context.globalAlpha = 1;
  }

  /** The head of an arrow just before the far end. */
  private strokeArrow(context: CanvasRenderingContext2D, points: readonly Point[], colour: string): void {
    const tip = this.toScreen(pointAlong(points, 0.86));
    const before = this.toScreen(pointAlong(points, 0.82));
    const angle = Math.atan2(tip.y - before.y, tip.x - before.x);
    context.beginPath();
    for (const turn of [2.5, 0, -2.5]) {
      const reach = turn === 0 ? 0 : 11;
      context.lineTo(tip.x + reach * Math.cos(angle + turn), tip.y + reach * Math.sin(angle + turn));
    }
    context.lineWidth = 3;
    context.strokeStyle = colour;
    context.stroke();
  }

  private strokeCross(context: CanvasRenderingContext2D, at: Point, reach: number, colour: string): void {
    context.beginPath();
    context.moveTo(at.x - reach, at.y - reach);
    context.lineTo(at.x + reach, at.y + reach);
    context.moveTo(at.x + reach, at.y - reach);
    context.lineTo(at.x - reach, at.y + reach);
    context.lineCap = 'round';
    context.lineWidth = Math.max(2, reach * 0.38);
    context.strokeStyle = colour;
    context.stroke();
  }

  private strokeBurst(context: CanvasRenderingContext2D, at: Point, reach: number, colour: string): void {
    context.beginPath();
    for (let ray = 0; ray < 8; ray++) {
      const angle = (ray * Math.PI) / 4 + Math.PI / 8;
      context.moveTo(at.x + reach * 0.78 * Math.cos(angle), at.y + reach * 0.78 * Math.sin(angle));
      context.lineTo(at.x + reach * 1.15 * Math.cos(angle), at.y + reach * 1.15 * Math.sin(angle));
    }
    context.lineWidth = 1.5;
    context.strokeStyle = colour;
    context.stroke();
  }

  /** Text with a rim of the background, kept inside the canvas. */
  private drawText(
    context: CanvasRenderingContext2D,
    text: string,
    at: Point,
    colour: string,
    colours: PacketColours,
  ): void {
    context.font = REASON_FONT;
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    const width = context.measureText(text).width;
    const right = this.canvas.width / window.devicePixelRatio - 6;
    const x = Math.max(6, Math.min(at.x, right - width));
    context.lineJoin = 'round';
    context.lineWidth = 5;
    context.strokeStyle = colours.paper;
    context.strokeText(text, x, at.y);
    context.fillStyle = colour;
    context.fillText(text, x, at.y);
  }
}
