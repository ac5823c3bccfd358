/** A machine gets a place on a network or the internet: an interface that names it, with an address where nobody would lease one. */
import { formatIpv4 } from '../../net/ipv4-address';
import { parsePrefix } from '../../net/ipv4-prefix';
import type { ResolvedDevice } from '../resolved';
import type { EditDraft, EditResult } from './edit-draft';
import { freeInterface } from './free-interface';
import { editMessage } from './messages';

export function joinNetwork(draft: EditDraft, machine: ResolvedDevice, network: ResolvedDevice): EditResult {
  if (machine.kind !== 'host' && machine.kind !== 'router') {
    return editMessage('no-cable-here', machine.label);
  }
  const { name, written } = freeInterface(draft, machine);
  const path = ['nodes', machine.id, 'interfaces', name];
  const address = addressOn(draft, machine.kind, network.id);
  if (written) {
    draft.editor.put([...path, 'network'], network.id);
    if (address !== undefined && draft.editor.node([...path, 'address']) === undefined) {
      draft.editor.put([...path, 'address'], address);
    }
  } else {
    draft.editor.put(path, { network: network.id, ...(address !== undefined && { address }) });
  }
  return { device: machine.id };
}

/**
 * What to write as the address: for a router the gateway's where nobody has it, and else `auto` where nobody leases or a router would not
 * ask. Undefined where the default does: a lease.
 */
function addressOn(draft: EditDraft, kind: 'host' | 'router', network: string): string | undefined {
  const plan = draft.source.networks?.[network];
  const subnets = [plan?.subnet ?? []].flat();
  const subnet = subnets.map(text => parsePrefix(text)).find(prefix => prefix !== undefined);
  if (plan === null || plan === undefined || subnet === undefined) {
    return undefined;
  }
  const gateway = [plan.gateway ?? []].flat().find(text => text.includes('.'));
  const owned = draft.topology.devices.some(
    device =>
      'interfaces' in device &&
      device.interfaces.some(
        ({ addressing }) =>
          addressing.kind === 'static' &&
          addressing.addresses.some(one => formatIpv4(one.address) === gateway),
      ),
  );
  if (kind === 'router' && gateway !== undefined && !owned) {
    return `${gateway}/${subnet.length}`;
  }
  const leases = plan.dhcp !== undefined && plan.dhcp !== false && plan.dhcp !== null;
  return leases && kind === 'host' ? undefined : 'auto';
}
