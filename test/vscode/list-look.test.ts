import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { THEMES, useVsCode } from '../real-vscode';
import { PreviewPage } from './preview-page';

const NAT = 'virtualbox-nat.vnet.yaml';

describe('the look of the packet list', () => {
  const vscode = useVsCode({
    files: { [NAT]: readFileSync(join('media/samples', NAT), 'utf8') },
    settings: THEMES.highContrast,
  });

  it('has the columns, times and marks that the user wants, by mouse and by keyboard', async () => {
    const window = await vscode.open(NAT);
    const preview = await PreviewPage.open(window, ['laptop']);
    const { webview, page } = window;
    await preview.node('laptop').click();
    for (let packets = 0; packets < 4; packets++) {
      await page.keyboard.press('.');
    }
    await preview
      .row(/DHCP Discover/)
      .first()
      .waitFor();
    await webview.getByRole('button', { name: 'Columns, times and colours' }).click();
    await webview.getByRole('menuitemcheckbox', { name: 'Column Length' }).click();
    await webview.getByRole('columnheader', { name: 'Length' }).waitFor();
    // The menu of the heads by mouse, an item by its letters.
    await webview.getByRole('columnheader', { name: 'Time' }).click({ button: 'right' });
    await webview.getByRole('menuitemcheckbox', { name: /Time since the packet shown before/ }).click();
    await expect
      .poll(() => preview.rows.first().locator('.cell-time').innerText())
      .toMatch(/^0\.000\s000\s000$/);
    await preview.rows.nth(1).click();
    await page.keyboard.press('m');
    await expect.poll(() => preview.rows.nth(1).locator('.cell-number').innerText()).toMatch(/^◆ 2$/);
    await window.screenshot('list-look');
    expect(await preview.accessibilityViolations()).toEqual([]);
    await preview.rows.nth(3).click({ button: 'right' });
    await webview.getByRole('menuitem', { name: 'Go to the next mark' }).click();
    await expect
      .poll(() => webview.locator('.packet[aria-selected="true"] .cell-number').innerText())
      .toMatch(/^◆ 2$/);
    // A list that follows goes on to do so when its pane grows or shrinks.
    await webview.getByRole('button', { name: 'Follow newest' }).click();
    await preview.playToTheEnd();
    for (const height of [1150, 900, 1000]) {
      await page.setViewportSize({ width: 1600, height });
      await preview.drawn();
      await preview.drawn();
      await expect.poll(() => webview.locator('.follow').getAttribute('aria-pressed')).toBe('true');
    }
    const count = await webview.locator('.packets-count').innerText();
    await expect.poll(() => preview.rows.last().locator('.cell-number').innerText()).toBe(count);
    expect(vscode.problems()).toEqual([]);
  });
});
