/** The filter of the packet list: written with help, kept over time, together with the place where one listens. */
import { expect } from 'vitest';
import type { Tour } from './tour';

export async function writtenFilter(tour: Tour): Promise<void> {
  const { webview, page, filter, preview, network } = tour;
  const { keyboard } = page;
  await tour.play();
  const all = await filter.count.innerText();
  await preview.packets.focus();
  await keyboard.press('/');
  await keyboard.type('tcp.po');
  await filter.suggestions.filter({ hasText: 'tcp.port' }).waitFor();
  await keyboard.press('ArrowDown');
  await keyboard.press('Tab');
  expect(await filter.text.inputValue()).toBe('tcp.port ');
  await keyboard.type('== eighty');
  const problem = webview.locator('#filter-problem');
  expect(await problem.innerText()).toBe('Column 13: “eighty” is not a number.');
  expect(await filter.text.getAttribute('aria-invalid')).toBe('true');
  expect(await webview.locator('.filter-fault').innerText()).toBe('eighty');
  await tour.look('filter-fault');
  await keyboard.press('Enter');
  expect(await filter.count.innerText()).toBe(all);
  await filter.set('tcp.port == 80 && tcp.flags.syn == 1');
  const syns = await filter.shown();
  expect(syns).toBeGreaterThan(3);
  await expect
    .poll(async () => {
      const infos = await preview.rows.locator('.cell-info').allTextContents();
      return infos.length > 0 && infos.every(info => info.includes('SYN'));
    })
    .toBe(true);

  await filter.set('ip.ttl == 1');
  await webview.getByText('No packet passes the filter.').waitFor();
  // The filters of before are at hand.
  await webview.getByRole('button', { name: 'Recent filters' }).click();
  await webview.getByRole('option', { name: 'tcp.port == 80 && tcp.flags.syn == 1' }).click();
  expect(await filter.shown()).toBe(syns);
  await webview.getByRole('button', { name: 'Clear the filter' }).click();
  await expect.poll(() => filter.count.innerText()).toBe(all);

  // Addresses are offered by the names of those who have them.
  await filter.text.fill('ip.addr == ');
  await keyboard.press('Control+Space');
  await filter.suggestions.filter({ hasText: `${network.router}:lan` }).click();
  expect(await filter.text.inputValue()).toBe(`ip.addr == ${network.routerAddress} `);
  await keyboard.press('Escape');
  expect(await filter.text.inputValue()).toBe('');
  await keyboard.press('Escape');
  await webview.locator('[role="grid"][aria-label="Packets"]:focus').waitFor();
}

export async function keptFilter(tour: Tour): Promise<void> {
  const { webview, window, page, filter, preview, network } = tour;
  await tour.play();
  await filter.set('tcp');
  const everywhere = await filter.shown();
  await filter.point.selectOption({ label: 'each packet once' });
  await expect.poll(() => filter.shown()).toBeLessThan(everywhere);
  const once = await filter.shown();
  await filter.point.selectOption({ label: network.listenAt.device });
  await expect.poll(() => filter.shown()).toBeLessThan(once);
  const atDevice = await filter.shown();
  await filter.point.selectOption({ label: network.listenAt.port });
  await expect.poll(() => filter.shown()).toBeLessThanOrEqual(atDevice);
  const atPort = await filter.shown();
  expect(atPort).toBeGreaterThan(0);

  const line = webview.getByRole('slider', { name: 'Moment of the simulation' });
  await line.focus();
  await page.keyboard.press('Home');
  await expect.poll(() => filter.count.innerText()).toMatch(/^0 of \d$/);
  await page.keyboard.press('End');
  await expect.poll(() => filter.shown()).toBe(atPort);
  await preview.button('restart').click();
  await tour.play();
  await expect.poll(() => filter.shown()).toBe(atPort);

  await window.runCommand('Developer: Reload Webviews');
  await expect.poll(() => filter.text.inputValue()).toBe('tcp');
  await expect.poll(() => filter.shown()).toBe(atPort);
  await tour.diagram.node(network.client).waitFor();
  await page.setViewportSize({ width: 1000, height: 800 });
  await tour.look('filter-narrow');
  await page.setViewportSize({ width: 1600, height: 1000 });
  await filter.point.selectOption({ label: 'everywhere' });
  await tour.showAll();
}
