/**
 * The pixels that there are for the drawing, known without asking the browser each time: after any change to the page, asking makes it
 * lay out everything at once (some 10 ms for 200 devices).
 */
import type { Size } from './node-size';

export class ViewportSize {
  private readonly observer: ResizeObserver;
  private known: Size | undefined;

  /** @param changed called after the page was laid out with another size */
  constructor(
    private readonly element: HTMLElement,
    changed: () => void,
  ) {
    this.observer = new ResizeObserver(() => {
      this.known = this.measured();
      changed();
    });
    this.observer.observe(element);
  }

  get now(): Size {
    return this.known ?? this.measured();
  }

  dispose(): void {
    this.observer.disconnect();
  }

  private measured(): Size {
    return { width: this.element.clientWidth, height: this.element.clientHeight };
  }
}
