/** The trace as a capture file: all of it or what the list shows, saved, or opened in another program. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { THEMES, useVsCode } from '../real-vscode';
import { PreviewPage } from './preview-page';

const SAMPLE = 'two-hosts.vnet.yaml';

/** Stands where Wireshark's window would: tshark reads the file that it is started with. */
const folder = mkdtempSync(join(tmpdir(), 'vnet-wireshark-'));
const program = join(folder, 'wireshark');
const protocols = join(folder, 'protocols');
writeFileSync(
  program,
  `#!/bin/sh\ntshark "$@" -T fields -e frame.protocols > ${protocols}.new && mv ${protocols}.new ${protocols}\n`,
);
chmodSync(program, 0o755);

afterAll(() => rmSync(folder, { recursive: true }));

describe('a capture of the simulation', () => {
  const vscode = useVsCode({
    files: { [SAMPLE]: readFileSync(`media/samples/${SAMPLE}`, 'utf8') },
    settings: THEMES.dark,
    machineSettings: { 'vnet.wireshark.path': program },
  });

  it('is saved as the list shows it, and opened in Wireshark', async () => {
    const window = await vscode.open(SAMPLE);
    const page = await PreviewPage.open(window, ['pc1', 'pc2']);
    await page.playToTheEnd();
    const choice = (label: string) =>
      window.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: label });

    const filter = window.webview.getByRole('combobox', { name: 'Display filter' });
    await filter.fill('icmp');
    await filter.press('Enter');
    await window.webview.locator('.packets-count').filter({ hasText: ' of ' }).waitFor();
    await window.webview.locator('.export-button').click();
    await choice('What the packet list shows').filter({ hasText: 'icmp' }).waitFor();
    await window.screenshot('capture-export');
    await choice('What the packet list shows').click();
    // VS Code's own dialog for files: it suggests a name beside the topology.
    const input = window.page.locator('.quick-input-widget input.input');
    await expect.poll(() => input.inputValue()).toMatch(/\/two-hosts\.pcapng$/);
    await window.page.keyboard.press('Enter');
    const saved = join(vscode.server.folder, 'two-hosts.pcapng');
    await expect.poll(() => existsSync(saved), { timeout: 10_000 }).toBe(true);
    await window.notifications.filter({ hasText: 'Saved two-hosts.pcapng' }).waitFor();
    const found = execFileSync('tshark', ['-r', saved, '-T', 'fields', '-e', 'frame.protocols'], {
      encoding: 'utf8',
    });
    expect(new Set(found.trim().split('\n'))).toEqual(new Set(['eth:ethertype:ip:icmp:data']));

    await window.runCommand('VNet: Open in Wireshark');
    await choice('All packets').click();
    await expect.poll(() => existsSync(protocols), { timeout: 10_000 }).toBe(true);
    expect(readFileSync(protocols, 'utf8')).toMatch(/^eth:ethertype:arp\n/);
    expect(vscode.problems()).toEqual([]);
  });
});
