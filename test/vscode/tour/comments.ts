/** Comments on packets: written, read, changed and removed; they outlast a way back in time. */
import { expect } from 'vitest';
import type { Tour } from './tour';

export async function comments(tour: Tour): Promise<void> {
  const { webview, page, preview } = tour;
  await tour.firstPackets();
  const info = preview.rows.nth(1).locator('.cell-info');
  const editor = webview.getByRole('dialog', { name: 'Comment on packet 2' });
  const text = webview.locator('.fact-comment dd');
  // By key.
  await preview.rows.nth(1).click();
  await page.keyboard.press('c');
  await editor.getByRole('textbox', { name: 'Comment on packet 2' }).waitFor();
  await page.keyboard.insertText('Who offers first?\nWait for the answer.');
  await tour.look('comment-editor');
  await page.keyboard.press('Control+Enter');
  await expect.poll(() => info.innerText()).toMatch(/^✎ /);
  await expect.poll(() => text.innerText()).toBe('Who offers first?\nWait for the answer.');
  expect(await preview.rows.nth(1).getAttribute('title')).toContain('Who offers first?');
  await tour.look('comment');
  // Escape leaves it as it is, and only closes the editor.
  await page.keyboard.press('c');
  await editor.waitFor();
  await page.keyboard.insertText('not this');
  await page.keyboard.press('Escape');
  await editor.waitFor({ state: 'detached' });
  expect(await text.innerText()).toContain('Who offers first?');
  // The packet is gone, and made again.
  const count = webview.locator('.packets-count');
  while ((await count.count()) > 0) {
    const before = await count.innerText();
    await page.keyboard.press(',');
    await expect.poll(() => count.allInnerTexts()).not.toEqual([before]);
  }
  while ((await preview.rows.count()) < 2) {
    const before = await preview.rows.count();
    await page.keyboard.press('.');
    await expect.poll(() => preview.rows.count()).toBeGreaterThan(before);
  }
  await expect.poll(() => info.innerText()).toMatch(/^✎ /);
  await preview.rows.nth(1).click({ button: 'right' });
  await webview.getByRole('menuitem', { name: 'Remove the comment' }).click();
  await expect.poll(() => info.innerText()).toMatch(/^DHCP/);
  await page.keyboard.press('Escape');
}
