/** Draws the line of time: bars of traffic, marks of drops beneath them, and the needle of the clock. */
import type { TrafficAxis } from './traffic-axis';

export interface TimelineColours {
  readonly traffic: string;
  readonly drop: string;
  readonly needle: string;
  readonly ground: string;
}

/** Seen only where the style sheet is missing. */
const UNSTYLED = '#808080';

/** Strength of what lies ahead of the clock. */
const AHEAD = 0.35;

/** Height of the marks of drops, and the room between bars and marks, in CSS pixels. */
const DROP_MARK = 4;
const GAP = 2;

/** Smallest height of a bar in CSS pixels: one packet is seen. */
const SMALLEST_BAR = 3;

/** Width of the needle and of its head in CSS pixels. */
const NEEDLE = 2;
const NEEDLE_HEAD = 9;

export function readTimelineColours(element: Element): TimelineColours {
  const style = getComputedStyle(element);
  const read = (name: string): string => {
    const value = style.getPropertyValue(`--timeline-${name}`).trim();
    return value === '' ? UNSTYLED : value;
  };
  return { traffic: read('traffic'), drop: read('drop'), needle: read('needle'), ground: read('ground') };
}

export interface TrafficDrawing {
  readonly axis: TrafficAxis;
  /** Place of the clock, 0 to 1. */
  readonly now: number;
  readonly colours: TimelineColours;
  readonly ratio: number;
}

export function drawTraffic(canvas: HTMLCanvasElement, { axis, now, colours, ratio }: TrafficDrawing): void {
  const context = canvas.getContext('2d');
  if (context === null) {
    return;
  }
  const { width, height } = canvas;
  context.clearRect(0, 0, width, height);
  const columns = columnsOf(axis, width);
  const ground = height - (DROP_MARK + GAP) * ratio;
  const needle = Math.round(now * (width - NEEDLE * ratio));
  const most = columns.records.reduce((greatest, count) => Math.max(greatest, count), 1);
  context.fillStyle = colours.ground;
  context.fillRect(0, ground, width, ratio);
  for (let x = 0; x < width; x++) {
    const records = columns.records[x] ?? 0;
    if (records === 0) {
      continue;
    }
    context.globalAlpha = x <= needle ? 1 : AHEAD;
    // Roots let a lone packet be seen beside a storm.
    const bar = Math.max(SMALLEST_BAR * ratio, Math.sqrt(records / most) * (ground - ratio));
    context.fillStyle = colours.traffic;
    context.fillRect(x, ground - bar, 1, bar);
    if ((columns.drops[x] ?? 0) > 0) {
      context.fillStyle = colours.drop;
      context.fillRect(x - ratio / 2, ground + GAP * ratio, Math.max(1, 2 * ratio), DROP_MARK * ratio);
    }
  }
  context.globalAlpha = 1;
  context.fillStyle = colours.needle;
  context.fillRect(needle, 0, NEEDLE * ratio, height);
  drawHead(context, needle + (NEEDLE * ratio) / 2, ratio, width);
}

function drawHead(context: CanvasRenderingContext2D, centre: number, ratio: number, width: number): void {
  const half = (NEEDLE_HEAD / 2) * ratio;
  const middle = Math.max(half, Math.min(width - half, centre));
  context.beginPath();
  context.moveTo(middle - half, 0);
  context.lineTo(middle + half, 0);
  context.lineTo(middle, half * 1.4);
  context.closePath();
  context.fill();
}

interface Columns {
  readonly records: Float64Array;
  readonly drops: Float64Array;
}

/** Bins by column of pixels; one that is wider than a column fills all of its columns. */
function columnsOf(axis: TrafficAxis, width: number): Columns {
  const records = new Float64Array(width);
  const drops = new Float64Array(width);
  for (const bin of axis.bins()) {
    const first = Math.min(width - 1, Math.floor(bin.from * width));
    const end = Math.max(first + 1, Math.min(width, Math.floor(bin.to * width)));
    for (let x = first; x < end; x++) {
      records[x] = (records[x] ?? 0) + bin.records / (end - first);
      drops[x] = (drops[x] ?? 0) + bin.drops;
    }
  }
  return { records, drops };
}
