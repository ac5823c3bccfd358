/** The frame of the page: its panes and the bars between them. What is in them is made by the parts. */
import { html, render } from 'lit';
import { makeBars } from './controls/bars';
import { find } from './elements';
import { t } from './strings';
import { tracePlaces, traceTemplate, traceBars, type TracePlaces } from './trace/trace-places';

/** The places other parts draw into. */
export interface Shell extends TracePlaces {
  readonly root: HTMLElement;
  readonly toolbar: HTMLElement;
  readonly timeline: HTMLElement;
  readonly banners: HTMLElement;
  readonly outcomes: HTMLElement;
  readonly diagram: HTMLElement;
  readonly tables: HTMLElement;
  /** Shows or hides the pane of tables beside the picture. */
  readonly showTables: (shown: boolean) => void;
}

/** Panes with the share of room each has at first; those of one row or column are weighed against each other. */
const FIRST_SHARES: Readonly<Record<string, number>> = {
  diagram: 11,
  picture: 3,
  tables: 2,
  trace: 10,
  packets: 1,
  inspector: 1,
  details: 1,
  bytes: 1,
};

/** @param kept shares the user chose in an earlier life of the page; `changed` gets all of them after every move of a bar */
export function makeShell(
  kept: Readonly<Record<string, number>>,
  changed: (shares: Readonly<Record<string, number>>) => void,
): Shell {
  const root = document.createElement('main');
  root.className = 'panel';
  render(template(), root);
  document.body.append(root);
  const part = (selector: string): HTMLElement => find(root, selector);
  makeBars(
    root,
    [
      {
        name: 'bar-diagram',
        before: 'diagram',
        after: 'trace',
        orientation: 'horizontal',
        label: t('Height of the diagram'),
      },
      {
        name: 'bar-tables',
        before: 'picture',
        after: 'tables',
        orientation: 'vertical',
        label: t('Width of the tables'),
      },
      ...traceBars(),
    ],
    { first: FIRST_SHARES, kept, changed },
  );
  return {
    root,
    toolbar: part('.toolbar'),
    timeline: part('.timeline-place'),
    banners: part('.banners'),
    outcomes: part('.outcomes-place'),
    diagram: part('.diagram'),
    tables: part('.tables'),
    ...tracePlaces(root),
    showTables: shown => {
      root.classList.toggle('panel-with-tables', shown);
    },
  };
}

function template() {
  return html`<h1 class="for-screen-reader">${t('Network diagram')}</h1>
    <div class="toolbar" role="group" aria-label=${t('Simulation')}></div>
    <div class="timeline-place"></div>
    <div class="banners"></div>
    <div class="outcomes-place"></div>
    <div class="panes">
      <div class="upper" data-pane="diagram">
        <section class="diagram" data-pane="picture" aria-label=${t('Network diagram')}></section>
        <div class="bar-tables"></div>
        <section class="tables" data-pane="tables" aria-label=${t('Tables')}></section>
      </div>
      <div class="bar-diagram"></div>
      ${traceTemplate()}
    </div>
    <div class="for-screen-reader announcer" role="status" aria-live="polite"></div>`;
}
