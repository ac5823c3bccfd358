/**
 * Options of the layered algorithm. ELK does not hand options down, so every level gets all of them. One pass for each level
 * (SEPARATE_CHILDREN): with INCLUDE_CHILDREN elkjs 0.12 throws on some graphs with boundary ports, and network simplex takes minutes.
 */
import type { LayoutOptions } from './elk';

export type Direction = 'DOWN' | 'RIGHT';

/** Which way each kind of box is laid out. Symbols that stand free go down. */
export interface Directions {
  readonly root: Direction;
  readonly site: Direction;
  readonly access: Direction;
  readonly host: Direction;
}

/** `careful` leaves out what has been seen to make elkjs throw: model order, and network simplex for placing nodes. */
export type Care = 'best' | 'careful';

const SPACING: LayoutOptions = {
  'elk.layered.spacing.nodeNodeBetweenLayers': '18',
  'elk.layered.spacing.edgeNodeBetweenLayers': '12',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '10',
  'elk.spacing.edgeNode': '16',
  'elk.spacing.edgeEdge': '12',
  'elk.spacing.portPort': '16',
  'elk.spacing.portsSurrounding': '[top=9,left=12,bottom=9,right=12]',
  'elk.spacing.edgeLabel': '3',
  'elk.spacing.labelPortHorizontal': '3',
  'elk.spacing.labelPortVertical': '2',
  'elk.spacing.componentComponent': '40',
  // Rows of boxes stand one after the other: see rowOptions.
  'elk.partitioning.activate': 'true',
};

const QUALITY: Readonly<Record<Care, LayoutOptions>> = {
  best: {
    'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
    'elk.layered.considerModelOrder.components': 'MODEL_ORDER',
    'elk.layered.cycleBreaking.strategy': 'MODEL_ORDER',
    'elk.layered.unnecessaryBendpoints': 'true',
  },
  careful: { 'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF' },
};

/**
 * Balanced Brandes-Köpf puts a parent over the middle of its children, which suits the trees inside boxes; network simplex draws the
 * straightest long lines, and is affordable because levels are small.
 */
export type Placement = 'symmetric' | 'straight';

const PLACEMENT: Readonly<Record<Placement, LayoutOptions>> = {
  symmetric: {
    'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
    'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED',
  },
  straight: { 'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX' },
};

export interface Level {
  readonly direction: Direction;
  readonly placement: Placement;
  /** Pixels between neighbours in a row. */
  readonly gap: number;
  readonly care: Care;
  /** Whether children carry the positions of the last drawing. */
  readonly remember: boolean;
}

/** Options of a level. */
export function levelOptions({ direction, placement, gap, care, remember }: Level): LayoutOptions {
  return {
    'elk.algorithm': 'layered',
    'elk.hierarchyHandling': 'SEPARATE_CHILDREN',
    'elk.edgeRouting': 'ORTHOGONAL',
    'elk.direction': direction,
    'elk.spacing.nodeNode': String(gap),
    'elk.aspectRatio': '1.6',
    ...SPACING,
    ...PLACEMENT[placement],
    ...QUALITY[care],
    ...(remember ? { 'elk.layered.crossingMinimization.semiInteractive': 'true' } : {}),
  };
}

/**
 * Options of a symbol without children: it grows with its ports and their labels.
 * @param bus whether ports are spread over its whole length
 */
export function symbolOptions(width: number, height: number, bus: boolean): LayoutOptions {
  return {
    'elk.portConstraints': 'FREE',
    'elk.nodeSize.constraints': '[PORTS, PORT_LABELS, MINIMUM_SIZE]',
    'elk.nodeSize.minimum': `(${width},${height})`,
    'elk.portLabels.placement': '[OUTSIDE, NEXT_TO_PORT_IF_POSSIBLE]',
    'elk.portAlignment.default': bus ? 'DISTRIBUTED' : 'CENTER',
  };
}

/** Options of a box with children, besides those of the level inside it. */
export function boxOptions(padding: Padding, minimumWidth: number): LayoutOptions {
  const { top, left, bottom, right } = padding;
  return {
    'elk.padding': `[top=${top},left=${left},bottom=${bottom},right=${right}]`,
    'elk.portConstraints': 'FIXED_SIDE',
    'elk.nodeSize.constraints': '[PORTS, PORT_LABELS, MINIMUM_SIZE]',
    'elk.nodeSize.minimum': `(${minimumWidth},0)`,
    'elk.contentAlignment': '[H_CENTER, V_TOP]',
    'elk.portLabels.placement': '[OUTSIDE, NEXT_TO_PORT_IF_POSSIBLE]',
    'elk.portAlignment.default': 'CENTER',
  };
}

/**
 * Options of a row of boxes, besides those of any box: no layer of an earlier row lies after one of a later row. All hang on the same
 * device, so left to itself the engine would put the rows side by side again, as one long row.
 * @param row counted from 0; undefined for what is no row
 */
export function rowOptions(row: number | undefined): LayoutOptions {
  return row === undefined ? {} : { 'elk.partitioning.partition': String(row + 1) };
}

export interface Padding {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}
