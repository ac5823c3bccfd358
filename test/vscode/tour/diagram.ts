/** The picture: its views, the search for a device, what can be folded, the map, and devices that are put elsewhere. */
import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Tour } from './tour';

export async function views(tour: Tour): Promise<void> {
  const { page, diagram, network } = tour;
  // With the addresses that were leased.
  await tour.play();
  await tour.pick(network.client);
  await tour.fit();
  for (const view of ['Domains', 'Subnets', 'Cabling']) {
    await diagram.view(view).click();
    await diagram.still();
    await tour.look(view.toLowerCase());
    expect(await diagram.overlaps(), view).toEqual([]);
    expect(await diagram.selected.getAttribute('data-device'), view).toBe(network.client);
  }
  // By keys.
  await diagram.node(network.client).focus();
  await page.keyboard.press('2');
  await diagram.legend.filter({ hasText: network.domain }).first().waitFor();
  await page.keyboard.press('3');
  await diagram.node(network.bridge).waitFor({ state: 'detached' });
  await page.keyboard.press('1');
  await diagram.node(network.bridge).waitFor();
  await diagram.still();
}

export async function folding(tour: Tour): Promise<void> {
  const { page, webview, diagram, network } = tour;
  const { device, hidden, address } = network.fold;
  await tour.play();
  await tour.find(device);
  await diagram.node(device).focus();
  await page.keyboard.press('c');
  await diagram.node(hidden).waitFor({ state: 'detached' });
  await diagram.node(device).getByText('folded in').waitFor();
  await tour.look('folded');
  // Who looks for what is in it gets it shown.
  await page.keyboard.press('/');
  await page.keyboard.type(address);
  await webview.getByText('1 found').waitFor();
  await page.keyboard.press('Enter');
  await diagram.node(hidden).waitFor();
  expect(await diagram.selected.getAttribute('data-device')).toBe(hidden);
  await diagram.still();
  const seen = (await diagram.node(hidden).boundingBox())!;
  const frame = (await webview.locator('.vnet-diagram').boundingBox())!;
  expect(seen.x).toBeGreaterThan(frame.x);
  expect(seen.x + seen.width).toBeLessThan(frame.x + frame.width);
  expect(await diagram.scale).toBeGreaterThanOrEqual(1);

  // The map shows where that is, and leads elsewhere.
  const toggle = webview.getByRole('button', { name: 'Overview map' });
  await toggle.click();
  await webview.locator('.vnet-minimap').click({ position: { x: 84, y: 8 } });
  await expect.poll(async () => (await diagram.node(hidden).boundingBox())!.y).not.toBeCloseTo(seen.y, 0);
  await tour.photograph('map');
  await toggle.click();
  await diagram.search.press('Escape');
}

export async function pins(tour: Tour): Promise<void> {
  const { page, diagram, preview, network } = tour;
  const { dragged, by, moved, other } = network.pins;
  const { sidecar } = tour;
  // What was folded and unfolded may have moved a little.
  await tour.layOutAnew();
  await tour.fit();
  expect(existsSync(sidecar)).toBe(false);
  const [before, stays] = [await preview.placeOf(dragged), await preview.placeOf(other)];
  await tour.pick(dragged);
  const box = (await diagram.node(dragged).boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + by.x / 2, y + by.y / 3, { steps: 4 });
  await tour.photograph('dragging');
  await page.mouse.move(x + by.x, y + by.y, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => existsSync(sidecar)).toBe(true);
  await tour.fit();
  const after = await preview.placeOf(dragged);
  expect(Math.hypot(after.x - before.x, after.y - before.y)).toBeGreaterThan(40);
  expect(await preview.placeOf(other)).toEqual(stays);
  expect(await diagram.overlaps()).toEqual([]);
  expect(JSON.parse(readFileSync(sidecar, 'utf8'))).toMatchObject({
    version: 1,
    pinned: { [dragged]: { x: Math.round(after.x), y: Math.round(after.y) } },
  });
  await tour.look('dragged');

  // By keys as well, and it is all there again in another panel.
  await diagram.node(moved).focus();
  await page.keyboard.press('Shift+ArrowLeft');
  await expect.poll(() => readFileSync(sidecar, 'utf8')).toContain(moved);
  await diagram.still();
  await tour.openAgain();
  expect(await preview.placeOf(dragged)).toEqual(after);

  await tour.layOutAnew();
  await diagram.still();
  expect(await preview.placeOf(dragged)).toEqual(before);
  expect(tour.text()).toBe(network.text);
}
