/** Asks the panel's page for the picture that it shows: only a browser knows how it looks. */
import type { PanelEvent, PictureFormat } from '../../simulation/panel-protocol';

interface Waiting {
  readonly format: PictureFormat;
  readonly resolve: (picture: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

export class PictureRequests {
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  constructor(private readonly send: (event: PanelEvent) => void) {}

  /** The bytes of a file; rejects when the page can't draw it or is closed first. */
  ask(format: PictureFormat): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const request = ++this.last;
      this.waiting.set(request, { format, resolve, reject });
      this.send({ type: 'picture', request, format });
    });
  }

  /** The page is there anew, and knows of no question before. */
  askAgain(): void {
    for (const [request, { format }] of this.waiting) {
      this.send({ type: 'picture', request, format });
    }
  }

  /** The page answers. */
  take(request: number, picture: Uint8Array | string): void {
    const waiting = this.waiting.get(request);
    this.waiting.delete(request);
    if (typeof picture === 'string') {
      waiting?.reject(new Error(picture));
    } else {
      waiting?.resolve(picture);
    }
  }

  /** Rejects what still waits. */
  cancel(reason: string): void {
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    waiting.forEach(({ reject }) => reject(new Error(reason)));
  }
}
