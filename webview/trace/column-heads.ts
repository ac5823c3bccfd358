/** The heads of the packet list's columns, with a grip at each right edge that changes the width. */
import { t } from '../strings';
import { COLUMN_LIMITS, type Column } from './columns';

export class ColumnHeads {
  readonly element = document.createElement('div');
  readonly #row = document.createElement('div');
  readonly #resized: (widths: Readonly<Record<string, number>>) => void;
  #widths: Readonly<Record<string, number>>;

  /** @param resized told after every change, with all widths the user changed, in px by column */
  constructor(
    widths: Readonly<Record<string, number>>,
    resized: (widths: Readonly<Record<string, number>>) => void,
  ) {
    this.#widths = widths;
    this.#resized = resized;
    this.element.className = 'packets-head';
    this.element.setAttribute('role', 'rowgroup');
    this.#row.className = 'packets-head-row';
    this.#row.setAttribute('role', 'row');
    this.#row.setAttribute('aria-rowindex', '1');
    this.element.append(this.#row);
  }

  get widths(): Readonly<Record<string, number>> {
    return this.#widths;
  }

  show(columns: readonly Column[]): void {
    this.#row.replaceChildren(
      ...columns.map((column, index) => {
        const head = document.createElement('span');
        head.setAttribute('role', 'columnheader');
        head.setAttribute('aria-colindex', String(index + 1));
        head.className = `cell cell-${column.name}${column.numeric === true ? ' cell-numeric' : ''}`;
        head.append(t(column.title));
        if (index < columns.length - 1) {
          head.append(this.#grip(head, column));
        }
        return head;
      }),
    );
  }

  #grip(head: HTMLElement, column: Column): HTMLElement {
    const grip = document.createElement('span');
    grip.className = 'column-grip';
    grip.title = t('Width of the column {0}', t(column.title));
    grip.setAttribute('aria-hidden', 'true');
    grip.addEventListener('dblclick', () => this.#set(column, column.width));
    grip.addEventListener('pointerdown', down => {
      down.preventDefault();
      grip.setPointerCapture(down.pointerId);
      const start = head.getBoundingClientRect().width - down.clientX;
      const stop = new AbortController();
      const { signal } = stop;
      grip.addEventListener('pointermove', move => this.#set(column, start + move.clientX), { signal });
      grip.addEventListener('lostpointercapture', () => stop.abort(), { signal });
    });
    return grip;
  }

  #set({ name }: Column, width: number): void {
    const bounded = Math.max(COLUMN_LIMITS.narrowest, Math.min(COLUMN_LIMITS.widest, Math.round(width)));
    this.#widths = { ...this.#widths, [name]: bounded };
    this.#resized(this.#widths);
  }
}
