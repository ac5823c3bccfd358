/**
 * The packet list: rows of one height in a scrolling grid, of which only those in view exist as elements. Made for a million rows
 * that grow while one looks.
 */
import { t, translate } from '../strings';
import { columnTemplate, displayNumber, type Column } from './columns';
import type { MenuPlace } from '../controls/menu-item';
import type { ListLook } from './list-look';
import { ColumnHeads } from './column-heads';
import {
  isAtEnd,
  isScaled,
  maximumTop,
  scrollError,
  scrollHeight,
  scrollOfTop,
  topOfScroll,
  topToReveal,
  visibleRows,
  type ListSize,
} from './list-geometry';
import { NumericWidths } from './numeric-widths';
import { PortNames } from './port-names';
import type { RecordStore } from './record-store';
import { stepOfKey } from './list-keys';
import { hasRow, type ListRows } from './list-rows';
import type { RowCache, RowNumbers, RowRange } from './row-cache';
import { RowView, rowId } from './row-view';

export interface PacketListOptions {
  readonly store: RecordStore;
  readonly rows: RowCache;
  /** Whether the newest record stays in view unless the user looks elsewhere. */
  readonly follows: boolean;
  /** Which records have rows at first. */
  readonly shown: ListRows;
  /** Widths in px of columns the user changed in an earlier life of the page. */
  readonly widths: Readonly<Record<string, number>>;
  readonly ask: (question: RowRange | RowNumbers) => void;
  /** The user asks what can be done with a record; the menu belongs at this place of the page, in px. */
  readonly menu: (number: number, at: { readonly x: number; readonly y: number }) => void;
  /** The user picked a record. */
  readonly selected: (number: number) => void;
  /** The list began or ceased to follow the newest record. */
  readonly followed: (follows: boolean) => void;
  readonly look: ListLook;
  /** The user wants the menu of the columns. */
  readonly headMenu: (columns: readonly Column[], place: MenuPlace) => void;
  readonly resized: (widths: Readonly<Record<string, number>>) => void;
  /** Speaks to a screen reader. */
  readonly announce: (text: string) => void;
}

/** Rows in view above one that the list was opened at. */
const ROWS_ABOVE = 2;

export class PacketList {
  readonly #options: PacketListOptions;
  readonly #grid = document.createElement('div');
  readonly #body = document.createElement('div');
  readonly #layer = document.createElement('div');
  readonly #heads: ColumnHeads;
  readonly #numbers = new NumericWidths();
  #views: RowView[] = [];
  #columns: readonly Column[] = [];
  #ports = new PortNames();
  #rowHeight = 20;
  #viewport = 0;
  /** Place in the content, px. */
  #top = 0;
  /** Where the scroll bar was set to by the list itself: a scroll event there is no act of the user. */
  #ownScroll = 0;
  /** Rows gone from the front when the list was drawn last. */
  #forgotten = 0;
  #shown: ListRows;
  #follows: boolean;
  #selection: number | undefined;
  /** The selection gets a row soon, perhaps, and should then be in view. */
  #awaitsSelection = false;
  /** A selected record whose text is not there yet: it is said when it comes. */
  #unsaid: number | undefined;
  #frame: number | undefined;

  constructor(container: HTMLElement, options: PacketListOptions) {
    this.#options = options;
    this.#shown = options.shown;
    this.#follows = options.follows;
    this.#heads = new ColumnHeads(options.widths, widths => {
      this.#setColumns(this.#columns, false);
      options.resized(widths);
    });
    this.#grid.className = 'packets';
    this.#grid.tabIndex = 0;
    this.#grid.setAttribute('role', 'grid');
    this.#grid.setAttribute('aria-label', t('Packets'));
    this.#grid.setAttribute('aria-readonly', 'true');
    this.#body.className = 'packets-body';
    this.#body.setAttribute('role', 'rowgroup');
    this.#layer.className = 'packets-rows';
    this.#layer.setAttribute('role', 'presentation');
    this.#body.append(this.#layer);
    this.#grid.append(this.#heads.element, this.#body);
    container.append(this.#grid);
    this.#grid.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    this.#grid.addEventListener('wheel', event => this.#wheel(event), { passive: false });
    this.#grid.addEventListener('keydown', event => this.#key(event));
    this.#body.addEventListener('mousedown', event => this.#clicked(event));
    this.#body.addEventListener('contextmenu', event => this.#menu(event));
    this.#heads.element.addEventListener('contextmenu', event => {
      event.preventDefault();
      options.headMenu(this.#columns, { x: event.clientX, y: event.clientY });
    });
    this.#body.addEventListener('mouseover', ({ target }) => {
      if (target instanceof HTMLElement && target.matches('.cell')) {
        // An empty title would hide that of the row.
        if (target.scrollWidth > target.clientWidth) {
          target.title = target.innerText;
        } else {
          target.removeAttribute('title');
        }
      }
    });
    new ResizeObserver(() => this.#measure()).observe(this.#grid);
  }

  /** Whether the newest record is kept in view. */
  get follows(): boolean {
    return this.#follows;
  }

  get selection(): number | undefined {
    return this.#selection;
  }

  follow(follows: boolean): void {
    if (follows !== this.#follows) {
      this.#follows = follows;
      this.#options.followed(follows);
    }
    this.changed();
  }

  /** Gives rows to other records; what is selected stays in view where it has a row. */
  setRows(shown: ListRows): void {
    this.#shown = shown;
    this.#forgotten = shown.forgotten;
    this.#views = [];
    this.#awaitsSelection = this.#selection !== undefined;
    this.#top = 0;
    this.follow(this.#options.follows);
  }

  setPorts(ports: PortNames): void {
    this.#ports = ports;
    this.#views = [];
    this.changed();
  }

  /** Marks a record and brings it into view; the list then stands still. */
  select(number: number | undefined): void {
    this.#selection = number;
    this.#awaitsSelection = false;
    if (number !== undefined) {
      const row = this.#selectedRow();
      if (row !== undefined) {
        this.follow(false);
        this.#top = topToReveal(this.#size(), this.#top, row);
        this.#setScroll();
      }
      this.#unsaid = number;
    }
    this.changed();
  }

  /** Forgets selection and place: another simulation begins. */
  reset(): void {
    this.#selection = undefined;
    this.#unsaid = undefined;
    this.#top = 0;
    this.#forgotten = 0;
    this.#numbers.clear();
    this.#setColumns(this.#columns, false);
    this.follow(this.#options.follows);
  }

  /** Records from this one on are gone; the list shows the newest of those that are left. */
  truncate(end: number): void {
    if (this.#selection !== undefined && this.#selection >= end) {
      this.#selection = undefined;
      this.#unsaid = undefined;
    }
    this.follow(true);
  }

  /** Records or their text changed: draws with the next frame. */
  changed(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#draw();
    });
  }

  focus(): void {
    this.#grid.focus();
  }

  #size(): ListSize {
    return { rows: this.#shown.size, rowHeight: this.#rowHeight, viewport: this.#viewport };
  }

  #measure(): void {
    const height = Number.parseFloat(getComputedStyle(this.#grid).getPropertyValue('--row-height'));
    this.#rowHeight = Number.isFinite(height) && height > 0 ? height : 20;
    const row = this.#selectedRow();
    const wasInView = row !== undefined && topToReveal(this.#size(), this.#top, row) === this.#top;
    this.#viewport = this.#measuredViewport();
    if (wasInView) {
      this.#top = topToReveal(this.#size(), this.#top, row);
    }
    this.lookChanged();
  }

  #measuredViewport(): number {
    return Math.max(0, this.#grid.clientHeight - this.#heads.element.offsetHeight);
  }

  /** Other columns, other times, other marks. */
  lookChanged(): void {
    const columns = this.#options.look.columnsFor(this.#grid.clientWidth);
    const names = (list: readonly Column[]): string => list.map(({ name }) => name).join();
    this.#setColumns(columns, names(columns) !== names(this.#columns));
    this.changed();
  }

  /** The columns that are shown. */
  get columns(): readonly Column[] {
    return this.#columns;
  }

  /** Undefined where nothing is selected, or what is has no row. */
  #selectedRow(): number | undefined {
    const number = this.#selection;
    return number !== undefined && hasRow(this.#shown, number) ? this.#shown.rowOf(number) : undefined;
  }

  #setColumns(columns: readonly Column[], changed: boolean): void {
    this.#columns = columns;
    const { template, width } = columnTemplate(columns, {
      ...this.#numbers.widths,
      ...this.#heads.widths,
    });
    this.#grid.style.setProperty('--columns', template);
    this.#grid.style.setProperty('--columns-width', `${width}px`);
    if (changed) {
      this.#grid.setAttribute('aria-colcount', String(columns.length));
      this.#heads.show(columns);
      this.#views = [];
    }
  }

  #draw(): void {
    const { store, rows, look } = this.#options;
    const size = this.#size();
    if (this.#columns.length === 0 || size.viewport === 0) {
      return;
    }
    this.#revealAwaited();
    // What the simulation forgot moves every row up; what one looks at stays where it is.
    this.#top = Math.max(0, this.#top - (this.#shown.forgotten - this.#forgotten) * size.rowHeight);
    this.#forgotten = this.#shown.forgotten;
    this.#body.style.setProperty('height', `${scrollHeight(size)}px`);
    this.#grid.setAttribute('aria-rowcount', String(size.rows + 1));
    this.#top = this.#follows ? maximumTop(size) : Math.min(this.#top, maximumTop(size));
    this.#setScroll();
    const { first, end } = visibleRows(size, this.#top);
    // Rows stand where the scroll bar is, not where they would be in the whole content: the same unless the bar is proportional.
    const shift = scrollOfTop(size, this.#top) - this.#top;
    this.#layer.style.setProperty('top', `${first * size.rowHeight + shift}px`);
    this.#resizePool(end - first);
    let wider = false;
    for (let index = first; index < end; index++) {
      const number = this.#shown.at(index);
      const record = store.get(number);
      const view = this.#views[index - first];
      if (record !== undefined && view !== undefined) {
        const selected = number === this.#selection;
        const before = index > 0 ? store.get(this.#shown.at(index - 1))?.departure : undefined;
        const time = look.timeText(record.departure, before);
        const marked = look.isMarked(number);
        wider = this.#numbers.fit(this.#columns, number, time) || wider;
        view.show({ number, record, row: rows.get(number), selected, time, marked }, index, this.#ports);
      }
    }
    if (wider) {
      this.#setColumns(this.#columns, false);
    }
    this.#markActive(first, end);
    this.#announce();
    this.#askFor(first, end);
  }

  /** What was selected before the list was filtered has a row now: it comes into view, some rows below the top. */
  #revealAwaited(): void {
    const row = this.#awaitsSelection ? this.#selectedRow() : undefined;
    if (row !== undefined) {
      this.#awaitsSelection = false;
      this.#follows = false;
      this.#options.followed(false);
      this.#top = topToReveal(this.#size(), Math.max(0, row - ROWS_ABOVE) * this.#rowHeight, row);
    }
  }

  /** Asks for the text of these rows where it is not known. */
  #askFor(first: number, end: number): void {
    const { rows, ask } = this.#options;
    if (first >= end) {
      return;
    }
    const [from, to] = [this.#shown.at(first), this.#shown.at(end - 1) + 1];
    const question =
      to - from === end - first
        ? rows.missing(from, to)
        : rows.missingOf(Array.from({ length: end - first }, (_, index) => this.#shown.at(first + index)));
    if (question !== undefined) {
      ask(question);
    }
  }

  #resizePool(count: number): void {
    if (this.#views.length === 0) {
      this.#layer.replaceChildren();
    }
    while (this.#views.length < count) {
      const view = new RowView(this.#columns);
      this.#views.push(view);
      this.#layer.append(view.element);
    }
    for (const surplus of this.#views.splice(count)) {
      surplus.element.remove();
    }
  }

  #markActive(first: number, end: number): void {
    const row = this.#selectedRow();
    if (this.#selection !== undefined && row !== undefined && row >= first && row < end) {
      this.#grid.setAttribute('aria-activedescendant', rowId(this.#selection));
    } else {
      this.#grid.removeAttribute('aria-activedescendant');
    }
  }

  #setScroll(): void {
    const scroll = scrollOfTop(this.#size(), this.#top);
    if (Math.abs(this.#grid.scrollTop - scroll) >= scrollError(scroll)) {
      this.#grid.scrollTop = scroll;
    }
    this.#ownScroll = this.#grid.scrollTop;
  }

  #scrolled(): void {
    if (this.#shown.size === 0 || Math.abs(this.#grid.scrollTop - this.#ownScroll) < 1) {
      return;
    }
    // In a pane that grows the browser moves a list at its end by itself, and tells that before the new size.
    if (this.#measuredViewport() !== this.#viewport) {
      this.#measure();
      return;
    }
    this.#ownScroll = this.#grid.scrollTop;
    this.#goTo(topOfScroll(this.#size(), this.#grid.scrollTop));
  }

  /** With a proportional bar one step of the wheel would jump over many rows, so the list takes the step itself. */
  #wheel(event: WheelEvent): void {
    const size = this.#size();
    if (!isScaled(size) || event.deltaY === 0 || event.ctrlKey || event.shiftKey) {
      return;
    }
    event.preventDefault();
    const unit = [1, size.rowHeight, size.viewport][event.deltaMode] ?? 1;
    this.#goTo(Math.max(0, Math.min(maximumTop(size), this.#top + event.deltaY * unit)));
  }

  /** Goes where the user wants: following ends above the last row and begins again at it. */
  #goTo(top: number): void {
    this.#top = top;
    this.#awaitsSelection = false;
    const follows = this.#options.follows && isAtEnd(this.#size(), top);
    if (follows !== this.#follows) {
      this.#follows = follows;
      this.#options.followed(follows);
    }
    this.changed();
  }

  #clicked(event: MouseEvent): void {
    const element = event.target instanceof Element ? event.target.closest('.packet') : null;
    const number = this.#views.find(view => view.element === element)?.number;
    if (event.button === 0 && number !== undefined) {
      this.#choose(number);
    }
  }

  /** Where a click or a key asks for the menu of a row. */
  #menu(event: MouseEvent): void {
    const element = event.target instanceof Element ? event.target.closest('.packet') : null;
    const number = this.#views.find(view => view.element === element)?.number;
    if (number !== undefined) {
      event.preventDefault();
      this.#choose(number);
      this.#options.menu(number, { x: event.clientX, y: event.clientY });
    }
  }

  #menuOfSelection(): void {
    const view = this.#views.find(({ number }) => number !== undefined && number === this.#selection);
    if (this.#selection !== undefined && view !== undefined) {
      const { left, bottom } = view.element.getBoundingClientRect();
      this.#options.menu(this.#selection, { x: Math.max(left, 0) + 24, y: bottom });
    }
  }

  #key(event: KeyboardEvent): void {
    const shown = this.#shown;
    if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      event.preventDefault();
      this.#menuOfSelection();
      return;
    }
    if (shown.size === 0 || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const page = Math.max(1, Math.floor(this.#viewport / this.#rowHeight) - 1);
    const step = stepOfKey(event.key, page);
    if (step === undefined) {
      return;
    }
    event.preventDefault();
    const inView = Math.ceil(this.#top / this.#rowHeight) - Math.sign(step);
    const row = Math.max(0, Math.min(shown.size - 1, this.#rowToStepFrom(step, inView) + step));
    this.#choose(shown.at(row));
  }

  /** The row of the selection; where that has none, such a row that one step leads to the nearest that has. */
  #rowToStepFrom(step: number, inView: number): number {
    if (this.#selection === undefined) {
      return inView;
    }
    const row = this.#shown.rowOf(this.#selection);
    return this.#selectedRow() === undefined && step > 0 ? row - 1 : row;
  }

  #choose(number: number): void {
    this.select(number);
    this.#options.selected(number);
  }

  #announce(): void {
    const number = this.#unsaid;
    const row = number === undefined ? undefined : this.#options.rows.get(number);
    if (number !== undefined && row !== undefined) {
      this.#unsaid = undefined;
      const drop = row.drop === undefined ? '' : `${t('Dropped: {0}', translate(row.drop))} `;
      const said = `${drop}${row.protocol} ${row.source} → ${row.destination} ${row.info}`;
      const written = row.comment === undefined ? '' : ` ${t('Comment: {0}', row.comment)}`;
      this.#options.announce(t('Packet {0} selected: {1}', displayNumber(number), said) + written);
    }
  }
}
