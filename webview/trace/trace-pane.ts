/** The lower half of the panel: the packet list, and beneath it the packet that is selected. */
import type {
  AddressesNow,
  Conversation,
  FollowedStream,
  Journey,
  PacketComment,
  PacketDetails,
  PacketRow,
  SimulationEvent,
  SimulationState,
} from '../../src/simulation/protocol';
import type { RecordSummary } from '../../src/simulation/record-batch';
import type { ResolvedTopology } from '../../src/topology/resolved';
import type { ColourRule } from '../../src/trace/colouring/colour-rule';
import { describeDrop } from '../drop-words';
import { showMenu } from '../controls/context-menu';
import type { MenuPlace } from '../controls/menu-item';
import { ListFilter } from '../filter/list-filter';
import type { CapturedInterface } from '../../src/simulation/panel-protocol';
import type { Host } from '../host';
import { t } from '../strings';
import { displayNumber, type Column } from './columns';
import { editComment } from './comment-editor';
import { Comments } from './comments';
import { Inspector } from './inspector';
import { allRows, type ListRows } from './list-rows';
import { makeListHead, type ListHead } from './list-head';
import { ListLook } from './list-look';
import { PacketList } from './packet-list';
import { PortNames } from './port-names';
import { RecordStore, type RecordBatch } from './record-store';
import { RowCache } from './row-cache';
import { filterOf, StreamFollower } from './stream-follower';
import { colourMenu, RowColours } from './row-colours';
import { rowMenu, type CommentActions } from './row-menu';
import { captureColumns, type TraceKind } from './trace-kind';
import type { TracePlaces } from './trace-places';

/** What is selected here is shown in the picture too. */
export interface TraceShownElsewhere {
  readonly packet: (record: RecordSummary | undefined) => void;
  /** The hops of the selected packet. */
  readonly journey: (hops: readonly RecordSummary[]) => void;
  /** Shows or hides the statistics, where only the head of the list offers that. */
  readonly toggleStatistics?: () => void;
}

/** Kinds of packets that may have a TCP or UDP header. */
const CARRY_STREAMS: ReadonlySet<RecordSummary['protocol']> = new Set(['udp', 'tcp', 'dhcp', 'dns', 'ipv6']);

export class TracePane {
  readonly #kind: TraceKind;
  readonly #shell: TracePlaces;
  readonly #host: Host;
  readonly #shown: TraceShownElsewhere;
  readonly #store = new RecordStore(code => !describeDrop(code).quiet);
  readonly #rows = new RowCache();
  readonly #list: PacketList;
  readonly #head: ListHead;
  readonly #inspector: Inspector;
  readonly #filter: ListFilter;
  readonly #streams: StreamFollower;
  readonly #look: ListLook;
  readonly #comments: Comments;
  readonly #colours: RowColours;
  /** The record asked for, with the number of the question; answers to older questions are ignored. */
  #asked: { readonly request: number; readonly number: number } | undefined;
  #nextRequest = 1;
  #inspecting = false;
  /** The number of the question for a conversation that is open. */
  #conversationAsked = 0;
  /** What to do with its filter. */
  #conversationThen: (filter: string) => void = () => undefined;
  /** Where a step began: the record it makes is selected when it comes. */
  #stepFrom: number | undefined;
  #state: SimulationState | undefined;
  #ports = new PortNames();

  constructor(shell: TracePlaces, host: Host, shown: TraceShownElsewhere, kind: TraceKind = 'simulation') {
    this.#kind = kind;
    this.#shown = shown;
    this.#shell = shell;
    this.#host = host;
    this.#head = makeListHead(kind, shell.listHead, shell.listEmpty, {
      follow: follows => this.#list.follow(follows),
      ...(shown.toggleStatistics === undefined ? {} : { statistics: shown.toggleStatistics }),
      menu: at => this.#headMenu(this.#list.columns, at),
    });
    this.#filter = new ListFilter(shell.filter, host, {
      changed: () => this.#filtered(),
      leave: () => this.#list.focus(),
      announce: shell.announce,
    });
    this.#look = new ListLook(host.state.listLook, listLook => {
      host.keep({ listLook });
      this.#list.lookChanged();
    });
    this.#colours = new RowColours({
      kept: host.state.colours,
      keep: colours => host.keep({ colours }),
      use: rules => {
        host.simulate({ type: 'colour-rules', rules });
        this.#rows.refreshAll();
        this.#changed(this.#asked === undefined ? [] : [this.#asked.number]);
      },
      edit: () => host.post({ type: 'command', command: 'vnet.editColourRules' }),
    });
    this.#comments = new Comments({
      kept: host.state.comments,
      ask: request => host.simulate(request),
      keep: comments => host.keep({ comments }),
      textOf: record => this.#commentOf(record),
      edit: editComment,
      changed: records => this.#commented(records),
      announce: shell.announce,
    });
    this.#list = new PacketList(shell.list, {
      look: this.#look,
      headMenu: (columns, at) => this.#headMenu(columns, at),
      store: this.#store,
      rows: this.#rows,
      follows: kind === 'simulation',
      shown: this.#shownRows(),
      widths: host.state.columns,
      ask: question =>
        host.simulate('first' in question ? { type: 'rows', ...question } : { type: 'rows-of', ...question }),
      menu: (number, at) => this.#rowMenu(number, at),
      selected: number => this.#inspect(number),
      followed: () => this.#drawHead(),
      resized: columns => host.keep({ columns }),
      announce: shell.announce,
    });
    this.#inspector = new Inspector(shell.inspector, kind, {
      showPacket: number => this.#show(number),
      goTo: number => host.simulate({ type: 'seek-record', record: number }),
      nextHop: number => this.#nextHop(number),
      comment: number => this.#comments.edit(number),
      filter: (expression, how) => this.#filter.add(expression, how),
      follow: number => this.#streams.follow(number),
      close: () => this.closeInspector(),
    });
    this.#streams = new StreamFollower({
      ask: request => host.simulate(request),
      expect: number => {
        this.#setInspecting(true);
        this.#inspector.expectStream(number);
      },
      show: stream => this.#inspector.showStream(stream),
      found: stream => this.#filter.set(filterOf(stream)),
      forget: () => this.#inspector.forgetStream(),
    });
    shell.trace.addEventListener('keydown', event => this.#key(event));
    this.#drawHead();
  }

  setTopology(topology: ResolvedTopology): void {
    this.#ports = new PortNames(topology);
    this.#list.setPorts(this.#ports);
    this.#filter.setTopology(topology);
  }

  /** What the file says of all its packets: where they were captured, and when the first one was, in ns since midnight. */
  setCapture(interfaces: readonly CapturedInterface[], begun: number): void {
    this.#ports = PortNames.ofInterfaces(interfaces);
    this.#list.setPorts(this.#ports);
    this.#filter.setInterfaces(interfaces);
    this.#look.setTrace(captureColumns(interfaces.length), begun);
  }

  setAddresses(addresses: AddressesNow): void {
    this.#filter.setAddresses(addresses);
  }

  reset(): void {
    this.#look.truncate(0);
    this.#comments.begin();
    this.#colours.begin();
    this.#store.clear();
    this.#rows.clear();
    this.#asked = undefined;
    this.#stepFrom = undefined;
    this.#setInspecting(false);
    this.#streams.forget();
    this.#filter.reset();
    this.#list.reset();
    this.#drawHead();
  }

  /** Time went back: only so many records have been made. */
  rewind(records: number): void {
    this.#store.truncate(records);
    this.#rows.truncate(records);
    this.#look.truncate(records);
    this.#filter.matches.truncate(records);
    this.#stepFrom = undefined;
    if (this.#asked !== undefined && this.#asked.number >= records) {
      this.#asked = undefined;
      this.#setInspecting(false);
    }
    this.#streams.rewind(records);
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
    this.#streams.grown(this.#filter.text, this.#filter.matches.size + this.#filter.matches.forgotten);
    this.#filter.matches.forgetBefore(clock.oldest);
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

  /** Takes what passes the filter. */
  addMatches(event: Extract<SimulationEvent, { type: 'matches' }>): void {
    if (this.#filter.take(event)) {
      this.#list.changed();
      this.#drawHead();
    }
  }

  /** Takes what a packet is part of, which was asked for. */
  setConversation(request: number, conversation: Conversation | undefined): void {
    if (request === this.#conversationAsked && conversation !== undefined) {
      this.#conversationThen(conversation.filter);
    }
  }

  /** Shows a stream that was asked for. */
  showStream(request: number, stream: FollowedStream | undefined): void {
    this.#streams.receive(request, stream);
  }

  /** The user's own rules for the colours of rows. */
  setColourRules(rules: readonly ColourRule[]): void {
    this.#colours.setWritten(rules);
  }

  /** Takes all that the user wrote about packets. */
  setComments(comments: readonly PacketComment[]): void {
    this.#comments.take(comments);
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

  /** Shows only the packets that pass this filter, which is known to be right. */
  filterBy(text: string): void {
    this.#filter.set(text);
  }

  /** Selects a record and shows it, as a link to it does. */
  show(number: number): void {
    if (this.#store.get(number) !== undefined) {
      this.#show(number);
    }
  }

  /** The next record comes by a step: who reads details reads on with it. */
  expectStep(): void {
    this.#stepFrom = this.#inspecting ? this.#store.end : undefined;
  }

  focus(): void {
    this.#list.focus();
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
    if (this.#kind === 'simulation') {
      this.#host.simulate({ type: 'journey', request: this.#asked.request, record: number });
    }
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
    const matches = this.#filter.isActive ? this.#filter.matches : undefined;
    this.#head.draw(this.#store, matches, this.#list.follows, this.#state);
  }

  #shownRows(): ListRows {
    return this.#filter.isActive ? this.#filter.matches : allRows(this.#store);
  }

  /** The filter is another one. */
  #filtered(): void {
    this.#list.setRows(this.#shownRows());
    this.#drawHead();
  }

  #rowMenu(number: number, at: MenuPlace): void {
    const record = this.#store.get(number);
    if (record === undefined) {
      return;
    }
    const ends = [this.#ports.name(record.port), record.drop === 0 ? this.#ports.peer(record.port) : ''];
    const next = this.#look.markAfter(number);
    const items = rowMenu(ends, CARRY_STREAMS.has(record.protocol), this.#look.isMarked(number), {
      toggleMark: () => this.#look.toggleMark(number),
      nextMark: next === undefined || next === number ? undefined : () => this.#show(next),
      filterConversation: () => this.#askConversation(number, filter => this.#filter.set(filter)),
      colourConversation: () => {
        const menu = colourMenu(colour => {
          this.#askConversation(number, filter => this.#colours.colour(filter, colour));
        });
        showMenu(t('Colour this conversation…'), menu, at);
      },
      moreColours: this.#colours.removal(),
      followStream: () => this.#streams.follow(number),
      comment: this.#kind === 'simulation' ? this.#commentActions(number) : undefined,
      listenAt: point => this.#filter.listenAt(point),
    });
    showMenu(t('Packet {0}', displayNumber(number)), items, at);
  }

  #askConversation(record: number, then: (filter: string) => void): void {
    this.#conversationAsked = this.#nextRequest++;
    this.#conversationThen = then;
    this.#host.simulate({ type: 'conversation', request: this.#conversationAsked, record });
  }

  #headMenu(columns: readonly Column[], at: MenuPlace): void {
    showMenu(t('Columns, times and colours'), [...this.#look.menu(columns), ...this.#colours.menu()], at);
  }

  #commentActions(number: number): CommentActions {
    const next = this.#comments.after(number, record => this.#store.get(record) !== undefined);
    return {
      edit: () => this.#comments.edit(number),
      remove: this.#commentOf(number) ? () => this.#comments.remove(number) : undefined,
      next: next === undefined || next === number ? undefined : () => this.#show(next),
    };
  }

  /** Empty for none; undefined where the row is not known. */
  #commentOf(number: number): string | undefined {
    const row = this.#rows.get(number);
    return row && (row.comment ?? '');
  }

  /** The comments of these records are others now. */
  #commented(records: readonly number[]): void {
    this.#rows.refresh(records);
    this.#changed(records);
    if (this.#filter.text.includes('frame.comment')) {
      this.#filter.set(this.#filter.text);
    }
  }

  /** What is said of these records has changed. */
  #changed(records: readonly number[]): void {
    this.#list.changed();
    if (this.#asked !== undefined && records.includes(this.#asked.number)) {
      this.#host.simulate({ type: 'packet', ...this.#asked });
    }
  }

  /** Slash, and Ctrl+F as in any list, lead to the filter; elsewhere on the page a slash finds a device. */
  #key(event: KeyboardEvent): void {
    const isText = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    const finds = event.key.toLowerCase() === 'f' && (event.ctrlKey || event.metaKey) && !event.altKey;
    const { selection } = this.#list;
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !isText;
    if (event.key === 'm' && isPlain && selection !== undefined) {
      event.preventDefault();
      this.#look.toggleMark(selection);
    }
    if (event.key === 'c' && isPlain && selection !== undefined && this.#kind === 'simulation') {
      event.preventDefault();
      this.#comments.edit(selection);
    }
    const slash = event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !isText;
    if (finds || slash) {
      event.preventDefault();
      event.stopPropagation();
      this.#filter.focus();
    }
  }
}
