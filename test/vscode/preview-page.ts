/** The diagram preview panel in the words of its user. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import type { VsCodeWindow } from '../real-vscode';

/** A place in the picture, in px of the page. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

export class PreviewPage {
  constructor(readonly window: VsCodeWindow) {}

  /** Opens the preview beside the editor and waits until every one of these devices is drawn. */
  static async open(window: VsCodeWindow, devices: readonly string[]): Promise<PreviewPage> {
    await window.runCommand('VNet: Open Diagram Preview to the Side');
    const page = new PreviewPage(window);
    for (const device of devices) {
      await page.node(device).waitFor();
    }
    return page;
  }

  node(device: string): Locator {
    return this.window.webview.locator(`[data-device="${device}"]`);
  }

  /** The colours of the packets' marks, as the theme has them; empty for one that it lacks. */
  async protocolColours(): Promise<readonly string[]> {
    const script = `['arp', 'icmp', 'udp', 'tcp', 'dhcp', 'dns', 'ipv6'].map(protocol =>
      getComputedStyle(document.querySelector('.vnet-diagram')).getPropertyValue('--vnet-packet-' + protocol))`;
    return this.window.webview.locator('.vnet-diagram').evaluate(script);
  }

  /** A packet row by what it says. */
  row(text: string | RegExp): Locator {
    return this.window.webview.locator('.packet').filter({ hasText: text });
  }

  /** Goes through the packet list from its first row until one says this; it is then in view. */
  async findRow(text: string | RegExp): Promise<Locator> {
    await this.packets.focus();
    await this.window.page.keyboard.press('Home');
    await this.drawn();
    await expect
      .poll(
        async () => {
          if ((await this.row(text).count()) > 0) {
            return true;
          }
          // The text of rows comes a moment after the rows.
          const texts = await this.rows.locator('.cell-info').allTextContents();
          if (texts.every(info => info !== '')) {
            await this.window.page.keyboard.press('PageDown');
            await this.drawn();
          }
          return false;
        },
        { timeout: 20_000 },
      )
      .toBe(true);
    return this.row(text).first();
  }

  /** The packet list itself. */
  get packets(): Locator {
    return this.window.webview.locator('[role="grid"][aria-label="Packets"]');
  }

  /** Waits until the page has drawn what was done last: the list moves with the next frame. */
  async drawn(): Promise<void> {
    await this.window.webview
      .locator('body')
      .evaluate('new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))');
  }

  /** What axe finds wrong with the page, a line for each rule. */
  async accessibilityViolations(): Promise<readonly string[]> {
    const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    const script = `(async () => {
      ${axe};
      const { violations } = await axe.run({ resultTypes: ['violations'] });
      return violations.map(({ id, help, nodes }) => id + ': ' + help + ': ' + nodes.map(node => node.html).join(' | '));
    })()`;
    return this.window.webview.locator('body').evaluate(script);
  }

  get rows(): Locator {
    return this.window.webview.locator('.packet');
  }

  get banner(): Locator {
    return this.window.webview.locator('.banners');
  }

  get outcome(): Locator {
    return this.window.webview.locator('.outcomes-place');
  }

  get clock(): Locator {
    return this.window.webview.locator('.clock');
  }

  button(name: 'play' | 'step' | 'step-back' | 'restart' | 'ping' | 'fit' | 'export'): Locator {
    return this.window.webview.locator(`.${name}-button`);
  }

  async chooseSpeed(label: string): Promise<void> {
    await this.window.webview.locator('.speed').click();
    await this.window.webview.locator('vscode-option').filter({ hasText: label }).click();
  }

  /** Plays as fast as the machine can and waits for the end. */
  async playToTheEnd(): Promise<void> {
    await this.chooseSpeed('full speed');
    await this.button('play').click();
    await this.clock.filter({ hasText: 'finished' }).waitFor();
  }

  /** Where a device is drawn within the picture, whatever the zoom: its offset in the drawing itself. */
  async placeOf(device: string): Promise<Place> {
    const transform = (await this.node(device).getAttribute('transform')) ?? '';
    const match = /translate\(([-\d.]+)[ ,]([-\d.]+)\)/.exec(transform);
    expect(match, transform).not.toBeNull();
    return { x: Number(match?.[1]), y: Number(match?.[2]) };
  }
}
