/** The three ways to look at a network: its cables, its broadcast domains, its subnets. */
import type { ResolvedTopology } from '../../../src/topology/resolved';
import { diagramModel, type DiagramModel } from '../model';
import type { DiagramStrings } from '../strings';
import { domainsView } from './domains-view';
import { subnetsModel } from './subnets-model';

/** In the order of layers: 1 physical, 2 data link, 3 network. */
export const VIEWS = ['cabling', 'domains', 'subnets'] as const;

export type View = (typeof VIEWS)[number];

/** What a view shows of a topology. */
export interface ViewContent {
  readonly model: DiagramModel;
  /** Present where cables are told apart by what travels on them. */
  readonly paint?: DomainPaint;
}

export interface DomainPaint {
  /** By cable id, the indexes of the domains on it. */
  readonly ofCable: ReadonlyMap<string, readonly number[]>;
  readonly legend: readonly LegendEntry[];
}

export interface LegendEntry {
  /** What stands at the cables: `A`, or `VLAN 10`. */
  readonly mark: string;
  readonly name: string;
  readonly subnets: readonly string[];
  /** How many interfaces have an address in it. */
  readonly stations: number;
}

export function viewContent(view: View, topology: ResolvedTopology, strings: DiagramStrings): ViewContent {
  switch (view) {
    case 'cabling':
      return { model: diagramModel(topology, strings) };
    case 'domains':
      return domainsView(topology, strings);
    case 'subnets':
      return { model: subnetsModel(topology, strings) };
  }
}

export function isView(value: unknown): value is View {
  return VIEWS.some(view => view === value);
}
