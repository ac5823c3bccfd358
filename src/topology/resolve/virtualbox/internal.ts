/** Attached to an internal network: only VMs of the same host that name it; its DHCP server is one that the user added. */
import type { MachineSource } from '../../file-source';
import type { TopologyPath } from '../../resolved';
import type { Draft } from '../draft';
import type { AdapterDraft } from '../interfaces';
import { readVirtualBoxDhcp } from './dhcp-server';
import { plugAdapter, virtualBoxNetwork, type VirtualBoxNetwork } from './network';
import { warnOfSimilarName } from './similar-names';

/** NetworkAdapterImpl.cpp. */
const DEFAULT_NAME = 'intnet';

/** Makes the internal networks that a host lists. */
export function draftInternal(draft: Draft, host: string, node: MachineSource): void {
  for (const [name, source] of Object.entries(node.virtualbox?.internal ?? {})) {
    const path = ['nodes', host, 'virtualbox', 'internal', name];
    const network = makeInternal(draft, host, name, path);
    if (network.role !== 'internal') {
      draft.report.add('network-role', { key: path }, [name, network.role, 'internal']);
      continue;
    }
    const written = source?.dhcp ?? false;
    if (written === true) {
      draft.report.add('missing-key', { key: [...path, 'dhcp'] }, ['DHCP', 'server']);
    } else if (written !== false) {
      readVirtualBoxDhcp(draft, network, written, undefined, [...path, 'dhcp']);
    }
  }
}

export function attachInternal(draft: Draft, { on, source }: AdapterDraft, host: string): void {
  const name = source.network ?? DEFAULT_NAME;
  warnOfSimilarName(draft, host, 'internal', name, on.path);
  const network = makeInternal(draft, host, name, on.path);
  if (network.role !== 'internal') {
    // One name is one switch (SrvIntNetR0.cpp): the adapter lands on the other network.
    const values = [name, network.role, 'internal'];
    draft.report.add('network-role', [...on.path, 'network'], values);
    return;
  }
  plugAdapter(draft, network, on, source);
}

function makeInternal(draft: Draft, host: string, name: string, path: TopologyPath): VirtualBoxNetwork {
  return virtualBoxNetwork(draft, host, name, () => ({ label: name, role: 'internal', source: path }))
    .network;
}
