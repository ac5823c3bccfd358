/** How scenarios' steps and the user's own pings ended: the newest in one line, all of them on demand. */
import { html, nothing, render, type TemplateResult } from 'lit';
import type { StepOutcome } from '../../src/simulation/protocol';
import { t } from '../strings';
import { ICONS } from './icons';

/** Outcomes kept; the oldest goes first. */
const CAPACITY = 200;

export class OutcomeLine {
  readonly #place: HTMLElement;
  #outcomes: readonly StepOutcome[] = [];
  #open = false;
  #note: string | undefined;

  constructor(place: HTMLElement) {
    this.#place = place;
  }

  add(outcome: StepOutcome): void {
    this.#outcomes = [...this.#outcomes.slice(1 - CAPACITY), outcome];
    this.#draw();
  }

  /** Shows these instead of what there was: time went back. */
  show(outcomes: readonly StepOutcome[]): void {
    this.#outcomes = outcomes.slice(-CAPACITY);
    this.#open &&= outcomes.length > 0;
    this.#draw();
  }

  /** Says something that is no outcome, until the results are cleared. */
  note(text: string): void {
    this.#note = text;
    this.#draw();
  }

  clear(): void {
    this.#outcomes = [];
    this.#note = undefined;
    this.#open = false;
    this.#draw();
  }

  #draw(): void {
    const newest = this.#outcomes.at(-1);
    const note = this.#note;
    render(
      html`${note === undefined ? nothing : html`<div class="outcomes-note" role="status">${note}</div>`}${
        newest === undefined ? nothing : this.#line(newest)
      }`,
      this.#place,
    );
  }

  #line(newest: StepOutcome): TemplateResult {
    const count = this.#outcomes.length;
    const passed = this.#outcomes.filter(outcome => outcome.passed).length;
    return html`<section class="outcomes" aria-label=${t('Results')}>
      <div class="outcomes-newest">
        <div class="outcome-live" role="status" aria-live="polite">${outcomeText(newest)}</div>
        ${
          count > 1
            ? html`<button
                type="button"
                class="link outcomes-more"
                aria-expanded=${this.#open}
                @click=${() => this.#toggle()}
              >
                ${t('{0} passed, {1} did not pass', passed, count - passed)}
              </button>`
            : nothing
        }
        <vscode-button
          appearance="icon"
          aria-label=${t('Clear results')}
          title=${t('Clear results')}
          @click=${() => this.clear()}
          >${ICONS.close}</vscode-button
        >
      </div>
      ${
        this.#open && count > 1
          ? html`<ol class="outcomes-all" tabindex="0" aria-label=${t('Results')} reversed>
              ${this.#outcomes.toReversed().map(outcome => html`<li>${outcomeText(outcome)}</li>`)}
            </ol>`
          : nothing
      }
    </section>`;
  }

  #toggle(): void {
    this.#open = !this.#open;
    this.#draw();
  }
}

/** The mark says it by shape and colour, and in words for who sees neither. */
function outcomeText({ scenario, passed, text }: StepOutcome): TemplateResult {
  return html`<span class="outcome ${passed ? 'outcome-passed' : 'outcome-failed'}"
    ><span class="outcome-mark">${ICONS[passed ? 'passed' : 'failed']}</span
    ><span class="for-screen-reader">${t(passed ? 'passed' : 'did not pass')}</span
    ><span class="outcome-text"
      >${scenario === undefined ? nothing : html`<span class="outcome-scenario">${scenario}</span> `}${text}</span
    ></span
  >`;
}
