/** The journey of a packet: its hops as a ladder and in the picture, and what each device did. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { useVsCode, THEMES } from '../real-vscode';
import { PreviewPage } from './preview-page';

const SAMPLE = 'virtualbox-nat.vnet.yaml';
const sample = await readFile(`media/samples/${SAMPLE}`, 'utf8');

describe('the journey of a packet', () => {
  const vscode = useVsCode({ files: { [SAMPLE]: sample }, settings: THEMES.dark });

  it('is told hop by hop, and walked by the links', async () => {
    const window = await vscode.open(SAMPLE);
    const page = await PreviewPage.open(window, ['internet', 'home-router', 'laptop', 'nat-1']);
    await page.playToTheEnd();
    await page
      .row(/Echo \(ping\) reply/)
      .last()
      .click();
    await window.webview.getByRole('tab', { name: 'Journey' }).click();
    const rungs = window.webview.getByRole('list', { name: 'Journey' }).getByRole('listitem');
    await expect.poll(() => rungs.count()).toBe(4);
    expect(await rungs.last().getAttribute('aria-current')).toBe('true');
    expect(await rungs.nth(0).innerText()).toContain('internet sent it: ICMP Echo (ping) reply');
    expect(await rungs.nth(1).innerText()).toContain('home-router routed it: hops left 64 → 63.');
    expect(await rungs.nth(2).innerText()).toContain('home passed it on unchanged.');
    expect(await rungs.nth(3).innerText()).toContain('→ 10.0.2.15');
    await window.screenshot('journey-dark');
    await rungs.nth(1).getByRole('button').click();
    await expect.poll(() => rungs.nth(1).getAttribute('aria-current')).toBe('true');
    await rungs.nth(1).getByRole('row', { name: 'Time to Live 64 63' }).waitFor();
    await window.screenshot('journey-router');
    // What the router changed is marked in the bytes: the time to live is byte 22.
    const changed = window.webview.locator('.byte-hex.byte-changed[data-at="22"]');
    await expect.poll(() => changed.count()).toBe(1);
    expect(await page.accessibilityViolations()).toEqual([]);
    await window.webview.getByRole('tab', { name: 'Journey' }).focus();
    await window.page.keyboard.press('ArrowRight');
    await window.webview.getByRole('tab', { name: 'Stream', selected: true }).waitFor();
    await window.page.keyboard.press('ArrowRight');
    await window.webview.getByRole('tab', { name: 'Details', selected: true }).waitFor();
    expect(vscode.problems()).toEqual([]);
  });
});
