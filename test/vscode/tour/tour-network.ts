/** The networks of the tour, and what a user who wrote them down knows of each. */
import { NAT_BESIDE_TAP, busyNetwork } from '../../look/networks';
import type { Place } from '../preview-page';
import { LARGE_EDITS, SIDE_BY_SIDE_EDITS, type TourEdits } from './tour-edits';
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
  /** The interface that it has. */
  readonly clientInterface: string;
  /** Its address and the addresses beside it, as a display filter compares them. */
  readonly clientNet: string;
  /** What the hops of the reply to its ping are told by, from the internet on; the second is the router's. */
  readonly journey: readonly RegExp[];
  /** Translates for the client. */
  readonly router: string;
  /** Its inner address. */
  readonly routerAddress: string;
  /** Where one may listen to less than everything, as the choice calls it. */
  readonly listenAt: { readonly device: string; readonly port: string };
  /** The result that stands there when all has happened. */
  readonly lastOutcome: RegExp;
  /** `from` and `to` of a ping that nobody answers. */
  readonly strangers: string;
  /** What the legend of the view of domains says first. */
  readonly domain: string;
  /** Joins others without an address of its own, so the view of subnets leaves it out. */
  readonly bridge: string;
  /** Folds away what is in it or hangs on it; `address` is the one that `hidden` alone has. */
  readonly fold: { readonly device: string; readonly hidden: string; readonly address: string };
  /** Devices that are dragged to a free place, moved by keys, and left alone. */
  readonly pins: {
    readonly dragged: string;
    /** px of the screen. */
    readonly by: Place;
    readonly moved: string;
    readonly other: string;
  };
  /** The protocols of its captured pings, as tshark names them. */
  readonly capturedPings: readonly string[];
  readonly edits: TourEdits;
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
  clientInterface: 'enp0s3',
  clientNet: '== 10.0.2.15',
  journey: [
    /internet sent it: ICMP Echo \(ping\) reply/,
    /home-router routed it: hops left 64 → 63\./,
    /home passed it on unchanged\./,
    /→ 10\.0\.2\.15/,
  ],
  router: 'home-router',
  routerAddress: '192.168.1.1',
  listenAt: { device: 'nat-1: all interfaces', port: 'nat-1:enp0s3' },
  lastOutcome: /the tunnel carries a ping.*64 bytes from 10\.8\.0\.1/,
  strangers: 'tap-1, to: 10.0.2.15',
  domain: '192.168.1.0/24',
  bridge: 'home',
  fold: { device: 'laptop', hidden: 'nat-1', address: '10.0.2.15' },
  pins: { dragged: 'home-router', by: { x: 70, y: -60 }, moved: 'internet', other: 'server' },
  // A TUN device carries packets without a frame.
  capturedPings: ['eth:ethertype:ip:icmp:data', 'raw:ip:icmp:data'],
  edits: SIDE_BY_SIDE_EDITS,
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
  clientInterface: 'eth0',
  clientNet: '== 10.0.200.0/24',
  journey: [
    /internet sent it: ICMP Echo \(ping\) reply/,
    /edge routed it: hops left 64 → 63\.[^]*rewrote the destination/,
    /core passed it on unchanged\./,
    /floor-1 passed it on unchanged\./,
  ],
  router: 'edge',
  routerAddress: '10.0.0.1',
  listenAt: { device: 'pc-1-1: all interfaces', port: 'pc-1-1:eth0' },
  lastOutcome: /one floor reaches another, and the web.*64 bytes from 203\.0\.113\.10/,
  strangers: 'pc-1-1, to: 10.0.99.99',
  domain: '10.0.0.0/16',
  bridge: 'floor-1',
  fold: { device: 'floor-3', hidden: 'pc-3-3', address: '10.0.3.3' },
  pins: { dragged: 'pc-12-9', by: { x: -50, y: 70 }, moved: 'internet', other: 'edge' },
  capturedPings: ['eth:ethertype:ip:icmp:data'],
  edits: LARGE_EDITS,
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
