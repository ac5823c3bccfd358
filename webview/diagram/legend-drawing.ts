/** What the lines mean, as part of a drawing: a sample of each with its mark and its name. */
import { cableElements } from './cable-look';
import { fill, type DiagramStrings } from './strings';
import { svg, type SvgElement } from './svg-tree';
import { textWidth } from './text-width';
import type { LegendEntry } from './views/view';

export const SAMPLE_WIDTH = 44;

/** Pixels around the lines, of a line, and of the font (`.vnet-detail` in palette.ts). */
const PADDING = 12;
const LINE = 18;
const FONT = 11;

export interface LegendDrawing {
  readonly elements: readonly SvgElement[];
  readonly width: number;
  readonly height: number;
}

/** @param top where it begins in the picture, px */
export function drawLegend(
  entries: readonly LegendEntry[],
  top: number,
  strings: DiagramStrings,
): LegendDrawing {
  const words = entries.map(entry => `${entry.mark} · ${legendFacts(entry, strings)}`);
  const textAt = PADDING + SAMPLE_WIDTH + 8;
  return {
    elements: words.flatMap((text, index) => {
      const y = top + PADDING + (index + 0.5) * LINE;
      return [
        ...sampleElements(index, PADDING, y),
        svg('text', `legend ${index}`, { class: 'vnet-detail', x: textAt, y: y + FONT * 0.36 }, text),
      ];
    }),
    width: textAt + Math.max(0, ...words.map(text => textWidth(text, FONT))) + PADDING,
    height: entries.length === 0 ? 0 : entries.length * LINE + 2 * PADDING,
  };
}

/** A piece of cable with only this broadcast domain on it. */
export function sampleElements(domain: number, x: number, y: number): readonly SvgElement[] {
  const points = [
    { x, y },
    { x: x + SAMPLE_WIDTH, y },
  ];
  const id = `legend ${domain}`;
  return cableElements({ id, kind: 'cable', ends: ['', ''], points, label: undefined, up: true }, false, [
    domain,
  ]);
}

/** Whose it is, what subnets it carries and how many stations it joins. */
export function legendFacts({ name, subnets, stations }: LegendEntry, strings: DiagramStrings): string {
  const facts = [name, ...subnets.slice(0, 2), fill(strings.stations, stations)];
  return facts.filter(fact => fact !== '').join(' · ');
}
