import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { THEMES, useVsCode } from '../real-vscode';
import { chooseTheme } from './choose-theme';
import { PreviewPage } from './preview-page';

const NAT = 'virtualbox-nat.vnet.yaml';

describe('the tables of a device', () => {
  const vscode = useVsCode({
    files: { [NAT]: readFileSync(join('media/samples', NAT), 'utf8') },
    settings: THEMES.dark,
  });

  it('stand beside the picture, follow what is picked and name the packet of each row', async () => {
    const window = await vscode.open(NAT);
    const preview = await PreviewPage.open(window, ['laptop']);
    const { webview, page } = window;
    const tables = webview.locator('.tables');
    await preview.node('laptop').click();
    await page.keyboard.press('t');
    await tables.locator('[data-table=interfaces]').waitFor();
    expect(await tables.getByRole('combobox', { name: 'Device' }).inputValue()).toBe('laptop');
    await window.screenshot(`tables-start`);
    // A neighbour is asked for, and known when it has answered.
    const neighbour = tables.locator('[data-table=neighbours] tbody tr').first();
    await webview.getByRole('button', { name: 'Play' }).click();
    await neighbour.waitFor();
    await expect.poll(() => neighbour.innerText(), { timeout: 20_000 }).toMatch(/REACHABLE|STALE|DELAY/);
    for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const) {
      await chooseTheme(vscode, window, theme);
      await window.screenshot(`tables-${theme}`);
      expect(await preview.accessibilityViolations(), theme).toEqual([]);
    }
    await neighbour.getByRole('button').click();
    await webview.locator('.packet[aria-selected="true"]').waitFor();
    expect(await webview.locator('.packet[aria-selected="true"]').innerText()).toContain('ARP');
    // A route names the packet that brought it.
    const route = tables.locator('[data-table=routes] tbody tr', { hasText: 'default' });
    await route.getByRole('button').click();
    await webview.locator('.packet[aria-selected="true"]', { hasText: 'DHCP ACK' }).waitFor();
    // Escape closes them, and the keyboard is where it was.
    await tables.getByRole('combobox', { name: 'Device' }).focus();
    await page.keyboard.press('Escape');
    await tables.waitFor({ state: 'hidden' });
    expect(await webview.locator('.show-tables').evaluate('document.activeElement.className')).toContain(
      'show-tables',
    );
    expect(vscode.problems()).toEqual([]);
  });
});
