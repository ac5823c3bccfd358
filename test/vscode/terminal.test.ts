import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { THEMES, useVsCode, type VsCodeWindow } from '../real-vscode';
import { PreviewPage } from './preview-page';

const HOME = 'ipv6-home.vnet.yaml';

/** What a screen reader is given of the terminal in front. */
function screen({ page }: VsCodeWindow): Promise<string> {
  return page.locator('.terminal-wrapper.active .xterm-rows').innerText();
}

describe('a terminal on a device', () => {
  const vscode = useVsCode({
    files: { [HOME]: readFileSync(join('media/samples', HOME), 'utf8') },
    settings: {
      ...THEMES.dark,
      // Rows as text, to be read here.
      'terminal.integrated.gpuAcceleration': 'off',
      'terminal.integrated.tabs.enabled': false,
    },
  });

  it('runs the commands of the real tools in the simulation, with history, completion and Ctrl+C', async () => {
    const window = await vscode.open(HOME);
    const { page } = window;
    const preview = await PreviewPage.open(window, ['laptop']);
    await preview.node('laptop').click();
    await page.keyboard.press('x');
    await page.locator('.terminal-wrapper.active').waitFor();
    await expect.poll(() => screen(window), { timeout: 20_000 }).toContain('root@laptop:~#');
    await page.locator('.terminal-wrapper.active').click();
    await page.keyboard.type('pin');
    await page.keyboard.press('Tab');
    await page.keyboard.type('-c 2 192.168.1.10');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => screen(window), { timeout: 30_000 })
      .toContain('2 packets transmitted, 2 received');
    await page.keyboard.type('ip -br addr show eth0');
    await page.keyboard.press('Enter');
    await expect.poll(() => screen(window)).toMatch(/eth0 +UP +192\.168\.1\.\d+\/24/);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => screen(window)).toMatch(/# ping -c 2 192\.168\.1\.10\s*$/);
    await page.keyboard.press('Control+U');
    await page.keyboard.type('ping 192.168.1.10');
    await page.keyboard.press('Enter');
    await expect.poll(() => screen(window), { timeout: 30_000 }).toContain('icmp_seq=3');
    await page.keyboard.press('Control+C');
    await expect.poll(() => screen(window)).toContain('^C');
    // What is typed while a command runs goes to the command.
    await page.keyboard.type('nc 192.168.1.10 80');
    await page.keyboard.press('Enter');
    await page.keyboard.type('GET / HTTP/1.0');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await expect.poll(() => screen(window), { timeout: 30_000 }).toContain('HTTP/1.1 200 OK');
    await page.keyboard.press('Control+D');
    await expect.poll(() => screen(window)).toMatch(/root@laptop:~#\s*$/);
    // A capture sees what the machine says by itself; the name of its interface is completed.
    await page.keyboard.type('tcpdump -n -c 1 -i e');
    await page.keyboard.press('Tab');
    await page.keyboard.type("'arp or ip6'");
    await page.keyboard.press('Enter');
    await expect.poll(() => screen(window), { timeout: 30_000 }).toContain('1 packet captured');
    await window.screenshot('terminal');
    expect(vscode.problems()).toEqual([]);
  });
});
