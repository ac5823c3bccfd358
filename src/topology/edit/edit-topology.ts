/** One change of a topology file. An edit leaves a file that is right, or it is refused with the reason. */
import type { FileSource } from '../file-source';
import { readTopology, type TopologyFile } from '../topology-file';
import { addDevice } from './add-device';
import { addForward } from './add-forward';
import { attachAdapter } from './attach-adapter';
import { connect } from './connect';
import { deleteCable } from './delete-cable';
import { deleteDevice } from './delete-device';
import { isRefusal, type EditDraft, type EditResult } from './edit-draft';
import { editMessage } from './messages';
import { pullCable } from './pull-cable';
import { renameDevice } from './rename-device';
import { setAddress } from './set-address';
import type { EditOutcome, TopologyEdit } from './topology-edit';
import { YamlEditor } from './yaml-editor';

/** Makes the smallest changes of the text that do what is asked. Never throws. */
export function editTopology(before: string, edit: TopologyEdit): EditOutcome {
  const file = readTopology(before);
  const { topology, root } = file;
  if (topology === undefined || root === undefined) {
    return refusal('file-has-errors', file);
  }
  const editor = new YamlEditor(before);
  const result = perform({ editor, before, file, topology, source: root.value as FileSource }, edit);
  if (isRefusal(result)) {
    return { refused: result };
  }
  if (editor.failed) {
    return { refused: editMessage('not-editable') };
  }
  const after = readTopology(editor.text);
  if (after.topology === undefined) {
    return refusal('would-be-wrong', after);
  }
  return { changes: editor.changes, ...result };
}

function perform(draft: EditDraft, edit: TopologyEdit): EditResult {
  switch (edit.type) {
    case 'add':
      return addDevice(draft, edit.kind, edit.on);
    case 'connect':
      return connect(draft, edit.from, edit.to);
    case 'rename':
      return renameDevice(draft, edit.device, edit.name);
    case 'delete':
      return deleteDevice(draft, edit.device);
    case 'delete-cable':
      return deleteCable(draft, edit.cable);
    case 'cable':
      return pullCable(draft, edit.cable, edit.up);
    case 'address':
      return setAddress(draft, edit.device, edit.interface, edit.address);
    case 'forward':
      return addForward(draft, edit.device, edit.slot, edit.forward);
    case 'attach':
      return attachAdapter(draft, edit.device, edit.slot, edit.attach);
  }
}

function refusal(id: 'file-has-errors' | 'would-be-wrong', { diagnostics }: TopologyFile): EditOutcome {
  const error = diagnostics.find(({ severity }) => severity === 'error');
  return { refused: editMessage(id), ...(error !== undefined && { because: error.message }) };
}
