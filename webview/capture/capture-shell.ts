/** The frame of a capture file's page: packets, beside them statistics, and above them what is wrong with the file. */
import { html, render } from 'lit';
import { makeBars, type Shares } from '../controls/bars';
import { find } from '../elements';
import { t } from '../strings';
import { traceBars, tracePlaces, traceTemplate, type TracePlaces } from '../trace/trace-places';

export interface CaptureShell extends TracePlaces {
  readonly banners: HTMLElement;
  readonly statistics: HTMLElement;
  readonly showStatistics: (shown: boolean) => void;
}

const FIRST_SHARES: Shares = { trace: 3, statistics: 2 };

export function makeCaptureShell(kept: Shares, changed: (shares: Shares) => void): CaptureShell {
  const root = document.createElement('main');
  root.className = 'panel panel-capture';
  render(
    html`<h1 class="for-screen-reader">${t('Captured packets')}</h1>
      <div class="banners"></div>
      <div class="panes">
        ${traceTemplate()}
        <div class="bar-statistics"></div>
        <section class="statistics" data-pane="statistics" aria-label=${t('Statistics')}></section>
      </div>
      <div class="for-screen-reader announcer" role="status" aria-live="polite"></div>`,
    root,
  );
  document.body.append(root);
  const statisticsBar = {
    name: 'bar-statistics',
    before: 'trace',
    after: 'statistics',
    orientation: 'vertical',
    label: t('Width of the statistics'),
  } as const;
  makeBars(root, [statisticsBar, ...traceBars()], { first: FIRST_SHARES, kept, changed });
  return {
    ...tracePlaces(root),
    banners: find(root, '.banners'),
    statistics: find(root, '.statistics'),
    showStatistics: shown => {
      root.classList.toggle('panel-with-statistics', shown);
    },
  };
}
