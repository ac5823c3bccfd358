/**
 * A drawing as SVG elements: containers at the back, then cables, symbols, ports and labels. Looks come from classes alone (a webview's
 * policy forbids style attributes); diagram.css gives them the theme's colours, svg-text.ts a palette of its own.
 */
import { cableElements } from './cable-look';
import type { Drawing, DrawnCable, DrawnNode, DrawnPort } from './drawing';
import { boundsOf, segmentBox, type Box } from './geometry';
import { PORT_LINE, PORT_SIZE, shownPortName } from './node-size';
import { svg, type SvgElement } from './svg-tree';
import { containerElement, symbolElement, type NodeState } from './symbol';

/** What changes while the drawing stays as it is. */
export interface SceneState extends NodeState {
  /** Addresses by port id that replace what the file says. */
  readonly addresses: ReadonlyMap<string, string>;
  /** Whether a cable carries anything now; what the file says where this is absent. */
  readonly isUp?: (cable: DrawnCable) => boolean;
  /** By cable id, the indexes of the broadcast domains on it, in the view that tells them apart. */
  readonly domains?: ReadonlyMap<string, readonly number[]>;
  /** Whether what is in this box can be seen; absent where all is drawn. */
  readonly isSeen?: (box: Box) => boolean;
  /** From so far that not even sockets can be told apart. */
  readonly far?: boolean;
}

export const PLAIN_STATE: SceneState = { addresses: new Map(), selected: undefined };

/** A port's label is within so many pixels of it. */
const LABEL_REACH = 260;

/** The layers, back to front. */
export function sceneElements(drawing: Drawing, state: SceneState): readonly SvgElement[] {
  const devices = new Map(drawing.ports.map(({ id, port }) => [id, port.device]));
  const contained = new Set(
    drawing.nodes.filter(({ node }) => node.inside !== undefined).map(({ id }) => id),
  );
  const isContained = (port: string): boolean => contained.has(devices.get(port) ?? '');
  const isTouched = ({ ends }: DrawnCable): boolean => ends.some(end => devices.get(end) === state.selected);
  const isSeen = state.isSeen ?? ((): boolean => true);
  // What the keyboard is on stays, wherever the view goes.
  const isKept = ({ id }: DrawnNode): boolean => id === state.selected || id === state.focusable;
  const nodes = drawing.nodes.filter(node => isKept(node) || isSeen(node));
  const containers = nodes.filter(node => node.container);
  const symbols = nodes.filter(node => !node.container);
  const ports =
    state.far === true ? [] : drawing.ports.filter(({ at }) => isSeen(segmentBox(at, at, LABEL_REACH)));
  const cables = drawing.cables.filter(({ points }) => isSeen(boundsOf(points)));
  return [
    layer(
      'containers',
      containers.map(node => containerElement(node, state)),
    ),
    layer(
      'cables',
      cables.flatMap(cable => {
        const now = { ...cable, up: state.isUp?.(cable) ?? cable.up };
        return cableElements(now, isTouched(cable), state.domains?.get(cable.id));
      }),
      true,
    ),
    layer(
      'symbols',
      symbols.map(node => symbolElement(node, state, drawing.ports)),
    ),
    layer('ports', ports.map(portElement), true),
    layer(
      'labels',
      [
        ...(state.namesOnly === true ? [] : ports).flatMap(port =>
          portLabelElements(port, state, isContained(port.id)),
        ),
        ...(state.far === true || state.namesOnly === true ? [] : cables).flatMap(cable =>
          cableLabelElements(cable, cable.ends.every(isContained)),
        ),
      ],
      true,
    ),
  ];
}

function layer(name: string, children: readonly SvgElement[], silent = false): SvgElement {
  const aria = silent ? { 'aria-hidden': 'true' } : { role: 'presentation' };
  return svg('g', name, { class: `vnet-${name}`, ...aria }, children);
}

/** A class for what lies on a container's ground. */
function onGround(name: string, contained: boolean): string {
  return contained ? `${name} vnet-inside` : name;
}

function portElement({ id, port, at }: DrawnPort): SvgElement {
  if (port.name === '') {
    return svg('circle', id, { class: 'vnet-socket', cx: at.x, cy: at.y, r: 2.5 });
  }
  const half = PORT_SIZE / 2;
  const place = { x: at.x - half, y: at.y - half, width: PORT_SIZE, height: PORT_SIZE };
  return svg('rect', id, { class: 'vnet-port', ...place, rx: 1.5 });
}

function portLabelElements(
  { id, port, label }: DrawnPort,
  state: SceneState,
  contained: boolean,
): SvgElement[] {
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
  const live = port.hidesAddress === true ? undefined : state.addresses.get(id);
  const address = live ?? port.address;
  const lines = [
    svg(
      'text',
      `name of ${id}`,
      { class: onGround('vnet-port-name', contained), ...place, y: line(0) },
      shownPortName(port),
    ),
  ];
  if (address !== '') {
    const pending = live === undefined && port.widestAddress !== port.address;
    const classes = pending ? 'vnet-address vnet-pending' : 'vnet-address';
    lines.push(
      svg('text', `address of ${id}`, { class: onGround(classes, contained), ...place, y: line(1) }, address),
    );
  }
  return lines;
}

function cableLabelElements({ id, label }: DrawnCable, contained: boolean): SvgElement[] {
  if (label === undefined) {
    return [];
  }
  const { x, y, width, height, text } = label;
  return [
    svg('rect', `back of ${id}`, {
      class: onGround('vnet-cable-label-back', contained),
      x,
      y,
      width,
      height,
      rx: 4,
    }),
    svg(
      'text',
      `label of ${id}`,
      {
        class: 'vnet-cable-label',
        'data-label-of': id,
        x: x + width / 2,
        y: y + height / 2 + 3.8,
        'text-anchor': 'middle',
      },
      text,
    ),
  ];
}
