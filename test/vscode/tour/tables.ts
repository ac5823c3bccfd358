/** The tables of devices: what they say, which packet made each row, and what has changed just now. */
import { expect } from 'vitest';
import type { Tour } from './tour';
import type { KnownRow } from './tour-network';

export async function tables(tour: Tour): Promise<void> {
  const { webview, page, network } = tour;
  const pane = webview.locator('.tables');
  const device = pane.getByRole('combobox', { name: 'Device' });
  await tour.restart();
  await tour.pick(network.client);
  await page.keyboard.press('t');
  await pane.locator('[data-table=interfaces]').waitFor();
  expect(await device.inputValue()).toBe(network.client);
  await pane.getByText(/^\s*Empty: .*Routes/).waitFor();
  await tour.play();
  for (const known of network.rows) await expectRow(tour, known);

  await device.selectOption(network.client);
  await expectMarked(tour);
  await tour.look('tables');
  await tour.play();
  // Escape closes them, and the keyboard is where it was.
  await device.focus();
  await page.keyboard.press('Escape');
  await pane.waitFor({ state: 'hidden' });
  expect(await webview.locator('.show-tables').evaluate('document.activeElement.className')).toContain(
    'show-tables',
  );
}

/** The table has the row, which leads to the packet that made it. */
async function expectRow({ webview }: Tour, { device, table, row, packet }: KnownRow): Promise<void> {
  const pane = webview.locator('.tables');
  await pane.getByRole('combobox', { name: 'Device' }).selectOption(device);
  const found = pane.locator(`[data-table=${table}] tbody tr`).filter({ hasText: row }).first();
  await found.waitFor();
  if (packet === undefined) return;
  await found.getByRole('button').click();
  await webview.locator('.packet[aria-selected="true"]').filter({ hasText: packet }).waitFor();
}

/** At the moment at which its lease comes, the routes of the client are new, and marked for eye and ear. */
async function expectMarked({ webview, page }: Tour): Promise<void> {
  const route = webview.locator('.tables [data-table=routes] tbody tr', { hasText: 'default' });
  await route.getByRole('button').click();
  await webview.getByRole('button', { name: 'Go to this moment' }).click();
  await route.waitFor({ state: 'detached' });
  await webview.getByRole('grid', { name: 'Packets' }).focus();
  await expect
    .poll(async () => {
      await page.keyboard.press('.');
      return route.getAttribute('class', { timeout: 500 }).catch(() => null);
    })
    .toBe('row-changed');
  await route.getByRole('img', { name: 'changed just now' }).waitFor();
}
