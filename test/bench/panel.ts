/**
 * A real VS Code with a million packets in its list: how soon they are there, jumps, scrolling, filters, memory; and how soon a typed
 * letter is seen in a text editor beside it.
 */
import { parseArgs } from 'node:util';
import type { CDPSession, Page } from 'playwright-core';
import { largeNetwork } from '../look/networks';
import { launchBrowser } from '../real-vscode/browser';
import { installVsCode } from '../real-vscode/install';
import { startVsCodeServer } from '../real-vscode/server';
import { VsCodeWindow } from '../real-vscode/window';
import { busyness, distribution, inMilliseconds } from './distribution';
import { animationFrames, jumps, lettersSeen, untilDrawn, watchLetters } from './panel-probes.mjs';
import { trafficNetwork } from './panel-traffic';

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    /** Only how soon an edit is seen. */
    edits: { type: 'boolean', default: false },
  },
});
const RECORDS = Number(values.records);

const JUMPS = 60;
const SCROLL_MILLISECONDS = 4000;
const LETTERS = 60;
const EDITS = 20;
const FILTERS = ['arp', 'tcp', 'frame contains "HTTP"', 'tcp.stream == 1', 'dns'];
/** Longest wait for anything, ms. */
const PATIENCE = 120_000;

const LETTERS_FILE = 'letters.txt';
const TRAFFIC_FILE = 'traffic.vnet.yaml';
const LARGE_FILE = 'large.vnet.yaml';

await installVsCode();
const server = await startVsCodeServer({
  files: {
    [LETTERS_FILE]: '\n'.repeat(3),
    [TRAFFIC_FILE]: trafficNetwork(RECORDS),
    [LARGE_FILE]: largeNetwork(200),
  },
  settings: {
    'workbench.colorTheme': 'Dark 2026',
    'files.autoSave': 'off',
    // What is typed is what stands there.
    'editor.autoClosingBrackets': 'never',
    'editor.autoIndent': 'none',
    'editor.quickSuggestions': false,
  },
  builtinExtensions: ['theme-defaults', 'theme-seti', 'yaml', 'configuration-editing'],
});
const browser = await launchBrowser();
try {
  if (!values.edits) {
    await measure();
  }
  await edits();
} finally {
  await browser.close();
  await server.stop();
}

async function openWindow(file: string): Promise<VsCodeWindow> {
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  page.setDefaultTimeout(PATIENCE);
  await page.goto(server.url(file));
  const window = new VsCodeWindow(page);
  await window.editor(file).waitFor();
  return window;
}

async function measure(): Promise<void> {
  console.log(`The panel with ${RECORDS} records, code-server and Chromium without a GPU; ${busyness()}`);
  const window = await openWindow(TRAFFIC_FILE);
  const { page } = window;
  const session = await page.context().newCDPSession(page);
  // The extension starts some time after the window: what it then does is not what is measured.
  await window.findCommand('VNet: Open Diagram Preview to the Side');
  await page.keyboard.press('Escape');
  await window.openFile(LETTERS_FILE);
  const letters: Record<string, number> = {};
  letters['panel closed'] = await typing(window, 'panel closed');
  const before = await heap(session);

  await window.openFile(TRAFFIC_FILE);
  await window.runCommand('VNet: Open Diagram Preview to the Side');
  const frame = window.webview;
  await frame.locator('[data-device="client"]').waitFor();
  await window.runCommand('View: Focus First Editor Group');
  await window.openFile(LETTERS_FILE);
  letters['paused'] = await typing(window, 'panel paused');

  await frame.locator('.speed').click();
  await frame.locator('vscode-option').filter({ hasText: 'full speed' }).click();
  const begun = performance.now();
  await frame.locator('.play-button').click();
  await frame.locator('.packet').first().waitFor();
  const first = performance.now() - begun;
  letters['full speed'] = await typing(window, 'at full speed');
  const count = frame.locator('.packets-count');
  const number = async (): Promise<number> => Number((await count.innerText()).replace(/\D/g, ''));
  for (let seen = await number(); seen < RECORDS; seen = await number()) {
    await page.waitForTimeout(50);
  }
  const all = performance.now() - begun;
  console.log(`first rows ${first.toFixed(0)} ms, all ${(all / 1000).toFixed(1)} s (typing meanwhile)`);
  await frame
    .locator('.clock')
    .filter({ hasText: /paused|finished/ })
    .waitFor();
  letters['a million records'] = await typing(window, 'with all records');

  const after = await heap(session);
  console.log(`JavaScript heap of the page: ${(after - before).toFixed(0)} MB more than without the panel`);

  const grid = frame.locator('[role="grid"][aria-label="Packets"]');
  const jumped = await grid.evaluate(jumps, JUMPS);
  console.log(`jump, rows there   ${inMilliseconds(distribution(jumped.map(({ rows }) => rows)))}`);
  console.log(`jump, text there   ${inMilliseconds(distribution(jumped.map(({ text }) => text)))}`);
  const frames = grid.evaluate(animationFrames, SCROLL_MILLISECONDS);
  await grid.hover();
  await wheel(page, SCROLL_MILLISECONDS);
  console.log(`scrolling, a frame ${inMilliseconds(distribution(await frames))}`);

  await filters(window);
  const closed = letters['panel closed'] ?? Number.NaN;
  const ratios = Object.entries(letters).map(([name, each]) => `${name} ${(each / closed).toFixed(2)}`);
  console.log(`typing against a closed panel: ${ratios.join(', ')}; ${busyness()}`);
  await page.close();
}

/** Turns of the wheel at no fixed distance, as fast as the page takes them. */
async function wheel(page: Page, milliseconds: number): Promise<void> {
  for (const until = performance.now() + milliseconds; performance.now() < until;) {
    await page.mouse.wheel(0, -240);
    await page.waitForTimeout(12);
  }
}

async function filters(window: VsCodeWindow): Promise<void> {
  const input = window.webview.getByRole('combobox', { name: 'Display filter' });
  for (const filter of FILTERS) {
    await input.fill(filter);
    const begun = performance.now();
    await input.press('Enter');
    const count = window.webview.locator('.packets-count').filter({ hasText: / of (?!.*…)/ });
    await count.waitFor();
    const took = performance.now() - begun;
    console.log(`filter ${filter.padEnd(22)} ${took.toFixed(0).padStart(6)} ms  ${await count.innerText()}`);
    await input.fill('');
    await input.press('Enter');
    await window.webview.locator('.packets-count').filter({ hasNotText: ' of ' }).waitFor();
  }
}

/** Median ms from a key to its letter on the screen. */
async function typing(window: VsCodeWindow, state: string): Promise<number> {
  const { page } = window;
  const editor = window.editor(LETTERS_FILE);
  await editor.locator('.view-lines').click();
  await page.keyboard.press('ControlOrMeta+Home');
  await editor.locator('.view-lines').evaluate(watchLetters);
  for (let letter = 0; letter < LETTERS; letter++) {
    await page.keyboard.press('abcdefghij'[letter % 10] ?? 'k');
    // Not in step with the frames of the page.
    await page.waitForTimeout(90 + ((letter * 37) % 60));
  }
  let seen = await page.evaluate(lettersSeen);
  for (let wait = 0; seen.length < LETTERS && wait < 100; wait++) {
    await page.waitForTimeout(50);
    seen = await page.evaluate(lettersSeen);
  }
  const measured = distribution(seen);
  await page.keyboard.press('Enter');
  console.log(`typing, ${state.padEnd(17)} ${inMilliseconds(measured)}; ${busyness()}`);
  return measured.median;
}

/** MB of the page's JavaScript after a collection; the panel's frame is in it. */
async function heap(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
}

/**
 * From the last key of a line in the topology of 200 devices to its device in the picture, and from the key that takes the line away until
 * the device is gone: editor, extension, layout and drawing. The panel shares a thread with the text editor here, which it does not in a
 * VS Code of the desktop.
 */
async function edits(): Promise<void> {
  const window = await openWindow(LARGE_FILE);
  const { page } = window;
  await window.runCommand('VNet: Open Diagram Preview to the Side');
  await window.webview.locator('[data-device="pc-3-3"]').waitFor();
  await window.runCommand('View: Focus First Editor Group');
  await page.keyboard.press('ControlOrMeta+KeyG');
  await page.locator('.quick-input-widget input.input').fill(':3');
  await page.keyboard.press('Enter');
  await page.keyboard.press('End');
  const body = window.webview.locator('body');
  const added: number[] = [];
  const removed: number[] = [];
  for (let edit = 0; edit < EDITS; edit++) {
    await page.keyboard.insertText('\n  new: { kind: host, interfaces: { eth0: { network: internet } } ');
    // Without its last bracket the file has an error, which the panel says.
    await window.webview.locator('.vnet-stale').waitFor();
    const drawn = body.evaluate(untilDrawn, { device: 'new', there: true });
    const begun = performance.timeOrigin + performance.now();
    await page.keyboard.press('}');
    added.push((await drawn) - begun);
    await page.keyboard.press('Shift+Home');
    const gone = body.evaluate(untilDrawn, { device: 'new', there: false });
    const begunAgain = performance.timeOrigin + performance.now();
    await page.keyboard.press('Backspace');
    removed.push((await gone) - begunAgain);
    await page.keyboard.press('Shift+Home');
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Backspace');
  }
  console.log(`a device more than 200, drawn ${inMilliseconds(distribution(added))}; ${busyness()}`);
  console.log(`and gone again                ${inMilliseconds(distribution(removed))}`);
  await page.close();
}
