/** A laid-out diagram: where everything is. Plain data, independent of how it is put on a screen. */
import type { Arrangement } from './arrangement';
import type { Buses } from './bus';
import type { Box, Point } from './geometry';
import type { Directions } from './layout-options';
import type { CableKind, DiagramNode, DiagramPort } from './model';

export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** Where the point is from which pins are measured: away from the corner where the user put a device left of it or above. */
  readonly origin?: Point;
  /** Containers before what is inside them. */
  readonly nodes: readonly DrawnNode[];
  readonly ports: readonly DrawnPort[];
  readonly cables: readonly DrawnCable[];
}

export interface DrawnNode extends Box {
  readonly id: string;
  readonly node: DiagramNode;
  /** Whether other nodes are drawn inside. */
  readonly container: boolean;
  /** Where glyph and text stand. */
  readonly content: Box;
}

export interface DrawnPort {
  readonly id: string;
  readonly port: DiagramPort;
  /** Its centre. */
  readonly at: Point;
  /** Room for name and address; undefined for a hidden port. */
  readonly label: PortLabelBox | undefined;
}

export interface PortLabelBox extends Box {
  /** The side of the box on which the text lies. */
  readonly align: 'start' | 'middle' | 'end';
}

export interface DrawnCable {
  readonly id: string;
  readonly kind: CableKind;
  /** Port ids. */
  readonly ends: readonly [string, string];
  /** Corners from the first end to the second. */
  readonly points: readonly Point[];
  readonly label: CableLabelBox | undefined;
  readonly up: boolean;
}

export interface CableLabelBox extends Box {
  readonly text: string;
}

/** What the next layout needs to know to move little. Plain data. */
export interface LayoutMemory {
  readonly positions: ReadonlyMap<string, Point>;
  readonly directions: Directions;
  readonly arrangement: Arrangement;
  readonly roots: readonly string[];
  /** Of every node: an edit turns no cable around. */
  readonly tiers: ReadonlyMap<string, number>;
  readonly drawing: Drawing;
  /** Cables that were drawn into a finished picture. */
  readonly free: ReadonlySet<string>;
  /** The nodes there were when the layout was last made without a memory. */
  readonly firstNodes: ReadonlySet<string>;
  /** Peer cables that found no way side to side. */
  readonly layered: ReadonlySet<string>;
  readonly buses: Buses;
  /** Hosts whose contents keep clear of the name at the top left. */
  readonly clearOfName: ReadonlySet<string>;
}
