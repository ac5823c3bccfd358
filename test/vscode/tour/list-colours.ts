/** The colours of the packet list: rules in the settings, one with a fault, and a conversation for a while. */
import { expect } from 'vitest';
import type { Tour } from './tour';

const RULES = [
  { name: 'Web', filter: 'ip.addr == 203.0.113.10 and icmp', colour: 'purple' },
  { name: 'Half', filter: 'ip.addr ==', colour: 'red' },
];

export async function listColours(tour: Tour): Promise<void> {
  const { webview, window, filter, preview } = tour;
  await tour.play();
  await tour.configure({ 'vnet.packets.colourRules': RULES });
  const notice = window.notifications.filter({ hasText: 'Colour rule 2 “Half”' });
  await notice.filter({ hasText: 'Column 11' }).waitFor();
  // It would lie over the panel for a while.
  await window.runCommand('Notifications: Clear All Notifications');
  await filter.set('icmp and ip.addr == 203.0.113.10');
  await filter.shown();
  const row = preview.row(/Echo \(ping\) request.*ttl=64/).first();
  await expect.poll(() => row.getAttribute('class')).toMatch(/packet-coloured colour-purple/);
  await preview.drawn();
  await row.click();
  const rule = webview.locator('.fact', { hasText: 'Colour rule' }).locator('dd');
  await expect.poll(() => rule.innerText()).toBe('Web');
  await tour.look('colours');

  // A conversation for a while; its rule goes before the others.
  await row.click({ button: 'right' });
  await webview.getByRole('menuitem', { name: 'Colour this conversation…' }).click();
  await webview.getByRole('menuitem', { name: 'Blue' }).click();
  await expect.poll(() => row.getAttribute('class')).toMatch(/colour-blue/);
  await expect.poll(() => rule.innerText()).toMatch(/^ip\.addr eq /);
  await row.click({ button: 'right' });
  await webview.getByRole('menuitem', { name: 'Take the colours of conversations away' }).click();
  await expect.poll(() => rule.innerText()).toBe('Web');
  const look = webview.getByRole('button', { name: 'Columns, times and colours' });
  const colour = webview.getByRole('menuitemcheckbox', { name: 'Colour the packets' });
  await look.click();
  await colour.click();
  await expect.poll(() => webview.locator('.packet-coloured').count()).toBe(0);
  await look.click();
  await colour.click();
  await tour.configure({});
  await expect.poll(() => row.getAttribute('class')).toMatch(/packet-coloured(?! colour-purple)/);
  await tour.showAll();
}
