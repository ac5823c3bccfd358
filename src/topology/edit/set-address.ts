/** The address of an interface or a VM's adapter. */
import { entryOf, findDevice, isRefusal, type EditDraft, type EditResult } from './edit-draft';
import { editMessage } from './messages';
import type { PlainValue } from './flow-text';
import type { YamlPath } from './yaml-editor';

/** Writes what stands between commas as it is; the file is checked as ever. */
export function setAddress(draft: EditDraft, id: string, name: string, address: string): EditResult {
  const { editor } = draft;
  const device = findDevice(draft, id);
  if (isRefusal(device)) {
    return device;
  }
  const one = 'interfaces' in device ? device.interfaces.find(each => each.name === name) : undefined;
  if (one === undefined || entryOf(device) === undefined) {
    return editMessage('no-address-here', `${device.label}:${name}`);
  }
  const path = one.slot === undefined ? ['nodes', id, 'interfaces', name] : adapterPath(draft, id, one.slot);
  const texts = address.split(/[,\s]+/).filter(text => text !== '');
  const [only] = texts;
  const written = editor.node([...path, 'address']) !== undefined;
  if (only === undefined) {
    if (written) {
      editor.remove([...path, 'address'], path.length);
    }
  } else {
    editor.put([...path, 'address'], texts.length === 1 ? only : texts);
  }
  // A lease brings its own gateway.
  if (texts.includes('dhcp') && editor.node([...path, 'gateway']) !== undefined) {
    editor.remove([...path, 'gateway'], path.length);
  }
  return { device: id };
}

/** The path of an adapter, written out where the file has left it to the default: one NAT adapter (VirtualBox manual, section 6.3). */
export function adapterPath({ editor }: EditDraft, vm: string, slot: number): YamlPath {
  const path = ['nodes', vm, 'adapters', String(slot)];
  if (slot === 1 && editor.keys(path.slice(0, -1)).length === 0) {
    editor.put(path, { attach: 'nat' } satisfies PlainValue);
  }
  return path;
}
