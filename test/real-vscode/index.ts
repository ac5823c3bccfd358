/**
 * # Testing in a real VS Code
 *
 * The packaged extension (`dist/vnet-designer.vsix`, made by `npm run package`) is installed into VS Code's own server, and its workbench
 * is opened in Chromium: what a user does is done with keys and clicks, what a user sees is read from the page.
 *
 * ```ts
 * import { useVsCode } from '../real-vscode';
 *
 * describe('the preview', () => {
 *   const vscode = useVsCode({ files: { 'lab.vnet.yaml': 'vnet: 1\n' }, settings: THEMES.dark });
 *
 *   it('opens', async () => {
 *     const window = await vscode.open('lab.vnet.yaml');        // a fresh window with this file open
 *     await window.runCommand('VNet: Open Diagram Preview');    // by the command palette
 *     await window.webview.locator('svg').waitFor();            // inside the panel: any Playwright locator
 *     await window.screenshot('preview-dark');                  // test/artifacts/preview-dark.png
 *     await readFile(join(vscode.server.folder, 'lab.vnet.yaml'));  // the file on disk
 *   });
 * });
 * ```
 *
 * - `useVsCode` gives a `describe` block one server and one browser; each `open` is a new page (1600 × 1000), closed after its test. A test
 *   that changes files or settings for the others wants a `describe` of its own. A window of `openToStay` goes from test to test of the
 *   block, until one of them fails.
 * - `files` are written to a fresh folder outside the project. `locale: 'zh-cn'` shows the extension in Chinese. `THEMES` are settings.
 * - `window.page` is Playwright's page. Keys go to what has the focus: click into the editor or `window.runCommand('View: Focus …')` first.
 * - `vscode.problems()` gives errors that the page or the extension host have reported and that name the extension; a test should expect none.
 * - Nothing is slept for: wait for what a user would see. A failed test leaves `test/artifacts/failed/NAME.png`.
 * - Run one file: `npm run build -- --production && npm run package && npx vitest run --project vscode test/vscode/smoke.test.ts`.
 */
import { existsSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, onTestFinished } from 'vitest';
import { launchBrowser } from './browser';
import { installVsCode } from './install';
import { type ServerOptions, type VsCodeServer, startVsCodeServer } from './server';
import { VsCodeWindow } from './window';

export { VsCodeWindow } from './window';

/** Settings for each kind of colour theme. */
export const THEMES = {
  light: { 'workbench.colorTheme': 'Light 2026' },
  dark: { 'workbench.colorTheme': 'Dark 2026' },
  highContrast: { 'workbench.colorTheme': 'Default High Contrast' },
  highContrastLight: { 'workbench.colorTheme': 'Default High Contrast Light' },
} as const;

/** Those of VS Code's own extensions that topology files need; without the rest it starts in two thirds of the time. */
const BUILTINS = [
  'theme-defaults',
  'theme-seti',
  'json',
  'json-language-features',
  'yaml',
  'configuration-editing',
];

/** What the extension's messages are recognised by. */
const OURS = /vnet-designer|vnet\.diagram|simulation-worker/i;

export interface VsCode {
  readonly server: VsCodeServer;
  /**
   * Opens a window on the folder, with this file open, and waits until it can be used.
   * @param zoom as of a browser or of VS Code: at 2 (200 %) everything is twice as large and the window has room for half as much
   */
  open(file?: string, zoom?: number): Promise<VsCodeWindow>;
  /** The same for a window that stays for the tests that follow; one that fails closes it, since nobody knows how it left the window. */
  openToStay(file: string): Promise<VsCodeWindow>;
  /** Errors so far that name the extension, from the browser's console and uncaught in its pages. */
  problems(): readonly string[];
}

/** Gives the surrounding `describe` a VS Code that lives as long as its tests. */
export function useVsCode(options: ServerOptions = {}): VsCode {
  let browser: Browser | undefined;
  let server: VsCodeServer | undefined;
  const problems: string[] = [];

  beforeAll(async () => {
    const vsix = options.vsix ?? 'dist/vnet-designer.vsix';
    if (!existsSync(vsix)) throw new Error(`${vsix} does not exist; make it with: npm run package`);
    await installVsCode();
    server = await startVsCodeServer({ builtinExtensions: BUILTINS, ...options });
    browser = await launchBrowser();
    // The first installation downloads a gigabyte.
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const staying = new Set<Page>();
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    for (const page of staying) {
      await photographFailure(page, task.name);
      await page.close();
    }
    staying.clear();
  });

  const openPage = (zoom: number): Promise<Page> =>
    present(browser).newPage({
      viewport: { width: 1600 / zoom, height: 1000 / zoom },
      deviceScaleFactor: zoom,
    });
  const load = async (page: Page, file: string | undefined): Promise<VsCodeWindow> => {
    collectProblems(page, problems);
    await page.goto(present(server).url(file));
    const window = new VsCodeWindow(page);
    await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 60_000 });
    if (file !== undefined) await window.editor(file).waitFor();
    return window;
  };

  return {
    get server() {
      return present(server);
    },
    problems: () => problems,
    async open(file, zoom = 1) {
      const page = await openPage(zoom);
      onTestFinished(async ({ task }) => {
        if (task.result?.state === 'fail') await photographFailure(page, task.name);
        await page.close();
      });
      return load(page, file);
    },
    async openToStay(file) {
      const page = await openPage(1);
      staying.add(page);
      return load(page, file);
    },
  };
}

async function photographFailure(page: Page, test: string): Promise<void> {
  await new VsCodeWindow(page).screenshot(`failed/${test.replace(/[^\p{L}\p{N}]+/gu, '-')}`);
}

function collectProblems(page: Page, problems: string[]): void {
  page.on('pageerror', error => {
    if (OURS.test(error.stack ?? error.message)) problems.push(error.message);
  });
  page.on('console', message => {
    if (message.type() !== 'error') return;
    const text = `${message.text()} ${message.location().url}`;
    if (OURS.test(text)) problems.push(text);
  });
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('VS Code runs only inside tests');
  return value;
}
