/** Ports of a machine that something listens on: two can't have the same one, as bind(2) would say. */
import { formatIp, type IpAddress } from '../../net/ip-address';
import type { Place } from '../report';
import type { Draft } from './draft';

interface Listener {
  readonly address: IpAddress | undefined;
  readonly place: Place;
}

/** One for each topology that is read. */
const LISTENERS = new WeakMap<Draft, Map<string, Listener[]>>();

/** Takes a port for a listener, or reports that it is taken. An absent address stands for all of the machine's. */
export function claimPort(
  draft: Draft,
  machine: string,
  protocol: 'tcp' | 'udp',
  address: IpAddress | undefined,
  port: number,
  place: Place,
): void {
  const all = LISTENERS.get(draft) ?? new Map<string, Listener[]>();
  LISTENERS.set(draft, all);
  const key = `${machine} ${protocol} ${port}`;
  const earlier = all.get(key) ?? [];
  const taken = earlier.find(
    one => one.address === undefined || address === undefined || one.address === address,
  );
  if (taken !== undefined) {
    const related = { id: 'first-place', place: taken.place } as const;
    const where = address === undefined ? machine : `${machine} (${formatIp(address)})`;
    draft.report.add('port-in-use', place, [`${protocol} ${port}`, where], { related });
  }
  all.set(key, [...earlier, { address, place }]);
}
