import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { THEMES, useVsCode } from '../real-vscode';
import { chooseTheme } from './choose-theme';
import { PreviewPage } from './preview-page';

const NAT = 'virtualbox-nat.vnet.yaml';
const text = readFileSync(join('media/samples', NAT), 'utf8');

const RULES = [
  { name: 'Web', filter: 'ip.addr == 203.0.113.10 and icmp', colour: 'purple' },
  { name: 'Half', filter: 'ip.addr ==', colour: 'red' },
];

describe('the colours of the packet list', () => {
  const vscode = useVsCode({
    files: { [NAT]: text },
    settings: { ...THEMES.light, 'vnet.packets.colourRules': RULES },
  });

  it('follow rules, and can be read without seeing colours', async () => {
    const window = await vscode.open(NAT);
    const preview = await PreviewPage.open(window, ['laptop']);
    const { webview, page } = window;
    const notice = window.notifications.filter({ hasText: 'Colour rule 2 “Half”' });
    await notice.filter({ hasText: 'Column 11' }).waitFor();

    await preview.playToTheEnd();
    await webview
      .getByRole('combobox', { name: 'Display filter' })
      .fill('icmp or vnet.ignored or arp.opcode == 1');
    await page.keyboard.press('Enter');
    const row = preview.row(/Echo \(ping\) request.*ttl=64/).first();
    await expect.poll(() => row.getAttribute('class')).toMatch(/packet-coloured colour-purple/);
    await webview.locator('.packets-count', { hasText: / of \d+$/ }).waitFor();
    await preview.drawn();
    await row.click();
    const rule = webview.locator('.fact', { hasText: 'Colour rule' }).locator('dd');
    await expect.poll(() => rule.innerText()).toBe('Web');
    for (const theme of ['light', 'highContrast'] as const) {
      await chooseTheme(vscode, window, theme);
      await window.screenshot(`list-colours-${theme}`);
      expect(await preview.accessibilityViolations(), theme).toEqual([]);
    }
    // A conversation for a while; its rule goes before the others.
    await row.click({ button: 'right' });
    await webview.getByRole('menuitem', { name: 'Colour this conversation…' }).click();
    await webview.getByRole('menuitem', { name: 'Blue' }).click();
    await expect.poll(() => row.getAttribute('class')).toMatch(/colour-blue/);
    await expect.poll(() => rule.innerText()).toMatch(/^ip\.addr eq /);
    await row.click({ button: 'right' });
    await webview.getByRole('menuitem', { name: 'Take the colours of conversations away' }).click();
    await expect.poll(() => rule.innerText()).toBe('Web');
    await webview.getByRole('button', { name: 'Columns, times and colours' }).click();
    await webview.getByRole('menuitemcheckbox', { name: 'Colour the packets' }).click();
    await expect.poll(() => webview.locator('.packet-coloured').count()).toBe(0);
    expect(vscode.problems()).toEqual([]);
  });
});
