import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useVsCode, THEMES, type VsCodeWindow } from '../real-vscode';
import { readTopology } from '../../src/topology/topology-file';
import { PreviewPage } from './preview-page';

const SAMPLE = 'virtualbox-nat.vnet.yaml';
const sample = await readFile(join('media/samples', SAMPLE), 'utf8');

/** Every device of the sample: the file's nodes, its network, and a NAT engine for each VM. */
const DEVICES = ['internet', 'home-router', 'home', 'laptop', 'nat-1', 'nat-1:1/nat', 'nat-2', 'nat-2:1/nat'];

/** Puts the caret at the end of the first line of the sample that holds this text. */
async function caretAfter(window: VsCodeWindow, text: string): Promise<void> {
  const line = sample.split('\n').findIndex(one => one.includes(text)) + 1;
  await window.runCommand('View: Focus First Editor Group');
  await window.page.keyboard.press('ControlOrMeta+KeyG');
  await window.page.locator('.quick-input-widget input.input').fill(`:${line}`);
  await window.page.keyboard.press('Enter');
  await window.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  await window.page.keyboard.press('End');
}

describe('the diagram preview', () => {
  const vscode = useVsCode({ files: { [SAMPLE]: sample }, settings: THEMES.dark });

  it('draws the network, plays it and shows what each packet says', async () => {
    const window = await vscode.open(SAMPLE);
    const page = await PreviewPage.open(window, DEVICES);
    await window.screenshot('preview-opened');
    expect(await page.rows.count()).toBe(0);

    await page.playToTheEnd();
    await page.outcome.filter({ hasText: /203\.0\.113\.10/ }).waitFor();
    // The list has followed the newest packet, so the ping is in view.
    await page
      .row(/Echo \(ping\) reply/)
      .last()
      .click();
    const tree = window.webview.locator('[role="tree"]');
    await tree.getByText(/Internet Protocol Version 4, Src: 203\.0\.113\.10/).click();
    await window.page.keyboard.press('ArrowRight');
    await tree.getByText('Source Address: 203.0.113.10').waitFor();
    await window.screenshot('preview-dark');
    await window.webview.getByRole('tab', { name: 'Bytes' }).click();
    // EtherType IPv4, then version 4 and a header of 20 bytes.
    const bytes = window.webview.locator('.bytes-dump');
    await expect.poll(async () => (await bytes.textContent())?.replace(/\s/g, '')).toContain('08004500');
    await page.findRow('DHCP Discover');
    await page.findRow('DHCP ACK');
    await page.findRow('Who has 10.0.2.2? Tell 10.0.2.15');
    expect(vscode.problems()).toEqual([]);
  });

  it('selects in the file what is picked in the picture, and the reverse', async () => {
    const window = await vscode.open(SAMPLE);
    const page = await PreviewPage.open(window, DEVICES);
    await page.node('nat-2').click();
    await window.page.locator('.editor-instance .selected-text').first().waitFor({ state: 'attached' });
    await caretAfter(window, 'home-router:');
    await expect.poll(() => page.node('home-router').getAttribute('class')).toContain('vnet-selected');
  });

  it('comes back after the window is reloaded', async () => {
    const window = await vscode.open();
    await window.openFile(SAMPLE);
    await PreviewPage.open(window, DEVICES);
    // VS Code's own reload keeps the state of the window, which a reload of the page may cut short.
    const reloaded = window.page.waitForEvent('load');
    await window.runCommand('Developer: Reload Window');
    await reloaded;
    const again = new PreviewPage(window);
    await again.node('nat-1').waitFor({ timeout: 60_000 });
    // VS Code for the web saves by itself, a second after the last change.
    await expect.poll(() => readFile(join(vscode.server.folder, SAMPLE), 'utf8')).toBe(sample);
  });
});

describe('a file that changes while its preview is open', () => {
  const vscode = useVsCode({ files: { [SAMPLE]: sample }, settings: THEMES.light });

  it('is followed without a jump, and its last good picture stays while it is broken', async () => {
    const window = await vscode.open(SAMPLE);
    const page = await PreviewPage.open(window, DEVICES);
    await window.screenshot('preview-light-before');
    const before = new Map(
      await Promise.all(DEVICES.map(async device => [device, await page.placeOf(device)] as const)),
    );

    await caretAfter(window, 'nat-2:');
    await window.page.keyboard.press('Enter');
    await window.page.keyboard.type('nat-3: { kind: vm, on: laptop }');
    await page.node('nat-3').waitFor();
    await page.node('nat-3:1/nat').waitFor();
    // The change is animated: the untouched devices must end where they were, or near.
    await expect
      .poll(async () => {
        const shifts = await Promise.all(
          ['internet', 'home-router', 'nat-1', 'nat-2'].map(async device => {
            const now = await page.placeOf(device);
            const was = before.get(device);
            return Math.hypot(now.x - (was?.x ?? 0), now.y - (was?.y ?? 0));
          }),
        );
        return Math.max(...shifts);
      })
      .toBeLessThan(200);
    await window.screenshot('preview-light-edited');

    await window.page.keyboard.type(' }}}: [');
    await page.banner.filter({ hasText: /last good picture/ }).waitFor();
    expect(await page.node('nat-3').count()).toBe(1);
    await window.screenshot('preview-stale');

    const undo = async (): Promise<boolean> => {
      await window.page.keyboard.press('ControlOrMeta+KeyZ');
      return (await window.editor(SAMPLE).textContent())?.includes('nat-3') ?? false;
    };
    await expect.poll(undo, { timeout: 20_000 }).toBe(false);
    await expect.poll(() => page.node('nat-3').count()).toBe(0);
    await expect.poll(async () => (await page.banner.textContent())?.trim()).toBe('');
    // VS Code for the web saves by itself, a second after the last change.
    await expect.poll(() => readFile(join(vscode.server.folder, SAMPLE), 'utf8')).toBe(sample);
    expect(vscode.problems()).toEqual([]);
  });
});

describe('bad files', () => {
  const vscode = useVsCode({
    files: {
      'empty.vnet.yaml': '',
      'bomb.vnet.yaml': `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
        .split('')
        .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(',')}]`)
        .join('\n')}\nvnet: 1\n`,
      'nowhere.vnet.yaml':
        'vnet: 1\nnodes:\n  pc: { kind: host, interfaces: { eth0: { network: hom } } }\nlinks:\n  - [pc:eth1, ghost:eth0]\n',
    },
  });

  for (const [file, words] of [
    ['empty.vnet.yaml', /empty/i],
    ['bomb.vnet.yaml', /alias/i],
    ['nowhere.vnet.yaml', /hom|ghost/],
  ] as const) {
    it(`${file} gets a positioned message and harms nothing`, async () => {
      const window = await vscode.open();
      await window.openFile(file);
      await window.runCommand('Problems: Focus on Problems View');
      await window.problems.filter({ hasText: words }).first().waitFor();
      await window.runCommand('VNet: Open Diagram Preview to the Side');
      await new PreviewPage(window).banner.filter({ hasText: /Line|line/ }).waitFor();
      await window.screenshot(`bad-${file.replace('.vnet.yaml', '')}`);
      expect(vscode.problems()).toEqual([]);
    });
  }
});

describe('Simplified Chinese', () => {
  const vscode = useVsCode({ files: { [SAMPLE]: sample }, locale: 'zh-cn' });

  it('reaches commands, panel and messages', async () => {
    const window = await vscode.open(SAMPLE);
    const row = await window.findCommand('VNet: 在侧边打开拓扑图预览').catch(() => undefined);
    expect(row, 'the Chinese command').toBeDefined();
    await row?.click();
    const page = new PreviewPage(window);
    await page.node('nat-1').waitFor();
    expect(await page.button('play').textContent()).toMatch(/\p{Script=Han}/u);
    await window.screenshot('preview-zh-cn');
  });
});

describe('the preview of every sample', () => {
  const names = readdirSync('media/samples').filter(name => name.endsWith('.vnet.yaml'));
  const texts = Object.fromEntries(names.map(name => [name, readFileSync(`media/samples/${name}`, 'utf8')]));
  const vscode = useVsCode({ files: texts, settings: THEMES.light });

  it('is drawn whole and says what each packet is', async () => {
    const window = await vscode.open();
    for (const name of names) {
      await window.openFile(name);
      const devices = readTopology(texts[name]!).topology!.devices.map(({ id }) => id);
      const page = await PreviewPage.open(window, devices);
      await page.button('step').click();
      await page.rows.first().click();
      await window.webview
        .locator('[role="tree"]')
        .getByText(/^(IEEE 802\.3 )?Ethernet/)
        .first()
        .waitFor();
      await window.screenshot(`sample-${name.replace('.vnet.yaml', '')}`);
      expect(vscode.problems(), name).toEqual([]);
      await window.runCommand('View: Close All Editors');
      await window.page.locator('iframe.webview').first().waitFor({ state: 'detached' });
    }
  });
});
