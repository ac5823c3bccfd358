/** A few lines about the device under the pointer. */
import { nodeAt } from './diagram-elements';

/** Milliseconds the pointer rests before the lines appear, as in VS Code's own hovers (`editor.hover.delay`). */
const DELAY = 300;
/** Pixels between pointer and lines. */
const OFFSET = 14;

export class Tooltip {
  private readonly element = document.createElement('div');
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** @param linesAbout the lines on the device with this id */
  constructor(
    private readonly parent: HTMLElement,
    linesAbout: (node: string) => readonly string[],
  ) {
    this.element.className = 'vnet-tooltip';
    this.element.hidden = true;
    // What it says is in the accessible names of the devices already.
    this.element.setAttribute('aria-hidden', 'true');
    parent.append(this.element);
    parent.addEventListener('pointermove', event => {
      const node = event.buttons === 0 ? nodeAt(event.target) : undefined;
      if (node === undefined) {
        this.hide();
      } else {
        this.showLater(() => linesAbout(node), event);
      }
    });
    parent.addEventListener('pointerleave', () => this.hide());
  }

  /** Shows the lines at a place of the page after a moment; the first one is the title. */
  private showLater(
    lines: () => readonly string[],
    at: { readonly clientX: number; readonly clientY: number },
  ): void {
    this.hide();
    this.timer = setTimeout(() => this.show(lines(), at.clientX, at.clientY), DELAY);
  }

  hide(): void {
    clearTimeout(this.timer);
    this.element.hidden = true;
  }

  private show([title, ...lines]: readonly string[], clientX: number, clientY: number): void {
    if (title === undefined) {
      return;
    }
    const heading = document.createElement('div');
    heading.className = 'vnet-tooltip-title';
    heading.textContent = title;
    const body = document.createElement('div');
    body.textContent = lines.join('\n');
    this.element.replaceChildren(heading, body);
    this.element.hidden = false;

    const frame = this.parent.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const x = Math.min(clientX - frame.left + OFFSET, frame.width - width - 4);
    const below = clientY - frame.top + OFFSET;
    const y = below + height > frame.height ? clientY - frame.top - OFFSET - height : below;
    this.element.style.left = `${Math.max(4, x)}px`;
    this.element.style.top = `${Math.max(4, y)}px`;
  }
}
