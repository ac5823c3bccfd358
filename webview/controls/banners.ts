/** What the user must know before trusting the picture: the file has errors, or the simulation stopped. */
import { html, nothing, render, type TemplateResult } from 'lit';
import type { StaleProblem } from '../../src/simulation/panel-protocol';
import { t } from '../strings';
import { ICONS } from './icons';

export interface BannersOptions {
  readonly showProblems: () => void;
  readonly restart: () => void;
}

export class Banners {
  readonly #place: HTMLElement;
  readonly #options: BannersOptions;
  #hasPicture = false;
  #stale: StaleProblem | undefined;
  #failure: string | undefined;

  constructor(place: HTMLElement, options: BannersOptions) {
    this.#place = place;
    this.#options = options;
  }

  /** There is a topology to see, if only an old one. */
  setPicture(): void {
    this.#hasPicture = true;
    this.#draw();
  }

  setStale(problem: StaleProblem | undefined): void {
    this.#stale = problem;
    this.#draw();
  }

  setFailure(message: string | undefined): void {
    this.#failure = message;
    this.#draw();
  }

  #draw(): void {
    const stale = this.#stale;
    const failure = this.#failure;
    render(
      html`${
        stale === undefined
          ? nothing
          : banner(
              'warning',
              staleText(stale, this.#hasPicture),
              stale.errors === 0 ? undefined : { label: t('Show Problems'), act: this.#options.showProblems },
            )
      }
      ${
        failure === undefined
          ? nothing
          : banner('error', t('The simulation stopped: {0}', failure), {
              label: t('Restart'),
              act: this.#options.restart,
            })
      }`,
      this.#place,
    );
  }
}

function staleText({ errors, line, message }: StaleProblem, hasPicture: boolean): string {
  if (errors === 0) {
    return message;
  }
  if (!hasPicture) {
    return errors === 1
      ? t('The file has an error and can’t be drawn yet. Line {0}: {1}', line, message)
      : t('The file has {0} errors and can’t be drawn yet. Line {1}: {2}', errors, line, message);
  }
  return errors === 1
    ? t('The file has an error; this is the last good picture. Line {0}: {1}', line, message)
    : t('The file has {0} errors; this is the last good picture. Line {1}: {2}', errors, line, message);
}

/** One line that says what is wrong, with something to do about it. */
export function banner(
  kind: 'warning' | 'error',
  text: string,
  action: { readonly label: string; readonly act: () => void } | undefined,
): TemplateResult {
  return html`<div class="banner banner-${kind}" role="status">
    <span class="banner-mark">${ICONS.warning}</span>
    <span class="banner-text">${text}</span>
    ${
      action === undefined
        ? nothing
        : html`<vscode-button appearance="secondary" @click=${action.act}>${action.label}</vscode-button>`
    }
  </div>`;
}
