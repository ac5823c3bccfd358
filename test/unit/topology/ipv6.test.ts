/** IPv6 of a file: where it is, who has which address, who advertises. */
import { describe, expect, it } from 'vitest';
import { formatIp } from '../../../src/net/ip-address';
import { formatIpv6 } from '../../../src/net/ipv6-address';
import { formatIpv6InterfaceAddress, formatIpv6Prefix, type Ipv6Prefix } from '../../../src/net/ipv6-prefix';
import type { ResolvedInterface } from '../../../src/topology/resolved';
import { deviceOf, machineOf, networkOf } from './reading';

const HOME = `vnet: 1
networks:
  home:
    subnet: [192.168.1.0/24, '2001:db8:1::/64']
    gateway: [192.168.1.1, '2001:db8:1::1']
    dns: [192.168.1.1, '2001:db8:1::1']
    dhcp: true
nodes:
  internet: {kind: internet, servers: {web.example: , own.example: {address: '2001:db8:9::9'}}}
  router:
    kind: router
    interfaces:
      wan: {network: internet, address: [dhcp, '2001:db8:64::2/64'], gateway: '2001:db8:64::1'}
      lan: {network: home, address: [192.168.1.1/24, '2001:db8:1::1/64']}
    routes: [{to: '2001:db8:7::/48', via: 'fe80::1', dev: wan}, {to: default, via: '2001:db8:64::1'}]
  laptop: {kind: host, interfaces: {eth0: {network: home}}}
  nas: {kind: host, interfaces: {eth0: {network: home, address: [auto, '2001:db8:1::10/64']}}}
  printer: {kind: host, interfaces: {eth0: {network: home, address: none}}}
`;

function ipv6Of({ ipv6 }: ResolvedInterface): string {
  if (ipv6 === undefined) {
    return 'none';
  }
  const addresses = ipv6.addresses.map(formatIpv6InterfaceAddress);
  const gateway = ipv6.gateway === undefined ? [] : [`via ${formatIpv6(ipv6.gateway)}`];
  return [...addresses, ...gateway, ...(ipv6.autoconfiguration ? ['slaac'] : [])].join(' ');
}

describe('IPv6 on a home network', () => {
  const topology = networkOf(HOME);
  const of = (node: string) => machineOf(topology, node).interfaces.map(ipv6Of);

  it('comes by autoconfiguration to whoever says nothing', () => {
    expect(of('laptop')).toEqual(['slaac']);
    expect(machineOf(topology, 'laptop').interfaces[0]!.addressing.kind).toBe('dhcp');
  });

  it('is what is written, with the gateway of the network', () => {
    expect(of('nas')).toEqual(['2001:db8:1::10/64 via 2001:db8:1::1']);
    expect(machineOf(topology, 'nas').ipv6NameServers!.map(formatIpv6)).toEqual(['2001:db8:1::1']);
    expect(machineOf(topology, 'nas').interfaces[0]!.addressing).toMatchObject({ gateway: 0xc0a80101 });
  });

  it('is not there where the interface says `none`', () => {
    expect(of('printer')).toEqual(['none']);
  });

  it('is advertised by the router, as radvd does', () => {
    const router = machineOf(topology, 'router');
    expect(of('router')).toEqual(['2001:db8:64::2/64 via 2001:db8:64::1', '2001:db8:1::1/64']);
    expect(router.ipv6Forwarding).toBe(true);
    const [advertised, another] = router.routerAdvertisements!;
    expect(another).toBeUndefined();
    expect(advertised).toMatchObject({ interface: 'lan', lifetimeSeconds: 1800, otherConfiguration: false });
    expect(advertised!.prefixes.map(formatIpv6Prefix)).toEqual(['2001:db8:1::/64']);
    expect(advertised!.nameServers.map(formatIpv6)).toEqual(['2001:db8:1::1']);
  });

  it('has routes of its own', () => {
    expect(
      machineOf(topology, 'router').routes.map(
        ({ to, via }) => `${formatIpv6Prefix(to as Ipv6Prefix)} ${formatIp(via!)}`,
      ),
    ).toEqual(['2001:db8:7::/48 fe80::1', '::/0 2001:db8:64::1']);
  });

  it('is on the internet too, which routes the home’s prefix to its router', () => {
    const internet = deviceOf(topology, 'internet', 'internet');
    expect(formatIpv6Prefix(internet.ipv6!.access)).toBe('2001:db8:64::/64');
    expect([internet.ipv6!.gateway, internet.ipv6!.nameServer].map(formatIpv6)).toEqual([
      '2001:db8:64::1',
      '2001:db8:64::53',
    ]);
    expect(internet.ipv6!.routes!.map(({ to, via }) => `${formatIpv6Prefix(to)} ${formatIpv6(via)}`)).toEqual(
      ['2001:db8:1::/64 2001:db8:64::2'],
    );
    expect(internet.servers.map(({ ipv6 }) => formatIpv6(ipv6!))).toEqual([
      '2001:db8:113::a',
      '2001:db8:9::9',
    ]);
  });

  it('is advertised as the network says', () => {
    const advertised = (text: string) =>
      machineOf(networkOf(HOME.replace('dhcp: true', `dhcp: true\n    ${text}`)), 'router')
        .routerAdvertisements;
    expect(advertised('router-advertisements: false')).toBeUndefined();
    expect(advertised('router-advertisements: {lifetime: 0, stateless-dhcp: true}')).toMatchObject([
      { lifetimeSeconds: 0, otherConfiguration: true },
    ]);
  });
});

describe('a file without a word of IPv6', () => {
  it('has none of it anywhere', () => {
    const topology = networkOf(`vnet: 1
networks: {n: {subnet: 10.0.0.0/24, gateway: 10.0.0.1, dhcp: true}}
nodes:
  internet: {kind: internet, servers: {web.example: }}
  r: {kind: router, interfaces: {wan: {network: internet}, lan: {network: n, address: 10.0.0.1/24}}}
  v: {kind: host, interfaces: {eth0: {network: n, mac: '02:00:00:00:00:01'}}}
`);
    expect(JSON.stringify(topology)).not.toMatch(/ipv6/i);
  });
});

describe('autoconfiguration', () => {
  const addressing = (address: string, subnet = "'fd00::/64'") => {
    const [one] = machineOf(
      networkOf(
        `vnet: 1\nnetworks: {n: {subnet: ${subnet}}}\nnodes: {h: {kind: host, interfaces: {e: {network: n${address}}}}}\n`,
      ),
      'h',
    ).interfaces;
    return `${one!.addressing.kind} ${ipv6Of(one!)}`;
  };

  it.each([
    ['', "'fd00::/64'", 'none slaac'],
    [', address: slaac', "'fd00::/64'", 'none slaac'],
    [', address: auto', "'fd00::/64'", 'none slaac'],
    [', address: dhcp', "'fd00::/64'", 'dhcp slaac'],
    [", address: ['fd00::5/64', slaac]", "'fd00::/64'", 'none fd00::5/64 slaac'],
    [', address: slaac', '10.0.0.0/24', 'none slaac'],
    [', address: [dhcp, slaac]', '10.0.0.0/24', 'dhcp slaac'],
    ['', '10.0.0.0/24', 'dhcp none'],
    [", address: 'fe80::5/64'", "'fd00::/64'", 'none fe80::5/64'],
  ])('with%s on %s is %s', (address, subnet, expected) => {
    expect(addressing(address, subnet)).toBe(expected);
  });
});
