/**
 * A bar between two panes that moves by mouse, touch and keyboard (the window splitter pattern of the ARIA Authoring Practices).
 * The panes are flex items whose flex-grow is the custom property `--share`; only the two beside the bar change.
 */

/** Neither pane gets smaller than this part of both together. */
const SMALLEST = 0.1;

/** One press of an arrow key. */
const KEY_STEP = 0.03;

export interface SplitterOptions {
  /** `horizontal` is a bar that lies and moves up and down. */
  readonly orientation: 'horizontal' | 'vertical';
  readonly label: string;
  /** Part of the pane before the bar, 0 to 1, that Enter and a double-click restore. */
  readonly initial: number;
  /** Called after each move. */
  readonly moved: () => void;
}

export class Splitter {
  readonly #bar: HTMLElement;
  readonly #before: HTMLElement;
  readonly #after: HTMLElement;
  readonly #options: SplitterOptions;

  /** The panes have their first shares already. */
  constructor(bar: HTMLElement, before: HTMLElement, after: HTMLElement, options: SplitterOptions) {
    this.#bar = bar;
    this.#before = before;
    this.#after = after;
    this.#options = options;
    bar.classList.add('splitter', `splitter-${options.orientation}`);
    bar.tabIndex = 0;
    bar.setAttribute('role', 'separator');
    bar.setAttribute('aria-orientation', options.orientation);
    bar.setAttribute('aria-label', options.label);
    bar.setAttribute('aria-valuemin', String(SMALLEST * 100));
    bar.setAttribute('aria-valuemax', String(100 - SMALLEST * 100));
    bar.addEventListener('pointerdown', event => this.#drag(event));
    bar.addEventListener('keydown', event => this.#key(event));
    bar.addEventListener('dblclick', () => this.#move(options.initial));
    this.refresh();
  }

  /** Says where the bar stands; needed after the other bar of a pane moved. */
  refresh(): void {
    this.#bar.setAttribute('aria-valuenow', String(Math.round(this.#part() * 100)));
  }

  #part(): number {
    const before = shareOf(this.#before);
    return before / (before + shareOf(this.#after));
  }

  #move(part: number): void {
    const bounded = Math.max(SMALLEST, Math.min(1 - SMALLEST, part));
    const both = shareOf(this.#before) + shareOf(this.#after);
    setShare(this.#before, bounded * both);
    setShare(this.#after, (1 - bounded) * both);
    this.refresh();
    this.#options.moved();
  }

  #drag(down: PointerEvent): void {
    if (down.button !== 0) {
      return;
    }
    down.preventDefault();
    this.#bar.focus();
    this.#bar.setPointerCapture(down.pointerId);
    this.#bar.classList.add('splitter-dragged');
    const lies = this.#options.orientation === 'horizontal';
    const before = this.#before.getBoundingClientRect();
    const after = this.#after.getBoundingClientRect();
    const whole = Math.max(1, lies ? before.height + after.height : before.width + after.width);
    const start = lies ? before.height - down.clientY : before.width - down.clientX;
    const stop = new AbortController();
    const { signal } = stop;
    this.#bar.addEventListener(
      'pointermove',
      move => this.#move((start + (lies ? move.clientY : move.clientX)) / whole),
      { signal },
    );
    this.#bar.addEventListener(
      'lostpointercapture',
      () => {
        this.#bar.classList.remove('splitter-dragged');
        stop.abort();
      },
      { signal },
    );
  }

  #key(event: KeyboardEvent): void {
    const lies = this.#options.orientation === 'horizontal';
    const part = {
      [lies ? 'ArrowUp' : 'ArrowLeft']: this.#part() - KEY_STEP,
      [lies ? 'ArrowDown' : 'ArrowRight']: this.#part() + KEY_STEP,
      Home: SMALLEST,
      End: 1 - SMALLEST,
      Enter: this.#options.initial,
    }[event.key];
    if (part !== undefined) {
      event.preventDefault();
      this.#move(part);
    }
  }
}

/** The pane's flex-grow. */
export function shareOf(pane: HTMLElement): number {
  return Number(pane.style.getPropertyValue('--share')) || 1;
}

/** Sets the pane's flex-grow. */
export function setShare(pane: HTMLElement, share: number): void {
  pane.style.setProperty('--share', String(share));
}
