/** A VM or container is connected by what it has: adapters, or a bridge of its machine. */
import type { ResolvedDevice, ResolvedStackDevice } from '../resolved';
import { freeName, nodeSource, type EditDraft, type EditResult } from './edit-draft';
import type { PlainValue } from './flow-text';
import { editMessage } from './messages';
import { adapterPath } from './set-address';

/** VirtualBox manual, chapter 6: up to eight virtual network cards. */
const MAXIMUM_ADAPTERS = 8;

/** VirtualBox's name for the first internal network (manual, section 6.6). */
const FIRST_INTERNAL_NETWORK = 'intnet';

export function connectVm(draft: EditDraft, vm: ResolvedDevice, other: ResolvedDevice): EditResult {
  const host = vm.inside ?? '';
  if (other.kind === 'vm') {
    return other.inside === host
      ? joinInternal(draft, vm.id, other)
      : editMessage('vm-other-host', vm.label, other.label);
  }
  if (other.kind === 'virtualbox-switch' && other.inside === host) {
    return other.role === 'bridged'
      ? attachTo(draft, vm.id, { attach: 'bridged', to: other.network.replace(BRIDGED, '') })
      : attachTo(draft, vm.id, { attach: other.role, network: other.network });
  }
  if (other.kind === 'virtualbox-nat-network' && other.inside === host) {
    return attachTo(draft, vm.id, { attach: 'nat-network', network: other.id.split('/')[1] ?? '' });
  }
  const card = cardOf(draft, host, other.id);
  return card === undefined
    ? editMessage('vm-apart', vm.label, host, other.label)
    : attachTo(draft, vm.id, { attach: 'bridged', to: card });
}

/** The network card of a host that leads to a device: its first one where the device is the host itself. */
function cardOf({ topology }: EditDraft, host: string, to: string): string | undefined {
  const machine = topology.devices.find(({ id }) => id === host);
  if (machine === undefined || !('interfaces' in machine)) {
    return undefined;
  }
  const cards = machine.interfaces
    .filter(({ link }) => link === undefined || link.kind === 'port')
    .map(({ name }) => name);
  return cards.find(
    name =>
      to === host ||
      topology.cables.some(
        ({ ends }) =>
          ends.some(end => end.device === host && end.port === name) && ends.some(end => end.device === to),
      ),
  );
}

/** VirtualBox calls the filter on eth0 `HostInterfaceNetworking-eth0`. */
const BRIDGED = 'HostInterfaceNetworking-';

/** Two VMs of one host meet on an internal network: one that the second is on already, or a new one for both. */
function joinInternal(draft: EditDraft, vm: string, other: ResolvedStackDevice): EditResult {
  const switches = draft.topology.devices.filter(
    device =>
      device.kind === 'virtualbox-switch' && device.role === 'internal' && device.inside === other.inside,
  );
  const isOn = (name: string, id: string): boolean =>
    draft.topology.cables.some(
      ({ ends }) => ends.some(end => end.device === id) && ends.some(end => end.device === name),
    );
  const shared = switches.find(({ id }) => isOn(other.id, id) !== isOn(vm, id));
  if (shared?.kind === 'virtualbox-switch') {
    const joining = isOn(other.id, shared.id) ? vm : other.id;
    return attachTo(draft, joining, { attach: 'internal', network: shared.network });
  }
  const taken = new Set(switches.map(device => (device.kind === 'virtualbox-switch' ? device.network : '')));
  const network = taken.has(FIRST_INTERNAL_NETWORK)
    ? freeName(FIRST_INTERNAL_NETWORK, taken, 2)
    : FIRST_INTERNAL_NETWORK;
  const first = attachTo(draft, vm, { attach: 'internal', network });
  return 'template' in first ? first : attachTo(draft, other.id, { attach: 'internal', network });
}

/** The first adapter that is not attached, or a new one. The one of a VM that says nothing of adapters is NAT, and stays so. */
function attachTo(draft: EditDraft, vm: string, adapter: Readonly<Record<string, PlainValue>>): EditResult {
  const { editor } = draft;
  const node = nodeSource(draft, vm);
  const adapters = (node?.kind === 'vm' ? node.adapters : undefined) ?? {};
  const idle = Object.entries(adapters).find(
    ([, { attach }]) => attach === 'none' || attach === 'not-attached',
  );
  adapterPath(draft, vm, 1);
  const taken = new Set(editor.keys(['nodes', vm, 'adapters']));
  const slot = idle?.[0] ?? freeName('', taken);
  if (Number(slot) > MAXIMUM_ADAPTERS) {
    return editMessage('no-free-adapter', vm);
  }
  editor.put(['nodes', vm, 'adapters', slot], adapter);
  return { device: vm };
}

/** A container joins a bridge of its own machine by a veth pair. */
export function connectContainer(
  draft: EditDraft,
  container: ResolvedDevice,
  other: ResolvedDevice,
): EditResult {
  const machine = container.inside ?? '';
  if (other.id !== machine) {
    return editMessage('container-apart', container.label, machine);
  }
  const host = nodeSource(draft, machine);
  const interfaces = Object.entries(
    (host !== undefined && 'interfaces' in host ? host.interfaces : undefined) ?? {},
  );
  const bridge = interfaces.find(([, one]) => one?.type === 'bridge')?.[0];
  if (bridge === undefined) {
    return editMessage('container-apart', container.label, machine);
  }
  const taken = new Set(container.ports.map(({ name }) => name));
  draft.editor.put(['nodes', container.id, 'interfaces', freeName('eth', taken, 0)], { bridge });
  return { device: container.id };
}
