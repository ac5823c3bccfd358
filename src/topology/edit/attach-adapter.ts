/** A VM's adapter is attached to something else. */
import { alternatives, FILE_SCHEMA, followed, keysOf, propertyOf } from '../schema';
import { findDevice, isRefusal, type EditDraft, type EditResult } from './edit-draft';
import { editMessage } from './messages';
import { adapterPath } from './set-address';
import type { Attachment } from './topology-edit';

/** Changes `attach` and takes away the keys that the new mode does not have. */
export function attachAdapter(draft: EditDraft, vm: string, slot: number, attach: Attachment): EditResult {
  const { editor } = draft;
  const device = findDevice(draft, vm);
  if (isRefusal(device)) {
    return device;
  }
  if (device.kind !== 'vm') {
    return editMessage('implied', device.label);
  }
  const path = adapterPath(draft, vm, slot);
  editor.put([...path, 'attach'], attach);
  const known = keysOfAttachment(attach);
  for (const key of editor.keys(path)) {
    if (!known.has(key)) {
      editor.remove([...path, key], path.length);
    }
  }
  return { device: vm };
}

/** The keys that an adapter with this `attach` may have, after the schema. */
function keysOfAttachment(attach: Attachment): ReadonlySet<string> {
  const adapter = FILE_SCHEMA.definitions?.['adapter'];
  const kinds = adapter === undefined ? [] : alternatives(followed(adapter));
  const one = kinds.find(kind => propertyOf(kind, 'attach')?.const === attach);
  return new Set(one === undefined ? ['attach'] : keysOf(one));
}
