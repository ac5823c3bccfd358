/** A cable is pulled out or plugged in again. */
import { findCable, isRefusal, type EditDraft, type EditResult } from './edit-draft';
import { flowText } from './flow-text';
import { editMessage } from './messages';
import { adapterPath } from './set-address';
import { writtenAs } from './written-cable';
import type { YamlEditor, YamlPath } from './yaml-editor';

/** A link has `up`, an adapter `cable`, an interface on a network `up`: what VirtualBox and Linux call it. */
export function pullCable(draft: EditDraft, id: string, up: boolean): EditResult {
  const { editor } = draft;
  const cable = findCable(draft, id);
  if (isRefusal(cable)) {
    return cable;
  }
  const place = writtenAs(draft, cable);
  switch (place.as) {
    case 'link':
      pullLink(editor, place.path, up);
      return {};
    case 'network':
    case 'veth':
      setFlag(editor, place.path, 'up', up);
      return {};
    case 'adapter':
      setFlag(editor, adapterPath(draft, place.vm, place.slot), 'cable', up);
      return {};
    case 'part':
      return editMessage('not-pullable', place.of);
  }
}

/** True is the default, and not written. */
function setFlag(editor: YamlEditor, path: YamlPath, key: string, value: boolean): void {
  if (!value) {
    editor.put([...path, key], false);
  } else if (editor.node([...path, key]) !== undefined) {
    editor.remove([...path, key], path.length);
  }
}

/** `[a, b]` becomes `{ between: [a, b], up: false }`, and that `[a, b]` again where nothing else was said. */
function pullLink(editor: YamlEditor, path: YamlPath, up: boolean): void {
  const node = editor.node(path);
  if (node?.kind === 'list') {
    if (up) {
      return;
    }
    const [start, end] = node.span;
    const key = flowText('between', editor.json);
    if (node.flow) {
      editor.replace(
        start,
        end - start,
        `{ ${key}: ${editor.text.slice(start, end)}, ${flowText('up', editor.json)}: false }`,
      );
    } else {
      const ends = node.items.map(({ value }) => String(value));
      editor.put(path, { between: ends, up: false });
    }
    return;
  }
  setFlag(editor, path, 'up', up);
  const left = editor.node(path);
  const between =
    left?.kind === 'map' && left.flow && left.entries.size === 1 ? left.entries.get('between') : undefined;
  if (left !== undefined && between?.node.kind === 'list') {
    const [start, end] = between.node.span;
    editor.replace(left.span[0], left.span[1] - left.span[0], editor.text.slice(start, end));
  }
}
