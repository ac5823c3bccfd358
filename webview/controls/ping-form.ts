/** A small form below the toolbar: ping as a user of one device would type it. */
import { html, nothing, render } from 'lit';
import type { ResolvedDevice, ResolvedTopology } from '../../src/topology/resolved';
import { t } from '../strings';
import type { ValueControl } from './toolkit';

/** Most echo requests of one ping; more is traffic, not a question. */
const MAXIMUM_COUNT = 100;

export interface Ping {
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

export interface PingFormOptions {
  readonly send: (ping: Ping) => void;
  /** The form opened or closed. */
  readonly toggled: (open: boolean) => void;
}

export class PingForm {
  readonly #place = document.createElement('div');
  readonly #options: PingFormOptions;
  #devices: readonly ResolvedDevice[] = [];
  #last: Ping = { from: '', to: '', count: 1 };
  #problems: { readonly to?: string; readonly count?: string } = {};
  #open = false;

  constructor(container: HTMLElement, options: PingFormOptions) {
    this.#options = options;
    this.#place.className = 'ping-place';
    container.after(this.#place);
    this.#place.addEventListener('keydown', event => {
      if (event.key === 'Escape' && !event.defaultPrevented) {
        event.preventDefault();
        event.stopPropagation();
        this.toggle(false);
      }
    });
  }

  /** The devices with a stack of their own can send; a VM comes first, since it is what people ask about. */
  setTopology(topology: ResolvedTopology): void {
    this.#devices = topology.devices.filter(
      ({ kind }) => kind === 'host' || kind === 'vm' || kind === 'router' || kind === 'container',
    );
    const known = this.#devices.some(({ id }) => id === this.#last.from);
    if (!known) {
      const first = this.#devices.find(({ kind }) => kind === 'vm') ?? this.#devices[0];
      this.#last = { ...this.#last, from: first?.id ?? '' };
    }
    this.#draw();
  }

  /** Opens or closes; with a device, that is the sender. */
  toggle(open = !this.#open, from?: string): void {
    this.#open = open;
    this.#problems = {};
    if (from !== undefined && this.#devices.some(({ id }) => id === from)) {
      this.#last = { ...this.#last, from };
    }
    this.#draw();
    this.#options.toggled(open);
    if (open) {
      requestAnimationFrame(() => this.#place.querySelector<HTMLElement>('.ping-to')?.focus());
    }
  }

  #draw(): void {
    const dialog = html`<div class="ping-dialog" role="dialog" aria-label=${t('Ping')} tabindex="-1">
      ${this.#devices.length === 0 ? this.#apology() : this.#form()}
    </div>`;
    render(this.#open ? dialog : nothing, this.#place);
  }

  #apology() {
    return html`<p class="ping-none">${t('This network has no device that could send a ping.')}</p>
      <div class="ping-actions">${this.#cancel()}</div>`;
  }

  #form() {
    const { from, to, count } = this.#last;
    return html`<form
      class="ping-form"
      @submit=${(event: Event) => this.#submit(event)}
      @keydown=${(event: KeyboardEvent) => this.#enter(event)}
    >
      <div class="ping-field">
        <label id="ping-from-label">${t('From')}</label>
        <vscode-dropdown class="ping-from" aria-labelledby="ping-from-label"
          >${this.#devices.map(
            ({ id, label }) =>
              html`<vscode-option value=${id} ?selected=${id === from}
                >${label === id ? id : `${label} (${id})`}</vscode-option
              >`,
          )}</vscode-dropdown
        >
      </div>
      <div class="ping-field">
        <vscode-text-field
          class="ping-to"
          placeholder=${t('Address, name or device')}
          value=${to}
          aria-invalid=${this.#problems.to !== undefined}
          >${t('To')}</vscode-text-field
        >
        ${problem(this.#problems.to)}
      </div>
      <div class="ping-field">
        <vscode-text-field
          class="ping-count"
          value=${String(count)}
          aria-invalid=${this.#problems.count !== undefined}
          >${t('Count')}</vscode-text-field
        >
        ${problem(this.#problems.count)}
      </div>
      <div class="ping-actions">
        <vscode-button class="ping-send" @click=${(event: Event) => this.#submit(event)}
          >${t('Send')}</vscode-button
        >
        ${this.#cancel()}
      </div>
    </form>`;
  }

  #cancel() {
    return html`<vscode-button appearance="secondary" @click=${() => this.toggle(false)}
      >${t('Cancel')}</vscode-button
    >`;
  }

  #enter(event: KeyboardEvent): void {
    const inField = event.target instanceof HTMLElement && event.target.matches('vscode-text-field');
    if (event.key === 'Enter' && inField) {
      this.#submit(event);
    }
  }

  #value(name: string): string {
    return this.#place.querySelector<ValueControl>(`.${name}`)?.value.trim() ?? '';
  }

  #submit(event: Event): void {
    event.preventDefault();
    const count = Number(this.#value('ping-count'));
    const ping: Ping = { from: this.#value('ping-from'), to: this.#value('ping-to'), count };
    const counted = Number.isInteger(count) && count >= 1 && count <= MAXIMUM_COUNT;
    this.#problems = {
      ...(ping.to === '' ? { to: t('Say whom to ping.') } : {}),
      ...(counted ? {} : { count: t('A whole number from 1 to {0}.', MAXIMUM_COUNT) }),
    };
    if (Object.keys(this.#problems).length > 0) {
      this.#draw();
      return;
    }
    this.#last = ping;
    this.#options.send(ping);
    this.toggle(false);
  }
}

function problem(text: string | undefined) {
  return text === undefined ? nothing : html`<div class="ping-problem" role="alert">${text}</div>`;
}
