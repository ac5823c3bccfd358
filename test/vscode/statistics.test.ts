import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { THEMES, useVsCode } from '../real-vscode';
import { PreviewPage } from './preview-page';

const NAT = 'virtualbox-nat.vnet.yaml';

describe.each(['dark'] as const)('statistics, %s', theme => {
  const vscode = useVsCode({
    files: { [NAT]: readFileSync(join('media/samples', NAT), 'utf8') },
    settings: THEMES[theme],
  });

  it('tell of protocols, conversations, throughput and round trips, and filter by a conversation', async () => {
    const window = await vscode.open(NAT);
    const preview = await PreviewPage.open(window, ['laptop']);
    const { webview, page } = window;
    await preview.node('laptop').click();
    await page.keyboard.press('t');
    await webview.getByRole('tab', { name: 'Statistics' }).click();
    const speed = webview.locator('.toolbar vscode-dropdown').first();
    await speed.click();
    await webview.getByRole('option', { name: 'full speed' }).click();
    await webview.getByRole('button', { name: 'Play' }).click();
    const conversations = webview.locator('[data-table=conversations] tbody tr');
    await expect.poll(() => conversations.count(), { timeout: 20_000 }).toBeGreaterThan(5);
    await webview.locator('[data-table=protocols] tbody tr', { hasText: 'icmp' }).first().waitFor();
    await webview.getByRole('img', { name: 'Throughput' }).waitFor();
    await webview.getByRole('img', { name: 'Round trips of echoes and handshakes' }).waitFor();
    expect(await preview.accessibilityViolations()).toEqual([]);
    await window.screenshot(`statistics-${theme}`);
    await conversations.filter({ hasText: 'ICMP' }).first().getByRole('button').click();
    await expect
      .poll(() => webview.locator('.packet .cell-protocol').allInnerTexts())
      .toEqual(expect.arrayContaining([expect.stringMatching(/ICMP/)]));
    await expect
      .poll(async () =>
        (await webview.locator('.packet .cell-protocol').allInnerTexts()).every(text =>
          text.includes('ICMP'),
        ),
      )
      .toBe(true);
    expect(vscode.problems()).toEqual([]);
  });
});
