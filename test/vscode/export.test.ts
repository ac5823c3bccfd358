import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { THEMES, useVsCode, type VsCodeWindow } from '../real-vscode';
import { DiagramPage } from './diagram-page';
import { PreviewPage } from './preview-page';

const VLANS = 'vlan-trunk-stp.vnet.yaml';

/** Saves the picture under this name, beside the topology, as a user would. */
async function saveAs(window: VsCodeWindow, folder: string, name: string): Promise<Buffer> {
  await window.runCommand('VNet: Export Diagram (SVG, PNG)…');
  const input = window.page.locator('.quick-input-widget input.input');
  // The dialog begins with a name of its own.
  await expect.poll(() => input.inputValue()).toMatch(/\/vlan-trunk-stp\.svg$/);
  const path = join(folder, name);
  await input.fill(path);
  await window.page.keyboard.press('Enter');
  await window.notifications.filter({ hasText: `Saved ${name}` }).waitFor();
  return readFile(path);
}

/** Gives the share of pixels that clearly differ between two pictures, drawn at the size of the second. */
const DIFFERENCE = `(async ([saved, shown]) => {
  const pixels = async (address, size) => {
    const image = new Image();
    image.src = address;
    await image.decode();
    const { width, height } = size ?? image;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    context.drawImage(image, 0, 0, width, height);
    return { width, height, data: context.getImageData(0, 0, width, height).data };
  };
  const screen = await pixels(shown);
  const { data } = await pixels(saved, screen);
  let different = 0;
  for (let at = 0; at < data.length; at += 4) {
    different += [0, 1, 2].some(part => Math.abs(screen.data[at + part] - data[at + part]) > 60) ? 1 : 0;
  }
  return different / (screen.width * screen.height);
})`;

async function difference(window: VsCodeWindow, picture: string, screen: Buffer): Promise<number> {
  const page = await window.page.context().browser()!.newPage();
  try {
    const shown = `data:image/png;base64,${screen.toString('base64')}`;
    return await page.evaluate<number>(`${DIFFERENCE}(${JSON.stringify([picture, shown])})`);
  } finally {
    await page.close();
  }
}

describe.each(['dark', 'highContrastLight'] as const)('the picture as a file, %s', theme => {
  const vscode = useVsCode({
    files: { [VLANS]: readFileSync(join('media/samples', VLANS), 'utf8') },
    settings: THEMES[theme],
  });

  it('looks as on the screen, as SVG and as PNG', async () => {
    const window = await vscode.open(VLANS);
    await PreviewPage.open(window, ['router', 'floor-1', 'guest-2']);
    const diagram = new DiagramPage(window);
    await diagram.still();
    const screen = await window.webview.locator('.vnet-diagram').screenshot({ type: 'png' });
    const svg = (await saveAs(window, vscode.server.folder, 'picture.svg')).toString('utf8');
    expect(svg).toContain('>guest-2</text>');
    // On its own: no style of the theme, no script, nothing from elsewhere.
    expect(svg).not.toMatch(/var\(|vnet-|<script|href="(?!data:image\/png)/);
    const address = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
    expect(await difference(window, address, screen)).toBeLessThan(0.01);
    await mkdir('test/artifacts', { recursive: true });
    await writeFile(`test/artifacts/export-${theme}.svg`, svg);
    const png = await saveAs(window, vscode.server.folder, 'picture.png');
    expect([...png.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
    expect(await difference(window, `data:image/png;base64,${png.toString('base64')}`, screen)).toBeLessThan(
      0.01,
    );
    expect(vscode.problems()).toEqual([]);
  });
});
