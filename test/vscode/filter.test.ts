/** Which packets the list shows: the filter, its help, filters made from what is on show, streams, and the capture point. */
import { readFile } from 'node:fs/promises';
import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { THEMES, useVsCode, type VsCodeWindow } from '../real-vscode';
import { PreviewPage } from './preview-page';

const SAMPLE = 'nat-types.vnet.yaml';
const sample = await readFile(`media/samples/${SAMPLE}`, 'utf8');

/** The filter of a packet list in the words of its user. */
class Filter {
  readonly text: Locator;
  readonly count: Locator;
  readonly suggestions: Locator;

  constructor(private readonly window: VsCodeWindow) {
    this.text = window.webview.getByRole('combobox', { name: 'Display filter' });
    this.count = window.webview.locator('.packets-count');
    this.suggestions = window.webview.getByRole('listbox', { name: 'Suggestions' }).getByRole('option');
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
}

async function played(window: VsCodeWindow): Promise<PreviewPage> {
  const page = await PreviewPage.open(window, ['internet', 'ann-pc']);
  await page.playToTheEnd();
  return page;
}

/** The row of the newest packet that passes a filter. */
async function newest(page: PreviewPage, filter: Filter, text: string): Promise<Locator> {
  await filter.set('');
  await filter.set(text);
  const shown = await filter.shown();
  await page.drawn();
  return page.window.webview.locator(`.packet[aria-rowindex="${shown + 1}"]`);
}

describe('the filter of the packet list', () => {
  const vscode = useVsCode({ files: { [SAMPLE]: sample }, settings: THEMES.dark });

  it('is written with help, says what is wrong, and shows what passes', async () => {
    const window = await vscode.open(SAMPLE);
    const page = await played(window);
    const filter = new Filter(window);
    const { keyboard } = window.page;
    const all = await filter.count.innerText();
    await window.webview.getByRole('grid', { name: 'Packets' }).focus();
    await keyboard.press('/');
    await keyboard.type('tcp.po');
    await filter.suggestions.filter({ hasText: 'tcp.port' }).waitFor();
    await keyboard.press('ArrowDown');
    await keyboard.press('Tab');
    expect(await filter.text.inputValue()).toBe('tcp.port ');
    await keyboard.type('== eighty');
    const problem = window.webview.locator('#filter-problem');
    expect(await problem.innerText()).toBe('Column 13: “eighty” is not a number.');
    expect(await filter.text.getAttribute('aria-invalid')).toBe('true');
    expect(await window.webview.locator('.filter-fault').innerText()).toBe('eighty');
    await keyboard.press('Enter');
    expect(await filter.count.innerText()).toBe(all);
    await filter.set('tcp.port == 80 && tcp.flags.syn == 1');
    const syns = await filter.shown();
    expect(syns).toBeGreaterThan(3);
    await expect
      .poll(async () => {
        const infos = await page.rows.locator('.cell-info').allTextContents();
        return infos.length > 0 && infos.every(info => info.includes('SYN'));
      })
      .toBe(true);

    await filter.set('ip.ttl == 1');
    await window.webview.getByText('No packet passes the filter.').waitFor();
    // The filters of before are at hand.
    await window.webview.getByRole('button', { name: 'Recent filters' }).click();
    await window.webview.getByRole('option', { name: 'tcp.port == 80 && tcp.flags.syn == 1' }).click();
    expect(await filter.shown()).toBe(syns);
    await window.webview.getByRole('button', { name: 'Clear the filter' }).click();
    await expect.poll(() => filter.count.innerText()).toBe(all);

    await filter.text.fill('ip.addr == ');
    await keyboard.press('Control+Space');
    await filter.suggestions.filter({ hasText: 'ann-router:wan' }).click();
    expect(await filter.text.inputValue()).toBe('ip.addr == 198.51.100.11 ');
    await keyboard.press('Escape');
    expect(await filter.text.inputValue()).toBe('');
    await keyboard.press('Escape');
    await window.webview.locator('[role="grid"][aria-label="Packets"]:focus').waitFor();
    expect(await page.accessibilityViolations()).toEqual([]);
    expect(vscode.problems()).toEqual([]);
  });

  it('is made from a field, from a conversation and from a stream, which is shown', async () => {
    const window = await vscode.open(SAMPLE);
    const page = await played(window);
    const filter = new Filter(window);
    const { keyboard } = window.page;
    const request = await newest(page, filter, 'http.request');
    await request.click();
    // By keys: the menu of a row, and of a line in the details.
    await keyboard.press('Shift+F10');
    await window.webview.getByRole('menuitem', { name: 'Filter this conversation' }).waitFor();
    expect(await page.accessibilityViolations()).toEqual([]);
    await keyboard.press('Enter');
    await expect.poll(() => filter.text.inputValue()).toContain(') and (tcp.port eq');
    const inConversation = await filter.shown();
    expect(inConversation).toBeGreaterThan(5);

    const tree = window.webview.getByRole('tree', { name: 'Packet details' });
    await tree.getByText('Internet Protocol Version 4').click();
    await keyboard.press('Shift+F10');
    await window.webview.getByRole('menuitem', { name: 'Apply as filter', exact: true }).click();
    expect(await filter.text.inputValue()).toBe('ip');
    await tree.getByText('Ethernet II').click({ button: 'right' });
    await keyboard.press('End');
    await keyboard.press('Enter');
    expect(await filter.text.inputValue()).toBe('(ip) || !(eth)');

    await (await newest(page, filter, 'http.request')).click({ button: 'right' });
    await window.webview.getByRole('menuitem', { name: 'Follow the stream' }).click();
    const parts = window.webview.getByRole('list', { name: 'Stream' }).getByRole('listitem');
    await expect.poll(() => parts.count()).toBeGreaterThan(1);
    expect(await parts.first().innerText()).toMatch(/→ client[^]*GET \/ HTTP\/1\.1\n/);
    expect(await parts.nth(1).innerText()).toMatch(/← server[^]*HTTP\/1\.1 200 OK\n/);
    expect(await filter.text.inputValue()).toMatch(/^tcp\.stream eq \d+$/);
    expect(await filter.shown()).toBe(inConversation);
    await window.webview.getByRole('radio', { name: 'As bytes' }).click();
    expect(await parts.first().innerText()).toContain('00000000  47 45 54 20 2f 20 48 54');
    await window.screenshot('filter-stream');
    expect(await page.accessibilityViolations()).toEqual([]);
    expect(vscode.problems()).toEqual([]);
  });

  it('holds over time, and goes with a capture point', async () => {
    const window = await vscode.open(SAMPLE);
    const page = await played(window);
    const filter = new Filter(window);
    await filter.set('tcp');
    const everywhere = await filter.shown();
    await window.webview
      .getByRole('combobox', { name: 'Where to capture' })
      .selectOption({ label: 'each packet once' });
    await expect.poll(() => filter.shown()).toBeLessThan(everywhere);
    const once = await filter.shown();
    await window.webview
      .getByRole('combobox', { name: 'Where to capture' })
      .selectOption({ label: 'ann-pc: all interfaces' });
    await expect.poll(() => filter.shown()).toBeLessThan(once);
    const atAnn = await filter.shown();

    const line = window.webview.getByRole('slider', { name: 'Moment of the simulation' });
    await line.focus();
    await window.page.keyboard.press('Home');
    await expect.poll(() => filter.count.innerText()).toMatch(/^0 of \d$/);
    await window.page.keyboard.press('End');
    await expect.poll(() => filter.shown()).toBe(atAnn);
    await page.button('restart').click();
    await page.button('play').click();
    await page.clock.filter({ hasText: 'finished' }).waitFor();
    await expect.poll(() => filter.shown()).toBe(atAnn);

    await window.runCommand('Developer: Reload Webviews');
    await expect.poll(() => filter.text.inputValue()).toBe('tcp');
    await expect.poll(() => filter.shown()).toBe(atAnn);
    await window.page.setViewportSize({ width: 1000, height: 800 });
    await window.screenshot('filter-narrow');
    expect(await page.accessibilityViolations()).toEqual([]);
    expect(vscode.problems()).toEqual([]);
  });
});
