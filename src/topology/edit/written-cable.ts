/** How the file says that a cable is there. */
import type { ResolvedCable } from '../resolved';
import type { EditDraft } from './edit-draft';
import type { YamlPath } from './yaml-editor';

export type WrittenCable =
  | { readonly as: 'link'; readonly path: YamlPath }
  /** An interface names a network. */
  | { readonly as: 'network'; readonly path: YamlPath }
  /** A container's interface, which joins a bridge. */
  | { readonly as: 'veth'; readonly path: YamlPath }
  | { readonly as: 'adapter'; readonly vm: string; readonly slot: number }
  /** Inside what VirtualBox or the kernel makes. */
  | { readonly as: 'part'; readonly of: string };

export function writtenAs({ topology }: EditDraft, cable: ResolvedCable): WrittenCable {
  const [section, name = '', part, key = ''] = cable.source;
  const owner = topology.devices.find(({ id }) => id === name);
  // Cables between services of VirtualBox stand where the first adapter on their network does.
  const isOwn = cable.ends.some(({ device }) => device === name);
  if (section === 'links') {
    return { as: 'link', path: cable.source.slice(0, 2) };
  }
  if (isOwn && part === 'interfaces' && cable.source.at(-1) === 'network') {
    return { as: 'network', path: cable.source.slice(0, 4) };
  }
  if (isOwn && owner?.kind === 'vm' && (part === undefined || part === 'adapters')) {
    return { as: 'adapter', vm: owner.id, slot: part === undefined ? 1 : Number(key) };
  }
  if (isOwn && owner?.kind === 'container' && part === 'interfaces' && cable.source.length === 4) {
    return { as: 'veth', path: cable.source };
  }
  return { as: 'part', of: cable.ends[0].device };
}
