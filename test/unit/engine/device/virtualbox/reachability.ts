/** Who reaches whom in each mode of VirtualBox, found by sending packets: the table of the user manual's chapter "Virtual Networking". */
import { createNetwork, type NetworkControl } from '../../../../../src/engine/network';
import { isIpv4 } from '../../../../../src/net/ip-address';
import type { Ipv4Address } from '../../../../../src/net/ipv4-address';
import type { VirtualBoxVersion } from '../../../../../src/topology/resolved';
import { networkOf } from '../../../topology/reading';
import { SECOND } from '../../station';
import { ip } from '../../topologies';

export const MODES = ['nat', 'nat-network', 'bridged', 'host-only', 'internal'] as const;
export type Mode = (typeof MODES)[number];

export const DIRECTIONS = [
  'VM → host',
  'host → VM',
  'VM ↔ VM',
  'VM → LAN',
  'LAN → VM',
  'VM → internet',
  'internet → VM',
] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** What got through: all of ping, UDP and TCP, none of them, or some. */
export type Reach = '+' | '-' | 'some';

export interface ReachabilityRow {
  readonly mode: Mode;
  readonly version: VirtualBoxVersion;
  readonly reach: Readonly<Record<Direction, Reach>>;
}

const ADAPTERS: Record<Mode, (vm: number) => string> = {
  nat: () => '{ attach: nat }',
  'nat-network': () => '{ attach: nat-network }',
  bridged: () => '{ attach: bridged, to: eth0 }',
  'host-only': () => '{ attach: host-only }',
  internal: vm => `{ attach: internal, network: intnet, address: 10.10.0.${vm}/24 }`,
};

/**
 * VMs on a laptop at home, with a printer, and the internet.
 * @param rule a port forward of the NAT network
 */
export function labOf(
  adapters: readonly string[],
  version: VirtualBoxVersion,
  more = '',
  rule = '',
): NetworkControl {
  const networks = rule === '' ? '' : `, nat-networks: { NatNetwork: { forwards: ['${rule}'] } }`;
  const vms = adapters.map(
    (adapter, index) => `  vm-${index + 1}: { kind: vm, on: laptop, adapters: { 1: ${adapter} } }\n`,
  );
  const network = createNetwork(
    networkOf(`# Reachability
vnet: 1
networks:
  home: { subnet: 192.168.1.0/24, gateway: 192.168.1.1, dhcp: true }
nodes:
  internet: { kind: internet, servers: { web.example: { address: 203.0.113.10 } } }
  home-router:
    kind: router
    interfaces: { wan: { network: internet }, lan: { network: home, address: 192.168.1.1/24 } }
    nat: { outside: wan }
  laptop:
    kind: host
    interfaces: { eth0: { network: home, address: dhcp } }
    virtualbox: { version: '${version}'${networks} }
  printer: { kind: host, interfaces: { eth0: { network: home, address: dhcp } } }
${vms.join('')}${more}`),
    { seed: 5 },
  );
  network.boot();
  network.runUntil(40 * SECOND);
  return network;
}

/** The row of one mode. */
export function reachability(mode: Mode, version: VirtualBoxVersion): ReachabilityRow {
  const adapter = ADAPTERS[mode];
  const network = labOf([adapter(1), adapter(2)], version);
  // The host as its VMs can name it: over the network they share, or by its address at home.
  const host = mode === 'host-only' ? '192.168.56.1' : addressOf(network, 'laptop');
  const vm = addressOf(network, 'vm-1');
  const both = (one: Reach, other: Reach): Reach => (one === other ? one : 'some');
  return {
    mode,
    version,
    reach: {
      'VM → host': probe(network, 'vm-1', 'laptop', host),
      'host → VM': probe(network, 'laptop', 'vm-1', vm),
      'VM ↔ VM': both(
        probe(network, 'vm-1', 'vm-2', addressOf(network, 'vm-2')),
        probe(network, 'vm-2', 'vm-1', vm),
      ),
      'VM → LAN': probe(network, 'vm-1', 'printer', addressOf(network, 'printer')),
      'LAN → VM': probe(network, 'printer', 'vm-1', vm),
      'VM → internet': probe(network, 'vm-1', 'internet', ip('203.0.113.10')),
      'internet → VM': probe(network, 'internet', 'vm-1', vm),
    },
  };
}

/** A device's address at home or on the host's networks, or else the last that it has. */
export function addressOf(network: NetworkControl, device: string): Ipv4Address {
  const addresses = network.addressesOf(device).flatMap(({ address }) => (isIpv4(address) ? [address] : []));
  return (addresses.find(address => address >>> 16 === 0xc0a8) ?? addresses.at(-1))!;
}

let nextPort = 20_000;

/** Pings, and speaks UDP and TCP to a socket of its own at the other end; what reaches somebody else does not count. */
export function probe(
  network: NetworkControl,
  from: string,
  to: string,
  target: Ipv4Address | string,
): Reach {
  const address = typeof target === 'string' ? ip(target) : target;
  const source = network.stackOf(from)!;
  const destination = network.stackOf(to)!;
  const port = nextPort++;
  let pinged = false;
  let answered = false;
  let connected = false;
  network.ping(from, { kind: 'address', address }, { count: 1, within: 4 * SECOND }, ({ replies }) => {
    pinged = replies.some(({ result }) => result === 'reply') && !source.ip.isLocal(address);
  });
  const service = destination.udp.open(port, {
    datagram: (data, peer, peerPort, own) => {
      service?.send(data, peer, peerPort, own);
    },
  });
  const client = source.udp.open(0, {
    datagram: () => {
      answered = true;
    },
  });
  client?.send(Uint8Array.of(1), address, port);
  destination.tcp.listen({ port, accept: () => ({}) });
  source.tcp.connect({
    remote: { address, port },
    handler: {
      connected: () => {
        connected = true;
      },
    },
  });
  network.runUntil(network.now + 5 * SECOND);
  service?.close();
  client?.close();
  const through = [pinged, answered, connected];
  return through.every(Boolean) ? '+' : through.some(Boolean) ? 'some' : '-';
}
