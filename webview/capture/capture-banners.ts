/** What one must know before trusting what a capture file shows: it is read on, damaged, too large, or another one by now. */
import { html, nothing, render } from 'lit';
import type { CaptureFileProblem, CaptureFileState } from '../../src/simulation/panel-protocol';
import { banner } from '../controls/banners';
import { t } from '../strings';
import { groupedInteger } from '../trace/time-format';

type Staleness = 'changed' | 'deleted' | undefined;

export class CaptureBanners {
  readonly #place: HTMLElement;
  readonly #reload: () => void;
  #state: CaptureFileState | undefined;
  #staleness: Staleness;
  #failure: string | undefined;

  constructor(place: HTMLElement, reload: () => void) {
    this.#place = place;
    this.#reload = reload;
  }

  setState(state: CaptureFileState): void {
    this.#state = state;
    this.#draw();
  }

  setStale(staleness: Staleness): void {
    this.#staleness = staleness;
    this.#draw();
  }

  setFailure(message: string | undefined): void {
    this.#failure = message;
    this.#draw();
  }

  #draw(): void {
    const problem = this.#state?.problem;
    const reload = { label: t('Read Again'), act: this.#reload };
    render(
      html`${this.#failure === undefined ? nothing : banner('error', t('Reading stopped: {0}', this.#failure), reload)}
      ${problem === undefined ? nothing : banner(problem.kind === 'too-large' ? 'warning' : 'error', problemText(problem), undefined)}
      ${this.#staleness === undefined ? nothing : banner('warning', staleText(this.#staleness), this.#staleness === 'changed' ? reload : undefined)}`,
      this.#place,
    );
  }
}

function problemText(problem: CaptureFileProblem): string {
  switch (problem.kind) {
    case 'unreadable':
      return t('The file can’t be read: {0}', problem.message);
    case 'not-a-capture':
      return t('This is no capture: the file begins neither as pcap nor as pcapng.');
    case 'truncated':
      return t(
        'The file ends in the middle of a packet, which begins at byte {0}. All before it is shown.',
        groupedInteger(problem.at),
      );
    case 'bad-block':
      return t(
        'The file is damaged: what begins at byte {0} does not fit the format. All before it is shown.',
        groupedInteger(problem.at),
      );
    case 'too-large':
      return t(
        'The file has more packets than are kept. What comes before byte {0} is shown.',
        groupedInteger(problem.at),
      );
  }
}

function staleText(staleness: 'changed' | 'deleted'): string {
  return staleness === 'changed'
    ? t('The file has changed since it was read.')
    : t('The file was deleted; this is what it held.');
}
