/** The lower half of the panel: the packet list, and beneath it the packet that is selected. */
import type { Journey, PacketDetails, PacketRow, SimulationState } from '../../src/simulation/protocol';
import type { RecordSummary } from '../../src/simulation/record-batch';
import type { ResolvedTopology } from '../../src/topology/resolved';
import { describeDrop } from '../drop-words';
import type { Host } from '../host';
import type { Shell } from '../shell';
import { Inspector } from './inspector';
import { makeListHead, type ListHead } from './list-head';
import { PacketList } from './packet-list';
import { PortNames } from './port-names';
import { RecordStore, type RecordBatch } from './record-store';
import { RowCache } from './row-cache';

/** What is selected here is shown in the picture too. */
export interface TraceShownElsewhere {
  readonly packet: (record: RecordSummary | undefined) => void;
  /** The hops of the selected packet. */
  readonly journey: (hops: readonly RecordSummary[]) => void;
}

export class TracePane {
  readonly #shell: Shell;
  readonly #host: Host;
  readonly #shown: TraceShownElsewhere;
  readonly #store = new RecordStore(code => !describeDrop(code).quiet);
  readonly #rows = new RowCache();
  readonly #list: PacketList;
  readonly #head: ListHead;
  readonly #inspector: Inspector;
  /** The record asked for, with the number of the question; answers to older questions are ignored. */
  #asked: { readonly request: number; readonly number: number } | undefined;
  #nextRequest = 1;
  #inspecting = false;
  /** Where a step began: the record it makes is selected when it comes. */
  #stepFrom: number | undefined;
  #state: SimulationState | undefined;

  constructor(shell: Shell, host: Host, shown: TraceShownElsewhere) {
    this.#shown = shown;
    this.#shell = shell;
    this.#host = host;
    this.#head = makeListHead(shell.listHead, shell.listEmpty, follows => this.#list.follow(follows));
    this.#list = new PacketList(shell.list, {
      store: this.#store,
      rows: this.#rows,
      widths: host.state.columns,
      ask: range => host.simulate({ type: 'rows', ...range }),
      selected: number => this.#inspect(number),
      followed: () => this.#drawHead(),
      resized: columns => host.keep({ columns }),
      announce: shell.announce,
    });
    this.#inspector = new Inspector(shell.inspector, {
      showPacket: number => this.#show(number),
      goTo: number => host.simulate({ type: 'seek-record', record: number }),
      nextHop: number => this.#nextHop(number),
      close: () => this.closeInspector(),
    });
    this.#drawHead();
  }

  setTopology(topology: ResolvedTopology): void {
    this.#list.setPorts(new PortNames(topology));
  }

  reset(): void {
    this.#store.clear();
    this.#rows.clear();
    this.#asked = undefined;
    this.#stepFrom = undefined;
    this.#setInspecting(false);
    this.#list.reset();
    this.#drawHead();
  }

  /** Time went back: only so many records have been made. */
  rewind(records: number): void {
    this.#store.truncate(records);
    this.#rows.truncate(records);
    this.#stepFrom = undefined;
    if (this.#asked !== undefined && this.#asked.number >= records) {
      this.#asked = undefined;
      this.#setInspecting(false);
    }
    this.#list.truncate(records);
    this.#drawHead();
  }

  /** The records that the page holds. */
  get records(): RecordStore {
    return this.#store;
  }

  setClock(clock: { readonly oldest: number; readonly state: SimulationState }): void {
    this.#state = clock.state;
    this.#store.forgetBefore(clock.oldest);
    this.#list.changed();
    this.#drawHead();
  }

  addRecords(batch: RecordBatch, seen: (number: number, record: RecordSummary) => void): void {
    this.#store.add(batch, seen);
    this.#list.changed();
    this.#drawHead();
    if (this.#stepFrom !== undefined && this.#store.end > this.#stepFrom) {
      this.#stepFrom = undefined;
      this.#show(this.#store.end - 1);
    }
  }

  addRows(request: number, rows: readonly PacketRow[]): void {
    if (this.#rows.receive(request, rows)) {
      this.#list.changed();
    }
  }

  showPacket(request: number, packet: PacketDetails | undefined): void {
    if (this.#asked?.request === request) {
      this.#inspector.show(this.#asked.number, packet);
    }
  }

  showJourney(request: number, journey: Journey | undefined): void {
    if (this.#asked?.request === request) {
      this.#inspector.showJourney(journey);
      this.#shown.journey((journey?.hops ?? []).flatMap(({ row }) => this.#store.get(row.number) ?? []));
    }
  }

  /** The next record comes by a step: who reads details reads on with it. */
  expectStep(): void {
    this.#stepFrom = this.#inspecting ? this.#store.end : undefined;
  }

  closeInspector(): void {
    if (this.#inspecting) {
      this.#setInspecting(false);
      this.#list.select(undefined);
      this.#list.focus();
    }
  }

  /** Shows what the packet being read leads to. */
  nextHop(): void {
    if (this.#inspecting && this.#asked !== undefined) {
      this.#nextHop(this.#asked.number);
    }
  }

  #nextHop(number: number): void {
    const next = this.#store.firstCausedBy(number);
    if (next === undefined) {
      this.expectStep();
      this.#host.simulate({ type: 'step-hop', record: number });
    } else {
      this.#show(next);
    }
  }

  /** Selects a record and shows it. */
  #show(number: number): void {
    this.#list.select(number);
    this.#inspect(number);
  }

  #inspect(number: number): void {
    this.#asked = { request: this.#nextRequest++, number };
    this.#setInspecting(true);
    this.#inspector.expect(number);
    this.#shown.packet(this.#store.get(number));
    this.#host.simulate({ type: 'packet', ...this.#asked });
    this.#host.simulate({ type: 'journey', request: this.#asked.request, record: number });
  }

  #setInspecting(inspecting: boolean): void {
    if (!inspecting) {
      this.#shown.packet(undefined);
    }
    if (inspecting !== this.#inspecting) {
      this.#inspecting = inspecting;
      this.#shell.showInspector(inspecting);
    }
  }

  #drawHead(): void {
    this.#head.draw(this.#store, this.#list.follows, this.#state);
  }
}
