/** The elements of the diagram's page, empty. */
import type { DiagramStrings } from './strings';

const SVG = 'http://www.w3.org/2000/svg';

export interface DiagramElements {
  /** All of it: the picture, and below it the legend. */
  readonly frame: HTMLElement;
  /** What the picture and its overlays are in. */
  readonly root: HTMLElement;
  readonly svg: SVGSVGElement;
  /** What moves and scales. */
  readonly viewport: SVGGElement;
  /** Says that there is nothing to draw. */
  readonly empty: HTMLElement;
}

export function diagramElements(strings: DiagramStrings): DiagramElements {
  const frame = document.createElement('div');
  frame.className = 'vnet-frame';
  const root = document.createElement('div');
  root.className = 'vnet-diagram';
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'vnet-scene');
  svg.setAttribute('role', 'listbox');
  svg.setAttribute('aria-label', strings.diagram);
  const viewport = document.createElementNS(SVG, 'g');
  viewport.setAttribute('class', 'vnet-viewport');
  viewport.setAttribute('role', 'presentation');
  svg.append(viewport);
  const empty = document.createElement('div');
  empty.className = 'vnet-empty';
  empty.textContent = strings.empty;
  empty.hidden = true;
  root.append(svg);
  frame.append(root);
  return { frame, root, svg, viewport, empty };
}

/** The node that an element of the picture belongs to. */
export function nodeAt(target: EventTarget | null): string | undefined {
  return attributeAt(target, 'data-device');
}

export function attributeAt(target: EventTarget | null, name: string): string | undefined {
  const element = target instanceof Element ? target.closest(`[${name}]`) : null;
  return element?.getAttribute(name) ?? undefined;
}
