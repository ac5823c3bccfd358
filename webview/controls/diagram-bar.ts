/** The bar above the picture: which view, finding a device, and what else the picture does. */
import { html, render } from 'lit';
import { t, type PanelString } from '../strings';
import { VIEWS, type View } from '../diagram/views/view';
import { ICONS } from './icons';

export interface DiagramBarOptions {
  readonly view: View;
  readonly minimap: boolean;
  readonly follow: boolean;
  readonly setView: (view: View) => void;
  readonly setMinimap: (shown: boolean) => void;
  readonly setFollow: (follow: boolean) => void;
  readonly tidy: () => void;
  readonly save: () => void;
  readonly toggleTables: () => void;
  readonly toggleEditing: () => void;
  /** Ids of the devices that match, best first. */
  readonly find: (text: string) => readonly string[];
  readonly goTo: (device: string) => void;
  /** Says something to a screen reader. */
  readonly announce: (text: string) => void;
}

const VIEW_NAMES: Readonly<Record<View, readonly [name: PanelString, title: PanelString]>> = {
  cabling: ['Cabling', 'Devices and cables (1)'],
  domains: ['Domains', 'Broadcast domains and VLANs (2)'],
  subnets: ['Subnets', 'Subnets, addresses and routes (3)'],
};

export class DiagramBar {
  readonly #place = document.createElement('div');
  readonly #options: DiagramBarOptions;
  #view: View;
  #minimap: boolean;
  #follow: boolean;
  #tables = false;
  #editing = false;
  #text = '';
  #found: readonly string[] = [];
  /** Index in what was found of the device gone to last; -1 before the first. */
  #at = -1;

  constructor(container: HTMLElement, options: DiagramBarOptions) {
    this.#options = options;
    this.#view = options.view;
    this.#minimap = options.minimap;
    this.#follow = options.follow;
    this.#place.className = 'pane-head diagram-bar';
    this.#place.setAttribute('role', 'toolbar');
    this.#place.setAttribute('aria-label', t('Diagram'));
    container.prepend(this.#place);
    this.#draw();
  }

  get follow(): boolean {
    return this.#follow;
  }

  /** Shows the network another way; by number from 1 for keys. */
  choose(view: View | number): void {
    const chosen = typeof view === 'number' ? VIEWS[view - 1] : view;
    if (chosen !== undefined && chosen !== this.#view) {
      this.#view = chosen;
      this.#draw();
      this.#options.setView(chosen);
      this.#options.announce(t(VIEW_NAMES[chosen][1]));
    }
  }

  setTables(open: boolean): void {
    this.#tables = open;
    this.#draw();
  }

  setEditing(open: boolean): void {
    this.#editing = open;
    this.#draw();
  }

  focusTables(): void {
    this.#place.querySelector<HTMLElement>('.show-tables')?.focus();
  }

  focusSearch(): void {
    this.#place.querySelector<HTMLInputElement>('.find-device')?.select();
  }

  #draw(): void {
    const { tidy, save, setMinimap, setFollow } = this.#options;
    render(
      html`<div class="view-switch" role="radiogroup" aria-label=${t('View')}>
          ${VIEWS.map(view => this.#viewButton(view))}
        </div>
        <input
          class="find-device"
          type="search"
          aria-label=${t('Find a device by name or address')}
          title=${t('Find a device by name or address (/)')}
          placeholder=${t('Find a device')}
          spellcheck="false"
          .value=${this.#text}
          @input=${(event: InputEvent) => this.#search(event)}
          @keydown=${(event: KeyboardEvent) => this.#searchKey(event)}
        />
        <span class="find-count">${this.#count()}</span>
        <span class="bar-rest"></span>
        ${toggle('edit-network', ICONS.edit, t('Edit the network (E)'), this.#editing, () => {
          this.#options.toggleEditing();
        })}
        ${toggle(
          'follow-packet',
          ICONS.followPacket,
          t('Keep the selected packet in view'),
          this.#follow,
          () => {
            this.#follow = !this.#follow;
            this.#draw();
            setFollow(this.#follow);
          },
        )}
        ${toggle('show-tables', ICONS.tables, t('Tables of the device (T)'), this.#tables, () => {
          this.#options.toggleTables();
        })}
        ${toggle('show-minimap', ICONS.minimap, t('Overview map'), this.#minimap, () => {
          this.#minimap = !this.#minimap;
          this.#draw();
          setMinimap(this.#minimap);
        })}
        <button
          class="bar-button tidy"
          title=${t('Lay out anew')}
          aria-label=${t('Lay out anew')}
          @click=${tidy}
        >
          ${ICONS.tidy}
        </button>
        <button
          class="bar-button save-picture"
          title=${t('Export the diagram as SVG or PNG')}
          aria-label=${t('Export the diagram as SVG or PNG')}
          @click=${save}
        >
          ${ICONS.picture}
        </button>`,
      this.#place,
    );
  }

  /** One of the three is a stop of the Tab key; arrows go through them, as in any group of radio buttons. */
  #viewButton(view: View) {
    const [name, title] = VIEW_NAMES[view];
    const chosen = view === this.#view;
    return html`<button
      class="view-button"
      role="radio"
      data-view=${view}
      aria-checked=${String(chosen)}
      tabindex=${chosen ? 0 : -1}
      title=${t(title)}
      @click=${() => this.choose(view)}
      @keydown=${(event: KeyboardEvent) => this.#viewKey(event)}
    >
      ${t(name)}
    </button>`;
  }

  #viewKey(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const index = (VIEWS.indexOf(this.#view) + step + VIEWS.length) % VIEWS.length;
      this.choose(index + 1);
      this.#place.querySelector<HTMLElement>('.view-button[aria-checked="true"]')?.focus();
    }
  }

  #search(event: InputEvent): void {
    this.#text = event.target instanceof HTMLInputElement ? event.target.value : '';
    this.#found = this.#options.find(this.#text);
    this.#at = -1;
    this.#draw();
  }

  /** Enter goes to the next one found, with Shift to the one before; Escape clears. */
  #searchKey(event: KeyboardEvent): void {
    if (event.isComposing) {
      return;
    }
    if (event.key === 'Escape' && this.#text !== '') {
      event.preventDefault();
      event.stopPropagation();
      this.#text = '';
      this.#found = [];
      this.#draw();
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      // The network may have changed since the text was typed.
      this.#found = this.#options.find(this.#text);
      const count = this.#found.length;
      this.#at =
        count === 0
          ? -1
          : (Math.max(this.#at, event.shiftKey ? 0 : -1) + (event.shiftKey ? -1 : 1) + count) % count;
      const device = this.#found[this.#at];
      if (device !== undefined) {
        this.#options.goTo(device);
        this.#options.announce(t('{0}: {1} of {2}', device, this.#at + 1, count));
      }
      this.#draw();
    }
  }

  #count(): string {
    const count = this.#found.length;
    if (this.#text.trim() === '') {
      return '';
    }
    return this.#at < 0 ? t('{0} found', count) : t('{0} of {1}', this.#at + 1, count);
  }
}

function toggle(name: string, icon: unknown, label: string, pressed: boolean, act: () => void) {
  return html`<button
    class="bar-button ${name}"
    title=${label}
    aria-label=${label}
    aria-pressed=${String(pressed)}
    @click=${act}
  >
    ${icon}
  </button>`;
}
