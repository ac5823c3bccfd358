/** The filter of a packet list in the words of its user. */
import type { Locator } from 'playwright-core';
import type { VsCodeWindow } from '../real-vscode';
import type { PreviewPage } from './preview-page';

export class FilterPage {
  readonly text: Locator;
  readonly count: Locator;
  readonly suggestions: Locator;
  /** Where one listens. */
  readonly point: Locator;

  constructor(private readonly window: VsCodeWindow) {
    this.text = window.webview.getByRole('combobox', { name: 'Display filter' });
    this.count = window.webview.locator('.packets-count');
    this.suggestions = window.webview.getByRole('listbox', { name: 'Suggestions' }).getByRole('option');
    this.point = window.webview.getByRole('combobox', { name: 'Where to capture' });
  }

  async set(text: string): Promise<void> {
    await this.text.fill(text);
    await this.window.page.keyboard.press('Enter');
  }

  /** How many packets are shown, when all have been looked at. */
  async shown(): Promise<number> {
    await this.count.filter({ hasText: /^[\d\s,.\u202f]+ of [\d\s,.\u202f]+$/ }).waitFor();
    return Number((await this.count.innerText()).split(' of ')[0]?.replace(/\D/g, ''));
  }

  /** The row of the newest packet that passes a filter. */
  async newest(preview: PreviewPage, text: string): Promise<Locator> {
    await this.set('');
    await this.set(text);
    const shown = await this.shown();
    await preview.drawn();
    return this.window.webview.locator(`.packet[aria-rowindex="${shown + 1}"]`);
  }
}
