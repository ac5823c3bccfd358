/** What the frame itself can't say, above its fields: where and when it travelled, why, and why it went no further. */
import { html, nothing, type TemplateResult } from 'lit';
import type { PacketDetails } from '../../src/simulation/protocol';
import { isQuiet } from '../drop-words';
import { t, translate } from '../strings';
import { capturedFacts } from './captured-facts';
import { displayNumber } from './columns';
import { formatDuration, formatTime } from './time-format';

/** What the user can do about the packet. */
export interface PacketActions {
  readonly showPacket: (number: number) => void;
  /** Takes the clock to the moment at which the packet was sent or dropped. */
  readonly goTo: (number: number) => void;
  /** Shows what the packet leads to; runs on where that has not happened yet. */
  readonly nextHop: (number: number) => void;
  /** Writes about it. */
  readonly comment: (number: number) => void;
}

export function packetFacts(packet: PacketDetails, actions: PacketActions): TemplateResult {
  const { row, arrival, cause, captured } = packet;
  if (captured !== undefined) {
    return capturedFacts(row, captured);
  }
  const dropped = row.drop !== undefined;
  return html`<div class="facts ${isQuiet(row.drop ?? '') ? 'facts-quiet' : ''}">
    <div class="facts-title">
      <span class="facts-number">#${displayNumber(row.number)}</span>
      ${dropped ? html`<span class="facts-mark" aria-hidden="true">✕</span>` : nothing}
      <span class="facts-where"
        >${dropped ? t('At {0}', row.from) : t('From {0} to {1}', row.from, row.to)}</span
      >
    </div>
    <dl class="facts-list">
      ${dropped ? fact(t('Reason'), html`<span class="facts-reason">${translate(row.drop ?? '')}${row.rule === undefined ? nothing : `: ${row.rule}`}</span>`) : nothing}
      ${fact(dropped ? t('Time') : t('Sent'), `${formatTime(row.time)} s`)}
      ${dropped ? nothing : fact(t('Arrived'), arrived(row.time, arrival))}
      ${fact(
        t('Caused by'),
        cause === undefined
          ? t('the start or an action of yours')
          : html`<button
              type="button"
              class="link"
              title=${t('Show packet {0}', displayNumber(cause))}
              @click=${() => actions.showPacket(cause)}
            >
              #${displayNumber(cause)}
            </button>`,
      )}
      ${row.colouring === undefined ? nothing : fact(t('Colour rule'), row.colouring.rule)}
      ${
        row.comment === undefined
          ? nothing
          : html`<div class="fact fact-comment">
              <dt>${t('Comment')}</dt>
              <dd>${row.comment}</dd>
            </div>`
      }
    </dl>
    <div class="facts-actions">
      <button
        type="button"
        class="link"
        title=${t('Take the clock to the moment of this packet')}
        @click=${() => actions.goTo(row.number)}
      >
        ${t('Go to this moment')}
      </button>
      ${
        dropped
          ? nothing
          : html`<button
              type="button"
              class="link"
              title=${t('Show what this packet leads to; runs on where that has not happened yet (N)')}
              @click=${() => actions.nextHop(row.number)}
            >
              ${t('Next hop')}
            </button>`
      }
      <button type="button" class="link" @click=${() => actions.comment(row.number)}>
        ${row.comment === undefined ? t('Comment… (C)') : t('Edit the comment… (C)')}
      </button>
    </div>
  </div>`;
}

function arrived(sent: number, arrival: number | undefined): string {
  if (arrival === undefined) {
    return t('never');
  }
  return `${formatTime(arrival)} s (${t('{0} after it was sent', formatDuration(arrival - sent))})`;
}

function fact(name: string, value: TemplateResult | string): TemplateResult {
  return html`<div class="fact">
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}
