/** The picture as SVG and PNG, as it is on the screen; the trace as a capture file of what the list shows, or opened in Wireshark. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { pictureDifference } from '../picture-difference';
import type { Tour } from './tour';

export async function picture(tour: Tour): Promise<void> {
  const { webview, window, network } = tour;
  await tour.fit();
  const screen = await webview.locator('.vnet-diagram').screenshot({ type: 'png' });
  const svg = (await savePicture(tour, 'picture.svg')).toString('utf8');
  expect(svg).toContain(`>${network.client}</text>`);
  // On its own: no style of the theme, no script, nothing from elsewhere.
  expect(svg).not.toMatch(/var\(|vnet-|<script|href="(?!data:image\/png)/);
  const address = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  expect(await pictureDifference(window, address, screen)).toBeLessThan(0.01);
  await mkdir('test/artifacts', { recursive: true });
  await writeFile(`test/artifacts/tour-${network.name}-picture-${tour.theme}.svg`, svg);
  const png = await savePicture(tour, 'picture.png');
  expect([...png.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
  const drawn = `data:image/png;base64,${png.toString('base64')}`;
  expect(await pictureDifference(window, drawn, screen)).toBeLessThan(0.01);
  await tour.look('picture');
}

/** Saves the picture under this name, beside the topology, as a user would. */
async function savePicture({ window, vscode, network }: Tour, name: string): Promise<Buffer> {
  await window.runCommand('VNet: Export Diagram (SVG, PNG)…');
  const input = window.page.locator('.quick-input-widget input.input');
  // The dialog begins with a name of its own.
  await expect.poll(() => input.inputValue()).toMatch(new RegExp(`/${network.name}\\.svg$`));
  const path = join(vscode.server.folder, name);
  await input.fill(path);
  await window.page.keyboard.press('Enter');
  await window.notifications.filter({ hasText: `Saved ${name}` }).waitFor();
  return readFile(path);
}

/** @param wireshark where the program that stands for Wireshark leaves the protocols of the packets that it was given */
export async function capture(tour: Tour, wireshark: string): Promise<void> {
  const { window, page, webview, filter, network } = tour;
  await tour.play();
  const choice = (label: string) =>
    page.locator('.quick-input-list .monaco-list-row').filter({ hasText: label });
  await filter.set('icmp');
  const shown = await filter.shown();
  await webview.locator('.export-button').click();
  await choice('What the packet list shows').filter({ hasText: 'icmp' }).waitFor();
  await tour.photograph('capture');
  await choice('What the packet list shows').click();
  // VS Code's own dialog for files: it suggests a name beside the topology.
  const input = page.locator('.quick-input-widget input.input');
  await expect.poll(() => input.inputValue()).toMatch(new RegExp(`/${network.name}\\.pcapng$`));
  await page.keyboard.press('Enter');
  const saved = join(tour.vscode.server.folder, `${network.name}.pcapng`);
  await window.notifications.filter({ hasText: `Saved ${network.name}.pcapng` }).waitFor();
  const found = execFileSync('tshark', ['-r', saved, '-T', 'fields', '-e', 'frame.protocols'], {
    encoding: 'utf8',
  });
  const protocols = found.trim().split('\n');
  expect(new Set(protocols)).toEqual(new Set(network.capturedPings));
  // A hop is captured where it leaves and where it arrives.
  expect(protocols.length).toBeGreaterThanOrEqual(shown);
  await tour.showAll();

  await window.runCommand('VNet: Open in Wireshark');
  await choice('All packets').click();
  await expect.poll(() => existsSync(wireshark), { timeout: 10_000 }).toBe(true);
  expect(readFileSync(wireshark, 'utf8')).toMatch(/^eth:ethertype:(arp|ip:udp:dhcp)\n/);
  await tour.look('wireshark');
}
