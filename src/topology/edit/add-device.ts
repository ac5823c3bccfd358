/** A new node or network. */
import {
  entryOf,
  freeName,
  isRefusal,
  namesIn,
  nodeSource,
  type EditDraft,
  type EditResult,
} from './edit-draft';
import type { PlainValue } from './flow-text';
import { editMessage, type EditMessage } from './messages';
import type { AddableKind } from './topology-edit';

/** The names people give, with a number behind. */
const STEMS: Readonly<Record<Exclude<AddableKind, 'internet'>, string>> = {
  host: 'pc',
  router: 'r',
  switch: 'sw',
  hub: 'hub',
  network: 'net',
  vm: 'vm',
  container: 'c',
};

export function addDevice(draft: EditDraft, kind: AddableKind, on: string | undefined): EditResult {
  switch (kind) {
    case 'internet':
      return addInternet(draft);
    case 'network': {
      const name = freeName(STEMS.network, namesIn(draft));
      draft.editor.put(['networks', name], { subnet: freeSubnet(draft.before) });
      return { device: name };
    }
    case 'vm':
    case 'container': {
      const machine = runsOn(draft, kind, on);
      return isRefusal(machine) ? machine : addGuest(draft, kind, machine.name);
    }
    case 'host':
    case 'router':
    case 'switch':
    case 'hub':
      return addNode(draft, freeName(STEMS[kind], namesIn(draft)), { kind });
  }
}

function addNode({ editor }: EditDraft, name: string, value: PlainValue): EditResult {
  editor.put(['nodes', name], value);
  return { device: name };
}

function addInternet(draft: EditDraft): EditResult {
  if (Object.values(draft.source.nodes ?? {}).some(({ kind }) => kind === 'internet')) {
    return editMessage('second-internet');
  }
  const names = namesIn(draft);
  return addNode(draft, names.has('internet') ? freeName('internet', names, 2) : 'internet', {
    kind: 'internet',
  });
}

function addGuest(draft: EditDraft, kind: 'vm' | 'container', machine: string): EditResult {
  const name = freeName(STEMS[kind], namesIn(draft));
  if (kind === 'container' && !hasBridge(draft, machine)) {
    const device = draft.topology.devices.find(({ id }) => id === machine);
    const taken = new Set(device?.ports.map(port => port.name));
    draft.editor.put(['nodes', machine, 'interfaces', freeName('br', taken, 0)], { type: 'bridge' });
  }
  return addNode(draft, name, { kind, on: machine });
}

function hasBridge(draft: EditDraft, machine: string): boolean {
  const node = nodeSource(draft, machine);
  const interfaces = node !== undefined && 'interfaces' in node ? Object.values(node.interfaces ?? {}) : [];
  return interfaces.some(one => one?.type === 'bridge');
}

/** The machine that a guest is put on: the one that is asked for, or the one that offers itself. */
function runsOn(
  draft: EditDraft,
  kind: 'vm' | 'container',
  asked: string | undefined,
): { readonly name: string } | EditMessage {
  const machines = machinesFor(draft, kind);
  const [only, another] = machines;
  if (asked !== undefined && machines.includes(asked)) {
    return { name: asked };
  }
  if (only === undefined) {
    return editMessage('no-host');
  }
  // Where all guests run on one machine so far, the next one does too.
  const running = machines.filter(name => draft.topology.devices.some(({ inside }) => inside === name));
  const likely = another === undefined ? [only] : running;
  return likely.length === 1 ? { name: likely[0] ?? only } : editMessage('which-host', machines.join(', '));
}

/** Machines that can run such a guest, hosts first. */
export function machinesFor(
  { topology }: Pick<EditDraft, 'topology'>,
  kind: 'vm' | 'container',
): readonly string[] {
  const kinds = kind === 'vm' ? ['host'] : ['host', 'router', 'vm'];
  const found = topology.devices.filter(
    device => kinds.includes(device.kind) && entryOf(device) !== undefined,
  );
  return kinds.flatMap(one => found.filter(device => device.kind === one).map(({ id }) => id));
}

/** The first of 192.168.1.0/24, 192.168.2.0/24 … of which the file says nothing yet. */
function freeSubnet(text: string): string {
  for (let third = 1; third < 255; third++) {
    if (!text.includes(`192.168.${third}.`)) {
      return `192.168.${third}.0/24`;
    }
  }
  return '10.0.0.0/24';
}
