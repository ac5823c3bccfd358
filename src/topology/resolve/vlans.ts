/** VLANs of switch ports: which frames a port carries, and which broadcast domain it is in. */
import type { TrunkSource } from '../file-source';
import type { Report } from '../report';
import type { ResolvedSwitchPort, TopologyPath } from '../resolved';

export type PortVlans = Pick<ResolvedSwitchPort, 'accessVlan' | 'trunk' | 'mirrorOf'>;

/** IEEE 802.1Q 9.6: 0 and 4095 are reserved. */
const LARGEST_VLAN = 4094;

/** VLANs that the trunks of one file may list in all, so that a short text can't stand for a huge network. */
const MOST_LISTED = 500_000;

/** What is left of that, by the file that is read. */
const BUDGETS = new WeakMap<Report, number>();

/** Reads `all`, a list, or `10,20-29`; VLANs in order, each once. */
export function readTrunk(
  source: TrunkSource | undefined,
  place: TopologyPath,
  report: Report,
): 'all' | readonly number[] | undefined {
  if (source === undefined || source === 'all') {
    return source;
  }
  const found = new Set<number>();
  let left = BUDGETS.get(report) ?? MOST_LISTED;
  const parts = typeof source === 'string' ? source.split(',') : source.map(String);
  for (const part of parts) {
    const [first = 0, last = first] = part.split('-').map(Number);
    if (first < 1 || last > LARGEST_VLAN || first > last) {
      report.add('out-of-range', place, ['trunk', 1, LARGEST_VLAN]);
      return [];
    }
    left -= last - first + 1;
    if (left < 0) {
      report.add('too-complex/vlans', place, [MOST_LISTED]);
      return [];
    }
    for (let vlan = first; vlan <= last; vlan++) {
      found.add(vlan);
    }
  }
  BUDGETS.set(report, left);
  return [...found].sort((one, other) => one - other);
}

/**
 * The broadcast domain of a switch's port; undefined for a trunk without a native VLAN and for a mirror port.
 * @param usual the VLAN whose domain has the name of the device itself; undefined where no VLANs are looked at
 */
export function portDomain(
  device: string,
  usual: number | undefined,
  { accessVlan, trunk, mirrorOf }: PortVlans,
): string | undefined {
  if (mirrorOf !== undefined || (trunk !== undefined && accessVlan === undefined)) {
    return undefined;
  }
  const vlan = accessVlan ?? usual;
  return usual === undefined || vlan === usual ? device : `${device}#${vlan ?? usual}`;
}

/** The device of a domain that portDomain named. */
export function deviceOfDomain(domain: string): string {
  return domain.split('#')[0] ?? domain;
}
