/** Editing on the picture in the words of its user: the palette, menus, the editor's questions, cables. */
import type { Locator } from 'playwright-core';
import type { VsCodeWindow } from '../real-vscode';
import { DiagramPage } from './diagram-page';
import type { Place } from './preview-page';

export class EditPage {
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

  async middleOf(node: string): Promise<Place> {
    const box = (await this.diagram.node(node).boundingBox())!;
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  cable(id: string): Locator {
    return this.window.webview.locator(`.vnet-cable[data-cable="${id}"]`);
  }

  /** Half-way along what can be seen of a cable. */
  async middleOfCable(id: string): Promise<Place> {
    const picture = this.window.webview.locator('.vnet-diagram');
    const box = (await picture.boundingBox())!;
    const { x, y }: Place = await picture.evaluate(`(() => {
      const line = document.querySelector('[data-cable=${JSON.stringify(id)}]');
      const own = document.querySelector('.vnet-diagram').getBoundingClientRect();
      const seen = [];
      for (let part = 1; part < 100; part++) {
        const at = line.getPointAtLength(line.getTotalLength() * part / 100).matrixTransform(line.getScreenCTM());
        if (at.x > own.left && at.x < own.right && at.y > own.top && at.y < own.bottom) seen.push(at);
      }
      const middle = seen[Math.floor(seen.length / 2)];
      return { x: middle.x - own.x, y: middle.y - own.y };
    })()`);
    return { x: box.x + x, y: box.y + y };
  }
}
