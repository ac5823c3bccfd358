/** The frame of the page: its panes and the bars between them. What is in them is made by the parts. */
import { html, render } from 'lit';
import { Splitter, setShare, shareOf } from './controls/splitter';
import { find } from './elements';
import { t } from './strings';

/** The places other parts draw into. */
export interface Shell {
  readonly root: HTMLElement;
  readonly toolbar: HTMLElement;
  readonly timeline: HTMLElement;
  readonly banners: HTMLElement;
  readonly outcomes: HTMLElement;
  readonly diagram: HTMLElement;
  readonly trace: HTMLElement;
  readonly tables: HTMLElement;
  readonly listHead: HTMLElement;
  readonly filter: HTMLElement;
  readonly list: HTMLElement;
  readonly listEmpty: HTMLElement;
  readonly inspector: HTMLElement;
  /** Says things to a screen reader. */
  readonly announce: (text: string) => void;
  /** Shows or hides the pane of tables beside the picture. */
  readonly showTables: (shown: boolean) => void;
  /** Shows or hides the pane of the selected packet with the bar above it. */
  readonly showInspector: (shown: boolean) => void;
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
  const panes = [...root.querySelectorAll<HTMLElement>('[data-pane]')];
  const nameOf = (pane: HTMLElement): string => pane.dataset.pane ?? '';
  for (const pane of panes) {
    setShare(pane, kept[nameOf(pane)] ?? FIRST_SHARES[nameOf(pane)] ?? 1);
  }
  const bars: Splitter[] = [];
  const moved = (): void => {
    bars.forEach(bar => bar.refresh());
    changed(Object.fromEntries(panes.map(pane => [nameOf(pane), shareOf(pane)])));
  };
  const bar = (
    name: string,
    before: string,
    after: string,
    orientation: 'horizontal' | 'vertical',
    label: string,
  ) =>
    bars.push(
      new Splitter(part(`.${name}`), part(`[data-pane=${before}]`), part(`[data-pane=${after}]`), {
        orientation,
        label,
        initial: (FIRST_SHARES[before] ?? 1) / ((FIRST_SHARES[before] ?? 1) + (FIRST_SHARES[after] ?? 1)),
        moved,
      }),
    );
  bar('bar-diagram', 'diagram', 'trace', 'horizontal', t('Height of the diagram'));
  bar('bar-tables', 'picture', 'tables', 'vertical', t('Width of the tables'));
  bar('bar-packets', 'packets', 'inspector', 'horizontal', t('Height of the packet list'));
  bar('bar-details', 'details', 'bytes', 'vertical', t('Width of the details'));
  const live = part('.announcer');
  return {
    root,
    toolbar: part('.toolbar'),
    timeline: part('.timeline-place'),
    banners: part('.banners'),
    outcomes: part('.outcomes-place'),
    diagram: part('.diagram'),
    trace: part('.trace'),
    tables: part('.tables'),
    listHead: part('.packets-title'),
    filter: part('.filter-place'),
    list: part('.packets-place'),
    listEmpty: part('.packets-empty'),
    inspector: part('.inspector'),
    announce: text => {
      live.textContent = text;
    },
    showTables: shown => {
      root.classList.toggle('panel-with-tables', shown);
    },
    showInspector: shown => {
      root.classList.toggle('panel-inspecting', shown);
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
      <div class="trace" data-pane="trace">
        <section class="packets-pane" data-pane="packets" aria-label=${t('Packets')}>
          <div class="packets-title pane-head"></div>
          <div class="filter-place"></div>
          <div class="packets-place"><div class="packets-empty"></div></div>
        </section>
        <div class="bar-packets"></div>
        <section class="inspector" data-pane="inspector" aria-label=${t('Packet details')}>
          <div class="inspector-head pane-head"></div>
          <div class="inspector-panes" data-tab="details">
            <div class="details-pane" data-pane="details" id="pane-details">
              <div class="facts-place"></div>
              <div class="details-tree"></div>
            </div>
            <div class="bar-details"></div>
            <div class="bytes-pane" data-pane="bytes" id="pane-bytes">
              <div class="bytes-dump"></div>
              <div class="bytes-status"></div>
            </div>
            <div class="journey-pane" id="pane-journey" tabindex="-1"></div>
            <div class="stream-pane" id="pane-stream" tabindex="-1"></div>
          </div>
        </section>
      </div>
    </div>
    <div class="for-screen-reader announcer" role="status" aria-live="polite"></div>`;
}
