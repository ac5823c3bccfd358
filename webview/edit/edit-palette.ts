/** The palette above the picture: what can be added, by a click or by dragging it where it shall stand, and the cable tool. */
import { html, nothing, render, svg, type TemplateResult } from 'lit';
import type { AddableKind } from '../../src/simulation/panel-protocol';
import { GLYPHS } from '../diagram/glyphs';
import type { NodeKind } from '../diagram/model';
import { t, type PanelString } from '../strings';
import { ICONS } from '../controls/icons';

/** Names of what can be added, in the order of the palette. */
export const ADDABLE: Readonly<Record<AddableKind, PanelString>> = {
  host: 'Host',
  router: 'Router',
  network: 'Network',
  switch: 'Switch',
  hub: 'Hub',
  vm: 'VM',
  container: 'Container',
  internet: 'Internet',
};

export const ADDABLE_KINDS = Object.keys(ADDABLE) as AddableKind[];

/** Pixels that the pointer moves before a press becomes a drag. */
const SLACK = 4;

export interface EditPaletteOptions {
  readonly add: (kind: AddableKind) => void;
  /** It was dragged here. */
  readonly drop: (kind: AddableKind, event: PointerEvent) => void;
  readonly toggleCable: () => void;
  readonly undo: () => void;
  readonly redo: () => void;
}

export class EditPalette {
  readonly #place = document.createElement('div');
  readonly #ghost = document.createElement('div');
  readonly #options: EditPaletteOptions;
  #cabling = false;
  #dragged:
    { readonly kind: AddableKind; readonly x: number; readonly y: number; moving: boolean } | undefined;

  constructor(container: HTMLElement, options: EditPaletteOptions) {
    this.#options = options;
    this.#place.className = 'pane-head edit-palette';
    this.#place.hidden = true;
    this.#place.setAttribute('role', 'toolbar');
    this.#place.setAttribute('aria-label', t('Edit the network'));
    this.#ghost.className = 'edit-ghost';
    this.#ghost.hidden = true;
    this.#ghost.setAttribute('aria-hidden', 'true');
    container.append(this.#place, this.#ghost);
    window.addEventListener('pointermove', event => this.#move(event));
    window.addEventListener('pointerup', event => this.#release(event));
    window.addEventListener('pointercancel', () => this.#giveUp());
    window.addEventListener(
      'keydown',
      event => {
        if (event.key === 'Escape' && this.#dragged?.moving === true) {
          event.stopPropagation();
          this.#giveUp();
        }
      },
      true,
    );
    this.#draw();
  }

  get element(): HTMLElement {
    return this.#place;
  }

  get isOpen(): boolean {
    return !this.#place.hidden;
  }

  setOpen(open: boolean): void {
    this.#place.hidden = !open;
  }

  setCabling(cabling: boolean): void {
    this.#cabling = cabling;
    this.#draw();
  }

  focus(): void {
    this.#place.querySelector<HTMLElement>('button')?.focus();
  }

  #draw(): void {
    const { undo, redo, toggleCable } = this.#options;
    render(
      html`${ADDABLE_KINDS.map(kind => this.#kindButton(kind))}
        <span class="palette-line" role="separator" aria-orientation="vertical"></span>
        <button
          class="palette-button palette-cable"
          aria-pressed=${String(this.#cabling)}
          title=${t('Draw cables between devices (L on a device)')}
          @click=${toggleCable}
        >
          ${ICONS.cable}<span class="palette-name">${t('Cable')}</span>
        </button>
        <span class="bar-rest"></span>
        <button
          class="bar-button"
          title=${t('Undo (Ctrl+Z)')}
          aria-label=${t('Undo (Ctrl+Z)')}
          @click=${undo}
        >
          ${ICONS.undo}
        </button>
        <button
          class="bar-button"
          title=${t('Redo (Ctrl+Y)')}
          aria-label=${t('Redo (Ctrl+Y)')}
          @click=${redo}
        >
          ${ICONS.redo}
        </button>`,
      this.#place,
    );
  }

  #kindButton(kind: AddableKind): TemplateResult {
    return html`<button
      class="palette-button"
      data-kind=${kind}
      title=${t('Add: {0}. Click, or drag it where it shall stand.', t(ADDABLE[kind]))}
      @pointerdown=${(event: PointerEvent) => this.#press(kind, event)}
      @click=${(event: MouseEvent) => this.#click(kind, event)}
    >
      ${glyph(kind)}<span class="palette-name">${t(ADDABLE[kind])}</span>
    </button>`;
  }

  #click(kind: AddableKind, event: MouseEvent): void {
    // What ended a drag on the palette itself is no click; `detail` is 0 for keys.
    if (this.#dragged?.moving !== true || event.detail === 0) {
      this.#options.add(kind);
    }
  }

  #press(kind: AddableKind, event: PointerEvent): void {
    if (event.button === 0 && event.isPrimary) {
      this.#dragged = { kind, x: event.clientX, y: event.clientY, moving: false };
    }
  }

  #move(event: PointerEvent): void {
    const dragged = this.#dragged;
    if (dragged === undefined) {
      return;
    }
    dragged.moving ||= Math.hypot(event.clientX - dragged.x, event.clientY - dragged.y) >= SLACK;
    if (dragged.moving) {
      this.#ghost.hidden = false;
      this.#ghost.style.left = `${event.clientX}px`;
      this.#ghost.style.top = `${event.clientY}px`;
      render(html`${glyph(dragged.kind)}<span>${t(ADDABLE[dragged.kind])}</span>`, this.#ghost);
    }
  }

  #release(event: PointerEvent): void {
    const dragged = this.#dragged;
    this.#giveUp();
    if (dragged?.moving === true) {
      this.#options.drop(dragged.kind, event);
    }
  }

  #giveUp(): void {
    this.#ghost.hidden = true;
    this.#dragged = undefined;
  }
}

function glyph(kind: AddableKind): TemplateResult {
  const path: string = GLYPHS[kind satisfies NodeKind];
  return html`<svg
    class="icon"
    viewBox="0 0 16 16"
    width="16"
    height="16"
    aria-hidden="true"
    focusable="false"
  >
    ${path === '' ? nothing : svg`<path class="icon-line" d=${path} />`}
  </svg>`;
}
