import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { THEMES, useVsCode, type VsCodeWindow } from '../real-vscode';
import { chooseTheme } from './choose-theme';
import { DiagramPage } from './diagram-page';
import { PreviewPage } from './preview-page';

const MODES = 'virtualbox-modes.vnet.yaml';
const VLANS = 'vlan-trunk-stp.vnet.yaml';
const sample = (name: string): string => readFileSync(join('media/samples', name), 'utf8');

async function open(window: VsCodeWindow, devices: readonly string[]): Promise<[DiagramPage, PreviewPage]> {
  const preview = await PreviewPage.open(window, devices);
  const diagram = new DiagramPage(window);
  await diagram.still();
  return [diagram, preview];
}

describe('the picture of a network', () => {
  const vscode = useVsCode({
    files: { [MODES]: sample(MODES), [VLANS]: sample(VLANS) },
    settings: THEMES.dark,
  });

  it('covers nothing with words at any size, in any view', async () => {
    const window = await vscode.open(MODES);
    const [diagram] = await open(window, ['internet', 'laptop', 'in-1']);
    const { width, height } = window.page.viewportSize() ?? { width: 1280, height: 800 };
    // A browser at 200 % has half as many CSS pixels.
    for (const [zoom, scale] of [
      [100, 1],
      [200, 2],
    ] as const) {
      await window.page.setViewportSize({ width: width / scale, height: height / scale });
      for (const view of ['Domains', 'Subnets', 'Cabling']) {
        await diagram.view(view).click();
        await diagram.still();
        expect(await diagram.overlaps(), `${view} at ${zoom} %`).toEqual([]);
        await window.screenshot(`diagram-${view.toLowerCase()}-${zoom}`);
      }
    }
    await window.page.setViewportSize({ width, height });
    expect(vscode.problems()).toEqual([]);
  });

  it('shows cables, VLANs or subnets by keys, and keeps what is selected', async () => {
    const window = await vscode.open();
    await window.openFile(VLANS);
    const [diagram, preview] = await open(window, ['router', 'floor-1', 'guest-2']);
    await diagram.node('guest-2').click();
    await window.page.keyboard.press('2');
    await diagram.legend.filter({ hasText: 'VLAN 20' }).waitFor();
    expect(await diagram.legend.allTextContents()).toEqual([
      expect.stringMatching(/^VLAN 10.*10\.0\.10\.0\/24.*3/),
      expect.stringMatching(/^VLAN 20.*10\.0\.20\.0\/24.*3/),
    ]);
    await window.webview.locator('.vnet-cable-label', { hasText: 'trunk 10, 20' }).first().waitFor();
    expect(await diagram.selected.getAttribute('data-device')).toBe('guest-2');
    expect(await preview.accessibilityViolations()).toEqual([]);
    await window.page.keyboard.press('3');
    await diagram.node('floor-1').waitFor({ state: 'detached' });
    expect(await diagram.selected.getAttribute('data-device')).toBe('guest-2');
    await window.webview.getByText('10.0.20.0/24', { exact: true }).first().waitFor();
    expect(await preview.accessibilityViolations()).toEqual([]);
    await diagram.still();
    await window.screenshot('diagram-subnets');

    // The view is kept over a reload of the window.
    const reloaded = window.page.waitForEvent('load');
    await window.runCommand('Developer: Reload Window');
    await reloaded;
    await diagram.node('guest-2').waitFor();
    expect(await diagram.view('Subnets').getAttribute('aria-checked')).toBe('true');
    await diagram.node('guest-2').focus();
    await window.page.keyboard.press('1');
    await diagram.node('floor-1').waitFor();
  });
});

describe('a device that the user drags, with places kept in the file', () => {
  const vscode = useVsCode({
    files: { [VLANS]: sample(VLANS) },
    settings: { ...THEMES.dark, 'vnet.diagram.pins': 'file' },
  });

  it('is written at the end of the file, where every other character stays', async () => {
    const window = await vscode.open(VLANS);
    const [diagram, preview] = await open(window, ['router', 'guest-2']);
    await diagram.node('guest-2').focus();
    await window.page.keyboard.press('Shift+ArrowRight');
    const text = (): string => readFileSync(join(vscode.server.folder, VLANS), 'utf8');
    // VS Code for the web saves by itself, a second after the last change.
    await expect.poll(text, { timeout: 10_000 }).toContain('pinned:');
    await diagram.still();
    const { x, y } = await preview.placeOf('guest-2');
    const block = `\ndiagram:\n  pinned:\n    guest-2: { x: ${Math.round(x)}, y: ${Math.round(y)} }\n`;
    expect(text()).toBe(sample(VLANS) + block);
    expect(existsSync(join(vscode.server.folder, 'vlan-trunk-stp.vnet.layout.json'))).toBe(false);
    expect(vscode.problems()).toEqual([]);
  });
});

describe('the picture in other themes', () => {
  const vscode = useVsCode({ files: { [VLANS]: sample(VLANS) }, settings: THEMES.dark });

  it('has no accessibility violation in any view', async () => {
    const window = await vscode.open(VLANS);
    const [diagram, preview] = await open(window, ['router', 'guest-2']);
    // With all that editing adds: the palette, and what a cable begins with.
    await diagram.node('guest-2').focus();
    await window.page.keyboard.press('e');
    await diagram.node('guest-2').focus();
    await window.page.keyboard.press('l');
    await window.webview.locator('.edit-note').filter({ hasText: 'Cable from guest-2' }).waitFor();
    for (const theme of ['light', 'highContrast', 'highContrastLight'] as const) {
      await chooseTheme(vscode, window, theme);
      for (const view of ['Domains', 'Subnets']) {
        await diagram.view(view).click();
        await diagram.still();
        expect(await preview.accessibilityViolations(), theme).toEqual([]);
        await window.screenshot(`diagram-${view.toLowerCase()}-${theme}`);
      }
    }
  });
});
