/** A frame as hexadecimal and ASCII, sixteen bytes a row or eight where there is little room. Bytes and fields point at each other. */
import { t } from '../strings';
import { asciiOf, hexOf, offsetOf } from './byte-text';

/** Bytes shown before the user asks for all; more than any Ethernet frame without jumbo frames. */
const FIRST_SHOWN = 2048;

/** Room in units of one character that sixteen bytes take: offset, 16 of `xx `, a gap in the middle and 16 characters. */
const WIDE_CHARACTERS = 4 + 2 + 16 * 3 + 1 + 2 + 16;

export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

export interface BytesViewOptions {
  /** The user picked a byte. */
  readonly selected: (byte: number) => void;
  /** The mouse is over a byte, or over none: answers the range of the field it belongs to. */
  readonly fieldOf: (byte: number) => (ByteRange & { readonly text: string }) | undefined;
}

interface ByteCells {
  readonly hex: HTMLElement;
  readonly ascii: HTMLElement;
}

export class BytesView {
  readonly #options: BytesViewOptions;
  readonly #dump: HTMLElement;
  readonly #status: HTMLElement;
  #bytes = new Uint8Array();
  #cells: ByteCells[] = [];
  #perRow = 16;
  #limit = FIRST_SHOWN;
  #selection: ByteRange | undefined;
  #selectionText = '';
  #changed: readonly ByteRange[] = [];
  #cursor = 0;

  constructor(dump: HTMLElement, status: HTMLElement, options: BytesViewOptions) {
    this.#dump = dump;
    this.#status = status;
    this.#options = options;
    dump.tabIndex = 0;
    dump.setAttribute('role', 'grid');
    dump.setAttribute('aria-label', t('Bytes'));
    dump.setAttribute('aria-readonly', 'true');
    dump.addEventListener('keydown', event => this.#key(event));
    dump.addEventListener('mousedown', event => this.#clicked(event));
    dump.addEventListener('mouseover', event => this.#hover(this.#byteAt(event)));
    dump.addEventListener('mouseleave', () => this.#hover(undefined));
    new ResizeObserver(() => this.#fit()).observe(dump);
  }

  show(bytes: Uint8Array): void {
    this.#bytes = new Uint8Array(bytes);
    this.#limit = FIRST_SHOWN;
    this.#selection = undefined;
    this.#changed = [];
    this.#cursor = 0;
    this.#draw();
    this.#say();
  }

  /** Marks the bytes of a field; `text` says which. */
  select(range: ByteRange | undefined, text: string): void {
    this.#mark('byte-selected', range);
    this.#selection = range;
    if (range !== undefined && range.length > 0) {
      this.#cursor = range.start;
      this.#cells[range.start]?.hex.scrollIntoView({ block: 'nearest' });
    }
    this.#markCursor();
    this.#say(range, text);
  }

  /** Marks the bytes that a device changed. */
  markChanged(ranges: readonly ByteRange[]): void {
    this.#changed = ranges;
    this.#markAllChanged();
  }

  #markAllChanged(): void {
    for (const { hex, ascii } of this.#cells) {
      hex.classList.remove('byte-changed');
      ascii.classList.remove('byte-changed');
    }
    for (const { start, length } of this.#changed) {
      for (const { hex, ascii } of this.#cells.slice(start, start + length)) {
        hex.classList.add('byte-changed');
        ascii.classList.add('byte-changed');
      }
    }
  }

  /** Sixteen bytes a row where they fit. */
  #fit(): void {
    const probe = document.createElement('span');
    probe.className = 'byte-probe';
    probe.textContent = '0'.repeat(10);
    this.#dump.append(probe);
    const character = probe.getBoundingClientRect().width / 10;
    probe.remove();
    const perRow = this.#dump.clientWidth >= WIDE_CHARACTERS * character + 24 ? 16 : 8;
    if (perRow !== this.#perRow) {
      this.#perRow = perRow;
      this.#draw();
    }
  }

  #draw(): void {
    const shown = Math.min(this.#bytes.length, this.#limit);
    const rows: HTMLElement[] = [];
    this.#cells = [];
    for (let start = 0; start < shown; start += this.#perRow) {
      rows.push(this.#row(start, Math.min(start + this.#perRow, shown)));
    }
    if (shown < this.#bytes.length) {
      rows.push(this.#more());
    }
    this.#dump.replaceChildren(...rows);
    this.#mark('byte-selected', this.#selection);
    this.#markAllChanged();
    this.#markCursor();
  }

  #row(start: number, end: number): HTMLElement {
    const row = element('div', 'byte-row', 'row');
    const offset = element('span', 'byte-offset', 'rowheader');
    offset.textContent = offsetOf(start);
    const hex = element('span', 'byte-hexes', 'presentation');
    const ascii = element('span', 'byte-asciis');
    ascii.setAttribute('aria-hidden', 'true');
    for (let at = start; at < start + this.#perRow; at++) {
      const value = this.#bytes[at];
      const gap = at % 8 === 0 && at !== start ? ' byte-gap' : '';
      const cell = element('span', `byte-hex${gap}`, at < end ? 'gridcell' : 'presentation');
      hex.append(cell);
      if (at < end && value !== undefined) {
        cell.id = `byte-${at}`;
        cell.dataset.at = String(at);
        cell.textContent = hexOf(value);
        const character = element('span', 'byte-ascii');
        character.dataset.at = String(at);
        character.textContent = asciiOf(value);
        ascii.append(character);
        this.#cells[at] = { hex: cell, ascii: character };
      }
    }
    row.append(offset, hex, ascii);
    return row;
  }

  #more(): HTMLElement {
    const row = element('div', 'byte-row', 'row');
    const cell = element('span', '', 'gridcell');
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'link';
    button.textContent = t('Show all {0} bytes', this.#bytes.length);
    button.addEventListener('click', () => {
      this.#limit = this.#bytes.length;
      this.#draw();
    });
    cell.append(button);
    row.append(cell);
    return row;
  }

  #mark(className: string, range: ByteRange | undefined): void {
    for (const marked of this.#dump.querySelectorAll(`.${className}`)) {
      marked.classList.remove(className);
      if (className === 'byte-selected') {
        marked.removeAttribute('aria-selected');
      }
    }
    const end = range === undefined ? 0 : Math.min(range.start + range.length, this.#cells.length);
    for (let at = range?.start ?? 0; at < end; at++) {
      const cells = this.#cells[at];
      cells?.hex.classList.add(className);
      cells?.ascii.classList.add(className);
      if (className === 'byte-selected') {
        cells?.hex.setAttribute('aria-selected', 'true');
      }
    }
  }

  #markCursor(): void {
    if (this.#cells[this.#cursor] === undefined) {
      this.#dump.removeAttribute('aria-activedescendant');
      return;
    }
    this.#mark('byte-cursor', { start: this.#cursor, length: 1 });
    this.#dump.setAttribute('aria-activedescendant', `byte-${this.#cursor}`);
  }

  #byteAt(event: MouseEvent): number | undefined {
    const at = event.target instanceof HTMLElement ? event.target.dataset.at : undefined;
    return at === undefined ? undefined : Number(at);
  }

  #hover(byte: number | undefined): void {
    const field = byte === undefined ? undefined : this.#options.fieldOf(byte);
    this.#mark('byte-hovered', field);
    if (field !== undefined) {
      this.#say(field, field.text);
    } else {
      this.#say(this.#selection, this.#selectionText);
    }
  }

  #clicked(event: MouseEvent): void {
    const byte = this.#byteAt(event);
    if (event.button === 0 && byte !== undefined) {
      this.#choose(byte);
    }
  }

  #choose(byte: number): void {
    this.#options.selected(byte);
    this.#cursor = byte;
    this.#markCursor();
    this.#cells[byte]?.hex.scrollIntoView({ block: 'nearest' });
  }

  #key(event: KeyboardEvent): void {
    const step = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -this.#perRow,
      ArrowDown: this.#perRow,
      Home: -this.#cursor,
      End: this.#cells.length - 1 - this.#cursor,
      Enter: 0,
    }[event.key];
    const target = this.#cursor + (step ?? 0);
    if (step === undefined || event.ctrlKey || event.metaKey || this.#cells[target] === undefined) {
      return;
    }
    event.preventDefault();
    this.#choose(target);
  }

  /** One line below the dump: which field, which bytes. */
  #say(range?: ByteRange, text = ''): void {
    if (range === this.#selection) {
      this.#selectionText = text;
    }
    if (range === undefined) {
      this.#status.textContent = t('{0} bytes', this.#bytes.length);
    } else if (range.length === 0) {
      this.#status.textContent = `${text} (${t('derived, no bytes of its own')})`;
    } else if (range.length === 1) {
      this.#status.textContent = t('Byte {0}: {1}', range.start, text);
    } else {
      this.#status.textContent = t(
        'Bytes {0} to {1}: {2}',
        range.start,
        range.start + range.length - 1,
        text,
      );
    }
  }
}

function element(tag: string, className: string, role?: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  if (role !== undefined) {
    made.setAttribute('role', role);
  }
  return made;
}
