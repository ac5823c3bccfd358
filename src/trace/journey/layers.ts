/** Which layer of one frame is which of another that a device made of it: layers come off and are put on outside, the inside stays. */
import type { PacketField } from '../dissect/packet-field';

export interface LayerMatch {
  /** Layers that both have, from outside to inside. */
  readonly both: readonly (readonly [before: PacketField, after: PacketField])[];
  readonly removed: readonly PacketField[];
  readonly added: readonly PacketField[];
}

/** Matches from the innermost layer outwards. */
export function matchLayers(before: readonly PacketField[], after: readonly PacketField[]): LayerMatch {
  const both: [PacketField, PacketField][] = [];
  const removed: PacketField[] = [];
  const added: PacketField[] = [];
  let one = before.length - 1;
  let other = after.length - 1;
  while (one >= 0 || other >= 0) {
    const from = before[one];
    const to = after[other];
    if (from !== undefined && from.name === to?.name) {
      both.unshift([from, to]);
      one--;
      other--;
    } else if (to !== undefined && (from === undefined || !isBelow(to.name, before, one))) {
      added.unshift(to);
      other--;
    } else if (from !== undefined) {
      removed.unshift(from);
      one--;
    }
  }
  return { both, removed, added };
}

function isBelow(name: string, layers: readonly PacketField[], end: number): boolean {
  return layers.slice(0, end + 1).some(layer => layer.name === name);
}
