/** What the packet list shows of each packet: columns, times, marks; and that it follows the newest. */
import { expect } from 'vitest';
import type { Tour } from './tour';

export async function listLook(tour: Tour): Promise<void> {
  const { webview, page, preview } = tour;
  await tour.firstPackets();
  const look = webview.getByRole('button', { name: 'Columns, times and colours' });
  const choose = async (item: string | RegExp): Promise<void> => {
    await look.click();
    await webview.getByRole('menuitemcheckbox', { name: item }).click();
  };
  await choose('Column Length');
  await webview.getByRole('columnheader', { name: 'Length' }).waitFor();
  const time = preview.rows.first().locator('.cell-time');
  await choose('Time of day');
  await expect.poll(() => time.innerText()).toMatch(/^\d\d:\d\d:\d\d/);
  // The menu of the heads by mouse.
  await webview.getByRole('columnheader', { name: 'Time' }).click({ button: 'right' });
  await webview.getByRole('menuitemcheckbox', { name: /Time since the packet shown before/ }).click();
  await expect.poll(() => time.innerText()).toMatch(/^0\.000\s000\s000$/);

  const number = preview.rows.nth(1).locator('.cell-number');
  await preview.rows.nth(1).click();
  await page.keyboard.press('m');
  await expect.poll(() => number.innerText()).toMatch(/^◆ 2$/);
  await tour.look('list');
  await preview.rows.nth(3).click({ button: 'right' });
  await webview.getByRole('menuitem', { name: 'Go to the next mark' }).click();
  const selected = webview.locator('.packet[aria-selected="true"] .cell-number');
  await expect.poll(() => selected.innerText()).toMatch(/^◆ 2$/);
  await page.keyboard.press('m');
  await expect.poll(() => number.innerText()).toMatch(/^2$/);

  await expectFollowing(tour);
  await choose('Column Length');
  await webview.getByRole('columnheader', { name: 'Length' }).waitFor({ state: 'detached' });
  await choose('Time since the start');
  await page.keyboard.press('Escape');
}

/** A list that follows goes on to do so when its pane grows or shrinks. */
async function expectFollowing(tour: Tour): Promise<void> {
  const { webview, page, preview } = tour;
  const follow = webview.getByRole('button', { name: 'Follow newest' });
  await follow.click();
  await tour.play();
  for (const height of [1150, 900, 1000]) {
    await page.setViewportSize({ width: 1600, height });
    await preview.drawn();
    await preview.drawn();
    await expect.poll(() => follow.getAttribute('aria-pressed')).toBe('true');
  }
  const count = await webview.locator('.packets-count').innerText();
  await expect.poll(() => preview.rows.last().locator('.cell-number').innerText()).toBe(count);
}
