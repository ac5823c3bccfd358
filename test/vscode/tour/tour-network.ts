/** The networks of the tour, and what a user who wrote them down knows of each. */
import { NAT_BESIDE_TAP, busyNetwork } from '../../look/networks';
import type { TableKind } from '../../../src/simulation/protocol';

/** A row that a table of a device has when all has happened. */
export interface KnownRow {
  readonly device: string;
  readonly table: TableKind;
  readonly row: RegExp;
  /** What the packet says that made the row. */
  readonly packet?: RegExp;
}

export interface TourNetwork {
  readonly name: string;
  readonly text: string;
  /** Devices that the picture must have before anything is done. */
  readonly devices: readonly string[];
  /** Leases its address, asks for a name, fetches a page and sends a ping through NAT. */
  readonly client: string;
  /** Its address where the file or VirtualBox says it; a beginning of it where a server chooses. */
  readonly clientAddress: string;
  readonly rows: readonly KnownRow[];
}

const SIDE_BY_SIDE: TourNetwork = {
  name: 'side-by-side',
  text: NAT_BESIDE_TAP,
  devices: [
    'internet',
    'home-router',
    'home',
    'laptop',
    'nat-1',
    'nat-1:1/nat',
    'server',
    'tap-1',
    'vpn-client',
  ],
  client: 'nat-1',
  clientAddress: '10.0.2.15',
  rows: [
    {
      device: 'nat-1',
      table: 'neighbours',
      row: /10\.0\.2\.2.*(REACHABLE|STALE|DELAY)/,
      packet: /ARP/,
    },
    { device: 'nat-1', table: 'routes', row: /default\s*10\.0\.2\.2/, packet: /DHCP ACK/ },
    { device: 'nat-1', table: 'leases', row: /own\s*10\.0\.2\.15/, packet: /DHCP ACK/ },
    {
      device: 'nat-1',
      table: 'sockets',
      row: /tcp\s*TIME-WAIT\s*10\.0\.2\.15:\d+\s*203\.0\.113\.10:80/,
      packet: /TCP/,
    },
    { device: 'home-router', table: 'connections', row: /tcp.*203\.0\.113\.10:80.*SNAT/, packet: /TCP/ },
    {
      device: 'home-router',
      table: 'connections',
      row: /tcp.*:8080.*192\.168\.1\.5:80.*DNAT/,
      packet: /TCP/,
    },
    {
      device: 'home-router',
      table: 'leases',
      row: /given\s*192\.168\.1\.1\d\d.*laptop/,
      packet: /DHCP Request/,
    },
    {
      device: 'home-router',
      table: 'names',
      row: /web\.example\s*A\s*203\.0\.113\.10/,
      packet: /DNS.*203\.0\.113\.10/,
    },
    { device: 'home', table: 'stations', row: /08:00:27:.*3\s*$/, packet: /DHCP Discover/ },
    { device: 'server', table: 'stations', row: /08:00:27:.*tap0/, packet: /DHCP Discover/ },
    { device: 'server', table: 'sockets', row: /tcp\s*LISTEN\s*\*:80/ },
  ],
};

const LARGE: TourNetwork = {
  name: 'large',
  text: busyNetwork(200),
  devices: ['internet', 'edge', 'core', 'floor-1', 'pc-1-1', 'floor-12', 'pc-12-1'],
  client: 'pc-1-1',
  clientAddress: '10.0.200.',
  rows: [
    {
      device: 'pc-1-1',
      table: 'neighbours',
      row: /10\.0\.0\.1.*(REACHABLE|STALE|DELAY)/,
      packet: /ARP/,
    },
    { device: 'pc-1-1', table: 'routes', row: /default\s*10\.0\.0\.1/, packet: /DHCP ACK/ },
    { device: 'pc-1-1', table: 'leases', row: /own\s*10\.0\.200\.\d+/, packet: /DHCP ACK/ },
    {
      device: 'pc-1-1',
      table: 'sockets',
      row: /tcp\s*TIME-WAIT\s*10\.0\.200\.\d+:\d+\s*203\.0\.113\.10:80/,
      packet: /TCP/,
    },
    { device: 'edge', table: 'connections', row: /tcp.*203\.0\.113\.10:80.*SNAT/, packet: /TCP/ },
    { device: 'edge', table: 'connections', row: /tcp.*:8080.*10\.0\.2\.2:80.*DNAT/, packet: /TCP/ },
    { device: 'edge', table: 'leases', row: /given\s*10\.0\.200\.\d+.*pc-3-1/, packet: /DHCP Request/ },
    { device: 'core', table: 'stations', row: /02:.*1\s*$/, packet: /DHCP Offer/ },
    { device: 'floor-1', table: 'stations', row: /02:.*2\s*$/, packet: /DHCP Discover/ },
    { device: 'pc-2-2', table: 'sockets', row: /tcp\s*LISTEN\s*\*:80/ },
  ],
};

export const TOUR_NETWORKS: readonly TourNetwork[] = [SIDE_BY_SIDE, LARGE];
