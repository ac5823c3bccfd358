/** Beside the picture: the tables of one device as they are at the moment that is shown, each row with the packet that made it. */
import { html, nothing, render, type TemplateResult } from 'lit';
import type { DeviceTable, TableRow } from '../../src/simulation/protocol';
import type { ResolvedTopology } from '../../src/topology/resolved';
import { ICONS } from '../controls/icons';
import { t } from '../strings';
import { displayNumber } from '../trace/columns';
import { COLUMN_NAMES, TABLE_NAMES } from './table-words';

/** Real ms between two questions while time runs: what changes faster nobody reads. */
const PAUSE = 250;

export interface TablesPaneOptions {
  /** Asks for the tables of a device; the answer comes to `receive`. */
  readonly ask: (request: number, device: string) => void;
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

  setOpen(open: boolean): void {
    this.#open = open;
    this.#draw();
    this.changed();
  }

  focus(): void {
    this.#place.querySelector<HTMLElement>('.tables-device')?.focus();
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
    if (this.#device !== undefined) {
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
    const filled = this.#tables.filter(({ rows }) => rows.length > 0);
    const empty = this.#tables.filter(({ rows }) => rows.length === 0);
    render(
      html`<div class="pane-head">
          <h2 class="pane-title">${t('Tables')}</h2>
          <select
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
          <span class="bar-rest"></span>
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
          >
          <vscode-button
            appearance="icon"
            aria-label=${t('Close the tables (Escape)')}
            title=${t('Close the tables (Escape)')}
            @click=${() => this.#options.close()}
            >${ICONS.close}</vscode-button
          >
        </div>
        <div
          class="tables-list"
          tabindex="0"
          role="region"
          aria-label=${t('Tables of {0}', this.#device ?? '')}
        >
          ${filled.map(table => this.#table(table))}
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
          }
        </div>`,
      this.#place,
    );
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
