/** What the two ends of a stream told each other, as text or as a dump; who speaks is said by word, side and line, not by colour alone. */
import { html, nothing, render, type TemplateResult } from 'lit';
import type { FollowedStream, StreamEnd, StreamPart } from '../../src/simulation/protocol';
import { t, type PanelString } from '../strings';
import { asciiOf, hexOf, offsetOf } from './byte-text';
import { displayNumber } from './columns';
import { formatTime, groupedInteger } from './time-format';

export interface StreamViewOptions {
  readonly showPacket: (number: number) => void;
  /** Follows the stream of the packet that is selected. */
  readonly follow: () => void;
}

type Form = 'text' | 'hex';

const FORMS: Readonly<Record<Form, PanelString>> = { text: 'As text', hex: 'As bytes' };

/** Bytes in one line of a dump, as in Wireshark. */
const LINE_BYTES = 16;

export class StreamView {
  readonly #place: HTMLElement;
  readonly #options: StreamViewOptions;
  #stream: FollowedStream | undefined;
  #note = '';
  #form: Form = 'text';
  /** Whether the selected packet has a stream. */
  #mayFollow = false;

  constructor(place: HTMLElement, options: StreamViewOptions) {
    this.#place = place;
    this.#options = options;
    this.#draw();
  }

  /** Waits for a stream; the one before stays to be read. */
  expect(): void {
    this.#note = this.#stream === undefined ? t('Following the stream…') : '';
    this.#draw();
  }

  /** Undefined for a packet that is in no stream, or not kept. */
  show(stream: FollowedStream | undefined): void {
    this.#stream = stream;
    this.#note = stream === undefined ? t('This packet is in no stream of TCP or UDP.') : '';
    this.#draw();
  }

  clear(): void {
    this.#stream = undefined;
    this.#note = '';
    this.#draw();
  }

  setMayFollow(mayFollow: boolean): void {
    if (mayFollow !== this.#mayFollow) {
      this.#mayFollow = mayFollow;
      this.#draw();
    }
  }

  #draw(): void {
    const stream = this.#stream;
    render(
      html`<div class="stream-head">
          ${
            this.#mayFollow
              ? html`<button type="button" class="link" @click=${() => this.#options.follow()}>
                  ${t('Follow the stream of this packet')}
                </button>`
              : nothing
          }
          ${stream === undefined ? nothing : this.#head(stream)}
          ${this.#note === '' ? nothing : html`<span class="stream-note">${this.#note}</span>`}
          ${
            stream === undefined && this.#note === '' && !this.#mayFollow
              ? html`<span class="stream-note">${t('This packet is in no stream of TCP or UDP.')}</span>`
              : nothing
          }
        </div>
        ${stream === undefined ? nothing : this.#parts(stream)}`,
      this.#place,
    );
  }

  #head({ protocol, number, client, server, parts }: FollowedStream): TemplateResult {
    const bytes = parts.reduce((sum, part) => sum + part.bytes.length, 0);
    return html`<span class="stream-title">${`${protocol}.stream eq ${number}`}</span>
      <span class="stream-end stream-of-client">${t('client')} ${endText(client)}</span>
      <span class="stream-end stream-of-server">${t('server')} ${endText(server)}</span>
      <span class="stream-note">${t('{0} bytes', groupedInteger(bytes))}</span>
      <div class="stream-forms" role="radiogroup" aria-label=${t('How the bytes are shown')}>
        ${(['text', 'hex'] as const).map(
          form =>
            html`<button
              type="button"
              role="radio"
              class="toggle"
              aria-checked=${form === this.#form}
              tabindex=${form === this.#form ? 0 : -1}
              @click=${() => this.#show(form)}
              @keydown=${(event: KeyboardEvent) => this.#formKey(event)}
            >
              ${t(FORMS[form])}
            </button>`,
        )}
      </div>`;
  }

  #show(form: Form): void {
    this.#form = form;
    this.#draw();
  }

  #formKey(event: KeyboardEvent): void {
    if (event.key.startsWith('Arrow')) {
      event.preventDefault();
      this.#show(this.#form === 'text' ? 'hex' : 'text');
      this.#place.querySelector<HTMLElement>('[role="radio"][aria-checked="true"]')?.focus();
    }
  }

  #parts({ parts, more }: FollowedStream): TemplateResult {
    const offsets = { client: 0, server: 0 };
    return html`<ol class="stream-parts" tabindex="0" aria-label=${t('Stream')}>
      ${parts.length === 0 ? html`<li class="stream-note">${t('No data was sent.')}</li>` : nothing}
      ${parts.map(part => {
        const at = offsets[part.from] + part.missing;
        offsets[part.from] = at + part.bytes.length;
        return this.#part(part, at);
      })}
      ${more ? html`<li class="stream-note">${t('There is more than is shown.')}</li>` : nothing}
    </ol>`;
  }

  #part({ from, record, time, bytes, missing }: StreamPart, at: number): TemplateResult {
    return html`<li class="stream-part stream-of-${from}">
      ${missing === 0 ? nothing : html`<p class="stream-missing">${t('{0} bytes are missing here.', groupedInteger(missing))}</p>`}
      <div class="stream-who">
        <span>${from === 'client' ? `→ ${t('client')}` : `← ${t('server')}`}</span>
        <button
          type="button"
          class="link"
          title=${t('Show packet {0}', displayNumber(record))}
          @click=${() => this.#options.showPacket(record)}
        >
          #${groupedInteger(displayNumber(record))}
        </button>
        <span>${formatTime(time)}</span>
        <span>${t('{0} bytes', groupedInteger(bytes.length))}</span>
      </div>
      <pre class="stream-bytes stream-${this.#form}">
${this.#form === 'text' ? textOf(bytes) : dumpOf(bytes, at)}</pre>
    </li>`;
  }
}

function endText({ address, port }: StreamEnd): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** What is no text is a dot, but for ends of lines and tabs. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder()
    .decode(bytes)
    .replaceAll('\r\n', '\n')
    .replace(/[^\P{C}\n\t]|\ufffd/gu, '.');
}

/** `00000010  47 45 54 …  GET …` */
function dumpOf(bytes: Uint8Array, from: number): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += LINE_BYTES) {
    const line = [...bytes.subarray(at, at + LINE_BYTES)];
    const hex = line.map((byte, index) => (index === 8 ? ` ${hexOf(byte)}` : hexOf(byte))).join(' ');
    const offset = offsetOf(from + at).padStart(8, '0');
    lines.push(`${offset}  ${hex.padEnd(LINE_BYTES * 3)}  ${line.map(asciiOf).join('')}`);
  }
  return lines.join('\n');
}
