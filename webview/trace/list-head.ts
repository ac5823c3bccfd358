/** The line above the packet list: how many packets there are, and whether the newest stays in view. */
import { html, nothing, render } from 'lit';
import type { SimulationState } from '../../src/simulation/protocol';
import { ICONS } from '../controls/icons';
import { t } from '../strings';
import { displayNumber } from './columns';
import type { RecordStore } from './record-store';
import { groupedInteger } from './time-format';

export interface ListHead {
  draw(store: RecordStore, follows: boolean, state: SimulationState | undefined): void;
}

/** @param empty where the list says that it has nothing to show, and what to do about it */
export function makeListHead(
  head: HTMLElement,
  empty: HTMLElement,
  follow: (follows: boolean) => void,
): ListHead {
  return {
    draw(store, follows, state) {
      render(
        html`<h2 class="pane-title">${t('Packets')}</h2>
          ${store.end > 0 ? html`<span class="packets-count">${groupedInteger(store.end)}</span>` : nothing}
          ${
            store.drops > 0
              ? html`<span class="packets-drops"
                  >✕ ${store.drops === 1 ? t('1 drop') : t('{0} drops', groupedInteger(store.drops))}</span
                >`
              : nothing
          }
          ${
            store.oldest > 0
              ? html`<span class="packets-forgotten"
                  >${t('older ones than #{0} are forgotten', displayNumber(store.oldest))}</span
                >`
              : nothing
          }
          <button
            type="button"
            class="toggle follow"
            aria-pressed=${follows}
            title=${t('Show every new packet as it comes')}
            @click=${() => follow(!follows)}
          >
            ${ICONS.follow}${t('Follow newest')}
          </button>`,
        head,
      );
      render(
        store.size > 0
          ? nothing
          : html`<span>${t('No packets yet.')}</span>${
                state === 'paused'
                  ? html`<span>${t('Press Play, or the space bar, to start the simulation.')}</span>`
                  : nothing
              }`,
        empty,
      );
    },
  };
}
