/** The packet list and, beneath it, the packet that is selected: the frame that the parts draw into. */
import { html, type TemplateResult } from 'lit';
import type { Bar } from '../controls/bars';
import { find } from '../elements';
import { t } from '../strings';

export interface TracePlaces {
  readonly trace: HTMLElement;
  readonly listHead: HTMLElement;
  readonly filter: HTMLElement;
  readonly list: HTMLElement;
  readonly listEmpty: HTMLElement;
  readonly inspector: HTMLElement;
  /** Says things to a screen reader. */
  readonly announce: (text: string) => void;
  /** Shows or hides the pane of the selected packet with the bar above it. */
  readonly showInspector: (shown: boolean) => void;
}

/** The bars between these panes. */
export function traceBars(): readonly Bar[] {
  return [
    {
      name: 'bar-packets',
      before: 'packets',
      after: 'inspector',
      orientation: 'horizontal',
      label: t('Height of the packet list'),
    },
    {
      name: 'bar-details',
      before: 'details',
      after: 'bytes',
      orientation: 'vertical',
      label: t('Width of the details'),
    },
  ];
}

export function traceTemplate(): TemplateResult {
  return html`<div class="trace" data-pane="trace">
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
  </div>`;
}

/** @param root the page, which has the template in it and an `.announcer` */
export function tracePlaces(root: HTMLElement): TracePlaces {
  const part = (selector: string): HTMLElement => find(root, selector);
  const live = part('.announcer');
  return {
    trace: part('.trace'),
    listHead: part('.packets-title'),
    filter: part('.filter-place'),
    list: part('.packets-place'),
    listEmpty: part('.packets-empty'),
    inspector: part('.inspector'),
    announce: text => {
      live.textContent = text;
    },
    showInspector: shown => {
      root.classList.toggle('panel-inspecting', shown);
    },
  };
}
