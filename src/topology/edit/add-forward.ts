/** A port forward of a NAT adapter, a NAT network or a router. */
import { findDevice, isRefusal, nodeSource, type EditDraft, type EditResult } from './edit-draft';
import { editMessage } from './messages';
import { adapterPath } from './set-address';
import type { YamlPath } from './yaml-editor';

export function addForward(
  draft: EditDraft,
  id: string,
  slot: number | undefined,
  forward: string,
): EditResult {
  const path = forwardsOf(draft, id, slot);
  if (isRefusal(path)) {
    return path;
  }
  draft.editor.append([...path.of, 'forwards'], forward.trim());
  return {};
}

/** Where the forwards of a device are written, without the key itself. */
function forwardsOf(
  draft: EditDraft,
  id: string,
  asked: number | undefined,
): { readonly of: YamlPath } | ReturnType<typeof editMessage> {
  const device = findDevice(draft, id);
  if (isRefusal(device)) {
    return device;
  }
  switch (device.kind) {
    case 'virtualbox-nat':
      return { of: adapterPath(draft, device.vmName, Number(/:(\d+)\/nat$/.exec(device.id)?.[1] ?? 1)) };
    case 'virtualbox-nat-network':
      return {
        of: ['nodes', device.host, 'virtualbox', 'nat-networks', natNetworkName(device.id, device.host)],
      };
    case 'vm': {
      const slot = asked ?? firstNatSlot(draft, id);
      if (slot !== undefined) {
        return { of: adapterPath(draft, id, slot) };
      }
      break;
    }
    default:
  }
  const node = nodeSource(draft, id);
  return node !== undefined && 'nat' in node
    ? { of: ['nodes', id, 'nat'] }
    : editMessage('no-nat-here', device.label);
}

/** The slot of a VM's first NAT adapter: the implied one where no adapters are written. */
function firstNatSlot(draft: EditDraft, vm: string): number | undefined {
  const node = nodeSource(draft, vm);
  const adapters = node?.kind === 'vm' ? node.adapters : undefined;
  const first = Object.entries(adapters ?? {}).find(([, { attach }]) => attach === 'nat');
  return adapters === undefined || adapters === null ? 1 : first && Number(first[0]);
}

/** `laptop/NatNetwork/nat` is called `NatNetwork`. */
function natNetworkName(id: string, host: string): string {
  return id.slice(host.length + 1).replace(/\/[^/]*$/, '');
}
