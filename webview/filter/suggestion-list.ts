/** The box below the filter's text, in the top layer so that no pane cuts it off: what may be chosen, or what is wrong. */
import { html, nothing, render } from 'lit';
import { t } from '../strings';
import type { Suggestions } from './suggestions';

export class SuggestionList {
  readonly #box = document.createElement('div');
  readonly #problem = document.createElement('div');
  readonly #choose: (index: number) => void;

  /** @param container gets the box, which stands elsewhere on the page */
  constructor(container: HTMLElement, choose: (index: number) => void) {
    this.#choose = choose;
    this.#box.className = 'filter-box';
    this.#box.popover = 'manual';
    this.#problem.id = 'filter-problem';
    this.#problem.className = 'filter-problem';
    this.#problem.setAttribute('role', 'status');
    container.append(this.#box);
  }

  /**
   * Shows suggestions, or without any a problem; nothing where there is neither. `below` is what the box stands below. Returns the id of
   * the marked suggestion.
   */
  show(suggestions: Suggestions | undefined, problem: string, below: HTMLElement): string | undefined {
    if (suggestions === undefined && problem === '') {
      if (this.#box.matches(':popover-open')) {
        this.#box.hidePopover();
      }
      render(nothing, this.#box);
      return undefined;
    }
    this.#problem.textContent = problem;
    render(
      html`${suggestions === undefined ? nothing : this.#items(suggestions)}${problem === '' ? nothing : this.#problem}`,
      this.#box,
    );
    if (!this.#box.matches(':popover-open')) {
      this.#box.showPopover();
    }
    const { left, bottom, width } = below.getBoundingClientRect();
    this.#box.style.setProperty('left', `${left}px`);
    this.#box.style.setProperty('top', `${bottom}px`);
    this.#box.style.setProperty('width', `${width}px`);
    this.#box.style.setProperty('max-height', `${Math.max(60, window.innerHeight - bottom - 8)}px`);
    this.#box.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
    return suggestions === undefined || suggestions.active < 0 ? undefined : idOf(suggestions.active);
  }

  #items({ kind, items, active }: Suggestions) {
    return html`<div
      id="filter-suggestions"
      class="filter-suggestions"
      role="listbox"
      aria-label=${kind === 'recent' ? t('Recent filters') : t('Suggestions')}
    >
      ${items.map(
        ({ text, detail }, index) =>
          html`<div
            id=${idOf(index)}
            class="filter-suggestion"
            role="option"
            aria-selected=${index === active}
            @mousedown=${(event: MouseEvent) => {
              event.preventDefault();
              this.#choose(index);
            }}
          >
            <span class="suggestion-text">${text}</span><span class="suggestion-detail">${detail}</span>
          </div>`,
      )}
    </div>`;
  }
}

function idOf(index: number): string {
  return `filter-suggestion-${index}`;
}
