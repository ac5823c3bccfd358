/** A node or network is taken away, with all that runs inside it and every place that names it. */
import { occurrencesIn } from '../occurrences';
import { pathAtOffset } from '../source-tree';
import { readTopology } from '../topology-file';
import { leaveNetwork } from './drop-mentions';
import { entryOf, findDevice, isRefusal, type EditDraft, type EditResult } from './edit-draft';
import { editMessage } from './messages';
import type { YamlEditor, YamlPath } from './yaml-editor';

export function deleteDevice(draft: EditDraft, id: string): EditResult {
  const device = findDevice(draft, id);
  if (isRefusal(device)) {
    return device;
  }
  if (entryOf(device) === undefined) {
    return editMessage('implied', device.label);
  }
  // What runs inside first, the innermost before the rest.
  for (const name of [...deletedWith(draft, id)].reverse()) {
    deleteMentions(draft.editor, name);
    const own = draft.topology.devices.find(one => one.id === name)?.source;
    if (own !== undefined) {
      draft.editor.remove(own);
    }
    if (draft.editor.node(['diagram', 'pinned', name]) !== undefined) {
      draft.editor.remove(['diagram', 'pinned', name]);
    }
  }
  return {};
}

/** The device and the nodes that run inside it, outermost first. */
export function deletedWith({ topology }: Pick<EditDraft, 'topology'>, id: string): readonly string[] {
  const found = new Set([id]);
  for (const device of topology.devices) {
    if (device.inside !== undefined && found.has(device.inside) && entryOf(device) !== undefined) {
      found.add(device.id);
    }
  }
  return [...found];
}

/** Takes away what names a node or network, the last place first. */
function deleteMentions(editor: YamlEditor, name: string): void {
  const { text } = editor;
  const file = readTopology(text);
  const { root } = file;
  if (root === undefined) {
    return;
  }
  const mentions = occurrencesIn(file, text).filter(
    ({ symbol, definition }) => symbol === `name ${name}` && !definition,
  );
  const paths = new Map<string, YamlPath>();
  for (const { span } of mentions.sort((one, other) => other.span[0] - one.span[0])) {
    const path = pathAtOffset(root, span[0]).path;
    const goes = whatGoes(path);
    paths.set(goes.join('\n'), goes);
  }
  for (const path of paths.values()) {
    if (path[0] === 'nodes' && path[2] === 'interfaces' && path[4] === 'network') {
      leaveNetwork(editor, path.slice(0, 4));
    } else if (editor.node(path) !== undefined) {
      editor.remove(path);
    }
  }
}

/** How much goes with a mention: the whole link or step, a network's DHCP, else the entry alone. */
function whatGoes(path: YamlPath): YamlPath {
  switch (path[0]) {
    case 'links':
      return path.slice(0, 2);
    case 'scenarios':
      return path.slice(0, 3);
    case 'networks':
      return path[2] === 'dhcp' && path[3] !== 'reservations' ? path.slice(0, 3) : path;
    default:
      return path;
  }
}
