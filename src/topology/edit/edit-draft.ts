/** A file while it is edited: what it said before, and the text as it becomes. */
import type { FileSource, NodeSource } from '../file-source';
import type { ResolvedCable, ResolvedDevice, ResolvedTopology } from '../resolved';
import type { TopologyFile } from '../topology-file';
import { editMessage, type EditMessage } from './messages';
import type { YamlEditor, YamlPath } from './yaml-editor';

/** Why not, or what to show. */
export type EditResult = EditMessage | { readonly device?: string };

export interface EditDraft {
  readonly editor: YamlEditor;
  readonly before: string;
  readonly file: TopologyFile;
  readonly topology: ResolvedTopology;
  /** As written, before the edit. */
  readonly source: FileSource;
}

/** A device, or why it is none. */
export function findDevice(draft: EditDraft, id: string): ResolvedDevice | EditMessage {
  return draft.topology.devices.find(device => device.id === id) ?? editMessage('gone', id);
}

export function findCable(draft: EditDraft, id: string): ResolvedCable | EditMessage {
  return draft.topology.cables.find(cable => cable.id === id) ?? editMessage('gone', id);
}

export function isRefusal(found: object): found is EditMessage {
  return 'template' in found;
}

/** The entry of `nodes` or `networks` that a device is, undefined for a device that another one brings along. */
export function entryOf({ id, source }: ResolvedDevice): YamlPath | undefined {
  // The NAT engine of a VM that says nothing of adapters stands where the VM does.
  return source.length === 2 && source[1] === id && (source[0] === 'nodes' || source[0] === 'networks')
    ? source
    : undefined;
}

/** A node as it is written. */
export function nodeSource(draft: EditDraft, name: string): NodeSource | undefined {
  return draft.source.nodes?.[name];
}

/** Every name of the file. */
export function namesIn({ source }: EditDraft): ReadonlySet<string> {
  return new Set([...Object.keys(source.networks ?? {}), ...Object.keys(source.nodes ?? {})]);
}

/** The first of `stem1`, `stem2` … that is free. */
export function freeName(stem: string, taken: ReadonlySet<string>, first = 1): string {
  let number = first;
  while (taken.has(`${stem}${number}`)) {
    number++;
  }
  return `${stem}${number}`;
}
