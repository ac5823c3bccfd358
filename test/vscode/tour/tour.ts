/** A network in one window that stays open, and what its user does again and again in every chapter. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { clippedTexts } from '../../look/clipped-texts.mjs';
import type { THEMES, VsCode, VsCodeWindow } from '../../real-vscode';
import { chooseTheme } from '../choose-theme';
import { DiagramPage } from '../diagram-page';
import { FilterPage } from '../filter-page';
import { PreviewPage } from '../preview-page';
import type { TourNetwork } from './tour-network';

export type Theme = keyof typeof THEMES;

/** How the panel is looked at in a chapter. */
export interface Sight {
  readonly theme: Theme;
  /** 2 for 200 %: room for half as much. */
  readonly zoom: number;
}

export class Tour {
  readonly preview: PreviewPage;
  readonly diagram: DiagramPage;
  readonly filter: FilterPage;
  #sight: Sight = { theme: 'dark', zoom: 1 };

  private constructor(
    readonly vscode: VsCode,
    readonly window: VsCodeWindow,
    readonly network: TourNetwork,
  ) {
    this.preview = new PreviewPage(window);
    this.diagram = new DiagramPage(window);
    this.filter = new FilterPage(window);
  }

  /** The name of the network's file. */
  static fileOf({ name }: TourNetwork): string {
    return `${name}.vnet.yaml`;
  }

  /** Opens the preview of the network, as its file was at first. */
  static async begin(vscode: VsCode, network: TourNetwork): Promise<Tour> {
    const file = Tour.fileOf(network);
    writeFileSync(join(vscode.server.folder, file), network.text);
    rmSync(join(vscode.server.folder, `${network.name}.vnet.layout.json`), { force: true });
    const window = await vscode.openToStay(file);
    await window.runCommand('View: Close Primary Side Bar');
    await PreviewPage.open(window, network.devices);
    const tour = new Tour(vscode, window, network);
    await tour.diagram.still();
    return tour;
  }

  get page(): Page {
    return this.window.page;
  }

  get webview(): FrameLocator {
    return this.window.webview;
  }

  get isOpen(): boolean {
    return !this.page.isClosed();
  }

  get theme(): Theme {
    return this.#sight.theme;
  }

  /** The file on the disk; VS Code for the web saves by itself, soon after the last change. */
  readonly text = (): string =>
    readFileSync(join(this.vscode.server.folder, Tour.fileOf(this.network)), 'utf8');

  async see(sight: Sight, settings: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const { theme, zoom } = sight;
    this.#sight = sight;
    await this.page.setViewportSize({ width: 1600 / zoom, height: 1000 / zoom });
    await chooseTheme(this.vscode, this.window, theme, settings);
    // Every theme has a colour for each protocol.
    expect(await this.preview.protocolColours()).not.toContain('');
  }

  /** Changes settings of the folder; the theme stays. */
  async configure(settings: Readonly<Record<string, unknown>>): Promise<void> {
    await chooseTheme(this.vscode, this.window, this.#sight.theme, settings);
  }

  /** Keeps a picture of the window. */
  async photograph(name: string): Promise<void> {
    const { theme, zoom } = this.#sight;
    await this.window.screenshot(`tour-${this.network.name}-${name}-${theme}${zoom === 1 ? '' : '-200'}`);
  }

  /** Keeps a picture of the window at rest, in which nothing is cut off and axe finds nothing wrong. */
  async look(name: string): Promise<void> {
    await this.diagram.still();
    await this.photograph(name);
    // A long filter may be longer than its field, where the caret goes through it.
    const own = `“${await this.filter.text.inputValue()}” cut in its field`;
    const clipped = await this.webview.locator('body').evaluate(clippedTexts);
    expect(clipped.filter(one => one !== own)).toEqual([]);
    expect(await this.preview.accessibilityViolations()).toEqual([]);
  }

  /** Waits until the file on the disk says this. */
  saved(expected: string): Promise<void> {
    return expect.poll(this.text, { timeout: 10_000 }).toBe(expected);
  }

  /** Where the places of devices are kept that the user chose. */
  get sidecar(): string {
    return join(this.vscode.server.folder, `${this.network.name}.vnet.layout.json`);
  }

  /** No device stands where the user put it. */
  async layOutAnew(): Promise<void> {
    await this.webview.getByRole('button', { name: 'Lay out anew' }).click();
    await expect.poll(() => existsSync(this.sidecar)).toBe(false);
    await this.diagram.still();
  }

  /** Closes the preview and opens another. */
  async openAgain(): Promise<void> {
    await this.window.runCommand('View: Close Editor');
    await this.diagram.nodes.first().waitFor({ state: 'detached' });
    await this.window.openFile(Tour.fileOf(this.network));
    await PreviewPage.open(this.window, this.network.devices);
    await this.diagram.still();
  }

  /** Finds the device by its name, which brings it near. */
  async find(device: string): Promise<void> {
    await this.diagram.search.fill(device);
    await this.page.keyboard.press('Enter');
    await this.diagram.node(device).and(this.diagram.selected).waitFor();
    await this.page.keyboard.press('Escape');
    await this.diagram.still();
  }

  /** Finds the device by its name, and clicks it. */
  async pick(device: string): Promise<void> {
    await this.find(device);
    await this.diagram.node(device).click();
  }

  /** The whole picture. */
  async fit(): Promise<void> {
    await this.preview.button('fit').click();
    await this.diagram.still();
  }

  /** Back to time 0, where nothing has happened yet. What plays or has come to its end would play again, so it waits a step before. */
  async restart(): Promise<void> {
    if ((await this.preview.rows.count()) > 0) {
      await this.preview.button('step-back').click();
      await this.preview.clock.filter({ hasText: 'paused' }).waitFor();
    }
    await this.preview.button('restart').click();
    await expect.poll(() => this.preview.rows.count()).toBe(0);
  }

  /** The beginning, step by step: four packets, all of the client's search for an address. */
  async firstPackets(): Promise<void> {
    await this.restart();
    await this.preview.packets.focus();
    for (let packets = 0; packets < 4; packets++) await this.page.keyboard.press('.');
    await this.preview
      .row(/DHCP Discover/)
      .nth(3)
      .waitFor();
  }

  /** All that happens by itself has happened. */
  async play(): Promise<void> {
    const finished = this.preview.clock.filter({ hasText: 'finished' });
    if ((await finished.count()) === 0) await this.preview.playToTheEnd();
  }

  /** The packet list shows everything. */
  async showAll(): Promise<void> {
    await this.filter.set('');
    await this.filter.count.filter({ hasText: /^[\d\s,.\u202f]+$/ }).waitFor();
  }
}
