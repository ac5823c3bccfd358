/** Why a change on the picture can't be made, in English. The sentences are keys of the translation bundle. */
import type { DiagnosticMessage } from '../diagnostic';

export const EDIT_MESSAGES = {
  'file-has-errors': 'The file has errors: mend them first.',
  'would-be-wrong': 'This can’t be.',
  'not-editable': 'The file is written in a way that can’t be changed from here: change it in the text.',
  gone: '`{0}` is not in the file any more.',
  implied: '`{0}` is there because something else in the file needs it: change that instead.',
  'bad-name':
    'A name starts with a letter, a digit or `_` and goes on with those, `-` and `.`, up to 63 characters.',
  'name-taken': '`{0}` is the name of something else.',
  'no-host': 'It needs a machine to run on: add a host first.',
  'which-host': 'There are several machines it could run on: choose one of {0}.',
  'second-internet': 'There is one internet in a file, and this file has it.',
  'same-device': 'A cable joins two different devices.',
  'two-networks':
    '`{0}` and `{1}` are switches of their own kind: join them by a router that has an interface on each.',
  'network-and-switch':
    '`{0}` is a network, which is a switch of its own: plug machines into it, or use a switch instead of it.',
  'vm-apart': '`{0}` is a VM: it reaches the outside by its host `{1}`. Connect `{1}` with `{2}` first.',
  'vm-other-host': '`{0}` and `{1}` run on different hosts: connect their hosts, and bridge both VMs.',
  'container-apart': '`{0}` is a container: it joins a bridge of its machine `{1}`.',
  'no-free-adapter': 'All eight adapters of `{0}` are in use.',
  'no-free-port': 'All ports of `{0}` are in use.',
  'no-cable-here': 'No cable can be plugged into `{0}`.',
  'no-address-here': '`{0}` has no address of its own.',
  'no-nat-here':
    '`{0}` translates no addresses: port forwards belong to a NAT adapter, a NAT network or a router with `nat`.',
  'not-pullable': 'This cable can’t be pulled: it is a part of `{0}`.',
} as const;

export type EditMessageId = keyof typeof EDIT_MESSAGES;

/** Why not, in words that can be translated. */
export interface EditMessage extends DiagnosticMessage {
  readonly id: EditMessageId;
}

export function editMessage(id: EditMessageId, ...values: (string | number)[]): EditMessage {
  return { id, template: EDIT_MESSAGES[id], values: values.map(String) };
}
