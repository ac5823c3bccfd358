/** The outer forms of symbols, one for each kind, as path data that fills a box of the given size. */
import type { NodeKind } from './model';
import type { Size } from './node-size';

export function outline(kind: NodeKind, { width, height }: Size): string {
  switch (kind) {
    case 'internet':
      return cloud(width, height);
    case 'router':
      return roundedBox(width, height, Math.min(height / 2, 22));
    case 'network':
      return chamfered(width, height, 7);
    case 'switch':
      return roundedBox(width, height, 2);
    case 'hub':
      return roundedBox(width, height, Math.min(height / 2, 10));
    case 'bridge':
      return roundedBox(width, height, 2);
    case 'virtual-switch':
      return chamfered(width, height, 4);
    case 'container':
      return roundedBox(width, height, 1) + innerRim(width, height);
    case 'dhcp':
      return chamfered(width, height, 10);
    case 'tunnel':
      return pipe(width, height);
    case 'host':
      return roundedBox(width, height, 5);
    case 'vm':
      return roundedBox(width, height, 5) + innerRim(width, height);
    case 'nat':
      return gate(width, height);
  }
}

function roundedBox(width: number, height: number, radius: number): string {
  const w = width - 2 * radius;
  const h = height - 2 * radius;
  const arc = (x: number, y: number): string => `a${radius} ${radius} 0 0 1 ${x} ${y}`;
  return `M${radius} 0h${w}${arc(radius, radius)}v${h}${arc(-radius, radius)}h${-w}${arc(-radius, -radius)}v${-h}${arc(radius, -radius)}z`;
}

/** A second line inside the first: a machine within a machine. */
function innerRim(width: number, height: number): string {
  return `M3.5 6a2.5 2.5 0 0 1 2.5-2.5H${width - 6}a2.5 2.5 0 0 1 2.5 2.5V${height - 6}a2.5 2.5 0 0 1-2.5 2.5H6a2.5 2.5 0 0 1-2.5-2.5z`;
}

/** Straight above and below, cut corners: a segment. */
function chamfered(width: number, height: number, cut: number): string {
  return `M${cut} 0H${width - cut}L${width} ${cut}V${height - cut}L${width - cut} ${height}H${cut}L0 ${height - cut}V${cut}z`;
}

/** Pointed at both sides: what goes in comes out changed. */
function gate(width: number, height: number): string {
  const tip = Math.min(12, height / 2);
  return `M${tip} 0H${width - tip}L${width} ${height / 2}L${width - tip} ${height}H${tip}L0 ${height / 2}z`;
}

/** A pipe seen from its side: the right end is round outwards, the left one inwards. */
function pipe(width: number, height: number): string {
  const bend = Math.min(9, height / 3);
  return `M${bend} 0H${width - bend}a${bend} ${height / 2} 0 0 1 0 ${height}H${bend}a${bend} ${height / 2} 0 0 1 0 ${-height}z`;
}

/** Bumps above and at the sides, nearly flat below, each touching the box. */
function cloud(width: number, height: number): string {
  const x = (share: number): number => Math.round(width * share * 10) / 10;
  const y = (share: number): number => Math.round(height * share * 10) / 10;
  return [
    `M${x(0.16)} ${height}`,
    `C${x(-0.02)} ${height} ${x(-0.04)} ${y(0.46)} ${x(0.13)} ${y(0.42)}`,
    `C${x(0.12)} ${y(0.06)} ${x(0.34)} ${y(-0.02)} ${x(0.4)} ${y(0.16)}`,
    `C${x(0.5)} ${y(-0.09)} ${x(0.74)} ${y(-0.04)} ${x(0.77)} ${y(0.24)}`,
    `C${x(0.9)} ${y(0.16)} ${x(0.95)} ${y(0.34)} ${x(0.92)} ${y(0.46)}`,
    `C${x(1.04)} ${y(0.56)} ${x(1.02)} ${height} ${x(0.85)} ${height}z`,
  ].join('');
}
