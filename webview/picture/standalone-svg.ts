/** What is on the page as the text of an SVG file that stands on its own: every style that the theme gives is written into it. */
import { PlainColours } from './plain-colour';

/** What there is to see. */
export interface PictureSource {
  readonly svg: SVGSVGElement;
  /** Packets on their way, above the picture. */
  readonly packets: HTMLCanvasElement;
  /** What the lines mean, where this view says so. */
  readonly legend: HTMLElement;
  /** Whose background is the paper. */
  readonly paper: HTMLElement;
  readonly title: string;
}

export interface Picture {
  readonly text: string;
  /** px */
  readonly width: number;
  readonly height: number;
}

/** Styles that make how an element looks. Others are the browser's own. */
const STYLES = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'stroke-opacity',
  'opacity',
  'paint-order',
  'font-family',
  'font-size',
  'font-weight',
  'font-style',
  'text-anchor',
  'dominant-baseline',
] as const;

/** Values that say nothing: what an element has by itself (SVG 2). */
const INITIAL: Readonly<Partial<Record<(typeof STYLES)[number], string>>> = {
  'fill-opacity': '1',
  'stroke-opacity': '1',
  opacity: '1',
  stroke: 'none',
  'stroke-dasharray': 'none',
  'stroke-linecap': 'butt',
  'stroke-linejoin': 'miter',
  'paint-order': 'normal',
  'font-style': 'normal',
  'text-anchor': 'start',
  'dominant-baseline': 'auto',
};

const TEXT_STYLES: ReadonlySet<string> = new Set([
  'font-family',
  'font-size',
  'font-weight',
  'font-style',
  'text-anchor',
  'dominant-baseline',
]);

/** Attributes of place and form; those for the keyboard, screen readers and the mouse stay behind. */
const ATTRIBUTES = [
  'd',
  'x',
  'y',
  'x1',
  'y1',
  'x2',
  'y2',
  'cx',
  'cy',
  'r',
  'rx',
  'ry',
  'width',
  'height',
  'points',
  'transform',
];

/** px around the lines of the legend. */
const LEGEND_PADDING = 8;
const LEGEND_LINE = 18;
/** Where the words of a line of the legend begin. */
const LEGEND_TEXT_AT = 60;

export function standaloneSvg(source: PictureSource): Picture {
  return new StandaloneSvg(source).picture();
}

class StandaloneSvg {
  private readonly colours = new PlainColours();
  /** Names of the classes, by what they say. */
  private readonly classes = new Map<string, string>();

  constructor(private readonly source: PictureSource) {}

  picture(): Picture {
    const { svg, packets, legend, paper, title } = this.source;
    const { clientWidth: width, clientHeight } = svg;
    const entries = legend.hidden ? [] : [...legend.children];
    const height =
      clientHeight + (entries.length > 0 ? entries.length * LEGEND_LINE + 2 * LEGEND_PADDING : 0);
    const background = this.colours.plain(getComputedStyle(paper).backgroundColor);
    const body = [
      ...this.children(svg),
      `<image width="${width}" height="${clientHeight}" href="${packets.toDataURL('image/png')}"/>`,
      ...entries.map((entry, index) =>
        this.legendLine(entry, clientHeight + LEGEND_PADDING + (index + 0.5) * LEGEND_LINE),
      ),
    ];
    const rules = [...this.classes].map(([rule, name]) => `.${name}{${rule}}`);
    const text = [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
      `<title>${escape(title)}</title>`,
      `<style>${escape(rules.join('\n'))}</style>`,
      `<rect width="${width}" height="${height}" fill="${background}"/>`,
      ...body,
      '</svg>',
      '',
    ].join('\n');
    return { text, width, height };
  }

  private children(parent: Element): string[] {
    return [...parent.children].flatMap(child => this.element(child));
  }

  private element(element: Element): string[] {
    const style = getComputedStyle(element);
    if (style.display === 'none' || style.visibility === 'hidden') {
      return [];
    }
    const isText = element.tagName === 'text' || element.tagName === 'tspan';
    const isGroup = element.tagName === 'g';
    const inner = element.children.length > 0 ? this.children(element) : [];
    if (isGroup && inner.length === 0) {
      return [];
    }
    const attributes = ATTRIBUTES.flatMap(name => {
      const value = element.getAttribute(name);
      return value === null ? [] : [` ${name}="${escape(value)}"`];
    }).join('');
    // Styles of a group are in what it holds; opacity is of the group as a whole.
    const rule = isGroup ? this.rule(style, ['opacity']) : this.rule(style, STYLES, isText);
    const open = `${element.tagName}${attributes}${rule === '' ? '' : ` class="${this.className(rule)}"`}`;
    const content = isText && inner.length === 0 ? escape(element.textContent) : inner.join('\n');
    return [content === '' ? `<${open}/>` : `<${open}>${content}</${element.tagName}>`];
  }

  private rule(style: CSSStyleDeclaration, names: readonly (typeof STYLES)[number][], isText = true): string {
    return names
      .filter(name => isText || !TEXT_STYLES.has(name))
      .flatMap(name => {
        const value = style.getPropertyValue(name);
        const colour = name === 'fill' || name === 'stroke' ? this.colours.plain(value) : value;
        return colour === '' || colour === INITIAL[name] ? [] : [`${name}:${colour}`];
      })
      .join(';');
  }

  private className(rule: string): string {
    let name = this.classes.get(rule);
    if (name === undefined) {
      name = `s${this.classes.size}`;
      this.classes.set(rule, name);
    }
    return name;
  }

  private legendLine(entry: Element, middle: number): string {
    const sample = entry.querySelector('svg');
    const lines = sample === null ? [] : this.children(sample);
    const words = [...entry.children]
      .filter(child => child !== sample)
      .map(child => child.textContent.trim())
      .join('  ');
    const style = getComputedStyle(entry);
    const look = `fill:${this.colours.plain(style.color)};font-family:${style.fontFamily};font-size:${style.fontSize}`;
    const half = (sample?.clientHeight ?? 0) / 2;
    return [
      `<g transform="translate(${LEGEND_PADDING} ${middle - half})">${lines.join('\n')}</g>`,
      `<text x="${LEGEND_TEXT_AT}" y="${middle}" dominant-baseline="central" class="${this.className(look)}">${escape(words)}</text>`,
    ].join('\n');
  }
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
