/** What a user can change on the picture: plain data, as the panel tells it and a file takes it. */
import type { DiagnosticMessage } from '../diagnostic';
import type { EditMessage } from './messages';
import type { TextChange } from './edited-text';

/** What can be added: the kinds of nodes, and networks. */
export const ADDABLE_KINDS = [
  'host',
  'router',
  'switch',
  'hub',
  'network',
  'vm',
  'container',
  'internet',
] as const;

export type AddableKind = (typeof ADDABLE_KINDS)[number];

/** How a VM's adapter is attached, in VirtualBox's words. */
export const ATTACHMENTS = [
  'nat',
  'nat-network',
  'bridged',
  'internal',
  'host-only',
  'tap',
  'not-attached',
] as const;

export type Attachment = (typeof ATTACHMENTS)[number];

/** One change. Devices and cables are named by the ids that the resolved topology gives them. */
export type TopologyEdit =
  /** @property on the machine that runs a VM or container; where there is but one, it may be left out */
  | { readonly type: 'add'; readonly kind: AddableKind; readonly on?: string }
  | { readonly type: 'connect'; readonly from: string; readonly to: string }
  | { readonly type: 'rename'; readonly device: string; readonly name: string }
  /** With all that runs inside and every place that names it. */
  | { readonly type: 'delete'; readonly device: string }
  | { readonly type: 'delete-cable'; readonly cable: string }
  /** Pull a cable out, or plug it in again. */
  | { readonly type: 'cable'; readonly cable: string; readonly up: boolean }
  /** @property address as the file has it: in CIDR form, `dhcp`, `auto`, several with commas; empty takes it away */
  | {
      readonly type: 'address';
      readonly device: string;
      readonly interface: string;
      readonly address: string;
    }
  /** @property slot of the VM whose NAT adapter it is for; its first one where left out */
  | { readonly type: 'forward'; readonly device: string; readonly slot?: number; readonly forward: string }
  | { readonly type: 'attach'; readonly device: string; readonly slot: number; readonly attach: Attachment };

/** What came of an edit: changes that refer to the text as it was, in order and apart from each other, or why there are none. */
export type EditOutcome =
  | {
      readonly changes: readonly TextChange[];
      /** The device to show: the new one, or the one with its new name. */
      readonly device?: string;
      readonly refused?: undefined;
    }
  | {
      readonly refused: EditMessage;
      /** What would be wrong with the file. */
      readonly because?: DiagnosticMessage;
    };
