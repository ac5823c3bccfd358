/** What Linux interfaces, containers, switches and hubs become. */
import { describe, expect, it } from 'vitest';
import { formatIp } from '../../../src/net/ip-address';
import { formatMac } from '../../../src/net/mac-address';
import { deviceOf, machineOf, networkOf, problemsOf } from './reading';

const cablesOf = (text: string): string[] =>
  networkOf(text).cables.map(cable => cable.ends.map(end => `${end.device}:${end.port}`).join(' = '));

describe('a bridge', () => {
  const text = `vnet: 1
networks: {n: {subnet: 10.0.0.0/24, gateway: 10.0.0.1}}
nodes:
  h:
    kind: host
    interfaces:
      br0: {type: bridge, members: [eth0, tap0], address: auto, stp: true, ageing: 60s}
      eth0: {network: n, mac: '02:00:00:00:00:05', mtu: 1400}
      tap0: {type: tap, mac: '02:00:00:00:00:04'}
  v: {kind: vm, on: h, adapters: {1: {attach: tap, address: auto}}}
`;
  const topology = networkOf(text);
  const { interfaces, ports } = machineOf(topology, 'h');

  it('comes after its members, which have no addresses of their own', () => {
    expect(interfaces.map(one => `${one.name} ${one.bridge ?? ''} ${one.addressing.kind}`)).toEqual([
      'eth0 br0 none',
      'tap0 br0 none',
      'br0  static',
    ]);
    expect(ports.map(({ name }) => name)).toEqual(['eth0', 'tap0']);
  });

  it('has the lowest address and the smallest MTU of its members, as Linux gives it', () => {
    expect(formatMac(interfaces[2]!.mac)).toBe('02:00:00:00:00:04');
    expect(interfaces[2]!.mtu).toBe(1400);
  });

  it('has its spanning tree and ageing', () => {
    expect(interfaces[2]!.link).toEqual({
      kind: 'bridge',
      ageingSeconds: 60,
      spanningTree: {
        protocol: 'stp',
        priority: 32_768,
        helloSeconds: 2,
        maximumAgeSeconds: 20,
        forwardDelaySeconds: 15,
      },
    });
  });

  it('makes one segment of its members: the plan of the network reaches the VM behind the TAP device', () => {
    expect(interfaces[2]!.addressing).toMatchObject({
      addresses: [{ address: 0x0a000002 }],
      gateway: 0x0a000001,
    });
    expect(machineOf(topology, 'v').interfaces[0]!.addressing).toMatchObject({
      addresses: [{ address: 0x0a000003 }],
      gateway: 0x0a000001,
    });
    expect(
      problemsOf(
        text
          .replace('address: auto, stp', 'address: 10.0.0.9/24, stp')
          .replace('attach: tap, address: auto', 'attach: tap, address: 10.0.0.9/24'),
      ),
    ).toContainEqual(expect.stringContaining('10.0.0.9 is already the address of `h:br0` on this segment.'));
  });

  it('asks for a lease when a network card leads out, and not when only guests are on it', () => {
    const kind = (members: string) =>
      machineOf(
        networkOf(
          `vnet: 1\nnetworks: {n: {}}\nnodes:\n  h: {kind: host, interfaces: {eth0: {network: n}, tap0: {type: tap}, br0: {type: bridge, members: [${members}]}}}\n  v: {kind: vm, on: h, adapters: {1: {attach: tap}}}\n`,
        ),
        'h',
      ).interfaces.find(({ name }) => name === 'br0')!.addressing.kind;
    expect([kind('eth0, tap0'), kind('tap0'), kind('')]).toEqual(['dhcp', 'none', 'none']);
  });

  it('may have a VM’s adapter as a member, by its slot', () => {
    const guest = networkOf(
      'vnet: 1\nnodes:\n  h: {kind: host}\n  v: {kind: vm, on: h, interfaces: {br0: {type: bridge, members: [1]}}}\n  c: {kind: container, on: v}\n',
    );
    expect(machineOf(guest, 'v').interfaces.map(one => `${one.name} ${one.bridge ?? ''}`.trim())).toEqual([
      'enp0s3 br0',
      'veth-c br0',
      'br0',
    ]);
    expect(machineOf(guest, 'c').inside).toBe('v');
  });
});

describe('a container', () => {
  it('joins the only bridge of its machine by a veth pair', () => {
    const text =
      'vnet: 1\nnodes:\n  h: {kind: host, interfaces: {br0: {type: bridge}}}\n  web: {kind: container, on: h}\n  a-very-long-name: {kind: container, on: h}\n  a-very-long-name-2: {kind: container, on: h}\n';
    expect(cablesOf(text)).toEqual([
      'web:eth0 = h:veth-web',
      'a-very-long-name:eth0 = h:veth-a-very-lon',
      'a-very-long-name-2:eth0 = h:veth-a-very-lo1',
    ]);
    expect(machineOf(networkOf(text), 'h').interfaces.map(one => one.bridge)).toEqual([
      'br0',
      'br0',
      'br0',
      undefined,
    ]);
  });

  it('may have a veth pair to its machine or to another container', () => {
    expect(
      cablesOf(
        "vnet: 1\nnodes:\n  h: {kind: host, interfaces: {v0: {type: veth, peer: 'c:eth0', address: 10.0.0.1/24}}}\n  c: {kind: container, on: h, interfaces: {eth0: {peer: 'h:v0'}, eth1: {peer: 'd:eth0'}}}\n  d: {kind: container, on: h, interfaces: {eth0: {peer: 'c:eth1'}}}\n",
      ),
    ).toEqual(['h:v0 = c:eth0', 'c:eth1 = d:eth0']);
  });
});

describe('VLAN interfaces', () => {
  it('have their parent and number by their name, by keys, or from the network', () => {
    const topology = networkOf(`vnet: 1
networks: {office: {vlan: 30, subnet: 10.0.30.0/24}}
nodes:
  h:
    kind: host
    interfaces:
      eth0: {mtu: 1400}
      eth0.10: {type: vlan}
      guests: {type: vlan, parent: eth0, id: 20}
      office0: {type: vlan, parent: eth0, network: office, address: auto}
`);
    const { interfaces } = machineOf(topology, 'h');
    expect(interfaces.slice(1).map(({ link }) => link)).toEqual([
      { kind: 'vlan', parent: 'eth0', id: 10 },
      { kind: 'vlan', parent: 'eth0', id: 20 },
      { kind: 'vlan', parent: 'eth0', id: 30 },
    ]);
    expect(interfaces[1]).toMatchObject({ mtu: 1400, mac: interfaces[0]!.mac });
    expect(interfaces[3]!.addressing).toMatchObject({ addresses: [{ address: 0x0a001e01 }] });
    // A network that is only a VLAN's address plan is no switch.
    expect(topology.devices.map(({ id }) => id)).toEqual(['h']);
  });
});

describe('VXLAN interfaces', () => {
  it('have Linux’s port, and the MTU that is left by the parent', () => {
    const topology = networkOf(`vnet: 1
nodes:
  h:
    kind: host
    interfaces:
      eth0: {address: 10.0.0.1/24}
      vxlan7: {type: vxlan, remote: [10.0.0.2, 10.0.0.3]}
      vx: {type: vxlan, id: 8, remote: 'fd00::2', local: 'fd00::1', parent: eth0, port: 4789}
`);
    const [, first, second] = machineOf(topology, 'h').interfaces;
    expect(first!.link).toMatchObject({ kind: 'vxlan', id: 7, port: 8472 });
    expect(first!.link!.kind === 'vxlan' && first!.link!.remotes.map(formatIp)).toEqual([
      '10.0.0.2',
      '10.0.0.3',
    ]);
    expect([first!.mtu, second!.mtu]).toEqual([1500, 1430]);
    expect(second!.link).toMatchObject({ id: 8, port: 4789 });
  });
});

describe('tunnels', () => {
  it('lead to an address of the peer that is near, else to a public one', () => {
    const topology = networkOf(`vnet: 1
networks: {lan: {subnet: 10.0.0.0/24}}
nodes:
  internet: {kind: internet}
  a: {kind: host, interfaces: {e: {network: lan, address: 10.0.0.1/24}, tun0: {type: tun, peer: 'b:tun0', address: 10.8.0.1/24}}}
  b:
    kind: router
    interfaces:
      loop: {type: loopback, address: 10.255.0.1/32}
      e: {network: lan, address: 10.0.0.2/24}
      wan: {network: internet, address: 198.51.100.9/24}
      tun0: {type: tun, peer: 'a:tun0', address: 10.8.0.2/24, port: 5000}
      tap0: {type: tap, peer: 'c:tap0', packet-information: true}
  c: {kind: router, interfaces: {wan: {network: internet, address: 198.51.100.10/24}, tap0: {type: tap, peer: 'b:tap0', remote: 198.51.100.99}}}
`);
    const tunnels = topology.devices.flatMap(device => (device.kind === 'tunnel' ? [device] : []));
    expect(
      tunnels.map(
        one =>
          `${one.id} in ${one.inside ?? ''}: ${one.localPort} to ${formatIp(one.remote)}:${one.remotePort} ${one.carries} ${one.packetInformation}`,
      ),
    ).toEqual([
      'a:tun0/tunnel in a: 55555 to 10.0.0.2:5000 ip false',
      'b:tun0/tunnel in b: 5000 to 10.0.0.1:55555 ip false',
      'b:tap0/tunnel in b: 55555 to 198.51.100.10:55555 ethernet true',
      'c:tap0/tunnel in c: 55555 to 198.51.100.99:55555 ethernet false',
    ]);
    expect(machineOf(topology, 'a').ports[1]).toEqual({
      name: 'tun0',
      carries: 'ip',
      source: ['nodes', 'a', 'interfaces', 'tun0'],
    });
  });
});

describe('loopback and dummy interfaces', () => {
  it('have no port', () => {
    const { interfaces, ports } = machineOf(
      networkOf(
        'vnet: 1\nnodes: {r: {kind: router, rp-filter: strict, search: lan, interfaces: {lo0: {type: loopback, address: 10.255.0.1/32}, d: {type: dummy, up: false}}}}\n',
      ),
      'r',
    );
    expect(ports).toEqual([]);
    expect(interfaces.map(({ link, mtu, mac, up }) => [link?.kind, mtu, mac === 0, up])).toEqual([
      ['loopback', 65_536, true, undefined],
      ['dummy', 1500, false, false],
    ]);
  });
});

describe('switches', () => {
  it('have access ports, trunks and mirrors', () => {
    const topology = networkOf(`vnet: 1
nodes:
  s:
    kind: switch
    stp: {protocol: rstp, priority: 4096}
    ports: {a: {vlan: 10}, b: {trunk: '10, 20-22'}, c: {trunk: all, vlan: 99}, d: {mirror: a}}
  p: {kind: host, interfaces: {e: {address: 10.0.0.1/24}}}
  q: {kind: host, interfaces: {e: {address: 10.0.0.1/24}}}
  r: {kind: host}
  t: {kind: hub}
links: [[p:e, s:a], [q:e, s:c], [r:e, s:b], [t:1, s:d]]
`);
    const { ports, vlanAware, spanningTree, mac } = deviceOf(topology, 's', 'switch');
    expect(ports.map(({ name, accessVlan, trunk, mirrorOf }) => [name, accessVlan, trunk, mirrorOf])).toEqual(
      [
        ['a', 10, undefined, undefined],
        ['c', 99, 'all', undefined],
        ['b', undefined, [10, 20, 21, 22], undefined],
        ['d', undefined, undefined, 'a'],
      ],
    );
    expect([vlanAware, spanningTree?.protocol, spanningTree?.priority]).toEqual([true, 'rstp', 4096]);
    expect(formatMac(mac!)).toMatch(/^02:/);
    expect(deviceOf(topology, 't', 'hub').ports).toHaveLength(1);
  });

  it('of networks look at tags where an interface or the network says so', () => {
    const topology = networkOf(`vnet: 1
networks: {n: {vlan: 10, subnet: 10.0.0.0/24}, plain: {}}
nodes:
  a: {kind: host, interfaces: {e: {network: n, address: auto}}}
  b: {kind: host, interfaces: {e: {network: n, trunk: [10, 20]}}}
  c: {kind: host, interfaces: {e: {network: n, vlan: 20, address: 10.0.0.1/24}, f: {network: plain}}}
`);
    const { ports, vlanAware } = deviceOf(topology, 'n', 'switch');
    expect(vlanAware).toBe(true);
    expect(ports.map(({ accessVlan, trunk }) => [accessVlan, trunk])).toEqual([
      [10, undefined],
      [undefined, [10, 20]],
      [20, undefined],
    ]);
    expect(deviceOf(topology, 'plain', 'switch')).not.toHaveProperty('vlanAware');
  });
});

describe('an interface with groups', () => {
  it('has each of them once', () => {
    const text = `vnet: 1
nodes:
  h: {kind: host, interfaces: {eth0: {address: 10.0.0.1/24, groups: [239.1.2.3, 239.1.2.4, 239.1.2.3]}}}
`;
    const [eth0] = machineOf(networkOf(text), 'h').interfaces;
    expect(eth0!.groups!.map(formatIp)).toEqual(['239.1.2.3', '239.1.2.4']);
  });
});
