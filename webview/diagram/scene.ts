/**
 * A drawing as SVG elements: containers at the back, then cables, symbols, ports and labels. Looks come from classes alone (a webview's
 * policy forbids style attributes); diagram.css gives them the theme's colours, svg-text.ts a palette of its own.
 */
import { cablePath } from './cable-path';
import type { Drawing, DrawnCable, DrawnNode, DrawnPort } from './drawing';
import { GLYPHS } from './glyphs';
import {
  DETAIL_LINE,
  FLAT_GAP,
  GLYPH,
  GLYPH_GAP,
  isFlat,
  LABEL_FONT,
  LABEL_LINE,
  PORT_LINE,
  PORT_SIZE,
  shownDetails,
  shownLabel,
  shownPortName,
} from './node-size';
import { outline } from './outlines';
import { svg, type SvgElement } from './svg-tree';
import { textWidth } from './text-width';

/** What changes while the drawing stays as it is. */
export interface SceneState {
  /** Addresses by port id that replace what the file says. */
  readonly addresses: ReadonlyMap<string, string>;
  readonly selected: string | undefined;
  /** What a screen reader says of a node; the command line leaves it out. */
  readonly describe?: (id: string) => string;
  /** The node that the keyboard reaches. */
  readonly focusable?: string | undefined;
}

export const PLAIN_STATE: SceneState = { addresses: new Map(), selected: undefined };

/** From the baseline to the middle of a line of text, as a share of the font size. */
const BASELINE = 0.35;

/** The layers, back to front. */
export function sceneElements(drawing: Drawing, state: SceneState): readonly SvgElement[] {
  const touched = new Set(
    drawing.cables
      .filter(cable => cable.ends.some(end => deviceOf(drawing, end) === state.selected))
      .map(cable => cable.id),
  );
  return [
    layer(
      'containers',
      drawing.nodes.filter(node => node.container).map(node => containerElement(node, state)),
    ),
    layer(
      'cables',
      drawing.cables.map(cable => cableElement(cable, touched.has(cable.id))),
      true,
    ),
    layer(
      'symbols',
      drawing.nodes.filter(node => !node.container).map(node => symbolElement(node, state)),
    ),
    layer(
      'ports',
      drawing.ports.flatMap(port => portElement(port)),
      true,
    ),
    layer(
      'labels',
      [
        ...drawing.ports.flatMap(port => portLabelElement(port, state)),
        ...drawing.cables.flatMap(cableLabelElement),
      ],
      true,
    ),
  ];
}

function layer(name: string, children: readonly SvgElement[], silent = false): SvgElement {
  const aria = silent ? { 'aria-hidden': 'true' } : { role: 'presentation' };
  return svg('g', name, { class: `vnet-${name}`, ...aria }, children);
}

function deviceOf(drawing: Drawing, portId: string): string | undefined {
  return drawing.ports.find(port => port.id === portId)?.port.device;
}

function containerElement(drawn: DrawnNode, state: SceneState): SvgElement {
  const { width, height } = drawn;
  return nodeElement(drawn, state, [
    svg('rect', 'outline', { class: 'vnet-outline', width, height, rx: 8 }),
    ...contentElements(drawn),
  ]);
}

function symbolElement(drawn: DrawnNode, state: SceneState): SvgElement {
  return nodeElement(drawn, state, [
    svg('path', 'outline', { class: 'vnet-outline', d: outline(drawn.node.kind, drawn) }),
    ...contentElements(drawn),
  ]);
}

function nodeElement(drawn: DrawnNode, state: SceneState, children: readonly SvgElement[]): SvgElement {
  const selected = state.selected === drawn.id;
  const classes = [
    'vnet-node',
    `vnet-${drawn.node.kind}`,
    ...(drawn.container ? ['vnet-container'] : []),
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

function contentElements({ node, x, y, content }: DrawnNode): SvgElement[] {
  const left = content.x - x;
  const top = content.y - y;
  const label = shownLabel(node);
  const details = shownDetails(node);
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
      svg('text', 'label', { class: 'vnet-label', x: textLeft, y: line }, label),
      ...details.map((text, index) =>
        svg('text', `detail ${index}`, { class: 'vnet-detail', x: beside, y: line }, text),
      ),
    ];
  }
  const height = LABEL_LINE + details.length * DETAIL_LINE;
  const first = top + (content.height - height) / 2 + LABEL_LINE / 2 + LABEL_FONT * BASELINE;
  return [
    glyph,
    svg('text', 'label', { class: 'vnet-label', x: textLeft, y: first }, label),
    ...details.map((text, index) =>
      svg(
        'text',
        `detail ${index}`,
        { class: 'vnet-detail', x: textLeft, y: first + 15 + index * DETAIL_LINE },
        text,
      ),
    ),
  ];
}

function cableElement(cable: DrawnCable, touched: boolean): SvgElement {
  const classes = [
    `vnet-${cable.kind}`,
    ...(cable.up ? [] : ['vnet-down']),
    ...(touched ? ['vnet-touched'] : []),
  ];
  const d = cablePath(cable.points);
  return svg('path', cable.id, { class: classes.join(' '), d, 'data-cable': cable.id });
}

function portElement({ id, port, at }: DrawnPort): SvgElement[] {
  if (port.name === '') {
    return [svg('circle', id, { class: 'vnet-socket', cx: at.x, cy: at.y, r: 2.5 })];
  }
  const half = PORT_SIZE / 2;
  return [
    svg('rect', id, {
      class: 'vnet-port',
      x: at.x - half,
      y: at.y - half,
      width: PORT_SIZE,
      height: PORT_SIZE,
      rx: 1.5,
    }),
  ];
}

function portLabelElement({ id, port, label }: DrawnPort, state: SceneState): SvgElement[] {
  if (label === undefined) {
    return [];
  }
  const x =
    label.align === 'start'
      ? label.x
      : label.align === 'end'
        ? label.x + label.width
        : label.x + label.width / 2;
  const place = { x, 'text-anchor': label.align === 'start' ? undefined : label.align };
  const line = (index: number): number => label.y + PORT_LINE * (index + 0.76);
  const live = state.addresses.get(id);
  const address = live ?? port.address;
  const lines = [
    svg('text', `name of ${id}`, { class: 'vnet-port-name', ...place, y: line(0) }, shownPortName(port)),
  ];
  if (address !== '') {
    const pending = live === undefined && port.widestAddress !== port.address;
    const classes = pending ? 'vnet-address vnet-pending' : 'vnet-address';
    lines.push(svg('text', `address of ${id}`, { class: classes, ...place, y: line(1) }, address));
  }
  return lines;
}

function cableLabelElement({ id, label }: DrawnCable): SvgElement[] {
  if (label === undefined) {
    return [];
  }
  const { x, y, width, height, text } = label;
  return [
    svg('rect', `back of ${id}`, { class: 'vnet-cable-label-back', x, y, width, height, rx: 4 }),
    svg(
      'text',
      `label of ${id}`,
      { class: 'vnet-cable-label', x: x + width / 2, y: y + height / 2 + 3.8, 'text-anchor': 'middle' },
      text,
    ),
  ];
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
