/** What tables and their columns are called. */
import type { TableColumn, TableKind } from '../../src/simulation/protocol';
import type { PanelString } from '../strings';

/** With the command of the real system that shows the same, where there is one: commands are no words to translate. */
export const TABLE_NAMES: Readonly<Record<TableKind, readonly [name: PanelString, command: string]>> = {
  interfaces: ['Interfaces', 'ip address'],
  neighbours: ['Neighbours (ARP, NDP)', 'ip neigh'],
  routes: ['Routes', 'ip route'],
  stations: ['Stations (MAC table)', 'bridge fdb'],
  connections: ['Connections and NAT', 'conntrack -L'],
  sockets: ['Sockets', 'ss -tuan'],
  leases: ['DHCP leases', ''],
  names: ['DNS cache', ''],
  'spanning-tree': ['Spanning tree', 'brctl showstp'],
};

export const COLUMN_NAMES: Readonly<Record<TableColumn, PanelString>> = {
  address: 'Address',
  bridge: 'Designated bridge',
  client: 'Client',
  cost: 'Cost',
  destination: 'Destination',
  expires: 'Expires in',
  flags: 'Flags',
  gateway: 'Gateway',
  groups: 'Groups',
  interface: 'Interface',
  lease: 'Lease',
  local: 'Local end',
  mac: 'Hardware address',
  metric: 'Metric',
  mtu: 'MTU',
  name: 'Name',
  original: 'As it began',
  origin: 'Made by',
  peer: 'Other end',
  port: 'Port',
  protocol: 'Protocol',
  record: 'Record',
  reply: 'Answers come',
  role: 'Role',
  server: 'Server',
  state: 'State',
  type: 'Type',
  vlan: 'VLAN',
};
