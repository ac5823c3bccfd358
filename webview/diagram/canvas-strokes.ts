/** Lines, crosses and words on a canvas, at places of the screen in CSS pixels. */
import type { Point } from './geometry';

const FONT = '600 11px sans-serif';

export interface Stroke {
  readonly colour: string;
  readonly width: number;
  /** 1 for solid. */
  readonly strength: number;
}

export function strokePath(
  context: CanvasRenderingContext2D,
  points: readonly Point[],
  stroke: Stroke,
): void {
  context.beginPath();
  for (const point of points) {
    context.lineTo(point.x, point.y);
  }
  context.lineJoin = 'round';
  context.lineCap = 'round';
  context.globalAlpha = stroke.strength;
  context.lineWidth = stroke.width;
  context.strokeStyle = stroke.colour;
  context.stroke();
  context.globalAlpha = 1;
}

/** The head of an arrow at `tip`, coming from `before`. */
export function strokeArrowHead(
  context: CanvasRenderingContext2D,
  before: Point,
  tip: Point,
  colour: string,
): void {
  const angle = Math.atan2(tip.y - before.y, tip.x - before.x);
  const barb = (turn: number): Point => ({
    x: tip.x + 10 * Math.cos(angle + turn),
    y: tip.y + 10 * Math.sin(angle + turn),
  });
  strokePath(context, [barb(2.5), tip, barb(-2.5)], { colour, width: 2.5, strength: 1 });
}

export function strokeCross(
  context: CanvasRenderingContext2D,
  at: Point,
  reach: number,
  colour: string,
): void {
  context.beginPath();
  for (const side of [1, -1]) {
    context.moveTo(at.x - reach, at.y - reach * side);
    context.lineTo(at.x + reach, at.y + reach * side);
  }
  context.lineCap = 'round';
  context.lineWidth = Math.max(2, reach * 0.4);
  context.strokeStyle = colour;
  context.stroke();
}

/** Rays around a place. */
export function strokeBurst(
  context: CanvasRenderingContext2D,
  at: Point,
  reach: number,
  colour: string,
): void {
  context.beginPath();
  for (let ray = 0; ray < 8; ray++) {
    const angle = (ray * Math.PI) / 4 + Math.PI / 8;
    context.moveTo(at.x + reach * 0.75 * Math.cos(angle), at.y + reach * 0.75 * Math.sin(angle));
    context.lineTo(at.x + reach * 1.15 * Math.cos(angle), at.y + reach * 1.15 * Math.sin(angle));
  }
  context.lineCap = 'round';
  context.lineWidth = 1.5;
  context.strokeStyle = colour;
  context.stroke();
}

export interface Tag {
  readonly text: string;
  readonly colour: string;
  readonly background: string;
}

/** Words in a small box whose left side is at `at`, moved so that it lies within `width` pixels. */
export function drawTag(context: CanvasRenderingContext2D, tag: Tag, at: Point, width: number): void {
  context.font = FONT;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  const box = { width: context.measureText(tag.text).width + 12, height: 19 };
  const x = Math.max(4, Math.min(at.x, width - box.width - 4));
  context.beginPath();
  context.roundRect(x, at.y - box.height / 2, box.width, box.height, 4);
  context.fillStyle = tag.background;
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = tag.colour;
  context.stroke();
  context.fillStyle = tag.colour;
  context.fillText(tag.text, x + 6, at.y + 0.5);
}
