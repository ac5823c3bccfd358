/** Statistics of a capture file, beside its packets: counted as long as somebody looks. */
import { html, render } from 'lit';
import type { Statistics } from '../../src/simulation/protocol';
import { ICONS } from '../controls/icons';
import { statisticsView } from '../statistics/statistics-view';
import { t } from '../strings';

/** Real ms between two questions while counting goes on. */
const PAUSE = 250;

export interface CaptureStatisticsOptions {
  readonly ask: (request: number) => void;
  /** Shows only these packets in the list. */
  readonly filter: (text: string) => void;
  readonly close: () => void;
}

export class CaptureStatistics {
  readonly #place: HTMLElement;
  readonly #options: CaptureStatisticsOptions;
  #open = false;
  #request = 0;
  #statistics: Statistics | undefined;
  #timer: number | undefined;

  constructor(place: HTMLElement, options: CaptureStatisticsOptions) {
    this.#place = place;
    this.#options = options;
    place.addEventListener('keydown', event => {
      if (event.key === 'Escape') {
        event.preventDefault();
        options.close();
      }
    });
  }

  setOpen(open: boolean): void {
    this.#open = open;
    this.#draw();
    this.#ask();
  }

  focus(): void {
    this.#place.querySelector<HTMLElement>('.statistics-list')?.focus();
  }

  /** More of the file was read, or all is told anew. */
  changed(): void {
    this.#timer ??= window.setTimeout(() => {
      this.#timer = undefined;
      this.#ask();
    }, PAUSE);
  }

  receive(request: number, statistics: Statistics): void {
    if (request !== this.#request) {
      return;
    }
    this.#statistics = statistics;
    this.#draw();
    if (statistics.looked < statistics.records) {
      this.changed();
    }
  }

  #ask(): void {
    if (this.#open) {
      this.#options.ask(++this.#request);
    }
  }

  #draw(): void {
    const statistics = this.#statistics;
    render(
      html`<div class="pane-head">
          <h2 class="pane-title">${t('Statistics')}</h2>
          <vscode-button
            class="statistics-close"
            appearance="icon"
            aria-label=${t('Close the statistics (Escape)')}
            title=${t('Close the statistics (Escape)')}
            @click=${() => this.#options.close()}
            >${ICONS.close}</vscode-button
          >
        </div>
        <div class="statistics-list" tabindex="0" role="region" aria-label=${t('Statistics')}>
          ${statistics === undefined ? t('Counting…') : statisticsView(statistics, this.#options, 'capture')}
        </div>`,
      this.#place,
    );
  }
}
