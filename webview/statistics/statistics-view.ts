/** What the trace amounts to: protocols, conversations, drops, throughput and round trips. */
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Statistics, Throughput } from '../../src/simulation/protocol';
import { describeDrop } from '../drop-words';
import { t } from '../strings';
import type { TraceKind } from '../trace/trace-kind';
import { formatDuration, groupedInteger } from '../trace/time-format';

/** px of a plot. */
const WIDTH = 320;
const HEIGHT = 72;

export interface StatisticsActions {
  /** Shows only these packets in the list. */
  readonly filter: (text: string) => void;
}

export function statisticsView(
  statistics: Statistics,
  actions: StatisticsActions,
  kind: TraceKind = 'simulation',
): TemplateResult {
  const { looked, records, packets, bytes } = statistics;
  return html`<p class="statistics-sum">
      ${t(
        kind === 'capture'
          ? '{0} packets, {1} bytes'
          : '{0} packets, {1} bytes: each counted once, where it sets out',
        groupedInteger(packets),
        groupedInteger(bytes),
      )}
      ${looked < records ? html`<span role="status">${t('{0} of {1} records counted…', groupedInteger(looked), groupedInteger(records))}</span>` : nothing}
    </p>
    ${packets > 0 ? html`${throughputPlot(statistics.throughput)}${roundTripPlot(statistics)}` : nothing}
    ${protocolTable(statistics)} ${conversationTable(statistics, actions)} ${dropTable(statistics)}`;
}

function throughputPlot({ width, bytes }: Throughput): TemplateResult {
  const most = Math.max(1, ...bytes);
  const step = WIDTH / Math.max(1, bytes.length);
  const rate = `${groupedInteger(Math.round((most * 8 * 1e9) / width / 1000))} kbit/s`;
  return html`<figure class="plot">
    <figcaption>${t('Throughput')}: ${t('at most {0} in {1}', rate, formatDuration(width))}</figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${t('Throughput')} preserveAspectRatio="none">
      ${bytes.map((value, index) => {
        const height = (value / most) * (HEIGHT - 2);
        return value === 0
          ? nothing
          : svg`<rect class="plot-bar" x=${index * step} y=${HEIGHT - height} width=${Math.max(1, step - 0.5)} height=${height}></rect>`;
      })}
    </svg>
    <div class="plot-axis"><span>0</span><span>${formatDuration(width * bytes.length)}</span></div>
  </figure>`;
}

function roundTripPlot({ roundTrips }: Statistics): TemplateResult | typeof nothing {
  if (roundTrips.length === 0) {
    return nothing;
  }
  const slowest = Math.max(...roundTrips.map(({ took }) => took));
  const last = Math.max(1, ...roundTrips.map(({ time }) => time));
  return html`<figure class="plot">
    <figcaption>
      ${t('Round trips of echoes and handshakes')}:
      ${t('{0}, at most {1}', roundTrips.length, formatDuration(slowest))}
    </figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${t('Round trips of echoes and handshakes')}>
      ${roundTrips.map(
        ({ time, took }) =>
          svg`<circle class="plot-dot" r="2.5" cx=${4 + (time / last) * (WIDTH - 8)} cy=${HEIGHT - 4 - (took / slowest) * (HEIGHT - 8)}></circle>`,
      )}
    </svg>
    <div class="plot-axis"><span>0</span><span>${formatDuration(last)}</span></div>
  </figure>`;
}

function protocolTable({ protocols, packets }: Statistics): TemplateResult {
  return html`<table class="device-table" data-table="protocols">
    <caption>
      ${t('Protocols')}
    </caption>
    <thead>
      <tr>
        <th scope="col">${t('Protocol')}</th>
        <th scope="col" class="numeric">${t('Packets')}</th>
        <th scope="col" class="numeric">%</th>
        <th scope="col" class="numeric">${t('Bytes')}</th>
      </tr>
    </thead>
    <tbody>
      ${protocols.map(({ path, packets: count, bytes }) => {
        const names = path.split(':');
        return html`<tr>
          <td>${' '.repeat(3 * (names.length - 1))}${names.at(-1)}</td>
          <td class="numeric">${groupedInteger(count)}</td>
          <td class="numeric">${((count * 100) / Math.max(1, packets)).toFixed(1)}</td>
          <td class="numeric">${groupedInteger(bytes)}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

function conversationTable(
  { conversations, moreConversations }: Statistics,
  { filter }: StatisticsActions,
): TemplateResult {
  return html`<table class="device-table" data-table="conversations">
    <caption>
      ${t('Conversations')}
    </caption>
    <thead>
      <tr>
        <th scope="col">${t('Protocol')}</th>
        <th scope="col">${t('Who began')}</th>
        <th scope="col">${t('Other end')}</th>
        <th scope="col" class="numeric">${t('Packets')} →</th>
        <th scope="col" class="numeric">←</th>
        <th scope="col" class="numeric">${t('Bytes')} →</th>
        <th scope="col" class="numeric">←</th>
        <th scope="col" class="numeric">${t('Lasted')}</th>
      </tr>
    </thead>
    <tbody>
      ${conversations.map(
        one =>
          html`<tr>
            <td>
              <button
                type="button"
                class="link"
                title=${t('Show only the packets of this conversation')}
                @click=${() => filter(one.filter)}
              >
                ${one.protocol}
              </button>
            </td>
            <td>${one.one}</td>
            <td>${one.other}</td>
            <td class="numeric">${groupedInteger(one.packets)}</td>
            <td class="numeric">${groupedInteger(one.packetsBack)}</td>
            <td class="numeric">${groupedInteger(one.bytes)}</td>
            <td class="numeric">${groupedInteger(one.bytesBack)}</td>
            <td class="numeric">${formatDuration(one.ended - one.begun)}</td>
          </tr>`,
      )}
      ${
        moreConversations > 0
          ? html`<tr>
              <td colspan="8">${t('{0} more rows', moreConversations)}</td>
            </tr>`
          : nothing
      }
    </tbody>
  </table>`;
}

function dropTable({ drops }: Statistics): TemplateResult | typeof nothing {
  return drops.length === 0
    ? nothing
    : html`<table class="device-table" data-table="drops">
        <caption>
          ${t('Drops by reason')}
        </caption>
        <thead>
          <tr>
            <th scope="col" class="numeric">${t('Frames')}</th>
            <th scope="col">${t('Reason')}</th>
          </tr>
        </thead>
        <tbody>
          ${drops.map(({ drop, frames }) => {
            const { text, quiet } = describeDrop(drop);
            return html`<tr>
              <td class="numeric">${groupedInteger(frames)}</td>
              <td>${t(quiet ? 'Ignored: {0}' : 'Dropped: {0}', text)}</td>
            </tr>`;
          })}
        </tbody>
      </table>`;
}
