/** The messages between the editor and the panel: the simulation's own, wrapped, and what only the two of them share. */
import type { Pins } from '../topology/pins/sidecar';
import type { AddableKind } from '../topology/edit/topology-edit';
import type { TopologyPath } from '../topology/resolved';
import type { ColourRule } from '../trace/colouring/colour-rule';
import type { CaptureFileState } from './capture-file/capture-protocol';
import type { SimulationEvent, SimulationRequest } from './protocol';

/** From the editor to the panel. */
export type PanelEvent =
  | { readonly type: 'simulation'; readonly event: SimulationEvent }
  /** The file was read without an error: draw this, as topology-text.ts writes it. Comes before any simulation event of the same topology. */
  | { readonly type: 'topology'; readonly topology: string }
  /** The file has errors now: the last good picture stays and is marked stale. Undefined text takes the mark away. */
  | { readonly type: 'stale'; readonly problem: StaleProblem | undefined }
  /** Where the user has put devices. */
  | { readonly type: 'pins'; readonly pins: Pins }
  /** The rules that the user wrote for colouring packets; those of the extension come behind them. */
  | { readonly type: 'colour-rules'; readonly rules: readonly ColourRule[] }
  /** Answered by `picture` with the same `request`. */
  | { readonly type: 'picture'; readonly request: number; readonly format: PictureFormat }
  /** An edit of the file from the panel is made. */
  | EditMade
  /** The cursor of the text editor stands in this device; undefined for none. */
  | { readonly type: 'select'; readonly device: string | undefined }
  /** To the page of a capture file alone: how far it was read. */
  | CaptureFileState
  /** To the page of a capture file alone: the file on disk is no longer what was read. Undefined takes that back. */
  | { readonly type: 'capture-stale'; readonly staleness: 'changed' | 'deleted' | undefined };

export type {
  CaptureFileProblem,
  CaptureFileState,
  CapturedInterface,
} from './capture-file/capture-protocol';

export type { Pins } from '../topology/pins/sidecar';
export type { AddableKind } from '../topology/edit/topology-edit';

export interface EditMade {
  readonly type: 'edited';
  /** Why it can't be, in the user's language; undefined where it is done. */
  readonly refused?: string;
  /** The device to show: a new one, or one with its new name. */
  readonly device?: string;
  /** The name that it had before. */
  readonly before?: string;
}

/** What the user wants changed. Names, addresses and forwards are asked for by the editor's own input boxes. */
export type PanelEdit =
  /** @property on the machine that a VM or container shall run on; asked for where it is not clear */
  | { readonly type: 'add'; readonly kind: AddableKind; readonly on?: string }
  | { readonly type: 'connect'; readonly from: string; readonly to: string }
  | { readonly type: 'rename' | 'delete' | 'address' | 'forward' | 'attach'; readonly device: string }
  | { readonly type: 'delete-cable'; readonly cable: string }
  | { readonly type: 'cable'; readonly cable: string; readonly up: boolean }
  | { readonly type: 'undo' | 'redo' };

/** What a picture can be saved as. */
export type PictureFormat = 'svg' | 'png';

/** The first error of the file, as the panel says it. */
export interface StaleProblem {
  readonly message: string;
  /** From 1; 0 where the problem is not in the text. */
  readonly line: number;
  /** 0 when the file itself is gone: deleted, renamed, or closed without ever having been saved. */
  readonly errors: number;
}

/** From the panel to the editor. */
export type PanelRequest =
  /** The panel's script runs and has its listeners; also after a reload. */
  | { readonly type: 'ready' }
  | { readonly type: 'simulation'; readonly request: SimulationRequest }
  /** The user picked a device: show it in the text. */
  | { readonly type: 'reveal'; readonly source: TopologyPath }
  /** The user put devices elsewhere: these are all pins now. */
  | { readonly type: 'pins'; readonly pins: Pins }
  /** The diagram as it is shown: the bytes of a file, or why there are none. */
  | { readonly type: 'picture'; readonly request: number; readonly picture: Uint8Array | string }
  /** Run a command of the extension, such as `vnet.exportCapture`. */
  | { readonly type: 'command'; readonly command: PanelCommand }
  /** The user wants a terminal on this device. */
  | { readonly type: 'terminal'; readonly device: string }
  /** The user changes the network on the picture; answered by `edited`, unless the user gives up. */
  | { readonly type: 'edit'; readonly edit: PanelEdit }
  /** Show the Problems view. */
  | { readonly type: 'show-problems' }
  /** The user wants a capture file read again. */
  | { readonly type: 'reload' };

/** Commands the panel may run. */
export type PanelCommand = 'vnet.exportCapture' | 'vnet.exportDiagram' | 'vnet.ping' | 'vnet.editColourRules';

/** What the panel keeps over a reload of the window (webview state). */
export interface PanelState {
  /** The topology file. */
  readonly uri: string;
}
