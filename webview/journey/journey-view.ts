/** The journey of the selected packet: a ladder of the devices it meets, and at each rung what the device before it did. */
import { html, nothing, render, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import type { FieldChange, Journey, JourneyHop } from '../../src/simulation/protocol';
import { t, translate } from '../strings';
import { displayNumber } from '../trace/columns';
import { formatDuration } from '../trace/time-format';
import { deedWords } from './deed-words';
import { deviceOf, ladderOf, type Ladder, type Rung } from './ladder';

/** Room between two lines of the ladder, and beside the first and last, in px. */
const LINE_GAP = 34;
const MARGIN = 14;

/** Height in px that a character of a name takes at 45°. */
const CHARACTER_RISE = 4.8;

/** Height in px at which the arrow of a rung stands: beside the rung's first line of text. */
const ARROW_AT = 12;

export interface JourneyViewOptions {
  readonly showPacket: (number: number) => void;
}

export class JourneyView {
  readonly #place: HTMLElement;
  readonly #options: JourneyViewOptions;

  constructor(place: HTMLElement, options: JourneyViewOptions) {
    this.#place = place;
    this.#options = options;
  }

  /** Undefined while it is not known. */
  show(journey: Journey | undefined): void {
    render(
      journey === undefined || journey.hops.length === 0 ? nothing : this.#template(journey),
      this.#place,
    );
    this.#place.querySelector('.rung[aria-current="true"]')?.scrollIntoView({ block: 'nearest' });
  }

  #template(journey: Journey): TemplateResult {
    const ladder = ladderOf(journey);
    const width = 2 * MARGIN + (ladder.devices.length - 1) * LINE_GAP;
    const { cause } = journey;
    return html`<div class="journey">
      ${this.#heads(ladder, width)}
      ${
        cause === undefined
          ? nothing
          : html`<p class="journey-note">
              ${t('Caused by')}
              <button type="button" class="link" @click=${() => this.#options.showPacket(cause)}>
                #${displayNumber(cause)}
              </button>
            </p>`
      }
      <ol class="rungs" aria-label=${t('Journey')}>
        ${journey.hops.map((hop, place) => this.#rung(journey, hop, place, ladder, width))}
      </ol>
      ${journey.more ? html`<p class="journey-note">${t('There are more hops than are shown.')}</p>` : nothing}
    </div>`;
  }

  /** Names stand along their lines, so that many fit side by side. */
  #heads({ devices }: Ladder, width: number): TemplateResult {
    const names = devices.map(shortened);
    const height = 14 + Math.ceil(Math.max(...names.map(name => name.length)) * CHARACTER_RISE);
    return html`<svg class="ladder-heads" width=${width + height} height=${height} aria-hidden="true">
      ${devices.map((device, line) => {
        const x = lineAt(line);
        return svg`<text class="ladder-name" transform="translate(${x + 4} ${height - 4}) rotate(-45)">${names[line]}<title>${device}</title></text>`;
      })}
    </svg>`;
  }

  #rung(journey: Journey, hop: JourneyHop, place: number, ladder: Ladder, width: number): TemplateResult {
    const { row, arrival } = hop;
    const rung = ladder.rungs[place];
    const start = journey.hops[0]?.row.time ?? row.time;
    const device = deviceOf(row.from);
    const lost = arrival === undefined && row.drop === undefined;
    return html`<li class="rung" aria-current=${place === journey.selected ? 'true' : 'false'}>
      <svg class="rung-lines" width=${width} aria-hidden="true">
        ${ladder.devices.map((_device, line) => svg`<line class="ladder-line" x1=${lineAt(line)} x2=${lineAt(line)} y1="0" y2="100%"></line>`)}
        ${rung === undefined ? nothing : arrow(rung, row.drop !== undefined, lost)}
      </svg>
      <div class="rung-text">
        <button type="button" class="link rung-head" @click=${() => this.#options.showPacket(row.number)}>
          #${displayNumber(row.number)}
          ${row.drop === undefined ? t('From {0} to {1}', row.from, row.to) : t('At {0}', row.from)}
        </button>
        <span class="rung-time">+${formatDuration(row.time - start)}</span>
        ${hop.before === undefined && row.drop === undefined ? html`<p class="deed">${t('{0} sent it: {1}', device, `${row.protocol} ${row.info}`)}</p>` : nothing}
        ${row.drop === undefined || hop.before === undefined ? hop.deeds.map(deed => html`<p class="deed">${deedWords(device, deed)}</p>`) : nothing}
        ${row.drop === undefined ? nothing : html`<p class="deed deed-drop">✕ ${t('Dropped: {0}', translate(row.drop))}</p>`}
        ${lost ? html`<p class="deed deed-drop">✕ ${t('It was lost on the cable.')}</p>` : nothing}
        ${place === journey.selected && hop.changes.length > 0 ? changesTable(hop.changes) : nothing}
      </div>
    </li>`;
  }
}

/** What came in beside what went out. */
function changesTable(changes: readonly FieldChange[]): TemplateResult {
  return html`<table class="changes">
    <caption class="for-screen-reader">
      ${t('What the device changed')}
    </caption>
    <thead>
      <tr>
        <th scope="col">${t('Field')}</th>
        <th scope="col">${t('Came in')}</th>
        <th scope="col">${t('Went out')}</th>
      </tr>
    </thead>
    <tbody>
      ${changes.map(
        ({ label, name, before, after }) =>
          html`<tr>
            <th scope="row" title=${name}>${label}</th>
            <td>${before}</td>
            <td>${after}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function arrow({ from, to }: Rung, dropped: boolean, lost: boolean): SVGTemplateResult {
  const start = lineAt(from);
  if (dropped || from === to) {
    return svg`<path class="ladder-cross" d="M${start - 5} ${ARROW_AT - 5}l10 10m0 -10l-10 10"></path>`;
  }
  const end = lineAt(to);
  const way = Math.sign(end - start);
  const tip = lost ? (start + end) / 2 : end - way;
  return svg`<circle class="ladder-dot" cx=${start} cy=${ARROW_AT} r="3"></circle>
    <line class="ladder-arrow" x1=${start} y1=${ARROW_AT} x2=${tip} y2=${ARROW_AT}></line>
    ${
      lost
        ? svg`<path class="ladder-cross" d="M${tip - 4} ${ARROW_AT - 4}l8 8m0 -8l-8 8"></path>`
        : svg`<path class="ladder-tip" d="M${tip} ${ARROW_AT}l${-7 * way} -4v8z"></path>`
    }`;
}

function lineAt(line: number): number {
  return MARGIN + line * LINE_GAP;
}

/** Longest name over a line, in characters; the whole name is in its tooltip and in the rungs. */
const LONGEST_NAME = 14;

function shortened(name: string): string {
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME - 1)}…`;
}
