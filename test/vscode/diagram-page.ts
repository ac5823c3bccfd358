/** The picture in the words of its user: its views, what is selected, and what covers what on the screen. */
import type { Locator } from 'playwright-core';
import { measuredOverlaps } from '../look/measured-overlaps.mjs';
import type { VsCodeWindow } from '../real-vscode';

export class DiagramPage {
  constructor(private readonly window: VsCodeWindow) {}

  node(id: string): Locator {
    return this.window.webview.locator(`[data-device="${id}"]`);
  }

  get nodes(): Locator {
    return this.window.webview.locator('.vnet-node');
  }

  get selected(): Locator {
    return this.window.webview.locator('.vnet-node[aria-selected="true"]');
  }

  view(name: string): Locator {
    return this.window.webview.getByRole('radio', { name });
  }

  get search(): Locator {
    return this.window.webview.getByRole('searchbox');
  }

  get legend(): Locator {
    return this.window.webview.locator('.vnet-legend > li');
  }

  get scale(): Promise<number> {
    return this.window.webview
      .locator('.vnet-viewport')
      .getAttribute('transform')
      .then(transform => Number(/scale\(([\d.e-]+)\)/.exec(transform ?? '')?.[1]));
  }

  /** Waits until nothing moves any more: two looks at the places of all devices a moment apart see the same. */
  async still(): Promise<void> {
    const places = (): Promise<string> =>
      this.window.webview
        .locator('.vnet-scene')
        .evaluate(
          `[...document.querySelectorAll('.vnet-node')].map(node => node.getAttribute('transform')).join()`,
        );
    for (let before = '', now = await places(); now !== before;) {
      before = now;
      await this.window.webview.locator('body').evaluate('new Promise(done => setTimeout(done, 350))');
      now = await places();
    }
  }

  /** What the browser measures of what covers what; empty for a readable picture. */
  async overlaps(): Promise<readonly string[]> {
    return this.window.webview.locator('.vnet-scene').evaluate(measuredOverlaps);
  }
}
