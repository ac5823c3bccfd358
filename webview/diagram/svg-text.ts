/** The drawing as the text of an SVG file that stands on its own: fixed colours, and a list of ordinary fonts. */
import type { Drawing } from './drawing';
import { paletteStyle, type PaletteName } from './palette';
import { drawLegend } from './legend-drawing';
import { PLAIN_STATE, sceneElements } from './scene';
import { ENGLISH_STRINGS, type DiagramStrings } from './strings';
import type { SvgElement } from './svg-tree';
import type { DomainPaint } from './views/view';

export interface SvgTextOptions {
  readonly palette: PaletteName;
  /** Read aloud as the picture's name. */
  readonly title: string;
  /** Where cables are told apart by what travels on them. */
  readonly paint?: DomainPaint;
  readonly strings?: DiagramStrings;
}

export function svgText(drawing: Drawing, options: SvgTextOptions): string {
  const { palette, title, paint, strings = ENGLISH_STRINGS } = options;
  const legend = drawLegend(paint?.legend ?? [], drawing.height, strings);
  const width = Math.ceil(legend.height === 0 ? drawing.width : Math.max(drawing.width, legend.width));
  const height = Math.ceil(drawing.height + legend.height);
  const state = paint === undefined ? PLAIN_STATE : { ...PLAIN_STATE, domains: paint.ofCable };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="vnet-scene" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escape(title)}</title>`,
    `<style>${paletteStyle(palette)}</style>`,
    `<rect class="vnet-paper" width="${width}" height="${height}"/>`,
    ...[...sceneElements(drawing, state), ...legend.elements].map(serialise),
    '</svg>',
    '',
  ].join('\n');
}

function serialise(element: SvgElement): string {
  const attributes = Object.entries(element.attributes)
    .map(([name, value]) => ` ${name}="${escape(value)}"`)
    .join('');
  const content =
    element.text === undefined ? element.children.map(serialise).join('\n') : escape(element.text);
  const inner = element.children.length > 0 ? `\n${content}\n` : content;
  return inner === ''
    ? `<${element.tag}${attributes}/>`
    : `<${element.tag}${attributes}>${inner}</${element.tag}>`;
}

/** Also takes out what XML 1.0 may not hold at all (section 2.2). */
function escape(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\u{fffd}')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}
