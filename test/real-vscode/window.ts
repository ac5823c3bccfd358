/** A VS Code window in Chromium, in the words of its user: files, commands, the status bar, the panel. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';

/** Where screenshots go, for a person to look at. */
const ARTIFACTS = 'test/artifacts';

/** Commands of an extension appear only some time after the window; this long is waited for one, in ms. */
const COMMAND_TIMEOUT = 60_000;

export class VsCodeWindow {
  constructor(
    /** Playwright's page, for what has no word here. */
    readonly page: Page,
  ) {}

  /** The text editor that shows this file. */
  editor(file: string): Locator {
    return this.page
      .locator(`.editor-instance[aria-label*="${file}"] .monaco-editor, [data-uri$="/${file}"]`)
      .first();
  }

  /** Opens a file of the folder as a user would, by its name. */
  async openFile(file: string): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+KeyP');
    const row = this.#quickInputRow(file);
    await this.page.locator('.quick-input-widget input.input').fill(file);
    await row.click();
    await this.editor(file).waitFor();
  }

  /** Runs the command with exactly this label, such as `VNet: Open Diagram Preview`, from the command palette. */
  async runCommand(label: string): Promise<void> {
    const row = await this.findCommand(label);
    await row.click();
  }

  /** Opens the command palette and waits for this label; the palette stays open. */
  async findCommand(label: string): Promise<Locator> {
    const row = this.#quickInputRow(label);
    const deadline = performance.now() + COMMAND_TIMEOUT;
    while (performance.now() < deadline) {
      await this.page.keyboard.press('F1');
      await this.page.locator('.quick-input-widget input.input').fill(`>${label}`);
      // The palette lists what is registered when it opens: a command that comes later needs it opened again.
      const found = await row.waitFor({ timeout: 1000 }).then(
        () => true,
        () => false,
      );
      if (found) return row;
      await this.page.keyboard.press('Escape');
    }
    throw new Error(`no command '${label}' in the palette`);
  }

  #quickInputRow(label: string): Locator {
    return this.page
      .locator('.quick-input-list .monaco-list-row')
      .filter({ has: this.page.getByText(label, { exact: true }) })
      .first();
  }

  /** An entry of the status bar by what it shows, such as the language `VNet topology`. */
  statusBarItem(text: string): Locator {
    return this.page.locator('.statusbar-item').filter({ hasText: text });
  }

  /** Messages that pop up in the corner. */
  get notifications(): Locator {
    return this.page.locator('.notification-list-item-message');
  }

  /** Rows of the Problems view, which must be open. */
  get problems(): Locator {
    return this.page.locator('.markers-panel .monaco-list-row');
  }

  /** The document of the visible webview: VS Code nests it in two frames. */
  get webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready:visible').frameLocator('#active-frame');
  }

  /** Saves what is on the screen as test/artifacts/NAME.png. */
  async screenshot(name: string): Promise<void> {
    const path = join(ARTIFACTS, `${name}.png`);
    await mkdir(dirname(path), { recursive: true });
    await this.page.screenshot({ path });
  }
}
