/** One packet: its fields, its bytes, and its journey, hop by hop. */
import { expect } from 'vitest';
import type { Tour } from './tour';

export async function packet(tour: Tour): Promise<void> {
  const { webview, page, preview, filter, network } = tour;
  await tour.play();
  await preview.outcome.filter({ hasText: network.lastOutcome }).waitFor();
  const reply = `icmp.type == 0 and ip.src == 203.0.113.10 and ip.dst ${network.clientNet}`;
  await (await filter.newest(preview, reply)).click();
  const tree = webview.locator('[role="tree"]');
  await tree.getByText(/Internet Protocol Version 4, Src: 203\.0\.113\.10/).click();
  await page.keyboard.press('ArrowRight');
  await tree.getByText('Source Address: 203.0.113.10').waitFor();
  await tour.look('details');
  // Where there is no room beside the fields, the bytes have a tab of their own.
  const tab = webview.getByRole('tab', { name: 'Bytes' });
  if (await tab.isVisible()) await tab.click();
  // EtherType IPv4, then version 4 and a header of 20 bytes.
  const bytes = webview.locator('.bytes-dump');
  await expect.poll(async () => (await bytes.textContent())?.replace(/\s/g, '')).toContain('08004500');
  await tour.photograph('bytes');
  await journey(tour);
  await tour.showAll();
}

async function journey(tour: Tour): Promise<void> {
  const { webview, page, network } = tour;
  const tab = (name: string, selected: boolean) => webview.getByRole('tab', { name, selected });
  await webview.getByRole('tab', { name: 'Journey' }).click();
  const rungs = webview.getByRole('list', { name: 'Journey' }).getByRole('listitem');
  await expect.poll(() => rungs.count()).toBe(network.journey.length);
  expect(await rungs.last().getAttribute('aria-current')).toBe('true');
  for (const [index, words] of network.journey.entries()) {
    expect(await rungs.nth(index).innerText()).toMatch(words);
  }
  await tour.look('journey');
  const routed = rungs.nth(1);
  await routed.getByRole('button').click();
  await expect.poll(() => routed.getAttribute('aria-current')).toBe('true');
  // What came in stands beside what went out.
  await routed.getByRole('row', { name: 'Time to Live 64 63' }).waitFor();
  await tour.photograph('journey-router');
  // What the router changed is marked in the bytes: the time to live is byte 22.
  await expect.poll(() => webview.locator('.byte-hex.byte-changed[data-at="22"]').count()).toBe(1);
  await tab('Journey', true).focus();
  await page.keyboard.press('ArrowRight');
  await tab('Stream', true).waitFor();
  await page.keyboard.press('ArrowRight');
  await tab('Details', true).waitFor();
}
