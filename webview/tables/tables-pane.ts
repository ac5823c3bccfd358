/**
 * Beside the picture: the tables of one device as they are at the moment that is shown, each row with the packet that made it; or what the
 * whole trace amounts to.
 */
import { html, nothing, render, type TemplateResult } from 'lit';
import type { DeviceTable, Statistics, TableRow } from '../../src/simulation/protocol';
import type { ResolvedTopology } from '../../src/topology/resolved';
import { ICONS } from '../controls/icons';
import { statisticsView } from '../statistics/statistics-view';
import { t } from '../strings';
import { displayNumber } from '../trace/columns';
import { COLUMN_NAMES, TABLE_NAMES } from './table-words';

/** Real ms between two questions while time runs: what changes faster nobody reads. */
const PAUSE = 250;

/** What the pane shows. */
export type SideTab = 'tables' | 'statistics';

export interface TablesPaneOptions {
  /** Asks for the tables of a device; the answer comes to `receive`. */
  readonly ask: (request: number, device: string) => void;
  /** Asks for the statistics; the answer comes to `receiveStatistics`. */
  readonly askStatistics: (request: number) => void;
  /** Shows only these packets in the list. */
  readonly filter: (text: string) => void;
  /** The tab was changed. */
  readonly turned: (tab: SideTab) => void;
  readonly showRecord: (record: number) => void;
  readonly openTerminal: (device: string) => void;
  readonly close: () => void;
}

export class TablesPane {
  readonly #place: HTMLElement;
  readonly #options: TablesPaneOptions;
  #devices: readonly { readonly id: string; readonly label: string }[] = [];
  #device: string | undefined;
  #tables: readonly DeviceTable[] = [];
  #statistics: Statistics | undefined;
  #tab: SideTab = 'tables';
  #open = false;
  #request = 0;
  /** A question is on its way. */
  #asking = false;
  /** Something happened since the last question. */
  #stale = true;
  #nextQuestion = 0;
  #timer: number | undefined;

  constructor(place: HTMLElement, options: TablesPaneOptions) {
    this.#place = place;
    this.#options = options;
    place.addEventListener('keydown', event => {
      if (event.key === 'Escape' && !event.defaultPrevented) {
        event.preventDefault();
        event.stopPropagation();
        options.close();
      }
    });
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** The device that is looked at. */
  get device(): string | undefined {
    return this.#device;
  }

  setOpen(open: boolean, tab: SideTab = this.#tab): void {
    this.#open = open;
    this.#tab = tab;
    this.#draw();
    this.changed();
  }

  focus(): void {
    this.#place.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus();
  }

  setTopology(topology: ResolvedTopology): void {
    this.#devices = topology.devices.map(({ id, label }) => ({ id, label }));
    if (!this.#devices.some(({ id }) => id === this.#device)) {
      this.#device = this.#devices[0]?.id;
    }
    this.#tables = [];
    this.#draw();
    this.changed();
  }

  /** The device to show; what is no device of the topology changes nothing. */
  setDevice(device: string | undefined): void {
    if (device !== undefined && device !== this.#device && this.#devices.some(({ id }) => id === device)) {
      this.#choose(device);
    }
  }

  /** Time went on or back: what is shown is asked for anew, soon. */
  changed(): void {
    this.#stale = true;
    this.#askSoon();
  }

  /** Another run begins: what was asked will not be answered. */
  reset(): void {
    this.#asking = false;
    this.#statistics = undefined;
    this.changed();
  }

  receiveStatistics(request: number, statistics: Statistics): void {
    if (request !== this.#request) {
      return;
    }
    this.#asking = false;
    this.#statistics = statistics;
    // Counting goes on: what was not counted yet is asked for again.
    this.#stale ||= statistics.looked < statistics.records;
    this.#draw();
    this.#askSoon();
  }

  receive(request: number, tables: readonly DeviceTable[]): void {
    if (request !== this.#request) {
      return;
    }
    this.#asking = false;
    this.#tables = tables;
    this.#draw();
    this.#askSoon();
  }

  #choose(device: string): void {
    this.#device = device;
    this.#tables = [];
    this.#asking = false;
    this.#nextQuestion = 0;
    this.#draw();
    this.changed();
  }

  #askSoon(): void {
    if (!this.#open || !this.#stale || this.#asking || this.#timer !== undefined) {
      return;
    }
    const wait = this.#nextQuestion - performance.now();
    if (wait > 0) {
      this.#timer = window.setTimeout(() => {
        this.#timer = undefined;
        this.#askSoon();
      }, wait);
      return;
    }
    if (this.#tab === 'statistics') {
      this.#stale = false;
      this.#asking = true;
      this.#nextQuestion = performance.now() + PAUSE;
      this.#options.askStatistics(++this.#request);
    } else if (this.#device !== undefined) {
      this.#stale = false;
      this.#asking = true;
      this.#nextQuestion = performance.now() + PAUSE;
      this.#options.ask(++this.#request, this.#device);
    }
  }

  #draw(): void {
    if (!this.#open) {
      render(nothing, this.#place);
      return;
    }
    render(
      html`<div class="pane-head">
          <div class="tabs" role="tablist" aria-label=${t('Beside the diagram')}>
            ${this.#tabButton('tables', t('Tables'))}${this.#tabButton('statistics', t('Statistics'))}
          </div>
          ${this.#tab === 'tables' ? this.#picker() : nothing}
          <span class="bar-rest"></span>
          <vscode-button
            appearance="icon"
            aria-label=${t('Close the tables (Escape)')}
            title=${t('Close the tables (Escape)')}
            @click=${() => this.#options.close()}
            >${ICONS.close}</vscode-button
          >
        </div>
        <div class="tables-list" id="side-pane" tabindex="0" role="tabpanel" aria-label=${this.#label}>
          ${this.#tab === 'tables' ? this.#tableList() : this.#statisticsList()}
        </div>`,
      this.#place,
    );
  }

  get #label(): string {
    return this.#tab === 'tables' ? t('Tables of {0}', this.#device ?? '') : t('Statistics');
  }

  #tabButton(tab: SideTab, label: string): TemplateResult {
    return html`<button
      type="button"
      role="tab"
      class="tab side-tab"
      aria-selected=${this.#tab === tab}
      aria-controls="side-pane"
      tabindex=${this.#tab === tab ? 0 : -1}
      @click=${() => this.#turn(tab)}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
          event.preventDefault();
          this.#turn(this.#tab === 'tables' ? 'statistics' : 'tables');
          this.focus();
        }
      }}
    >
      ${label}
    </button>`;
  }

  #turn(tab: SideTab): void {
    if (tab !== this.#tab) {
      this.#tab = tab;
      this.#asking = false;
      this.#nextQuestion = 0;
      this.#draw();
      this.changed();
      this.#options.turned(tab);
    }
  }

  #picker(): TemplateResult {
    return html`<select
        class="tables-device"
        aria-label=${t('Device')}
        @change=${(event: Event) => this.#picked(event)}
      >
        ${this.#devices.map(
          ({ id, label }) =>
            html`<option value=${id} .selected=${id === this.#device}>
              ${label === id ? id : `${label} (${id})`}
            </option>`,
        )}
      </select>
      <vscode-button
        appearance="icon"
        class="open-terminal"
        aria-label=${t('Terminal on the device (X)')}
        title=${t('Terminal on the device (X)')}
        @click=${() => {
          if (this.#device !== undefined) {
            this.#options.openTerminal(this.#device);
          }
        }}
        >${ICONS.terminal}</vscode-button
      >`;
  }

  #statisticsList(): TemplateResult {
    return this.#statistics === undefined
      ? html`<p class="tables-empty">${t('Counting…')}</p>`
      : statisticsView(this.#statistics, { filter: this.#options.filter });
  }

  #tableList(): TemplateResult {
    const filled = this.#tables.filter(({ rows }) => rows.length > 0);
    const empty = this.#tables.filter(({ rows }) => rows.length === 0);
    return html`${filled.map(table => this.#table(table))}
    ${
      empty.length > 0
        ? html`<p class="tables-empty">
            ${t('Empty: {0}', empty.map(({ kind }) => t(TABLE_NAMES[kind][0])).join(', '))}
          </p>`
        : nothing
    }
    ${
      this.#tables.length === 0
        ? html`<p class="tables-empty">${t('This device keeps no tables.')}</p>`
        : nothing
    }`;
  }

  #picked(event: Event): void {
    if (event.target instanceof HTMLSelectElement) {
      this.#choose(event.target.value);
    }
  }

  #table({ kind, columns, rows, more }: DeviceTable): TemplateResult {
    const [name, command] = TABLE_NAMES[kind];
    const linked = rows.some(({ record }) => record !== undefined);
    return html`<table class="device-table" data-table=${kind}>
      <caption>
        ${t(name)}${command === '' ? nothing : html` <code>${command}</code>`}
      </caption>
      <thead>
        <tr>
          ${linked ? html`<th scope="col">${t('Packet')}</th>` : nothing}
          ${columns.map(column => html`<th scope="col">${t(COLUMN_NAMES[column])}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(row => this.#row(row, linked))}
        ${
          more > 0
            ? html`<tr>
                <td colspan=${columns.length + 1}>${t('{0} more rows', more)}</td>
              </tr>`
            : nothing
        }
      </tbody>
    </table>`;
  }

  #row({ key, cells, record, changed }: TableRow, linked: boolean): TemplateResult {
    const mark =
      changed === true
        ? html`<span class="row-mark" role="img" aria-label=${t('changed just now')}>●</span>`
        : nothing;
    return html`<tr class=${changed === true ? 'row-changed' : ''} data-key=${key}>
      ${linked ? html`<td class="row-packet">${mark}${this.#link(record)}</td>` : nothing}
      ${cells.map(cell => html`<td>${cell}</td>`)}
    </tr>`;
  }

  #link(record: number | undefined): TemplateResult | typeof nothing {
    return record === undefined
      ? nothing
      : html`<button
          type="button"
          class="link"
          title=${t('Show the packet that made this')}
          @click=${() => this.#options.showRecord(record)}
        >
          ${displayNumber(record)}
        </button>`;
  }
}
