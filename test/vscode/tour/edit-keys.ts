/** The network is changed by keys alone, and every change can be undone. */
import { expect } from 'vitest';
import { EditPage } from '../edit-page';
import type { Tour } from './tour';
import { changed } from './tour-edits';

export async function editByKeys(tour: Tour): Promise<void> {
  const { window, page, diagram, network } = tour;
  const { rename, address, forward, keyCable, deleted } = network.edits;
  const { keyboard } = page;
  const edit = new EditPage(window);
  const refused = (words: string) => page.getByText(words, { exact: false }).waitFor();
  await tour.restart();
  await tour.fit();

  await diagram.node(rename.device).focus();
  await keyboard.press('F2');
  await edit.question.waitFor();
  await edit.question.fill(rename.taken);
  await refused(`\`${rename.taken}\` is the name of something else.`);
  await edit.answer('desk');
  await diagram.node('desk').waitFor();
  const renamed = changed(network.text, rename.changes);
  await tour.saved(renamed);

  await diagram.node('desk').focus();
  await keyboard.press('Shift+F10');
  await edit.menu('Set an address…').waitFor();
  await tour.look('edit-menu');
  await keyboard.press('s');
  await keyboard.press('Enter');
  await edit.question.waitFor();
  await edit.question.fill(address.taken);
  await refused(`${address.taken.split('/')[0]} is already the address of`);
  await edit.answer(address.free);
  const addressed = changed(renamed, address.changes);
  await tour.saved(addressed);

  await diagram.node(forward.device).focus();
  await keyboard.press('Shift+F10');
  await edit.menu('Add a port forward…').press('Enter');
  await edit.question.waitFor();
  await edit.answer(forward.rule);
  const forwarded = changed(addressed, forward.changes);
  await tour.saved(forwarded);

  // A cable from device to device.
  await diagram.node(keyCable.from).focus();
  await keyboard.press('l');
  await edit.note.filter({ hasText: `Cable from ${keyCable.from}` }).waitFor();
  await diagram.node(keyCable.to).focus();
  await keyboard.press('Enter');
  await expect.poll(tour.text, { timeout: 10_000 }).toContain(`- ${keyCable.line}`);
  const cabled = tour.text();

  await diagram.node(deleted.device).focus();
  await keyboard.press('Delete');
  await diagram.node(deleted.device).waitFor({ state: 'detached' });
  await expect.poll(tour.text, { timeout: 10_000 }).not.toContain(deleted.device);
  // Back through all that there was, a step of the text editor each, by the keyboard on the picture.
  const { stays } = deleted;
  for (const earlier of [cabled, forwarded, addressed, renamed, network.text]) {
    await diagram.node(stays).focus();
    await keyboard.press('ControlOrMeta+KeyZ');
    await tour.saved(earlier);
    await diagram.node(stays).and(window.webview.locator(':focus')).waitFor();
  }
}
