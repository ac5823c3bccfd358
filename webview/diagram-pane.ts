/** The upper half of the panel: the diagram, fed with what the editor and the simulation tell. */
import type { EditMade, PanelEdit, Pins } from '../src/simulation/panel-protocol';
import { FASTEST, type AddressesNow, type SimulationState } from '../src/simulation/protocol';
import type { RecordSummary } from '../src/simulation/record-batch';
import type { ResolvedTopology, TopologyPath } from '../src/topology/resolved';
import { DiagramBar } from './controls/diagram-bar';
import { DiagramView } from './diagram/diagram-view';
import { createWorkerEngine } from './diagram/elk-in-worker';
import { translateStrings } from './diagram/strings';
import type { View } from './diagram/views/view';
import { describeDrop } from './drop-words';
import { DiagramEditing } from './edit/diagram-editing';
import type { PictureSource } from './picture/standalone-svg';
import { translate } from './strings';
import type { RecordsKept } from './timeline/timeline';

/**
 * Records shown moving in one window of wall time, and that window in ms: some hundreds of packets in the air at once are all an eye can
 * take in, and a simulation that runs as fast as possible makes a hundred times as many.
 */
const MOST_IN_WINDOW = 200;
const WINDOW = 100;

/** Records looked at for those in flight after time went back: cables hold few, and a look costs nothing. */
const MOST_LOOKED_AT = 5000;

export interface DiagramPaneOptions {
  /** Address of the layout engine's script. */
  readonly layoutScript: string;
  /** The user picked a device that is written here in the file. */
  readonly reveal: (source: TopologyPath) => void;
  /** The user picked a device, or none. */
  readonly picked: (device: string | undefined) => void;
  /** The user put devices elsewhere. */
  readonly pinned: (pins: Pins) => void;
  /** How it looked in an earlier life of the page, and who is told of changes. */
  readonly look: DiagramLook;
  readonly keep: (change: Partial<DiagramLook>) => void;
  readonly announce: (text: string) => void;
  /** The user wants the tables beside it, or no longer. */
  readonly toggleTables: () => void;
  /** The user wants the picture as a file. */
  readonly save: () => void;
  /** The user changes the network. */
  readonly edit: (edit: PanelEdit) => void;
  readonly openTerminal: (device: string) => void;
  /** Pull a cable out in the simulation, or plug it in again. */
  readonly pullNow: (cable: string, up: boolean) => void;
}

export interface DiagramLook {
  readonly view: View;
  readonly minimap: boolean;
  readonly follow: boolean;
  /** Whether the palette is open. */
  readonly palette: boolean;
}

interface Clock {
  readonly state: SimulationState;
  /** Virtual time in ns. */
  readonly now: number;
  readonly speed: number;
}

export class DiagramPane {
  readonly #editing: DiagramEditing;
  readonly #view: DiagramView;
  readonly #bar: DiagramBar;
  /** Virtual time in ns at which this page first heard of the simulation: what left before is history and does not move any more. */
  #begin: number | undefined;
  /** Records to look for packets in flight in, when the clock is known again. */
  #rewound: RecordsKept | undefined;
  #windowEnd = 0;
  #inWindow = 0;

  constructor(place: HTMLElement, options: DiagramPaneOptions) {
    this.#view = new DiagramView(place, {
      engine: createWorkerEngine(options.layoutScript),
      strings: translateStrings(translate),
      describeDrop,
      view: options.look.view,
      onPins: pins => options.pinned(Object.fromEntries(pins)),
      onSelect: (node, source) => {
        options.picked(node);
        if (source !== undefined && source.length > 0) {
          options.reveal(source);
        }
      },
    });
    this.#view.setMinimap(options.look.minimap);
    this.#bar = new DiagramBar(place, {
      ...options.look,
      setView: view => {
        this.#view.setView(view);
        options.keep({ view });
      },
      setMinimap: minimap => {
        this.#view.setMinimap(minimap);
        options.keep({ minimap });
      },
      setFollow: follow => options.keep({ follow }),
      tidy: () => this.#view.tidy(),
      save: options.save,
      toggleTables: options.toggleTables,
      find: text => this.#view.find(text),
      goTo: device => this.#view.goTo(device),
      announce: options.announce,
      toggleEditing: () => this.#editing.setOpen(!this.#editing.isOpen),
    });
    const above = document.createElement('div');
    place.firstElementChild?.after(above);
    this.#editing = new DiagramEditing({
      view: this.#view,
      above,
      edit: options.edit,
      openTerminal: options.openTerminal,
      pullNow: options.pullNow,
      announce: options.announce,
      toggled: open => {
        this.#bar.setEditing(open);
        options.keep({ palette: open });
      },
    });
    if (options.look.palette) {
      this.#editing.setOpen(true);
    }
  }

  setTopology(topology: ResolvedTopology): void {
    this.#view.setTopology(topology);
    this.#editing.setTopology(topology);
  }

  /** What came of an edit on the picture. */
  edited(made: EditMade): void {
    this.#editing.made(made);
  }

  /** Opens or closes the palette. */
  toggleEditing(): void {
    this.#editing.toggle();
  }

  /** Where the user has put devices. */
  setPins(pins: Pins): void {
    this.#view.setPins(new Map(Object.entries(pins)));
  }

  setStale(stale: boolean): void {
    this.#view.setStale(stale);
  }

  /** What there is to see, to be saved. */
  picture(): Promise<PictureSource> {
    return this.#view.picture();
  }

  select(device: string | undefined): void {
    this.#view.select(device);
  }

  setAddresses(device: string, port: string, addresses: readonly string[]): void {
    this.#view.addresses.set(device, port, addresses);
  }

  /** @param down ids of the cables that carry nothing now */
  setCablesDown(down: readonly string[]): void {
    this.#view.cables.set(down);
  }

  fit(): void {
    this.#view.fit();
  }

  /** @param number of the view, from 1 */
  chooseView(number: number): void {
    this.#bar.choose(number);
  }

  find(): void {
    this.#bar.focusSearch();
  }

  /** Whether the tables of a device stand beside the picture. */
  setTables(open: boolean): void {
    this.#bar.setTables(open);
  }

  /** To the button that opens them. */
  focusTables(): void {
    this.#bar.focusTables();
  }

  /** Another simulation begins. */
  reset(): void {
    this.#begin = undefined;
    this.#view.packets.clear();
    this.#view.addresses.clear();
    this.#view.cables.set(undefined);
  }

  /** Time went back: what was on its way then is on its way again. */
  rewind(addresses: readonly AddressesNow[], records: RecordsKept): void {
    this.#view.packets.clear();
    this.#view.addresses.clear();
    addresses.forEach(({ device, port, addresses: all }) => this.#view.addresses.set(device, port, all));
    this.#begin = undefined;
    this.#rewound = records;
  }

  setClock({ state, now, speed }: Clock): void {
    this.#begin ??= now;
    const rate = speed >= FASTEST ? Number.POSITIVE_INFINITY : speed;
    this.#view.packets.setClock(now, state === 'playing' ? rate : 0);
    if (this.#rewound !== undefined) {
      this.#showInFlight(this.#rewound, now);
      this.#rewound = undefined;
    }
  }

  addRecord(number: number, record: RecordSummary): void {
    if (this.#begin !== undefined && record.departure >= this.#begin && this.#isOneOfFew()) {
      this.#view.packets.addRecord(record, number);
    }
  }

  #showInFlight(records: RecordsKept, now: number): void {
    const first = Math.max(records.oldest, records.end - MOST_LOOKED_AT);
    for (let number = first; number < records.end; number++) {
      const record = records.get(number);
      if (record !== undefined && record.departure <= now && record.arrival > now) {
        this.#view.packets.addRecord(record, number);
      }
    }
  }

  #isOneOfFew(): boolean {
    const now = performance.now();
    if (now >= this.#windowEnd) {
      this.#windowEnd = now + WINDOW;
      this.#inWindow = 0;
    }
    this.#inWindow++;
    return this.#inWindow <= MOST_IN_WINDOW;
  }

  /** Shows the hops of the highlighted packet. */
  showJourney(hops: readonly RecordSummary[]): void {
    this.#view.packets.showJourney(hops);
  }

  /** Shows this record on its cable; undefined for none. */
  highlight(record: RecordSummary | undefined): void {
    this.#view.packets.highlight(record);
    if (record !== undefined && this.#bar.follow) {
      this.#view.revealPort(record.port);
    }
  }
}
