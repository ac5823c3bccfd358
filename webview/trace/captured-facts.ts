/** What a capture file says of a packet beside its bytes: when and where it was captured, and what was noted. */
import { html, nothing, type TemplateResult } from 'lit';
import type { CapturedFacts, PacketRow } from '../../src/simulation/protocol';
import { t } from '../strings';
import { displayNumber } from './columns';
import { formatDate, formatTime, groupedInteger } from './time-format';

export function capturedFacts(row: PacketRow, captured: CapturedFacts): TemplateResult {
  const { length, comments, direction, time } = captured;
  return html`<div class="facts">
    <div class="facts-title">
      <span class="facts-number">#${displayNumber(row.number)}</span>
      <span class="facts-where">${whereText(row.from, direction)}</span>
    </div>
    <dl class="facts-list">
      ${fact(t('Time'), `${formatTime(row.time)} s`)}
      ${fact(t('Captured'), formatDate(time.seconds, time.nanoseconds))}
      ${
        length === row.length
          ? nothing
          : fact(
              t('Cut'),
              t('{0} of {1} bytes were captured', groupedInteger(length), groupedInteger(row.length)),
            )
      }
      ${row.colouring === undefined ? nothing : fact(t('Colour rule'), row.colouring.rule)}
      ${comments.map(
        comment =>
          html`<div class="fact fact-comment">
            <dt>${t('Comment')}</dt>
            <dd>${comment}</dd>
          </div>`,
      )}
    </dl>
  </div>`;
}

function whereText(name: string, direction: CapturedFacts['direction']): string {
  switch (direction) {
    case 'inbound':
      return t('Received at {0}', name);
    case 'outbound':
      return t('Sent at {0}', name);
    case undefined:
      // An interface without a name goes by its number alone.
      return name.startsWith('#') ? t('Captured') : t('Captured at {0}', name);
  }
}

function fact(name: string, value: string): TemplateResult {
  return html`<div class="fact">
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}
