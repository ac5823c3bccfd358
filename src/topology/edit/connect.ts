/** A cable between two devices, written as this language writes it: by a network's name, as a link, or by a VM's adapter. */
import type { ResolvedDevice } from '../resolved';
import { connectContainer, connectVm } from './connect-guest';
import { findDevice, freeName, isRefusal, nodeSource, type EditDraft, type EditResult } from './edit-draft';
import { freeInterface } from './free-interface';
import { joinNetwork } from './join-network';
import { editMessage, type EditMessage } from './messages';

/** What a device is to a cable. */
type Side = 'machine' | 'switch' | 'network' | 'internet' | 'vm' | 'container' | 'other';

export function connect(draft: EditDraft, from: string, to: string): EditResult {
  const first = findDevice(draft, from);
  if (isRefusal(first)) {
    return first;
  }
  const second = findDevice(draft, to);
  if (isRefusal(second)) {
    return second;
  }
  return from === to ? editMessage('same-device') : connectDevices(draft, first, second);
}

function connectDevices(draft: EditDraft, first: ResolvedDevice, second: ResolvedDevice): EditResult {
  const sides = [sideOf(first), sideOf(second)] as const;
  const at = (side: Side): ResolvedDevice | undefined =>
    sides[0] === side ? first : sides[1] === side ? second : undefined;
  const other = (one: ResolvedDevice): ResolvedDevice => (one === first ? second : first);
  const vm = at('vm');
  if (vm !== undefined) {
    return connectVm(draft, vm, other(vm));
  }
  const container = at('container');
  if (container !== undefined) {
    return connectContainer(draft, container, other(container));
  }
  const unpluggable = at('other');
  if (unpluggable !== undefined) {
    return editMessage('no-cable-here', unpluggable.label);
  }
  const segment = at('network') ?? at('internet');
  if (segment === undefined) {
    return addLink(draft, first, second);
  }
  const machine = at('machine');
  if (machine !== undefined) {
    return joinNetwork(draft, machine, segment);
  }
  if (segment.kind === 'internet' && sideOf(other(segment)) === 'switch') {
    return addLink(draft, first, second);
  }
  const away = at('switch');
  return away === undefined
    ? editMessage('two-networks', first.label, second.label)
    : editMessage('network-and-switch', segment.label);
}

function sideOf(device: ResolvedDevice): Side {
  switch (device.kind) {
    case 'host':
    case 'router':
      return 'machine';
    case 'switch':
      return device.role;
    case 'hub':
      return 'switch';
    case 'internet':
    case 'vm':
    case 'container':
      return device.kind;
    case 'virtualbox-nat':
    case 'virtualbox-switch':
    case 'virtualbox-dhcp':
    case 'virtualbox-nat-network':
    case 'tunnel':
      return 'other';
  }
}

function addLink(draft: EditDraft, first: ResolvedDevice, second: ResolvedDevice): EditResult {
  const one = linkEnd(draft, first);
  const two = linkEnd(draft, second);
  if (typeof one !== 'string') {
    return one;
  }
  if (typeof two !== 'string') {
    return two;
  }
  draft.editor.append(['links'], [one, two]);
  return {};
}

/** `pc1:eth0`: the first interface or port in which no cable is. */
function linkEnd(draft: EditDraft, device: ResolvedDevice): string | EditMessage {
  if (device.kind === 'host' || device.kind === 'router') {
    return `${device.id}:${freeInterface(draft, device).name}`;
  }
  const node = nodeSource(draft, device.id);
  const ports = node !== undefined && 'ports' in node ? node.ports : undefined;
  const used = new Set(device.ports.map(({ name }) => name));
  if (typeof ports === 'object') {
    const free = Object.keys(ports).find(name => !used.has(name));
    return free === undefined ? editMessage('no-free-port', device.label) : `${device.id}:${free}`;
  }
  const port = freeName('', used);
  return ports !== undefined && Number(port) > ports
    ? editMessage('no-free-port', device.label)
    : `${device.id}:${port}`;
}
