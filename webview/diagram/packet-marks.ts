/** How a packet of each protocol looks: a form, a letter and a colour, so that none is needed to tell them apart alone. */
import type { ProtocolClass } from '../../src/simulation/record-batch';

export type MarkForm = 'circle' | 'square' | 'diamond' | 'triangle' | 'hexagon' | 'pentagon' | 'octagon';

interface MarkLook {
  readonly form: MarkForm;
  readonly letter: string;
}

export const MARK_LOOKS: Readonly<Record<ProtocolClass, MarkLook>> = {
  arp: { form: 'diamond', letter: 'A' },
  icmp: { form: 'circle', letter: 'I' },
  udp: { form: 'square', letter: 'U' },
  tcp: { form: 'octagon', letter: 'T' },
  dhcp: { form: 'hexagon', letter: 'H' },
  dns: { form: 'pentagon', letter: 'D' },
  ipv6: { form: 'square', letter: '6' },
  stp: { form: 'triangle', letter: 'S' },
  other: { form: 'circle', letter: '' },
};

/** Corners on a circle of radius 1 around the middle, from which turn in radians the first one stands; a circle has none. */
const CORNERS: Readonly<Record<MarkForm, readonly [count: number, turn: number, radius: number]>> = {
  circle: [0, 0, 0.94],
  square: [4, Math.PI / 4, 1.22],
  diamond: [4, 0, 1.22],
  triangle: [3, -Math.PI / 2, 1.3],
  hexagon: [6, 0, 1.08],
  pentagon: [5, -Math.PI / 2, 1.14],
  octagon: [8, Math.PI / 8, 1.04],
};

export interface MarkColours {
  readonly fill: string;
  readonly letter: string;
  readonly rim: string;
}

/** Draws the mark around the middle of a square of `size` pixels. */
export function drawMark(
  context: CanvasRenderingContext2D,
  protocol: ProtocolClass,
  size: number,
  colours: MarkColours,
): void {
  const { form, letter } = MARK_LOOKS[protocol];
  const [count, turn, radius] = CORNERS[form];
  const middle = size / 2;
  const reach = (size / 2 - 3) * 0.86 * radius;
  context.beginPath();
  if (count === 0) {
    context.arc(middle, middle, reach, 0, 2 * Math.PI);
  }
  for (let index = 0; index < count; index++) {
    const angle = turn + (2 * Math.PI * index) / count;
    context.lineTo(middle + reach * Math.cos(angle), middle + reach * Math.sin(angle));
  }
  context.closePath();
  context.lineJoin = 'round';
  context.lineWidth = 3;
  context.strokeStyle = colours.rim;
  context.stroke();
  context.fillStyle = colours.fill;
  context.fill();
  context.fillStyle = colours.letter;
  context.font = `700 ${size * 0.5}px sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(letter, middle, middle + size * (form === 'triangle' ? 0.1 : 0.03));
}
