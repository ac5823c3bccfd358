/** `brctl showstp`: what the spanning tree makes of each port. */
import type { RunningTree } from '../../engine/device/running-tree';
import type { SpanningTreeStatus } from '../../engine/stack/bridge/spanning-tree/spanning-tree';
import { formatMac } from '../../net/mac-address';
import type { RowDraft, TableDraft } from './device-table';

export function spanningTreeTable(trees: readonly RunningTree[]): TableDraft {
  return {
    kind: 'spanning-tree',
    columns: ['port', 'role', 'state', 'cost', 'bridge'],
    rows: trees.flatMap(tree => tree.status.ports.map(port => row(tree, port))),
  };
}

type PortStatus = SpanningTreeStatus['ports'][number];

function row({ bridge, ports }: RunningTree, port: PortStatus): RowDraft {
  const name = ports.get(port.number) ?? String(port.number);
  const { priority, mac } = port.designatedBridge;
  const place = bridge === '' ? name : `${bridge} ${name}`;
  return {
    key: place,
    cells: [
      place,
      port.role,
      port.state,
      String(port.pathCost),
      // As Linux writes a bridge's identifier: priority in hexadecimal, then the address.
      `${priority.toString(16).padStart(4, '0')}.${formatMac(mac).replaceAll(':', '')}`,
    ],
  };
}
