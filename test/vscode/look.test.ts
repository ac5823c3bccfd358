/** What a demanding user sees, presses and hears: every theme, twice the size, the keyboard alone, a screen reader. */
import { describe, expect, it } from 'vitest';
import { clippedTexts } from '../look/clipped-texts.mjs';
import { NAT_BESIDE_TAP, largeNetwork } from '../look/networks';
import { THEMES, useVsCode, type VsCodeWindow } from '../real-vscode';
import { chooseTheme } from './choose-theme';
import { DiagramPage } from './diagram-page';
import { PreviewPage } from './preview-page';

const PING = 'scenarios:\n  one floor to another:\n    - ping: { from: pc-1-1, to: pc-3-3 }\n';

/** File, text, and a device in it that is looked at. */
const NETWORKS = [
  ['nat-beside-tap', NAT_BESIDE_TAP, 'tap-1'],
  ['large', largeNetwork(200, PING), 'pc-3-3'],
] as const;

/** The class that VS Code gives the page for each kind of theme. */
const files = Object.fromEntries(NETWORKS.map(([name, text]) => [`${name}.vnet.yaml`, text]));

/** Opens the preview, plays it, selects the newest packet and shows the tables of the device. */
async function played(window: VsCodeWindow, device: string): Promise<PreviewPage> {
  const preview = await PreviewPage.open(window, [device]);
  await preview.playToTheEnd();
  await preview.packets.focus();
  await window.page.keyboard.press('End');
  await window.webview.locator('.details-pane [role="tree"]').waitFor();
  await preview.node(device).focus();
  await window.page.keyboard.press('Enter');
  await window.page.keyboard.press('t');
  await window.webview.locator('.device-table').first().waitFor();
  return preview;
}

async function expectReadable(preview: PreviewPage, diagram: DiagramPage): Promise<void> {
  await diagram.still();
  expect(await diagram.overlaps()).toEqual([]);
  expect(await preview.window.webview.locator('body').evaluate(clippedTexts)).toEqual([]);
  expect(await preview.accessibilityViolations()).toEqual([]);
}

/** No part is so low that nothing of it can be seen, and the drawing fills its pane in one direction. */
async function expectAllParts({ webview }: VsCodeWindow): Promise<void> {
  for (const part of ['.vnet-diagram', '.tables-list', '.packets', '.details-pane']) {
    const element = webview.locator(part);
    await element.scrollIntoViewIfNeeded();
    expect((await element.boundingBox())?.height, part).toBeGreaterThan(70);
  }
  const pane = await webview.locator('.vnet-diagram').boundingBox();
  const drawing = await webview.locator('.vnet-viewport').boundingBox();
  const fill = Math.max(drawing!.width / pane!.width, drawing!.height / pane!.height);
  expect(fill).toBeGreaterThan(0.75);
}

/** The key leads from the member of a group that the Tab key stops at, or that has the focus, to every other one. */
async function walk({ webview, page }: VsCodeWindow, member: string, key: string): Promise<void> {
  const members = webview.locator(member);
  const stop = members.and(webview.locator('[tabindex="0"]'));
  if ((await stop.count()) > 0) await stop.first().focus();
  const expected = (await members.allInnerTexts()).map(text => text.trim());
  expect(expected.length).toBeGreaterThan(1);
  const reached: string[] = [];
  for (let press = 0; press < expected.length; press++) {
    reached.push((await webview.locator(':focus').innerText()).trim());
    await page.keyboard.press(key);
  }
  expect(reached.toSorted()).toEqual(expected.toSorted());
}

describe('the panel', () => {
  const vscode = useVsCode({ files, settings: THEMES.light });

  it.each(NETWORKS)('can be read whatever the theme: %s', async (name, _text, device) => {
    const window = await vscode.open(`${name}.vnet.yaml`);
    const preview = await played(window, device);
    for (const theme of ['light', 'dark', 'highContrast', 'highContrastLight'] as const) {
      await chooseTheme(vscode, window, theme);
      await expectReadable(preview, new DiagramPage(window));
      await window.screenshot(`look-${name}-${theme}`);
    }
    expect(vscode.problems()).toEqual([]);
  });

  it.each(NETWORKS)('can be read at 200 %: %s', async (name, _text, device) => {
    const window = await vscode.open(`${name}.vnet.yaml`, 2);
    await window.runCommand('View: Close Primary Side Bar');
    const preview = await played(window, device);
    await expectReadable(preview, new DiagramPage(window));
    await window.screenshot(`look-${name}-200-beside`);
    await expectAllParts(window);
    await window.screenshot(`look-${name}-200-beside-below`);
    await window.runCommand('View: Close Editors in Other Groups');
    await expectReadable(preview, new DiagramPage(window));
    await window.screenshot(`look-${name}-200-alone`);
    await expectAllParts(window);
    await window.screenshot(`look-${name}-200-below`);
  });

  it('is used by the keyboard alone', async () => {
    const window = await vscode.open('nat-beside-tap.vnet.yaml');
    const preview = await played(window, 'tap-1');
    await window.webview.locator('body').evaluate(watchFocus);
    const tabs: string[] = [];
    await window.webview.locator('.play-button').focus();
    // Tab goes through all of it and out again: nothing holds the focus.
    for (let press = 0; press < 80 && tabs.at(-1) !== 'out'; press++) {
      await window.page.keyboard.press('Tab');
      tabs.push(await window.webview.locator('body').evaluate('window.focusNow()'));
    }
    expect(tabs.at(-1)).toBe('out');
    expect(tabs.some((now, index) => now === tabs[index + 1])).toBe(false);
    expect(tabs.length).toBeGreaterThan(20);
    expect(await window.webview.locator('body').evaluate('window.neverFocused()')).toEqual([]);
    // Arrows go through what is one stop of the Tab key.
    for (const member of ['.view-button', '.inspector-head .tab:visible', '.side-tab']) {
      await walk(window, member, 'ArrowRight');
    }
    await preview.packets.focus();
    await window.page.keyboard.press('Shift+F10');
    await walk(window, '.menu-item', 'ArrowDown');
    await window.page.keyboard.press('Escape');
    expect(await preview.packets.evaluate('document.activeElement.className')).toContain('packets');
    await window.webview.locator('.list-look').press('Enter');
    await walk(window, '.menu-item', 'ArrowDown');
    await window.page.keyboard.press('Escape');
    expect(vscode.problems()).toEqual([]);
  });

  it('speaks: a device, its neighbours, a packet', async () => {
    const window = await vscode.open('nat-beside-tap.vnet.yaml');
    const preview = await played(window, 'tap-1');
    const { page, webview } = window;
    const spoken = webview.getByRole('option', {
      name: /^tap-1, virtual machine, 192\.168\.1\.\d+\/24, in server, connected to br0$/,
    });
    expect(await spoken.getAttribute('data-device')).toBe('tap-1');
    expect(await spoken.getAttribute('aria-selected')).toBe('true');
    await spoken.focus();
    await page.keyboard.press('ArrowUp');
    const upper = webview.locator('[role="option"]:focus');
    expect(await upper.getAttribute('aria-label')).toMatch(/^br0.*bridge.*in server, connected to .*tap-1/);
    await preview.packets.focus();
    // Home and End lead to rows whose words come a moment later: they are said then.
    for (const [key, words] of [
      ['Home', /^Packet 1 selected: DHCP .* → .* DHCP Discover/],
      ['ArrowDown', /^Packet 2 selected: DHCP/],
      ['End', /^Packet \d+ selected: \w+ .* → /],
    ] as const) {
      await page.keyboard.press(key);
      await expect.poll(() => webview.locator('.announcer').innerText()).toMatch(words);
      const row = await preview.packets.getAttribute('aria-activedescendant');
      expect(await webview.locator(`[id="${row}"]`).getAttribute('aria-selected')).toBe('true');
    }
  });
});

/** Keeps, within the page, which elements have had the focus. Runs in the page, so it stands alone. */
const watchFocus = `(() => {
  const had = new Set();
  document.addEventListener('focusin', event => had.add(event.target));
  const nameOf = element => [element.localName, element.className?.baseVal ?? element.className,
    element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 30)].join(' ');
  window.focusNow = () => document.hasFocus() && document.activeElement !== document.body
    ? nameOf(document.activeElement) + ' ' + [...had].indexOf(document.activeElement) : 'out';
  window.neverFocused = () => [...document.querySelectorAll(
      'a[href], button, input, select, textarea, vscode-button, vscode-dropdown, vscode-text-field, [tabindex="0"]')]
    .filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && !had.has(one))
    // One of a group is a stop of the Tab key; arrows lead to the others.
    .filter(one => !(one.tabIndex === -1 && one.closest('[role="radiogroup"], [role="tablist"], [role="toolbar"], [role="grid"]')))
    .map(nameOf);
})()`;
