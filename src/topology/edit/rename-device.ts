/** Another name for a node or network, wherever the file names it. */
import { checkNewName, occurrencesIn, samePlaces } from '../occurrences';
import { keyText } from './flow-text';
import { entryOf, findDevice, isRefusal, type EditDraft, type EditResult } from './edit-draft';
import { editMessage } from './messages';

export function renameDevice(draft: EditDraft, id: string, name: string): EditResult {
  const { editor, file, before } = draft;
  const device = findDevice(draft, id);
  if (isRefusal(device)) {
    return device;
  }
  const path = entryOf(device);
  if (path === undefined) {
    return editMessage('implied', device.label);
  }
  const all = occurrencesIn(file, before);
  const one = all.find(({ definition, symbol }) => definition && symbol === `name ${id}`);
  if (one === undefined) {
    return editMessage('not-editable');
  }
  const problem = checkNewName(all, one, name);
  if (problem !== undefined) {
    return problem === 'bad-name' ? editMessage('bad-name') : editMessage('name-taken', name);
  }
  const pinned = file.root && draft.editor.node(['diagram', 'pinned']);
  const pins = pinned?.kind === 'map' ? [...pinned.entries.values()] : [];
  const spans = [...samePlaces(all, one).map(({ span }) => span)];
  const changes = spans.map(([start, end]) => ({ start, end, text: name }));
  // Also of what belongs to it: `vm1:1/nat`, `laptop/intnet`.
  for (const { key, keySpan } of pins) {
    if (key === id || key.startsWith(`${id}:`) || key.startsWith(`${id}/`)) {
      const text = keyText(name + key.slice(id.length), editor.json);
      changes.push({ start: keySpan[0], end: keySpan[1], text });
    }
  }
  // From the last one, so that the places before stay where they are.
  for (const { start, end, text } of changes.sort((a, b) => b.start - a.start)) {
    editor.replace(start, end - start, text);
  }
  return { device: name };
}
