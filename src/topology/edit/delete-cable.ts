/** A cable is taken away; what it joined stays. */
import { findCable, isRefusal, type EditDraft, type EditResult } from './edit-draft';
import { editMessage } from './messages';
import { dropFromScenarios, leaveNetwork } from './drop-mentions';
import { writtenAs } from './written-cable';
import { attachAdapter } from './attach-adapter';

export function deleteCable(draft: EditDraft, id: string): EditResult {
  const { editor } = draft;
  const cable = findCable(draft, id);
  if (isRefusal(cable)) {
    return cable;
  }
  const ends = cable.ends.map(({ device, port }) => `${device}:${port}`);
  const place = writtenAs(draft, cable);
  switch (place.as) {
    case 'link':
      editor.remove(place.path);
      dropFromScenarios(editor, step => setsCable(step, ends));
      return {};
    case 'network':
      leaveNetwork(editor, place.path);
      dropFromScenarios(editor, step => setsCable(step, ends));
      return {};
    case 'adapter':
      return attachAdapter(draft, place.vm, place.slot, 'not-attached');
    case 'veth':
      return editMessage('not-pullable', place.path[1] ?? '');
    case 'part':
      return editMessage('not-pullable', place.of);
  }
}

/** Whether a step of a scenario changes this very cable. */
function setsCable(step: unknown, ends: readonly string[]): boolean {
  const { set } = (step ?? {}) as { readonly set?: { readonly link?: unknown } };
  const link = Array.isArray(set?.link) ? set.link.map(String) : [String(set?.link)];
  return set?.link !== undefined && link.every(end => ends.includes(end));
}
