import { describe, expect, it } from 'vitest';
import { formatIpv4 } from '../../../../../src/net/ipv4-address';
import type { Stack } from '../../../../../src/engine/stack/stack';
import { SECOND } from '../../station';
import { ip } from '../../topologies';
import { addressOf, DIRECTIONS, labOf, MODES, probe, reachability, type Mode } from './reachability';

/**
 * The manual's table ("Overview of Networking Modes"), column by column of DIRECTIONS. Nobody reaches a machine behind the home router
 * from the internet, bridged VMs as little as the printer.
 */
const TABLE: Record<Mode, string> = {
  nat: '+ - - + - + -',
  'nat-network': '+ - + + - + -',
  bridged: '+ + + + + + -',
  'host-only': '+ + + - - - -',
  internal: '- - + - - - -',
};

describe.each(['6.1', '7.0', '7.1', '7.2'] as const)('VirtualBox %s', version => {
  it.each(MODES)('%s reaches whom the manual says', mode => {
    const { reach } = reachability(mode, version);
    expect(DIRECTIONS.map(direction => reach[direction]).join(' ')).toBe(TABLE[mode]);
  });

  it.each([
    ['NAT adapter', '{ attach: nat }'],
    ['NAT network', '{ attach: nat-network }'],
    ['bridged adapter', '{ attach: bridged, to: eth0 }'],
  ])('an internal network reaches out through a VM with a %s', (_name, adapter) => {
    const inside = '{ attach: internal, network: intnet, address: 10.10.0.2/24, gateway: 10.10.0.1 }';
    const network = labOf(
      [inside],
      version,
      `  gw:
    kind: vm
    on: laptop
    adapters: { 1: ${adapter}, 2: { attach: internal, network: intnet, address: 10.10.0.1/24 } }
    forwarding: true
    nat: { outside: 1 }
`,
    );
    expect(probe(network, 'vm-1', 'internet', '203.0.113.10')).toBe('+');
    expect(probe(network, 'internet', 'vm-1', '10.10.0.2')).toBe('-');
  });

  it.each([
    ['NAT', "{ attach: nat, forwards: ['tcp 2222 -> 22'] }", ''],
    ['a NAT network', '{ attach: nat-network }', 'tcp 2222 -> 10.0.2.4:22'],
  ])('a port forward leads through %s', (_name, adapter, rule) => {
    const network = labOf(
      [adapter, adapter.replace(", forwards: ['tcp 2222 -> 22']", '')],
      version,
      '',
      rule,
    );
    const heard: string[] = [];
    network.stackOf('vm-1')!.tcp.listen({ port: 22, accept: () => ({}) });
    const connect = (from: Stack, to: string) => {
      from.tcp.connect({
        remote: { address: ip(to), port: 2222 },
        handler: { connected: () => heard.push(from.name), failed: (_socket, why) => heard.push(why) },
      });
    };
    const outside = formatIpv4(addressOf(network, 'laptop'));
    connect(network.stackOf('laptop')!, '127.0.0.1');
    connect(network.stackOf('printer')!, outside);
    network.runUntil(network.now + 5 * SECOND);
    expect(heard.sort()).toEqual(['laptop', 'printer']);
  });
});
