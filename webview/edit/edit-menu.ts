/** What a menu offers to change at a place of the picture: a device, a cable, or the empty ground. */
import type { AddableKind, PanelEdit } from '../../src/simulation/panel-protocol';
import type { ResolvedCable, ResolvedDevice, ResolvedTopology } from '../../src/topology/resolved';
import type { MenuItem } from '../controls/menu-item';
import { isPluggedIn } from '../diagram/plugged';
import { fill } from '../diagram/strings';
import { t } from '../strings';
import { ADDABLE, ADDABLE_KINDS } from './edit-palette';

export interface MenuActions {
  readonly edit: (edit: PanelEdit) => void;
  readonly drawCable: (from: string) => void;
  readonly openTerminal: (device: string) => void;
  readonly pullNow: (cable: string, up: boolean) => void;
  /** Shows another menu in place of this one. */
  readonly open: (label: string, items: readonly MenuItem[]) => void;
}

export function deviceMenu(
  device: ResolvedDevice,
  topology: ResolvedTopology,
  actions: MenuActions,
): MenuItem[] {
  const { edit, drawCable, openTerminal, open } = actions;
  const { id } = device;
  const own = device.source[1] === id;
  const cables = topology.cables.filter(({ ends }) => ends.some(end => end.device === id));
  const hasStack = 'interfaces' in device;
  const items: (MenuItem | false)[] = [
    hasStack && { label: t('Open a terminal'), act: () => openTerminal(id) },
    { label: t('Draw a cable… (L)'), act: () => drawCable(id), begins: hasStack },
    cables.length > 0 && {
      label: t('Cables ({0})…', cables.length),
      act: () =>
        open(
          t('Cables of {0}', device.label),
          cables.map(cable => cableEntry(cable, id, topology, actions)),
        ),
    },
    hasStack && { label: t('Set an address…'), act: () => edit({ type: 'address', device: id }) },
    translates(device, topology) && {
      label: t('Add a port forward…'),
      act: () => edit({ type: 'forward', device: id }),
    },
    device.kind === 'vm' && {
      label: t('Attach an adapter…'),
      act: () => edit({ type: 'attach', device: id }),
    },
    device.kind === 'host' && {
      label: t('Add a VM in it'),
      act: () => edit({ type: 'add', kind: 'vm', on: id }),
    },
    (device.kind === 'host' || device.kind === 'router') && {
      label: t('Add a container in it'),
      act: () => edit({ type: 'add', kind: 'container', on: id }),
    },
    own && { label: t('Rename… (F2)'), act: () => edit({ type: 'rename', device: id }), begins: true },
    own && { label: t('Delete (Del)'), act: () => edit({ type: 'delete', device: id }) },
  ];
  return items.filter(item => item !== false);
}

/** Whether port forwards can be added to it. */
function translates(device: ResolvedDevice, { devices }: ResolvedTopology): boolean {
  switch (device.kind) {
    case 'virtualbox-nat':
    case 'virtualbox-nat-network':
      return true;
    case 'vm':
      return (
        devices.some(one => one.kind === 'virtualbox-nat' && one.vmName === device.id) ||
        device.sourceNat !== undefined
      );
    case 'host':
    case 'router':
    case 'container':
      return device.sourceNat !== undefined;
    case 'switch':
    case 'hub':
    case 'internet':
    case 'virtualbox-switch':
    case 'virtualbox-dhcp':
    case 'tunnel':
      return false;
  }
}

function cableEntry(
  cable: ResolvedCable,
  device: string,
  topology: ResolvedTopology,
  actions: MenuActions,
): MenuItem {
  const [one, two] = cable.ends;
  const [near, far] = one.device === device ? [one, two] : [two, one];
  const name = `${near.port} – ${far.device}:${far.port}`;
  return {
    label: isIn(cable, topology) ? name : fill(t('{0} (pulled out)'), name),
    act: () => actions.open(t('Cable {0}', cableName(cable)), cableMenu(cable, topology, actions)),
  };
}

function isIn(cable: ResolvedCable, { devices }: ResolvedTopology): boolean {
  return isPluggedIn(cable, id => devices.find(device => device.id === id));
}

/** `pc1:eth0 – sw1:1` */
export function cableName({ ends: [one, two] }: ResolvedCable): string {
  return `${one.device}:${one.port} – ${two.device}:${two.port}`;
}

export function cableMenu(
  cable: ResolvedCable,
  topology: ResolvedTopology,
  { edit, pullNow }: MenuActions,
): MenuItem[] {
  const { id } = cable;
  return [
    isIn(cable, topology)
      ? { label: t('Pull out, in the file'), act: () => edit({ type: 'cable', cable: id, up: false }) }
      : { label: t('Plug in, in the file'), act: () => edit({ type: 'cable', cable: id, up: true }) },
    { label: t('Pull out now, in the simulation'), act: () => pullNow(id, false) },
    { label: t('Plug in now, in the simulation'), act: () => pullNow(id, true) },
    { label: t('Delete the cable'), act: () => edit({ type: 'delete-cable', cable: id }), begins: true },
  ];
}

export function groundMenu(
  add: (kind: AddableKind) => void,
  palette: { readonly open: boolean; readonly toggle: () => void },
): MenuItem[] {
  return [
    ...ADDABLE_KINDS.map(kind => ({ label: t('Add: {0}', t(ADDABLE[kind])), act: () => add(kind) })),
    { label: t('Palette (E)'), act: palette.toggle, checked: palette.open, begins: true },
  ];
}
