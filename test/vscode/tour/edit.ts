/** The network is changed on the picture by mouse, and the file says so in as few characters as can be. */
import { expect } from 'vitest';
import { EditPage } from '../edit-page';
import type { Place } from '../preview-page';
import type { Tour } from './tour';
import { changed } from './tour-edits';

export async function editByMouse(tour: Tour): Promise<void> {
  const { window, page, webview, diagram, network } = tour;
  const { host, cable, router, pulled } = network.edits;
  const edit = new EditPage(window);
  await tour.restart();
  await tour.fit();
  await webview.getByRole('button', { name: 'Edit the network (E)' }).click();
  await edit.palette('Host').click();
  await diagram.node('pc1').waitFor();
  const withHost = changed(network.text, host);
  await tour.saved(withHost);
  expect(await diagram.selected.getAttribute('data-device')).toBe('pc1');
  await tour.look('edit-palette');

  // A cable: the tool, one device, the other.
  await edit.palette('Cable').click();
  await diagram.node('pc1').click();
  await edit.note.filter({ hasText: 'Cable from pc1' }).waitFor();
  const to = await edit.middleOf(cable.to);
  await page.mouse.move(to.x, to.y, { steps: 3 });
  await tour.photograph('edit-cable');
  await diagram.node(cable.to).click();
  const cabled = changed(withHost, cable.changes);
  await tour.saved(cabled);
  await expectRefusal(tour, edit);
  await diagram.node('pc1').press('Escape');
  expect(tour.text()).toBe(cabled);

  // Dragged from the palette to where it shall stand.
  await diagram.still();
  const picture = (await webview.locator('.vnet-diagram').boundingBox())!;
  const at = { x: picture.x + 60, y: picture.y + picture.height - 60 };
  await dragRouter(tour, edit, at);
  const put = await edit.middleOf('r1');
  expect(put.x).toBeLessThan(picture.x + picture.width / 2);
  expect(put.y).toBeGreaterThan(picture.y + picture.height / 2);
  const routed = changed(cabled, router);
  await tour.saved(routed);
  await pullNow(tour, edit);
  const out = changed(routed, pulled);
  await chooseForCable(tour, edit, 'Pull out, in the file');
  await webview.locator('.vnet-cable.vnet-down').waitFor({ state: 'attached' });
  await tour.saved(out);
  await tour.photograph('edit-pulled');
  await chooseForCable(tour, edit, 'Plug in, in the file');
  await tour.saved(routed);

  // All of it can be taken back, a step each.
  for (const earlier of [out, routed, cabled, withHost, network.text]) {
    await edit.palette('Undo (Ctrl+Z)').click();
    await tour.saved(earlier);
  }
  await webview.getByRole('button', { name: 'Edit the network (E)' }).click();
  await tour.layOutAnew();
}

async function dragRouter({ page, diagram }: Tour, edit: EditPage, at: Place): Promise<void> {
  const source = (await edit.palette('Router').boundingBox())!;
  await page.mouse.move(source.x + 10, source.y + 10);
  await page.mouse.down();
  await page.mouse.move(at.x, at.y, { steps: 4 });
  await page.mouse.up();
  await diagram.node('r1').waitFor();
  await diagram.still();
  expect(await diagram.selected.getAttribute('data-device')).toBe('r1');
}

/** What can't be is said, and the file stays. */
async function expectRefusal(tour: Tour, edit: EditPage): Promise<void> {
  const { network, diagram } = tour;
  const { refused } = network.edits;
  if (refused === undefined) return;
  await diagram.node('pc1').click();
  await diagram.node(refused.device).click();
  await edit.note.filter({ hasText: refused.words }).waitFor();
  await tour.photograph('edit-refused');
}

/** By the menu of the new cable. */
async function chooseForCable({ page, network }: Tour, edit: EditPage, item: string): Promise<void> {
  const at = await edit.middleOfCable(network.edits.cable.id);
  await page.mouse.click(at.x, at.y, { button: 'right' });
  await edit.menu(item).click();
}

/** A cable is pulled in the simulation alone, which the picture and the tables of the device tell, and plugged in again. */
async function pullNow(tour: Tour, edit: EditPage): Promise<void> {
  const { page, diagram, webview } = tour;
  await tour.pick('pc1');
  await page.keyboard.press('t');
  const row = webview.locator('.tables [data-table=interfaces] tbody tr').filter({ hasText: 'eth0' });
  await row.filter({ hasText: 'UP' }).waitFor();
  const drawn = webview.locator('.vnet-cables [data-cable^="pc1:"], .vnet-cables [data-cable*=" pc1:"]');
  await chooseForCable(tour, edit, 'Pull out now, in the simulation');
  await row.filter({ hasText: 'NO-CARRIER' }).waitFor();
  await expect.poll(() => drawn.getAttribute('class')).toContain('vnet-down');
  await chooseForCable(tour, edit, 'Plug in now, in the simulation');
  await expect.poll(() => drawn.getAttribute('class')).not.toContain('vnet-down');
  await row.filter({ hasText: 'UP' }).waitFor();
  await diagram.node('pc1').focus();
  await page.keyboard.press('t');
  await diagram.still();
}
