/** What the frame itself can't say, above its fields: where and when it travelled, why, and why it went no further. */
import { html, nothing, type TemplateResult } from 'lit';
import type { PacketDetails } from '../../src/simulation/protocol';
import { isQuiet } from '../drop-words';
import { t, translate } from '../strings';
import { displayNumber } from './columns';
import { formatDuration, formatTime } from './time-format';

/** @param showPacket called when the user follows the link to the cause */
export function packetFacts(packet: PacketDetails, showPacket: (number: number) => void): TemplateResult {
  const { row, arrival, cause } = packet;
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
              @click=${() => showPacket(cause)}
            >
              #${displayNumber(cause)}
            </button>`,
      )}
    </dl>
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
