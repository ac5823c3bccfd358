/** Ports of a machine that something listens on: two can't have the same one, as bind(2) would say. */
import { formatIp, type IpAddress } from '../../net/ip-address';
import type { Place } from '../report';
import type { TopologyPath } from '../resolved';
import type { Draft } from './draft';

/** IANA's service names domain and bootps. */
const DNS_PORT = 53;
const DHCP_SERVER_PORT = 67;

interface Listener {
  readonly address: IpAddress | undefined;
  readonly place: Place;
}

/** One for each topology that is read. */
const LISTENERS = new WeakMap<Draft, Map<string, Listener[]>>();

/** Servers that a machine runs without a service of that name. */
export interface OwnServers {
  /** Where its DHCP server or relay is written. */
  readonly dhcp: TopologyPath | undefined;
  /** What makes it forward names. */
  readonly dnsForwarder: TopologyPath | undefined;
  /** Its VXLAN interfaces; those with one port share the kernel's socket. */
  readonly vxlans: readonly { readonly port: number; readonly path: TopologyPath }[];
}

/** Takes their ports. */
export function claimOwnPorts(
  draft: Draft,
  machine: string,
  { dhcp, dnsForwarder, vxlans }: OwnServers,
): void {
  if (dhcp !== undefined) {
    claimPort(draft, machine, 'udp', undefined, DHCP_SERVER_PORT, { key: dhcp });
  }
  if (dnsForwarder !== undefined) {
    claimPort(draft, machine, 'udp', undefined, DNS_PORT, { key: dnsForwarder });
    claimPort(draft, machine, 'tcp', undefined, DNS_PORT, { key: dnsForwarder });
  }
  const firstOfPort = vxlans.filter(
    ({ port }, index) => vxlans.findIndex(one => one.port === port) === index,
  );
  for (const { port, path } of firstOfPort) {
    claimPort(draft, machine, 'udp', undefined, port, { key: path });
  }
}

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
