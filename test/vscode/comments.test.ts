import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { THEMES, useVsCode } from '../real-vscode';
import { PreviewPage } from './preview-page';

const NAT = 'virtualbox-nat.vnet.yaml';

describe('comments on packets', () => {
  const vscode = useVsCode({
    files: { [NAT]: readFileSync(join('media/samples', NAT), 'utf8') },
    settings: THEMES.dark,
  });

  it('are written, read, changed and removed, and outlast a way back in time', async () => {
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
    // By key.
    await preview.rows.nth(1).click();
    await page.keyboard.press('c');
    const editor = webview.getByRole('dialog', { name: 'Comment on packet 2' });
    await editor.getByRole('textbox', { name: 'Comment on packet 2' }).waitFor();
    await page.keyboard.insertText('Who offers first?\nWait for the answer.');
    await window.screenshot('comment-editor');
    expect(await preview.accessibilityViolations()).toEqual([]);
    await page.keyboard.press('Control+Enter');
    await expect.poll(() => preview.rows.nth(1).locator('.cell-info').innerText()).toMatch(/^✎ /);
    await expect
      .poll(() => webview.locator('.fact-comment dd').innerText())
      .toBe('Who offers first?\nWait for the answer.');
    expect(await preview.rows.nth(1).getAttribute('title')).toContain('Who offers first?');
    await window.screenshot('comment');
    expect(await preview.accessibilityViolations()).toEqual([]);
    // Escape leaves it as it is, and only closes the editor.
    await page.keyboard.press('c');
    await editor.waitFor();
    await page.keyboard.insertText('not this');
    await page.keyboard.press('Escape');
    await editor.waitFor({ state: 'detached' });
    expect(await webview.locator('.fact-comment dd').innerText()).toContain('Who offers first?');
    // The packet is gone, and made again.
    const count = webview.locator('.packets-count');
    while ((await count.count()) > 0) {
      const before = await count.innerText();
      await page.keyboard.press(',');
      await expect.poll(() => count.allInnerTexts()).not.toEqual([before]);
    }
    await page.keyboard.press('.');
    await expect.poll(() => preview.rows.nth(1).locator('.cell-info').innerText()).toMatch(/^✎ /);
    await preview.rows.nth(1).click({ button: 'right' });
    await webview.getByRole('menuitem', { name: 'Remove the comment' }).click();
    await expect.poll(() => preview.rows.nth(1).locator('.cell-info').innerText()).toMatch(/^DHCP/);
    expect(vscode.problems()).toEqual([]);
  });
});
