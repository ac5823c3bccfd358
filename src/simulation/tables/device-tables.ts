/** All tables of one device at the present moment of a run. */
import type { NetworkControl } from '../../engine/network';
import type { PacketStore } from '../../trace/packet-store';
import { connectionTable } from './connection-table';
import { finishTable, type DeviceTable, type TableDraft } from './device-table';
import { interfaceTable } from './interface-table';
import { leaseTable } from './lease-table';
import { nameTable } from './name-table';
import { neighbourTable } from './neighbour-table';
import { routeTable } from './route-table';
import { socketTable } from './socket-table';
import { spanningTreeTable } from './spanning-tree-table';
import { stationTable } from './station-table';

/** Records looked at for the newest that reached a device: a busy network makes as many in some milliseconds. */
const MOST_LOOKED_AT = 20_000;

/** Those that the device has by its nature, also while they are empty; none for a device that is not there. */
export function deviceTables(
  network: NetworkControl,
  store: Pick<PacketStore, 'count' | 'oldest' | 'arrival' | 'port'>,
  device: string,
): readonly DeviceTable[] {
  if (!network.ports.some(port => port.device === device) && network.stackOf(device) === undefined) {
    return [];
  }
  const newest = newestArrival(network, store, device);
  return draftsOf(network, device).map(draft => finishTable(draft, newest));
}

function draftsOf(network: NetworkControl, device: string): readonly TableDraft[] {
  const { now } = network;
  const stack = network.stackOf(device);
  const netfilter = network.netfilterOf(device);
  const trees = network.spanningTreesOf(device);
  const stations = network.stationsOf(device);
  const names = network.cachedNamesOf(device);
  return [
    ...(stack === undefined
      ? []
      : [interfaceTable(stack), neighbourTable(stack), routeTable(stack, now), socketTable(stack)]),
    ...(netfilter === undefined ? [] : [connectionTable(netfilter, now)]),
    ...(stack === undefined || stations.length > 0 ? [stationTable(stations)] : []),
    ...(trees.length === 0 ? [] : [spanningTreeTable(trees)]),
    ...(stack === undefined ? [] : [leaseTable(stack, now)]),
    ...(names.length === 0 ? [] : [nameTable(names)]),
  ];
}

/** The newest record whose frame has reached the device by now. */
function newestArrival(
  { now, ports }: NetworkControl,
  store: Pick<PacketStore, 'count' | 'oldest' | 'arrival' | 'port'>,
  device: string,
): number {
  const last = Math.max(store.oldest, store.count - MOST_LOOKED_AT);
  for (let number = store.count - 1; number >= last; number--) {
    const peer = ports[store.port(number)]?.peer ?? -1;
    if (store.arrival(number) <= now && ports[peer]?.device === device) {
      return number;
    }
  }
  return Number.POSITIVE_INFINITY;
}
