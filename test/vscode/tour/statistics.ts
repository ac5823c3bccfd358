/** Statistics of the whole trace, and the list filtered by one of its conversations. */
import { expect } from 'vitest';
import type { Tour } from './tour';

export async function statistics(tour: Tour): Promise<void> {
  const { webview, page, preview, network } = tour;
  await tour.pick(network.client);
  await page.keyboard.press('t');
  await webview.getByRole('tab', { name: 'Statistics' }).click();
  await tour.play();
  const conversations = webview.locator('[data-table=conversations] tbody tr');
  await expect.poll(() => conversations.count(), { timeout: 20_000 }).toBeGreaterThan(5);
  await webview.locator('[data-table=protocols] tbody tr', { hasText: 'icmp' }).first().waitFor();
  await webview.getByRole('img', { name: 'Throughput' }).waitFor();
  await webview.getByRole('img', { name: 'Round trips of echoes and handshakes' }).waitFor();
  await webview.locator('.tables-list').scrollIntoViewIfNeeded();
  await tour.look('statistics');
  await conversations.filter({ hasText: 'ICMP' }).first().getByRole('button').click();
  const protocols = () => webview.locator('.packet .cell-protocol').allInnerTexts();
  await expect.poll(protocols).toEqual(expect.arrayContaining([expect.stringMatching(/ICMP/)]));
  await expect.poll(async () => (await protocols()).every(text => text.includes('ICMP'))).toBe(true);
  await tour.photograph('statistics-conversation');
  await tour.showAll();
  await webview.getByRole('tab', { name: 'Tables' }).click();
  await preview.node(network.client).focus();
  await page.keyboard.press('t');
  await webview.locator('.tables').waitFor({ state: 'hidden' });
}
