/** Source NAT of a machine, and the ports that lead in. */
import type { MachineSource, NatSource } from '../file-source';
import type { ResolvedSourceNat, TopologyPath } from '../resolved';
import { reportUnknownInterface } from './bridges';
import { findInterface, type Draft } from './draft';
import { readForwards } from './port-forwards';

export function readSourceNat(
  draft: Draft,
  node: string,
  { nat }: MachineSource,
): ResolvedSourceNat | undefined {
  if (nat === undefined) {
    return undefined;
  }
  const path: TopologyPath = ['nodes', node, 'nat'];
  const forwards = readForwards(nat.forwards, [...path, 'forwards'], false, draft.report);
  const outside = findInterface(draft, node, nat.outside);
  if (outside === undefined) {
    reportUnknownInterface(draft, node, String(nat.outside), [...path, 'outside']);
    return undefined;
  }
  return {
    outside: outside.name,
    ...behaviour(nat),
    ...(forwards.length > 0 && { forwards }),
    source: path,
  };
}

/** What differs from Linux; `linux` itself is told by saying nothing. */
function behaviour(nat: NatSource): Partial<ResolvedSourceNat> {
  const { mapping, filtering, hairpin } = nat;
  const portAllocation = nat['port-allocation'];
  return {
    ...(mapping !== undefined && mapping !== 'linux' && { mapping }),
    ...(filtering !== undefined && filtering !== 'linux' && { filtering }),
    ...(portAllocation !== undefined && portAllocation !== 'linux' && { portAllocation }),
    ...(hairpin !== undefined && { hairpin }),
  };
}
