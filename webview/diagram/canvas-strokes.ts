/** Lines, crosses and words on a canvas, at places of the screen in CSS pixels. */
import type { Box, Point } from './geometry';
import type { Size } from './node-size';

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

/** The head of an arrow at `tip`, coming from `before`, with barbs of `reach` pixels. */
export function strokeArrowHead(
  context: CanvasRenderingContext2D,
  before: Point,
  tip: Point,
  reach: number,
  colour: string,
): void {
  const angle = Math.atan2(tip.y - before.y, tip.x - before.x);
  const barb = (turn: number): Point => ({
    x: tip.x + reach * Math.cos(angle + turn),
    y: tip.y + reach * Math.sin(angle + turn),
  });
  strokePath(context, [barb(2.5), tip, barb(-2.5)], { colour, width: Math.min(2.5, reach / 3), strength: 1 });
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

const TAG_HEIGHT = 19;

export interface Tag {
  readonly text: string;
  readonly colour: string;
  readonly background: string;
}

/** The size of words in a small box. */
export function tagSize(context: CanvasRenderingContext2D, text: string): Size {
  context.font = FONT;
  return { width: context.measureText(text).width + 12, height: TAG_HEIGHT };
}

/** Words in a small box, which has the size that `tagSize` says. */
export function drawTag(context: CanvasRenderingContext2D, tag: Tag, box: Box): void {
  const { x, y, width, height } = box;
  context.font = FONT;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.beginPath();
  context.roundRect(x, y, width, height, 4);
  context.fillStyle = tag.background;
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = tag.colour;
  context.stroke();
  context.fillStyle = tag.colour;
  context.fillText(tag.text, x + 6, y + height / 2 + 0.5);
}

/** A thin line from a mark, `reach` pixels from its middle, to words that stand apart from it. */
export function strokeLeader(
  context: CanvasRenderingContext2D,
  at: Point,
  reach: number,
  box: Box,
  colour: string,
): void {
  const to = {
    x: Math.min(Math.max(at.x, box.x), box.x + box.width),
    y: Math.min(Math.max(at.y, box.y), box.y + box.height),
  };
  const length = Math.hypot(to.x - at.x, to.y - at.y);
  if (length > reach + TAG_HEIGHT / 2) {
    context.beginPath();
    context.moveTo(at.x + ((to.x - at.x) * reach) / length, at.y + ((to.y - at.y) * reach) / length);
    context.lineTo(to.x, to.y);
    context.lineWidth = 1;
    context.strokeStyle = colour;
    context.stroke();
  }
}
