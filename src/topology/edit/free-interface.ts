/** The interface of a machine that takes the next cable. */
import type { MachineSource } from '../file-source';
import type { ResolvedStackDevice } from '../resolved';
import { freeName, nodeSource, type EditDraft } from './edit-draft';

export interface FreeInterface {
  readonly name: string;
  /** It stands in the file already, without a cable. */
  readonly written: boolean;
}

/** The first network card without a cable, or else a new one: `eth0`, `eth1` … */
export function freeInterface(draft: EditDraft, device: ResolvedStackDevice): FreeInterface {
  const plugged = new Set(
    draft.topology.cables.flatMap(({ ends }) =>
      ends.filter(end => end.device === device.id).map(({ port }) => port),
    ),
  );
  const written = (nodeSource(draft, device.id) as MachineSource | undefined)?.interfaces ?? {};
  const free = Object.entries(written).find(
    ([name, one]) =>
      (one?.type ?? 'physical') === 'physical' && one?.network === undefined && !plugged.has(name),
  );
  if (free !== undefined) {
    return { name: free[0], written: true };
  }
  const taken = new Set([...Object.keys(written), ...device.interfaces.map(({ name }) => name), ...plugged]);
  return { name: freeName('eth', taken, 0), written: false };
}
