/** The drawing as the text of an SVG file that stands on its own: fixed colours, and a list of ordinary fonts. */
import type { Drawing } from './drawing';
import { paletteStyle, type PaletteName } from './palette';
import { PLAIN_STATE, sceneElements, type SceneState } from './scene';
import type { SvgElement } from './svg-tree';

export interface SvgTextOptions {
  readonly palette: PaletteName;
  /** Read aloud as the picture's name. */
  readonly title: string;
  /** See SceneState. */
  readonly domains?: SceneState['domains'];
}

export function svgText(drawing: Drawing, { palette, title, domains }: SvgTextOptions): string {
  const width = Math.ceil(drawing.width);
  const height = Math.ceil(drawing.height);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="vnet-scene" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escape(title)}</title>`,
    `<style>${paletteStyle(palette)}</style>`,
    `<rect class="vnet-paper" width="${width}" height="${height}"/>`,
    ...sceneElements(drawing, domains === undefined ? PLAIN_STATE : { ...PLAIN_STATE, domains }).map(
      serialise,
    ),
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
