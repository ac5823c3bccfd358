/** A network with a device of every kind that takes packets, and machines in it that send whatever a test says. */
import type { NetworkControl } from '../../src/engine/network';
import { isIpv4 } from '../../src/net/ip-address';
import type { MacAddress } from '../../src/net/mac-address';
import type { ResolvedFirewallRule, ResolvedTopology } from '../../src/topology/resolved';
import {
  cables,
  homeRouter,
  homeScope,
  internet,
  ip,
  machine,
  natEngine,
  net,
  switchOf,
  topology,
  type InterfaceSketch,
} from '../unit/engine/topologies';
import type { Vocabulary } from './frame-builder';

const SECOND = 1_000_000_000;

/** Machines whose interface sends whatever the test says. */
export const INJECTORS = [
  'lan-attacker',
  'wan-attacker',
  'left-attacker',
  'right-attacker',
  'near-attacker',
  'nat-1',
  'nat-2',
];

/** @param ipv6 whether the inner router and its neighbours speak IPv6 too, and it filters */
export function everything(ipv6 = false): ResolvedTopology {
  const side = (network: number, host: number): Pick<InterfaceSketch, 'ipv6'> =>
    ipv6
      ? {
          ipv6: {
            addresses: [`2001:db8:${network}::${host}/64`],
            ...(host === 1 ? {} : { gateway: `2001:db8:${network}::1` }),
          },
        }
      : {};
  const firewall: ResolvedFirewallRule[] = [
    { chain: 'forward', action: 'accept', states: ['established', 'related'], source: [] },
    { chain: 'forward', action: 'reject', inInterface: 'left', protocol: 'udp', source: [] },
    { chain: 'forward', action: 'reject-with-reset', inInterface: 'left', protocol: 'tcp', source: [] },
    { chain: 'input', action: 'drop', states: ['invalid'], source: [] },
  ];
  return topology(
    [
      internet(2),
      homeRouter(homeScope(110, 600), {
        routes: [{ to: net('10.7.0.0/16'), via: ip('192.168.1.2'), metric: 0, source: [] }],
      }),
      switchOf('home', 5),
      machine('laptop', { eth0: { address: 'dhcp' } }),
      machine(
        'inner-router',
        {
          up: { address: '192.168.1.2/24', gateway: '192.168.1.1' },
          left: { address: '10.7.1.1/24', ...side(1, 1) },
          right: { address: '10.7.2.1/24', ...side(2, 1) },
        },
        { kind: 'router', forwarding: true, ...(ipv6 ? { ipv6Forwarding: true, firewall } : {}) },
      ),
      machine('near', { eth0: { address: 'dhcp' } }),
      machine('nat-1', { enp0s3: { address: 'dhcp', mac: '08:00:27:00:00:01' } }, { kind: 'vm' }),
      natEngine('nat-1', 'laptop', '7.2'),
      machine('nat-2', { enp0s3: { address: 'dhcp', mac: '08:00:27:00:00:02' } }, { kind: 'vm' }),
      { ...natEngine('nat-2', 'laptop', '7.0'), localhostReachable: true },
      machine('lan-attacker', { eth0: {} }),
      machine('wan-attacker', { eth0: {} }),
      machine('left-attacker', { eth0: side(1, 2) }),
      machine('right-attacker', { eth0: side(2, 2) }),
      machine('near-attacker', { eth0: {} }),
    ],
    cables([
      'home-router:wan -- internet:1',
      'wan-attacker:eth0 -- internet:2',
      'home-router:lan -- home:1',
      'laptop:eth0 -- home:2',
      'lan-attacker:eth0 -- home:3',
      'inner-router:up -- home:4',
      'left-attacker:eth0 -- inner-router:left',
      'right-attacker:eth0 -- inner-router:right',
      'near-attacker:eth0 -- near:eth0',
      'nat-1:enp0s3 -- nat-1:1/nat:guest',
      'nat-2:enp0s3 -- nat-2:1/nat:guest',
    ]),
  );
}

/** Addresses and ports of the network, and some that are nearly right. */
export function vocabularyOf(network: NetworkControl, ids: readonly string[]): Vocabulary {
  const interfaces = ids.flatMap(id => network.stackOf(id)?.interfaces ?? []);
  return {
    macs: [...interfaces.map(({ mac }) => mac), 0x52550a000202 as MacAddress, 0x525400123502 as MacAddress],
    addresses: [
      ...interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address)),
      ...[
        '10.0.2.2',
        '10.0.2.3',
        '10.0.2.4',
        '10.0.2.77',
        '203.0.113.10',
        '192.168.1.255',
        '10.7.1.9',
        '8.8.8.8',
      ].map(ip),
    ],
    addresses6: ids.flatMap(id =>
      network.addressesOf(id).flatMap(({ address }) => (isIpv4(address) ? [] : [address])),
    ),
    ports: [7, 53, 67, 68, 5000],
  };
}

/** Some honest traffic, so that tables have something to confuse. */
export function work(network: NetworkControl): void {
  for (const from of ['laptop', 'nat-1', 'nat-2']) {
    network.ping(from, { kind: 'name', name: 'web.example' }, { count: 2, within: SECOND }, () => undefined);
  }
  network.ping(
    'home-router',
    { kind: 'address', address: ip('10.7.1.9') },
    { count: 1, within: SECOND },
    () => undefined,
  );
}
