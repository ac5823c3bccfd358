import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatIp } from '../../../src/net/ip-address';
import { formatIpv4 } from '../../../src/net/ipv4-address';
import { formatInterfaceAddress, formatPrefix, type Ipv4Prefix } from '../../../src/net/ipv4-prefix';
import { formatMac } from '../../../src/net/mac-address';
import type { ResolvedInterface } from '../../../src/topology/resolved';
import { readTopology } from '../../../src/topology/topology-file';
import { deviceOf, machineOf, networkOf, problemsOf } from './reading';

const ROOT = new URL('../../../', import.meta.url);
const sample = readFileSync(new URL('media/samples/virtualbox-nat.vnet.yaml', ROOT), 'utf8');

function addressing({ addressing: how }: ResolvedInterface): string {
  switch (how.kind) {
    case 'none':
    case 'dhcp':
      return how.kind;
    case 'static': {
      const addresses = how.addresses.map(formatInterfaceAddress).join(' ');
      return how.gateway === undefined ? addresses : `${addresses} via ${formatIpv4(how.gateway)}`;
    }
  }
}

describe('the sample network', () => {
  const topology = networkOf(sample);

  it('becomes one device for each box of the diagram, hosts before their VMs', () => {
    expect(topology.devices.map(({ id, kind, inside }) => `${id} ${kind} ${inside ?? ''}`.trim())).toEqual([
      'home switch',
      'internet internet',
      'home-router router',
      'laptop host',
      'nat-1 vm laptop',
      'nat-1:1/nat virtualbox-nat laptop',
      'nat-2 vm laptop',
      'nat-2:1/nat virtualbox-nat laptop',
    ]);
  });

  it('is cabled', () => {
    expect(topology.cables.map(({ id }) => id)).toEqual([
      'home-router:wan -- internet:1',
      'home-router:lan -- home:1',
      'laptop:eth0 -- home:2',
      'nat-1:enp0s3 -- nat-1:1/nat:guest',
      'nat-2:enp0s3 -- nat-2:1/nat:guest',
    ]);
    expect(topology.cables[0]).toMatchObject({
      rate: 1e9,
      delay: 5000,
      jitter: 0,
      loss: 0,
      queue: 100,
      up: true,
      source: ['nodes', 'home-router', 'interfaces', 'wan', 'network'],
    });
  });

  it('gives each adapter a NAT engine as VirtualBox 7.2 makes it', () => {
    const nat = deviceOf(topology, 'nat-1:1/nat', 'virtualbox-nat');
    expect(formatPrefix(nat.network)).toBe('10.0.2.0/24');
    expect(nat).toMatchObject({
      label: 'NAT',
      version: '7.2',
      host: 'laptop',
      vmName: 'nat-1',
      localhostReachable: false,
    });
    expect(nat.ports.map(({ name, mac }) => `${name} ${formatMac(mac!)}`)).toEqual([
      'guest 52:55:0a:00:02:02',
    ]);
  });

  it('lets the home router lease, as dnsmasq does', () => {
    const router = machineOf(topology, 'home-router');
    const [server] = router.dhcpServers;
    expect(router.dhcpServers.length).toBe(1);
    expect(server).toMatchObject({ interface: 'lan', leaseSeconds: 3600 });
    expect([server!.first, server!.last, server!.router!, ...server!.nameServers].map(formatIpv4)).toEqual([
      '192.168.1.100',
      '192.168.1.199',
      '192.168.1.1',
      '192.168.1.1',
    ]);
    expect(router).toMatchObject({ forwarding: true, dnsForwarder: true, sourceNat: { outside: 'wan' } });
    expect(router.interfaces.map(addressing)).toEqual(['dhcp', '192.168.1.1/24']);
  });

  it('has an internet with documentation addresses', () => {
    const internet = deviceOf(topology, 'internet', 'internet');
    expect(formatPrefix(internet.access)).toBe('198.51.100.0/24');
    expect([internet.gateway, internet.nameServer].map(formatIpv4)).toEqual([
      '198.51.100.1',
      '198.51.100.53',
    ]);
    expect(internet.servers.map(({ name, address }) => `${name} ${formatIpv4(address)}`)).toEqual([
      'web.example 203.0.113.10',
    ]);
  });

  it('has the scenario', () => {
    expect(topology.scenarios).toMatchObject([
      {
        name: 'the web works through NAT',
        steps: [
          { kind: 'dns', from: 'nat-1', name: 'web.example', expect: { kind: 'answer' }, within: 10e9 },
          {
            kind: 'ping',
            from: 'nat-1',
            to: { kind: 'name', name: 'web.example' },
            expect: 'reply',
            count: 1,
          },
        ],
      },
    ]);
  });

  it('has hardware addresses that depend on names alone', () => {
    const macs = (text: string) =>
      new Map(
        networkOf(text).devices.flatMap(({ id, ports }) =>
          ports.map(port => [`${id}:${port.name}`, port.mac]),
        ),
      );
    const before = macs(sample);
    const after = macs(
      sample.replace('nodes:', 'nodes:\n  zzz: { kind: host, interfaces: { eth0: { network: home } } }'),
    );
    expect(formatMac(before.get('nat-1:enp0s3')!)).toMatch(/^08:00:27:/);
    expect(formatMac(before.get('laptop:eth0')!)).toMatch(/^02:/);
    for (const [port, mac] of before) {
      expect(after.get(port), port).toBe(mac);
    }
    const given = [...after].filter(([port, mac]) => mac !== undefined && !port.endsWith(':guest'));
    expect(new Set(given.map(([, mac]) => mac)).size).toBe(given.length);
  });
});

describe('adapters', () => {
  it('are named and numbered by slot', () => {
    const slots = [1, 2, 3, 4, 5, 6, 7, 8].map(slot => `${slot}: {attach: nat}`).join(', ');
    const topology = networkOf(
      `vnet: 1\nnodes: {h: {kind: host}, v: {kind: vm, on: h, adapters: {${slots}}}}\n`,
    );
    expect(machineOf(topology, 'v').interfaces.map(({ name, slot }) => `${slot} ${name}`)).toEqual([
      '1 enp0s3',
      '2 enp0s8',
      '3 enp0s9',
      '4 enp0s10',
      '5 enp0s16',
      '6 enp0s17',
      '7 enp0s18',
      '8 enp0s19',
    ]);
    expect(formatPrefix(deviceOf(topology, 'v:8/nat', 'virtualbox-nat').network)).toBe('10.0.9.0/24');
    expect(formatMac(deviceOf(topology, 'v:2/nat', 'virtualbox-nat').ports[0]!.mac!)).toBe(
      '52:55:0a:00:03:02',
    );
  });

  it('follow the release of VirtualBox', () => {
    const topology = networkOf(
      'vnet: 1\nnodes: {h: {kind: host, virtualbox: {version: "7.0"}}, v: {kind: vm, on: h, adapters: {2: {attach: nat, localhost-reachable: true}}}}\n',
    );
    const nat = deviceOf(topology, 'v:2/nat', 'virtualbox-nat');
    expect(nat).toMatchObject({ version: '7.0', localhostReachable: true });
    expect(formatMac(nat.ports[0]!.mac!)).toBe('52:54:00:12:35:02');
  });

  it('that are not there or not attached have no cable and no lease', () => {
    const { topology } = readTopology(
      'vnet: 1\nnodes: {h: {kind: host}, v: {kind: vm, on: h, adapters: {1: {attach: none}, 2: {attach: not-attached}}}}\n',
    );
    const vm = machineOf(topology!, 'v');
    expect(vm.interfaces.map(one => `${one.name} ${addressing(one)}`)).toEqual(['enp0s8 none']);
    expect(topology!.cables).toEqual([]);
  });

  it('keep a written hardware address in both spellings', () => {
    const topology = networkOf(
      'vnet: 1\nnodes: {h: {kind: host}, v: {kind: vm, on: h, adapters: {1: {attach: nat, mac: 080027ABCDEF}, 2: {attach: nat, mac: "08:00:27:00:00:01"}}}}\n',
    );
    expect(machineOf(topology, 'v').interfaces.map(({ mac }) => formatMac(mac))).toEqual([
      '08:00:27:ab:cd:ef',
      '08:00:27:00:00:01',
    ]);
  });

  it('with the cable pulled have a cable that is down', () => {
    const topology = networkOf(
      'vnet: 1\nnodes: {h: {kind: host}, v: {kind: vm, on: h, adapters: {1: {attach: nat, cable: false}}}}\n',
    );
    expect(topology.cables[0]!.up).toBe(false);
  });
});

describe('addresses', () => {
  const interfacesOf = (networks: string, interfaces: string): string[] => {
    const topology = networkOf(
      `vnet: 1\nnetworks: ${networks}\nnodes: {p: {kind: host, interfaces: ${interfaces}}}\n`,
    );
    return machineOf(topology, 'p').interfaces.map(addressing);
  };

  it('take the next free one, around written and leased ones and the gateway', () => {
    const topology = networkOf(`
vnet: 1
networks: {n: {subnet: 10.0.0.0/29, gateway: 10.0.0.1, dhcp: {range: 10.0.0.3-10.0.0.4}}}
nodes:
  r: {kind: router, interfaces: {x: {network: n, address: 10.0.0.1/29}}}
  a: {kind: host, interfaces: {x: {network: n, address: auto}}}
  b: {kind: host, interfaces: {x: {network: n, address: 10.0.0.5/29}}}
  c: {kind: host, interfaces: {x: {network: n, address: auto}}}
`);
    expect(['a', 'b', 'c'].map(name => addressing(machineOf(topology, name).interfaces[0]!))).toEqual([
      '10.0.0.2/29 via 10.0.0.1',
      '10.0.0.5/29 via 10.0.0.1',
      '10.0.0.6/29 via 10.0.0.1',
    ]);
  });

  it('bring one default gateway for a machine', () => {
    const two = '{a: {subnet: 10.0.1.0/24, gateway: 10.0.1.1}, b: {subnet: 10.0.2.0/24, gateway: 10.0.2.1}}';
    expect(
      interfacesOf(two, '{x: {network: a, address: 10.0.1.9/24}, y: {network: b, address: 10.0.2.9/24}}'),
    ).toEqual(['10.0.1.9/24 via 10.0.1.1', '10.0.2.9/24']);
    expect(
      interfacesOf(
        two,
        '{x: {network: a, address: 10.0.1.9/24}, y: {network: b, address: 10.0.2.9/24, gateway: 10.0.2.7}}',
      ),
    ).toEqual(['10.0.1.9/24', '10.0.2.9/24 via 10.0.2.7']);
  });

  it('may be several', () => {
    expect(
      interfacesOf('{a: {subnet: 10.0.1.0/24}}', '{x: {network: a, address: [10.0.1.9/24, 172.16.0.1/16]}}'),
    ).toEqual(['10.0.1.9/24 172.16.0.1/16']);
  });

  it('are leased on a plugged interface and none on one that is not, or is down', () => {
    expect(
      interfacesOf(
        '{a: {}}',
        '{x: {network: a}, y: {}, z: {network: a, up: false}, w: {network: a, address: dhcp}}',
      ),
    ).toEqual(['dhcp', 'none', 'none', 'dhcp']);
  });

  it.each([
    ['10.0.0.0/24', '10.0.0.1', '10.0.0.100', '10.0.0.199'],
    ['10.0.0.0/24', '10.0.0.150', '10.0.0.100', '10.0.0.149'],
    ['10.0.0.0/25', '10.0.0.1', '10.0.0.100', '10.0.0.126'],
    ['10.0.0.0/28', '10.0.0.1', '10.0.0.8', '10.0.0.14'],
    ['10.0.0.0/28', '10.0.0.14', '10.0.0.8', '10.0.0.13'],
    ['10.0.0.0/30', '10.0.0.1', '10.0.0.2', '10.0.0.2'],
    ['10.0.0.0/8', '10.0.0.1', '10.0.0.100', '10.0.0.199'],
  ])('on %s with gateway %s are leased from %s to %s', (subnet, gateway, first, last) => {
    const topology = networkOf(
      `vnet: 1\nnetworks: {n: {subnet: ${subnet}, gateway: ${gateway}, dhcp: true}}\n` +
        `nodes: {r: {kind: router, interfaces: {x: {network: n, address: ${gateway}/${subnet.split('/')[1]!}}}}}\n`,
    );
    const [server] = machineOf(topology, 'r').dhcpServers;
    expect([formatIpv4(server!.first), formatIpv4(server!.last)]).toEqual([first, last]);
  });

  it('are leased by a named server, with its options', () => {
    const topology = networkOf(`
vnet: 1
networks: {n: {subnet: 10.0.0.0/24, dhcp: {server: s, range: 10.0.0.10 - 10.0.0.20, lease: 12h, domain: lan}, dns: 10.0.0.3}}
nodes: {s: {kind: host, interfaces: {x: {network: n, address: auto}}}}
`);
    const server = machineOf(topology, 's');
    expect(server.dnsForwarder).toBe(false);
    expect(server.dhcpServers).toMatchObject([{ interface: 'x', leaseSeconds: 43_200, domain: 'lan' }]);
    expect(server.dhcpServers[0]).not.toHaveProperty('router');
    expect(server.dhcpServers[0]!.nameServers.map(formatIpv4)).toEqual(['10.0.0.3']);
  });
});

describe('links', () => {
  it('make the ports and interfaces they name', () => {
    const topology = networkOf(`
vnet: 1
nodes: {a: {kind: host}, b: {kind: host, interfaces: {x: {address: 10.0.0.2/24}}}, s: {kind: switch}}
links:
  - [a:eth0, s:uplink]
  - {between: [s:7, b:x], rate: 10 Mbit, delay: 1.5ms, jitter: 10us, loss: 0.5%, queue: 7, up: false}
`);
    expect(deviceOf(topology, 's', 'switch').ports.map(({ name }) => name)).toEqual(['uplink', '7']);
    expect(machineOf(topology, 'a').interfaces.map(one => `${one.name} ${addressing(one)}`)).toEqual([
      'eth0 dhcp',
    ]);
    expect(topology.cables[1]).toEqual({
      id: 's:7 -- b:x',
      ends: [
        { device: 's', port: '7' },
        { device: 'b', port: 'x' },
      ],
      rate: 10e6,
      delay: 1.5e6,
      jitter: 10_000,
      loss: 0.005,
      queue: 7,
      up: false,
      source: ['links', 1],
    });
  });

  it('find one address twice across switches, but not across a router', () => {
    const nodes = (middle: string) => `
vnet: 1
nodes:
  a: {kind: host, interfaces: {x: {address: 10.0.0.2/24}}}
  b: {kind: host, interfaces: {x: {address: 10.0.0.2/24}}}
  s: {kind: ${middle}}
  t: {kind: switch}
links: [[a:x, s:1], [s:2, t:1], [t:2, b:x]]
`;
    expect(problemsOf(nodes('switch'))).toHaveLength(1);
    expect(problemsOf(nodes('router'))).toEqual([]);
  });
});

describe('machines', () => {
  it('have routes, resolvers and NAT', () => {
    const topology = networkOf(`
vnet: 1
networks: {n: {subnet: 10.0.0.0/24, dns: [10.0.0.53]}}
nodes:
  r:
    kind: host
    forwarding: true
    dns: 9.9.9.9
    interfaces: {x: {network: n, address: 10.0.0.1/24}, y: {}}
    nat: {outside: y}
    routes: [{to: default, via: 10.0.0.9, metric: 5}, {to: 10.7.0.0/16, dev: y}]
  p: {kind: host, interfaces: {x: {network: n, address: 10.0.0.2/24}}}
`);
    const { forwarding, nameServers, sourceNat, routes } = machineOf(topology, 'r');
    expect({ forwarding, sourceNat, nameServers: nameServers.map(formatIpv4) }).toMatchObject({
      forwarding: true,
      sourceNat: { outside: 'y' },
      nameServers: ['9.9.9.9'],
    });
    expect(
      routes.map(({ to, via, interface: dev, metric }) => [
        formatPrefix(to as Ipv4Prefix),
        via === undefined ? undefined : formatIp(via),
        dev,
        metric,
      ]),
    ).toEqual([
      ['0.0.0.0/0', '10.0.0.9', undefined, 5],
      ['10.7.0.0/16', undefined, 'y', 0],
    ]);
    expect(machineOf(topology, 'p').nameServers.map(formatIpv4)).toEqual(['10.0.0.53']);
  });
});

describe('scenarios', () => {
  it('know targets in every spelling', () => {
    const targets = ['v', '"v:1"', '"v:enp0s3"', '10.0.2.2', 'Web.Example'];
    const topology = networkOf(
      'vnet: 1\nnodes: {h: {kind: host}, v: {kind: vm, on: h}, internet: {kind: internet, servers: {web.example: }}}\nscenarios:\n  s:\n' +
        targets.map(to => `    - ping: {from: h, to: ${to}, expect: no-reply, within: 2s}\n`).join(''),
    );
    expect(topology.scenarios[0]!.steps.map(step => (step.kind === 'ping' ? step.to : step.kind))).toEqual([
      { kind: 'device', device: 'v' },
      { kind: 'device', device: 'v', interface: 'enp0s3' },
      { kind: 'device', device: 'v', interface: 'enp0s3' },
      { kind: 'address', address: 0x0a000202 },
      { kind: 'name', name: 'web.example' },
    ]);
  });
});

describe('the whole language', () => {
  const seed = new URL('../shared/design/topology-language.md', ROOT);

  it.skipIf(!existsSync(seed))('resolves the complete network of its design', () => {
    const block = [...readFileSync(seed, 'utf8').matchAll(/```yaml\n([^]*?)```/g)].at(-1)?.[1] ?? '';
    const { topology, diagnostics } = readTopology(block);
    expect(diagnostics).toEqual([]);
    expect(topology!.devices.length).toBe(23);
  });

  if (!existsSync(seed)) {
    console.log('The design of the topology language is not here: its complete network is not tried.');
  }

  it('has the same meaning as JSON', () => {
    const asJson = JSON.stringify({
      vnet: 1,
      nodes: {
        pc1: { kind: 'host', interfaces: { eth0: { address: '10.0.0.1/24' } } },
        sw1: { kind: 'switch' },
      },
      links: [['pc1:eth0', 'sw1:1']],
    });
    expect(networkOf(asJson)).toEqual(
      networkOf(
        'vnet: 1\nnodes:\n  pc1: {kind: host, interfaces: {eth0: {address: 10.0.0.1/24}}}\n  sw1: {kind: switch}\nlinks:\n- [pc1:eth0, sw1:1]\n',
      ),
    );
  });

  it('takes names as they come', () => {
    const topology = networkOf(
      'vnet: 1\nnetworks: {constructor: {subnet: 10.0.0.0/24}}\nnodes: {__proto__: {kind: host, interfaces: {toString: {network: constructor, address: auto}}}, 2: {kind: host}, 1: {kind: host}, 路由器: {kind: router}}\n',
    );
    expect(topology.devices.map(({ id }) => id)).toEqual(['constructor', '__proto__', '2', '1', '路由器']);
  });

  it('reads an alias as what it names', () => {
    const topology = networkOf(
      'vnet: 1\nnetworks: {n: {subnet: 10.0.0.0/24}}\nnodes:\n  a: &pc {kind: host, interfaces: {e: {network: n, address: auto}}}\n  b: *pc\n',
    );
    expect(topology.cables.map(({ id }) => id)).toEqual(['a:e -- n:1', 'b:e -- n:2']);
  });

  it('resolves to plain data', () => {
    const topology = networkOf(sample);
    expect(structuredClone(topology)).toEqual(topology);
  });
});
