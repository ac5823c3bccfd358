/** What an edit on the picture still has to ask: by the editor's own input boxes, each answer checked as it is typed. */
import * as vscode from 'vscode';
import { machinesFor } from '../../topology/edit/add-device';
import { ATTACHMENTS, type Attachment, type TopologyEdit } from '../../topology/edit/topology-edit';
import type { ResolvedDevice, ResolvedInterface, ResolvedTopology } from '../../topology/resolved';

/** Why an edit can't be, in the user's language; undefined when it can. */
export type Check = (edit: TopologyEdit) => string | undefined;

/** The machine that a new guest runs on; undefined where the user gives up. */
export async function askMachine(
  topology: ResolvedTopology,
  kind: 'vm' | 'container',
): Promise<string | undefined> {
  return vscode.window.showQuickPick([...machinesFor({ topology }, kind)], {
    title: kind === 'vm' ? vscode.l10n.t('Add a VM') : vscode.l10n.t('Add a container'),
    placeHolder: vscode.l10n.t('The machine that it runs on'),
  });
}

export async function askName(device: string, check: Check): Promise<TopologyEdit | undefined> {
  const edit = (name: string): TopologyEdit => ({ type: 'rename', device, name: name.trim() });
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('Rename {0}', device),
    prompt: vscode.l10n.t('The new name, everywhere in the file'),
    value: device,
    validateInput: text => (text.trim() === device ? undefined : check(edit(text))),
  });
  return name === undefined || name.trim() === device ? undefined : edit(name);
}

/** @param written what the file says of an interface's address now */
export async function askAddress(
  device: ResolvedDevice,
  written: (name: string) => string,
  check: Check,
): Promise<TopologyEdit | undefined> {
  const interfaces = 'interfaces' in device ? device.interfaces.filter(isAddressable) : [];
  const name = await askInterface(device, interfaces);
  if (name === undefined) {
    return undefined;
  }
  const edit = (address: string): TopologyEdit => ({
    type: 'address',
    device: device.id,
    interface: name,
    address,
  });
  const address = await vscode.window.showInputBox({
    title: vscode.l10n.t('Address of {0}', `${device.label}:${name}`),
    prompt: vscode.l10n.t(
      'An address with its prefix length, `dhcp`, `auto` (the next free one) or `none`; several with commas. Empty for the default.',
    ),
    placeHolder: '192.168.1.10/24',
    value: written(name),
    validateInput: text => check(edit(text)),
  });
  return address === undefined ? undefined : edit(address);
}

function isAddressable({ link, bridge }: ResolvedInterface): boolean {
  return link?.kind !== 'loopback' && bridge === undefined;
}

async function askInterface(
  device: ResolvedDevice,
  interfaces: readonly ResolvedInterface[],
): Promise<string | undefined> {
  const [only, another] = interfaces;
  if (another === undefined) {
    // A machine without a network card gets its first one.
    return only?.name ?? 'eth0';
  }
  return vscode.window.showQuickPick(
    interfaces.map(({ name }) => name),
    {
      title: vscode.l10n.t('Address of {0}', device.label),
      placeHolder: vscode.l10n.t('The interface'),
    },
  );
}

export async function askForward(device: ResolvedDevice, check: Check): Promise<TopologyEdit | undefined> {
  const edit = (forward: string): TopologyEdit => ({ type: 'forward', device: device.id, forward });
  const guestKnown = device.kind === 'virtualbox-nat' || device.kind === 'vm';
  const forward = await vscode.window.showInputBox({
    title: vscode.l10n.t('Port forward of {0}', device.label),
    prompt: vscode.l10n.t('Protocol, outer port, arrow, inner port; each port may have an address before it'),
    placeHolder: guestKnown ? 'tcp 127.0.0.1:2222 -> 22' : 'tcp 8080 -> 192.168.1.10:80',
    validateInput: text => (text.trim() === '' ? ' ' : check(edit(text))),
  });
  return forward === undefined ? undefined : edit(forward);
}

/** VirtualBox's own words for its modes are not translated: they are what the file says. */
export async function askAttachment(device: ResolvedDevice): Promise<TopologyEdit | undefined> {
  const slots = 'interfaces' in device ? device.interfaces.flatMap(({ slot }) => slot ?? []) : [];
  const title = vscode.l10n.t('Attach an adapter of {0}', device.label);
  const slot =
    slots.length < 2
      ? String(slots[0] ?? 1)
      : await vscode.window.showQuickPick(slots.map(String), {
          title,
          placeHolder: vscode.l10n.t('The adapter, by its number'),
        });
  if (slot === undefined) {
    return undefined;
  }
  const attach = await vscode.window.showQuickPick([...ATTACHMENTS], {
    title,
    placeHolder: vscode.l10n.t('What adapter {0} is attached to', slot),
  });
  return attach === undefined
    ? undefined
    : { type: 'attach', device: device.id, slot: Number(slot), attach: attach as Attachment };
}

/** Whether more than the device itself may go. */
export async function confirmDeletion(device: string, inside: readonly string[]): Promise<boolean> {
  if (inside.length === 0) {
    return true;
  }
  const doIt = vscode.l10n.t('Delete');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('Delete {0} and what runs in it: {1}?', device, inside.join(', ')),
    { modal: true },
    doIt,
  );
  return answer === doIt;
}
