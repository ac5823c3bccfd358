/** The line above the packet list: how many packets there are, and whether the newest stays in view. */
import { html, nothing, render, type TemplateResult } from 'lit';
import type { SimulationState } from '../../src/simulation/protocol';
import type { MenuPlace } from '../controls/menu-item';
import { ICONS } from '../controls/icons';
import { shownOf } from '../filter/list-filter';
import type { MatchList } from '../filter/match-list';
import { t } from '../strings';
import { displayNumber } from './columns';
import type { TraceKind } from './trace-kind';
import type { RecordStore } from './record-store';
import { groupedInteger } from './time-format';

export interface ListHead {
  /** `matches` are the records that pass, where something is filtered. */
  draw(
    store: RecordStore,
    matches: MatchList | undefined,
    follows: boolean,
    state: SimulationState | undefined,
  ): void;
}

export interface ListHeadActions {
  readonly follow: (follows: boolean) => void;
  readonly statistics?: () => void;
  /** The user wants the menu of columns and times. */
  readonly menu: (place: MenuPlace) => void;
}

/** @param empty where the list says that it has nothing to show, and what to do about it */
export function makeListHead(
  kind: TraceKind,
  head: HTMLElement,
  empty: HTMLElement,
  { follow, menu, statistics }: ListHeadActions,
): ListHead {
  return {
    draw(store, matches, follows, state) {
      render(
        html`<h2 class="pane-title">${t('Packets')}</h2>
          ${
            store.end > 0
              ? html`<span class="packets-count"
                  >${matches === undefined ? groupedInteger(store.end) : shownOf(matches, store.end)}</span
                >`
              : nothing
          }
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
          ${kind === 'simulation' ? followButton(follows, follow) : nothing}
          ${statistics === undefined ? nothing : statisticsButton(statistics)}
          <button
            type="button"
            class="toggle list-look"
            aria-haspopup="menu"
            title=${t('Columns, times and colours')}
            aria-label=${t('Columns, times and colours')}
            @click=${(event: MouseEvent) => menu(below(event))}
          >
            ${ICONS.columns}
          </button>`,
        head,
      );
      render(emptyText(kind, store, matches, state), empty);
    },
  };
}

function statisticsButton(toggle: () => void): TemplateResult {
  return html`<button type="button" class="toggle statistics-toggle" @click=${toggle}>
    ${t('Statistics')}
  </button>`;
}

function followButton(follows: boolean, follow: (follows: boolean) => void): TemplateResult {
  return html`<button
    type="button"
    class="toggle follow"
    aria-pressed=${follows}
    title=${t('Show every new packet as it comes')}
    @click=${() => follow(!follows)}
  >
    ${ICONS.follow}${t('Follow newest')}
  </button>`;
}

/** The place below the button that was pressed. */
function below({ currentTarget, clientX, clientY }: MouseEvent): MenuPlace {
  const box = currentTarget instanceof Element ? currentTarget.getBoundingClientRect() : undefined;
  return box === undefined ? { x: clientX, y: clientY } : { x: box.left, y: box.bottom };
}

function emptyText(
  kind: TraceKind,
  store: RecordStore,
  matches: MatchList | undefined,
  state: SimulationState | undefined,
) {
  if (store.size > 0) {
    const nothingPasses = matches?.size === 0 && matches.looked >= store.end;
    return nothingPasses
      ? html`<span>${t('No packet passes the filter.')}</span
          ><span>${t('{0} packets are there.', groupedInteger(store.size))}</span>`
      : nothing;
  }
  if (kind === 'capture') {
    return state === 'finished' ? html`<span>${t('No packet could be read.')}</span>` : nothing;
  }
  return html`<span>${t('No packets yet.')}</span>${
      state === 'paused'
        ? html`<span>${t('Press Play, or the space bar, to start the simulation.')}</span>`
        : nothing
    }`;
}
