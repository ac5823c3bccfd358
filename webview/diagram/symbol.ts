/** Devices as SVG elements: shape, glyph and text. */
import { cablePath } from './cable-path';
import type { DrawnNode, DrawnPort } from './drawing';
import { GLYPHS } from './glyphs';
import {
  DETAIL_LINE,
  FLAT_GAP,
  GLYPH,
  GLYPH_GAP,
  isFlat,
  LABEL_FONT,
  LABEL_LINE,
  shownDetails,
  shownLabel,
} from './node-size';
import { outline } from './outlines';
import { svg, type SvgElement } from './svg-tree';
import { textWidth } from './text-width';

/** How a node is shown besides its place. */
export interface NodeState {
  readonly selected: string | undefined;
  /** What a screen reader says of a node; the command line leaves it out. */
  readonly describe?: (id: string) => string;
  /** From so far that only names can be read, and these only if they are larger. */
  readonly namesOnly?: boolean;
  /** The node that the keyboard reaches. */
  readonly focusable?: string | undefined;
}

/** From the baseline to the middle of a line of text, as a share of the font size. */
const BASELINE = 0.35;

/** A host with what runs in it. */
export function containerElement(drawn: DrawnNode, state: NodeState): SvgElement {
  const { width, height } = drawn;
  return nodeElement(drawn, state, [
    svg('rect', 'outline', { class: 'vnet-outline', width, height, rx: 8 }),
    ...(state.namesOnly === true ? nameElements(drawn) : contentElements(drawn)),
    ...foldElements(drawn),
  ]);
}

/** A device that holds no other. */
export function symbolElement(drawn: DrawnNode, state: NodeState, ports: readonly DrawnPort[]): SvgElement {
  return nodeElement(drawn, state, [
    ...(drawn.node.kind === 'internet' ? stubs(drawn, ports) : []),
    svg('path', 'outline', { class: 'vnet-outline', d: outline(drawn.node.kind, drawn) }),
    ...(state.namesOnly === true ? nameElements(drawn) : contentElements(drawn)),
    ...foldElements(drawn),
  ]);
}

/** A cloud does not fill its box: cables go on from its ports to somewhere behind it. */
function stubs(drawn: DrawnNode, ports: readonly DrawnPort[]): SvgElement[] {
  const middle = { x: drawn.width / 2, y: drawn.height / 2 };
  return ports
    .filter(({ port }) => port.device === drawn.id)
    .map(({ id, at }) => {
      const from = { x: at.x - drawn.x, y: at.y - drawn.y };
      const beside = from.x <= 0 || from.x >= drawn.width;
      const to = beside ? { x: middle.x, y: from.y } : { x: from.x, y: middle.y };
      return svg('path', `stub of ${id}`, { class: 'vnet-cable', d: cablePath([from, to]) });
    });
}

/** Side of the small square that folds a host, or unfolds what is folded. */
const FOLD = 13;

function foldElements({ node, container, width }: DrawnNode): SvgElement[] {
  if (!container && node.folded === undefined) {
    return [];
  }
  const [x, y, half] = [width - FOLD - 5, 5, FOLD / 2];
  const bar = `M${x + 3} ${y + half}h${FOLD - 6}`;
  return [
    svg('g', 'fold', { class: 'vnet-fold', 'data-fold': node.id }, [
      svg('rect', 'square', { x, y, width: FOLD, height: FOLD, rx: 2 }),
      svg('path', 'sign', { d: container ? bar : `${bar}M${x + half} ${y + 3}v${FOLD - 6}` }),
    ]),
  ];
}

function nodeElement(drawn: DrawnNode, state: NodeState, children: readonly SvgElement[]): SvgElement {
  const selected = state.selected === drawn.id;
  const classes = [
    'vnet-node',
    `vnet-${drawn.node.kind}`,
    ...(drawn.container ? ['vnet-holder'] : []),
    ...(selected ? ['vnet-selected'] : []),
  ];
  const aria =
    state.describe === undefined
      ? {}
      : {
          role: 'option',
          'aria-selected': String(selected),
          'aria-label': state.describe(drawn.id),
          tabindex: state.focusable === drawn.id ? 0 : -1,
        };
  const ring = svg('rect', 'ring', {
    class: 'vnet-ring',
    x: -5,
    y: -5,
    width: drawn.width + 10,
    height: drawn.height + 10,
    rx: 10,
  });
  return svg(
    'g',
    drawn.id,
    {
      class: classes.join(' '),
      transform: `translate(${tenths(drawn.x)} ${tenths(drawn.y)})`,
      'data-device': drawn.id,
      ...aria,
    },
    [ring, ...children],
  );
}

/** Bounds of the font of a name that stands alone, and the air it keeps to the outline, in pixels. */
const LARGEST_NAME = 30;
const NAME_AIR = 10;
/** Height of a line for its font size. */
const LINE_HEIGHT = 1.25;

/** The name alone, as large as its symbol has room for; a host's, as large as the row at its top has. */
function nameElements({ node, container, x, y, width, height, content }: DrawnNode): SvgElement[] {
  const label = shownLabel(node);
  const room = container ? content : { x: x + NAME_AIR, y, width: width - 2 * NAME_AIR, height };
  const fitting = (room.width / textWidth(label, LABEL_FONT, true)) * LABEL_FONT;
  const font = Math.max(LABEL_FONT, Math.min(LARGEST_NAME, fitting, room.height / LINE_HEIGHT));
  const at = {
    x: room.x - x + (container ? 0 : room.width / 2),
    y: room.y - y + room.height / 2 + font * BASELINE,
  };
  const place = { ...at, 'font-size': font, ...(container ? {} : { 'text-anchor': 'middle' }) };
  return [svg('text', 'name', { class: 'vnet-name', ...place }, label)];
}

function contentElements({ node, x, y, content }: DrawnNode): SvgElement[] {
  const left = content.x - x;
  const top = content.y - y;
  const label = shownLabel(node);
  const details = shownDetails(node);
  // Read as one string, the lines must not run together; the space itself is not drawn.
  const spaced = (text: string, index: number): string => (index < details.length ? `${text} ` : text);
  const textLeft = left + GLYPH + GLYPH_GAP;
  const glyph = svg('path', 'glyph', {
    class: 'vnet-glyph',
    d: GLYPHS[node.kind],
    transform: `translate(${tenths(left)} ${tenths(top + (content.height - GLYPH) / 2)}) scale(${GLYPH / 16})`,
  });
  if (isFlat(node.kind)) {
    const line = top + content.height / 2 + LABEL_FONT * BASELINE;
    const beside = textLeft + textWidth(label, LABEL_FONT, true) + FLAT_GAP;
    return [
      glyph,
      svg('text', 'label', { class: 'vnet-label', x: textLeft, y: line }, spaced(label, 0)),
      ...details.map((text, index) =>
        svg('text', `detail ${index}`, { class: 'vnet-detail', x: beside, y: line }, spaced(text, index + 1)),
      ),
    ];
  }
  const height = LABEL_LINE + details.length * DETAIL_LINE;
  const first = top + (content.height - height) / 2 + LABEL_LINE / 2 + LABEL_FONT * BASELINE;
  return [
    glyph,
    svg('text', 'label', { class: 'vnet-label', x: textLeft, y: first }, spaced(label, 0)),
    ...details.map((text, index) =>
      svg(
        'text',
        `detail ${index}`,
        { class: 'vnet-detail', x: textLeft, y: first + 15 + index * DETAIL_LINE },
        spaced(text, index + 1),
      ),
    ),
  ];
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
