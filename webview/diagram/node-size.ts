/** How large symbols and labels are, in CSS pixels at zoom 1. */
import type { DiagramNode, DiagramPort, NodeKind } from './model';
import { fitText, textWidth } from './text-width';

/** Font sizes; diagram.css sets the same. */
export const LABEL_FONT = 13;
export const DETAIL_FONT = 11;
export const PORT_FONT = 10.5;

export const LABEL_LINE = 17;
export const DETAIL_LINE = 14;
export const PORT_LINE = 13;

/** Side of a symbol's glyph, and the gap between it and the text. */
export const GLYPH = 24;
export const GLYPH_GAP = 9;

/** Side of a port's square. */
export const PORT_SIZE = 8;

/** Longer labels end in an ellipsis; the tooltip has all of it. */
const WIDEST_LABEL = 210;

const SMALLEST_NODE = 84;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Space around glyph and text, by the shape that goes around them. */
const PADDING: Readonly<Record<NodeKind, Size>> = {
  internet: { width: 26, height: 14 },
  router: { width: 18, height: 10 },
  network: { width: 14, height: 7 },
  switch: { width: 14, height: 7 },
  host: { width: 14, height: 11 },
  vm: { width: 14, height: 10 },
  nat: { width: 20, height: 8 },
  hub: { width: 14, height: 7 },
  'virtual-switch': { width: 12, height: 7 },
  bridge: { width: 12, height: 7 },
  container: { width: 14, height: 10 },
  dhcp: { width: 14, height: 7 },
  tunnel: { width: 18, height: 8 },
};

/** The label as it is drawn. */
export function shownLabel(node: DiagramNode): string {
  return fitText(node.label, WIDEST_LABEL, LABEL_FONT, true);
}

/** The lines under the label as they are drawn. */
export function shownDetails(node: DiagramNode): readonly string[] {
  return node.details.map(detail => fitText(detail, WIDEST_LABEL, DETAIL_FONT));
}

/** Glyph and text side by side. */
export function contentSize(node: DiagramNode): Size {
  const text = textSize(node);
  return { width: GLYPH + GLYPH_GAP + text.width, height: Math.max(GLYPH, text.height) };
}

/** Label and details, one under the other; a network's subnet stands beside its name, since its box is flat. */
function textSize(node: DiagramNode): Size {
  const label = textWidth(shownLabel(node), LABEL_FONT, true);
  const details = shownDetails(node).map(detail => textWidth(detail, DETAIL_FONT));
  if (isFlat(node.kind)) {
    return { width: details.reduce((sum, width) => sum + FLAT_GAP + width, label), height: LABEL_LINE };
  }
  return { width: Math.max(label, ...details), height: LABEL_LINE + details.length * DETAIL_LINE };
}

/** Space between a network's name and its subnet. */
export const FLAT_GAP = 8;

/** Whether the symbol is a low, wide box. */
export function isFlat(kind: NodeKind): boolean {
  return (
    kind === 'network' ||
    kind === 'switch' ||
    kind === 'hub' ||
    kind === 'virtual-switch' ||
    kind === 'bridge'
  );
}

/** The least a node needs; the layout may make it wider for its ports. */
export function nodeSize(node: DiagramNode): Size {
  const content = contentSize(node);
  const padding = PADDING[node.kind];
  return {
    width: even(Math.max(SMALLEST_NODE, content.width + 2 * padding.width)),
    height: even(content.height + 2 * padding.height),
  };
}

/** The engine centres things; halves of odd sizes would make slanted lines of its rounding. */
function even(size: number): number {
  return 2 * Math.ceil(size / 2);
}

/** Name and address of a port, one under the other; nothing for a hidden port. */
export function portLabelSize(port: DiagramPort): Size | undefined {
  if (port.name === '') {
    return undefined;
  }
  const address = Math.max(textWidth(port.address, PORT_FONT), textWidth(port.widestAddress, PORT_FONT));
  return {
    width: Math.max(textWidth(shownPortName(port), PORT_FONT), address),
    height: PORT_LINE * (address === 0 ? 1 : 2),
  };
}

/** The port's name as it is drawn. */
export function shownPortName(port: DiagramPort): string {
  return fitText(port.name, WIDEST_LABEL / 2, PORT_FONT);
}

/** The label of a cable. */
export function cableLabelSize(label: string): Size {
  return { width: textWidth(label, PORT_FONT) + 8, height: PORT_LINE + 2 };
}
