/** Filters that are made from what is on show: a conversation, a field, a stream, which is then read. */
import { expect } from 'vitest';
import type { Tour } from './tour';

export async function madeFilter(tour: Tour): Promise<void> {
  const { webview, page, filter, preview } = tour;
  const { keyboard } = page;
  const menu = (name: string) => webview.getByRole('menuitem', { name, exact: true });
  await tour.play();
  await (await filter.newest(preview, 'http.request')).click();
  // By keys: the menu of a row, and of a line in the details.
  await keyboard.press('Shift+F10');
  await menu('Filter this conversation').waitFor();
  expect(await preview.accessibilityViolations()).toEqual([]);
  await keyboard.press('Enter');
  await expect.poll(() => filter.text.inputValue()).toContain(') and (tcp.port eq');
  const inConversation = await filter.shown();
  expect(inConversation).toBeGreaterThan(5);

  const tree = webview.getByRole('tree', { name: 'Packet details' });
  await tree.getByText('Internet Protocol Version 4').click();
  await keyboard.press('Shift+F10');
  await menu('Apply as filter').click();
  expect(await filter.text.inputValue()).toBe('ip');
  await tree.getByText('Ethernet II').click({ button: 'right' });
  await keyboard.press('End');
  await keyboard.press('Enter');
  expect(await filter.text.inputValue()).toBe('(ip) || !(eth)');

  await (await filter.newest(preview, 'http.request')).click({ button: 'right' });
  await menu('Follow the stream').click();
  const parts = webview.getByRole('list', { name: 'Stream' }).getByRole('listitem');
  await expect.poll(() => parts.count()).toBeGreaterThan(1);
  expect(await parts.first().innerText()).toMatch(/→ client[^]*GET \/ HTTP\/1\.1\n/);
  expect(await parts.nth(1).innerText()).toMatch(/← server[^]*HTTP\/1\.1 200 OK\n/);
  expect(await filter.text.inputValue()).toMatch(/^tcp\.stream eq \d+$/);
  expect(await filter.shown()).toBe(inConversation);
  await webview.getByRole('radio', { name: 'As bytes' }).click();
  expect(await parts.first().innerText()).toContain('00000000  47 45 54 20 2f 20 48 54');
  await tour.look('stream');
  await webview.getByRole('tab', { name: 'Details' }).click();
  await tour.showAll();
}
