/** A menu at a place of the page (the menu pattern of the ARIA Authoring Practices), in the top layer so that no pane cuts it off. */
import { html, nothing, render } from 'lit';
import type { MenuItem, MenuPlace } from './menu-item';

/** Room kept to the edges of the page, px. */
const MARGIN = 4;

let open: { readonly close: () => void } | undefined;

/**
 * Shows a menu until one of its items is chosen, or the user turns elsewhere; the focus then goes back to where it was. `label` names it
 * for assistive technology.
 */
export function showMenu(label: string, items: readonly MenuItem[], place: MenuPlace): void {
  open?.close();
  if (items.length === 0) {
    return;
  }
  const before = document.activeElement;
  const element = document.createElement('div');
  element.className = 'menu';
  element.popover = 'manual';
  element.setAttribute('role', 'menu');
  element.setAttribute('aria-label', label);
  const stop = new AbortController();
  const close = (): void => {
    open = undefined;
    stop.abort();
    element.remove();
    if (before instanceof HTMLElement) {
      before.focus();
    }
  };
  open = { close };
  render(
    items.map(
      ({ label: text, act, begins, checked }) =>
        html`${begins === true ? html`<div class="menu-line" role="separator"></div>` : nothing}
          <button
            type="button"
            class="menu-item"
            role=${checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
            aria-checked=${checked ?? nothing}
            tabindex="-1"
            @click=${() => {
              close();
              act();
            }}
            @pointerenter=${(event: PointerEvent) => focusOn(event.currentTarget)}
          >
            ${checked === true ? '✓ ' : ''}${text}
          </button>`,
    ),
    element,
  );
  (document.querySelector('main') ?? document.body).append(element);
  element.showPopover();
  const { width, height } = element.getBoundingClientRect();
  element.style.setProperty('left', `${within(place.x, window.innerWidth - width)}px`);
  element.style.setProperty('top', `${within(place.y, window.innerHeight - height)}px`);
  const entries = [...element.querySelectorAll<HTMLElement>('.menu-item')];
  entries[0]?.focus();
  const { signal } = stop;
  element.addEventListener('keydown', event => key(event, entries, close), { signal });
  window.addEventListener('blur', close, { signal });
  window.addEventListener('resize', close, { signal });
  window.addEventListener(
    'pointerdown',
    event => {
      if (!(event.target instanceof Node && element.contains(event.target))) {
        close();
      }
    },
    { signal, capture: true },
  );
}

function within(place: number, largest: number): number {
  return Math.max(MARGIN, Math.min(place, largest - MARGIN));
}

function focusOn(target: EventTarget | null): void {
  if (target instanceof HTMLElement) {
    target.focus();
  }
}

function key(event: KeyboardEvent, entries: readonly HTMLElement[], close: () => void): void {
  const at = entries.findIndex(entry => entry === document.activeElement);
  const target = {
    ArrowDown: (at + 1) % entries.length,
    ArrowUp: (at - 1 + entries.length) % entries.length,
    Home: 0,
    End: entries.length - 1,
  }[event.key];
  if (event.key === 'Escape' || event.key === 'Tab') {
    event.preventDefault();
    event.stopPropagation();
    close();
  } else if (target !== undefined) {
    event.preventDefault();
    event.stopPropagation();
    entries[target]?.focus();
  } else if (event.key !== 'Enter' && event.key !== ' ') {
    startingWith(event.key, entries, at)?.focus();
  }
}

/** The next entry whose label begins with this letter. */
function startingWith(letter: string, entries: readonly HTMLElement[], at: number): HTMLElement | undefined {
  const order = [...entries.slice(at + 1), ...entries.slice(0, at + 1)];
  return letter.length === 1
    ? order.find(entry => entry.innerText.trim().toLowerCase().startsWith(letter.toLowerCase()))
    : undefined;
}
