/** Which packets the list shows: the filter and the capture point that are set, and the records that pass, as the simulation tells them. */
import type { AddressesNow, CapturePoint, SimulationEvent } from '../../src/simulation/protocol';
import type { CapturedInterface } from '../../src/simulation/panel-protocol';
import type { ResolvedTopology } from '../../src/topology/resolved';
import { compileFilter } from '../../src/trace/filter/filter';
import type { Host } from '../host';
import { t } from '../strings';
import { groupedInteger } from '../trace/time-format';
import { FilterBar } from './filter-bar';
import { combine, type Combination } from './filter-text';
import { KnownValues } from './known-values';
import { MatchList } from './match-list';
import { withRecent } from './suggestions';

export interface ListFilterOptions {
  /** Other records have rows now: those that pass, or all where nothing is filtered. */
  readonly changed: () => void;
  /** Back to the list. */
  readonly leave: () => void;
  readonly announce: (text: string) => void;
}

export class ListFilter {
  /** The records that pass. */
  readonly matches = new MatchList();
  readonly #host: Host;
  readonly #options: ListFilterOptions;
  readonly #bar: FilterBar;
  readonly #known = new KnownValues();
  #text: string;
  #point: CapturePoint;
  /** The number of what was asked last; what is told of older ones is ignored. */
  #asked = 0;

  constructor(container: HTMLElement, host: Host, options: ListFilterOptions) {
    this.#host = host;
    this.#options = options;
    const { filter, point } = host.state;
    this.#text = 'problem' in compileFilter(filter) ? '' : filter;
    this.#point = point;
    this.#bar = new FilterBar({
      text: this.#text,
      point,
      known: (field, domain) => this.#known.for(field, domain),
      recent: () => host.state.recentFilters,
      apply: text => this.#apply(text),
      listenAt: each => this.listenAt(each),
      leave: options.leave,
      announce: options.announce,
    });
    container.append(this.#bar.element);
  }

  /** The filter that is set; empty for none. */
  get text(): string {
    return this.#text;
  }

  /** Whether some records may have no row. */
  get isActive(): boolean {
    return this.#text !== '' || this.#point.kind !== 'everywhere';
  }

  setTopology(topology: ResolvedTopology): void {
    this.#known.setTopology(topology);
    this.#bar.point.setDevices(topology.devices);
  }

  /** Where the packets of a capture file were captured. */
  setInterfaces(interfaces: readonly CapturedInterface[]): void {
    this.#known.setInterfaces(interfaces);
    this.#bar.point.setInterfaces(interfaces);
  }

  setAddresses(addresses: AddressesNow): void {
    this.#known.setAddresses(addresses);
  }

  focus(): void {
    this.#bar.focus();
  }

  /** Another run begins, perhaps in another thread: what is set is asked for again. */
  reset(): void {
    if (this.isActive || this.#asked > 0) {
      this.#ask();
    }
    this.matches.clear();
  }

  /** Sets a filter that is known to be right. */
  set(text: string): void {
    this.#bar.show(text);
    this.#apply(text);
  }

  /** Adds to the filter that is set. */
  add(expression: string, how: Combination): void {
    this.set(combine(this.#text, expression, how));
  }

  listenAt(point: CapturePoint): void {
    this.#point = point;
    this.#bar.point.show(point);
    this.#host.keep({ point });
    this.#begin();
  }

  /** Takes what the simulation found; false when it is no answer to what was asked last. */
  take({ filter, data, looked }: Extract<SimulationEvent, { type: 'matches' }>): boolean {
    if (filter !== this.#asked || !this.isActive) {
      return false;
    }
    this.matches.add(data, looked);
    return true;
  }

  #apply(text: string): void {
    this.#text = text;
    const recentFilters = withRecent(this.#host.state.recentFilters, text);
    this.#host.keep({ filter: text, recentFilters });
    this.#begin();
  }

  #begin(): void {
    this.matches.clear();
    this.#ask();
    this.#options.changed();
    this.#options.announce(this.isActive ? t('The list is filtered.') : t('All packets are shown.'));
  }

  #ask(): void {
    this.#asked++;
    this.#host.simulate({ type: 'filter', filter: this.#asked, text: this.#text, point: this.#point });
  }
}

/** `12 of 345`, and whether there are records that were not looked at yet. */
export function shownOf(matches: MatchList, end: number): string {
  const count = t('{0} of {1}', groupedInteger(matches.size), groupedInteger(end));
  return matches.looked < end ? `${count} …` : count;
}
