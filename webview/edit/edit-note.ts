/** One line over the picture: what to do next, or why something can't be. */

/** Milliseconds that a reason stays, for two lines to be read at ease. */
const REASON_STAYS = 12_000;

export class EditNote {
  readonly #element = document.createElement('div');
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parent: HTMLElement) {
    this.#element.className = 'edit-note';
    this.#element.hidden = true;
    this.#element.addEventListener('click', () => this.clear());
    parent.append(this.#element);
  }

  /** Stays until it is cleared. */
  hint(text: string): void {
    this.#show(text, false);
  }

  /** Goes by itself, or by a click. */
  refuse(text: string): void {
    this.#show(text, true);
    this.#timer = setTimeout(() => this.clear(), REASON_STAYS);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#element.hidden = true;
    this.#element.textContent = '';
  }

  #show(text: string, refused: boolean): void {
    clearTimeout(this.#timer);
    this.#element.classList.toggle('edit-refused', refused);
    this.#element.setAttribute('role', refused ? 'alert' : 'status');
    this.#element.hidden = false;
    this.#element.textContent = text;
  }
}
