/** The network is changed on the picture, and the file says so in as few characters as can be. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { THEMES, useVsCode, type VsCodeWindow } from '../real-vscode';
import { DiagramPage } from './diagram-page';
import { PreviewPage } from './preview-page';

const FILE = 'home.vnet.yaml';
const HOME = `vnet: 1
name: Home # sweet home

networks:
  lan: { subnet: 192.168.1.0/24, gateway: 192.168.1.1, dhcp: true }

nodes:
  # The box from the provider.
  router:
    kind: router
    interfaces:
      lan: { network: lan, address: 192.168.1.1/24 } # inside
  laptop: { kind: host, interfaces: { eth0: { network: lan } } }
  vm1: { kind: vm, on: laptop }
  sw1: { kind: switch }
`;

class EditPage {
  readonly diagram: DiagramPage;

  constructor(readonly window: VsCodeWindow) {
    this.diagram = new DiagramPage(window);
  }

  palette(name: string): Locator {
    return this.window.webview.locator('.edit-palette').getByRole('button', { name, exact: true });
  }

  menu(name: string | RegExp): Locator {
    return this.window.webview.getByRole('menuitem', { name });
  }

  get note(): Locator {
    return this.window.webview.locator('.edit-note');
  }

  get question(): Locator {
    return this.window.page.locator('.quick-input-widget input.input');
  }

  /** Writes an answer and gives it. */
  async answer(text: string): Promise<void> {
    await this.question.fill(text);
    await this.window.page.keyboard.press('Enter');
    await this.window.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  async middleOf(node: string): Promise<{ x: number; y: number }> {
    const box = (await this.diagram.node(node).boundingBox())!;
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }
}

describe('the network on the picture', () => {
  const vscode = useVsCode({ files: { [FILE]: HOME }, settings: THEMES.dark });
  // VS Code for the web saves by itself, a second after the last change.
  const text = (): string => readFileSync(join(vscode.server.folder, FILE), 'utf8');
  const saved = (expected: string): Promise<void> => expect.poll(text, { timeout: 10_000 }).toBe(expected);

  it('is changed by mouse: devices from the palette, cables, menus', async () => {
    const window = await vscode.open(FILE);
    const preview = await PreviewPage.open(window, ['router', 'laptop', 'vm1', 'sw1']);
    const edit = new EditPage(window);
    const { diagram } = edit;
    await diagram.still();
    await window.webview.getByRole('button', { name: 'Edit the network (E)' }).click();
    await edit.palette('Host').click();
    await diagram.node('pc1').waitFor();
    const withPc = `${HOME}  pc1: { kind: host }\n`;
    await saved(withPc);
    expect(await diagram.selected.getAttribute('data-device')).toBe('pc1');
    await diagram.still();
    expect(await preview.accessibilityViolations()).toEqual([]);

    // A cable: the tool, one device, the other.
    await edit.palette('Cable').click();
    await diagram.node('pc1').click();
    await edit.note.filter({ hasText: 'Cable from pc1' }).waitFor();
    const to = await edit.middleOf('sw1');
    await window.page.mouse.move(to.x, to.y, { steps: 3 });
    await window.screenshot('edit-cable');
    await diagram.node('sw1').click();
    const cabled = `${withPc}\nlinks:\n  - [pc1:eth0, sw1:1]\n`;
    await saved(cabled);
    // What can't be is said, and the file stays.
    await diagram.node('sw1').click();
    await diagram.node('vm1').click();
    await edit.note
      .filter({ hasText: '`vm1` is a VM: it reaches the outside by its host `laptop`.' })
      .waitFor();
    await window.screenshot('edit-refused');
    await diagram.node('vm1').press('Escape');
    expect(text()).toBe(cabled);

    // Dragged from the palette to where it shall stand.
    await diagram.still();
    const picture = (await window.webview.locator('.vnet-diagram').boundingBox())!;
    const source = (await edit.palette('Router').boundingBox())!;
    await window.page.mouse.move(source.x + 10, source.y + 10);
    await window.page.mouse.down();
    await window.page.mouse.move(picture.x + 60, picture.y + picture.height - 60, { steps: 4 });
    await window.screenshot('edit-dragging');
    await window.page.mouse.up();
    await diagram.node('r1').waitFor();
    await diagram.still();
    expect(await diagram.selected.getAttribute('data-device')).toBe('r1');
    await window.screenshot('edit-palette');
    const [put, host] = [await edit.middleOf('r1'), (await diagram.node('laptop').boundingBox())!];
    expect(put.x).toBeLessThan(host.x);
    expect(put.y).toBeGreaterThan(host.y + host.height / 2);
    const routed = cabled.replace(
      '  pc1: { kind: host }\n',
      '  pc1: { kind: host }\n  r1: { kind: router }\n',
    );
    await saved(routed);
    await window.screenshot('edit-palette');

    // A cable is pulled by its menu.
    const at = await middleOfCable(window, 'pc1:eth0 -- sw1:1');
    await window.page.mouse.click(at.x, at.y, { button: 'right' });
    await window.screenshot('edit-menu-cable');
    await edit.menu('Pull out, in the file').click();
    await saved(routed.replace('[pc1:eth0, sw1:1]', '{ between: [pc1:eth0, sw1:1], up: false }'));
    await window.webview.locator('.vnet-cable.vnet-down').waitFor();
    expect(vscode.problems()).toEqual([]);
  });

  it('is changed by keys alone, and every change can be undone', async () => {
    const window = await vscode.open();
    await window.openFile(FILE);
    const before = text();
    await PreviewPage.open(window, ['router', 'laptop', 'vm1', 'sw1']);
    const edit = new EditPage(window);
    const { diagram } = edit;
    const { keyboard } = window.page;
    await diagram.still();

    await diagram.node('laptop').focus();
    await keyboard.press('F2');
    await edit.question.waitFor();
    await edit.question.fill('router');
    await window.page.getByText('`router` is the name of something else.').waitFor();
    await edit.answer('desk');
    await diagram.node('desk').waitFor();
    const renamed = before.replace('laptop:', 'desk:').replace('on: laptop', 'on: desk');
    await saved(renamed);

    await diagram.node('desk').focus();
    await keyboard.press('Shift+F10');
    await edit.menu('Set an address…').waitFor();
    await window.screenshot('edit-menu-device');
    await keyboard.press('s');
    await keyboard.press('Enter');
    await edit.question.waitFor();
    await edit.question.fill('192.168.1.1/24');
    await window.page.getByText('192.168.1.1 is already the address of', { exact: false }).waitFor();
    await edit.answer('192.168.1.20/24');
    const addressed = renamed.replace(
      'eth0: { network: lan }',
      'eth0: { network: lan, address: 192.168.1.20/24 }',
    );
    await saved(addressed);

    await diagram.node('vm1').focus();
    await keyboard.press('Shift+F10');
    await edit.menu('Add a port forward…').press('Enter');
    await edit.question.waitFor();
    await edit.answer('tcp 127.0.0.1:2222 -> 22');
    const forwarded = addressed.replace(
      'vm1: { kind: vm, on: desk }',
      "vm1: { kind: vm, on: desk, adapters: { 1: { attach: nat, forwards: ['tcp 127.0.0.1:2222 -> 22'] } } }",
    );
    await saved(forwarded);

    // A cable from device to device by arrows.
    await diagram.node('sw1').focus();
    await keyboard.press('l');
    await edit.note.filter({ hasText: 'Cable from sw1' }).waitFor();
    await diagram.node('router').focus();
    await keyboard.press('Enter');
    await expect.poll(text, { timeout: 10_000 }).toMatch(/- \[sw1:\d, router:eth0\]/);
    const cabled = text();

    await diagram.node('vm1').focus();
    await keyboard.press('Delete');
    await diagram.node('vm1').waitFor({ state: 'detached' });
    await expect.poll(text, { timeout: 10_000 }).not.toContain('vm1');
    // Back through all that there was, a step of the text editor each, by the keyboard on the picture.
    for (const earlier of [cabled, forwarded, addressed, renamed, before]) {
      await diagram.node('router').focus();
      await keyboard.press('ControlOrMeta+KeyZ');
      await saved(earlier);
      await diagram.node('router').and(window.webview.locator(':focus')).waitFor();
    }
    expect(vscode.problems()).toEqual([]);
  });
});

/** Half-way along a cable, on the screen. */
async function middleOfCable(window: VsCodeWindow, id: string): Promise<{ x: number; y: number }> {
  const picture = window.webview.locator('.vnet-diagram');
  const box = (await picture.boundingBox())!;
  const { x, y }: { x: number; y: number } = await picture.evaluate(`(() => {
    const line = document.querySelector('[data-cable=${JSON.stringify(id)}]');
    const at = line.getPointAtLength(line.getTotalLength() / 2).matrixTransform(line.getScreenCTM());
    const own = document.querySelector('.vnet-diagram').getBoundingClientRect();
    return { x: at.x - own.x, y: at.y - own.y };
  })()`);
  return { x: box.x + x, y: box.y + y };
}
