/** What each adapter of a VM is attached to: one file a mode beside this one. */
import type { AdapterDraft } from '../interfaces';
import type { Draft } from '../draft';
import { attachBridged } from './bridged';
import { attachGeneric } from './generic';
import { attachHostOnly, draftHostOnly } from './host-only';
import { attachInternal, draftInternal } from './internal';
import { attachNat } from './nat-engine';
import { attachNatNetwork, draftNatNetworks } from './nat-network';
import { plugServices } from './network';
import { attachTap } from './tap';

/** Attaches every adapter. The cables of hosts must be plugged in before. */
export function attachAdapters(draft: Draft, adapters: readonly AdapterDraft[]): void {
  for (const [name, node] of draft.names.nodes) {
    if (node.kind === 'host') {
      draftNatNetworks(draft, name, node);
      draftHostOnly(draft, name, node);
      draftInternal(draft, name, node);
    }
  }
  for (const adapter of adapters) {
    const host = draft.hosts.get(adapter.on.node);
    if (host !== undefined) {
      attach(draft, adapter, host);
    }
  }
  plugServices(draft);
}

function attach(draft: Draft, adapter: AdapterDraft, host: string): void {
  switch (adapter.source.attach) {
    case 'nat':
      attachNat(draft, adapter, host);
      return;
    case 'nat-network':
      attachNatNetwork(draft, adapter, host);
      return;
    case 'bridged':
      attachBridged(draft, adapter, host);
      return;
    case 'internal':
      attachInternal(draft, adapter, host);
      return;
    case 'host-only':
      attachHostOnly(draft, adapter, host);
      return;
    case 'generic':
      attachGeneric(draft, adapter, host);
      return;
    case 'tap':
      attachTap(draft, adapter, host);
      return;
    case 'not-attached':
    case 'none':
      return;
  }
}
