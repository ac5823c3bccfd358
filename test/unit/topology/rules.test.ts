/** Firewall rules, NAT, services, leases and relays. */
import { describe, expect, it } from 'vitest';
import { formatIp } from '../../../src/net/ip-address';
import { formatIpv4 } from '../../../src/net/ipv4-address';
import { formatPrefix, type Ipv4Prefix } from '../../../src/net/ipv4-prefix';
import { formatMac } from '../../../src/net/mac-address';
import { deviceOf, machineOf, networkOf } from './reading';

const router = (inner: string) =>
  machineOf(
    networkOf(
      `vnet: 1\nnodes: {r: {kind: router, interfaces: {wan: {address: 198.51.100.9/24}, lan: {address: 10.0.0.1/24}}, ${inner}}}\n`,
    ),
    'r',
  );

describe('firewall rules', () => {
  it('mean the same in one line and as a map', () => {
    const line = 'drop forward in wan proto tcp to 10.0.0.5 port 22 state new,related name no-ssh';
    const map =
      '{chain: forward, action: drop, in: wan, proto: tcp, to: 10.0.0.5, port: 22, state: [new, related], name: no-ssh}';
    const [one] = router(`firewall: ["${line}"]`).firewall!;
    const [other] = router(`firewall: [${map}]`).firewall!;
    expect(one).toEqual(other);
    expect(one).toEqual({
      name: 'no-ssh',
      chain: 'forward',
      action: 'drop',
      inInterface: 'wan',
      protocol: 'tcp',
      destinationPrefix: { network: 0x0a000005, length: 32 },
      destinationPorts: [22, 22],
      states: ['new', 'related'],
      source: ['nodes', 'r', 'firewall', 0],
    });
  });

  it('have ranges, networks and both versions', () => {
    const rules = router(
      "firewall: ['accept input from 10.0.0.0/24 proto udp source-port 1000-2000', 'reject-with-reset output out lan proto tcp', {chain: input, action: reject, from: 'fd00::/8', proto: icmpv6}]",
    ).firewall!;
    expect(formatPrefix(rules[0]!.sourcePrefix as Ipv4Prefix)).toBe('10.0.0.0/24');
    expect(rules[0]!.sourcePorts).toEqual([1000, 2000]);
    expect(rules[1]).toMatchObject({ action: 'reject-with-reset', outInterface: 'lan' });
    expect(rules[2]!.sourcePrefix).toEqual({ network: 0xfd00n << 112n, length: 8 });
  });
});

describe('NAT', () => {
  it('is Linux’s where nothing is said', () => {
    expect(
      router('nat: {outside: wan, mapping: linux, filtering: linux, port-allocation: linux}').sourceNat,
    ).toEqual({
      outside: 'wan',
      source: ['nodes', 'r', 'nat'],
    });
  });

  it('behaves as RFC 4787 names it, with ports that lead in', () => {
    const { sourceNat } = router(
      "nat: {outside: wan, mapping: endpoint-independent, filtering: address-dependent, port-allocation: sequential, hairpin: true, forwards: ['tcp 8080 -> 10.0.0.5:80', 'dns,udp,198.51.100.9,53,10.0.0.6,5353']}",
    );
    expect(sourceNat).toMatchObject({
      mapping: 'endpoint-independent',
      filtering: 'address-dependent',
      portAllocation: 'sequential',
      hairpin: true,
    });
    expect(
      sourceNat!.forwards!.map(
        one => `${one.name} ${one.outsidePort} ${formatIp(one.insideAddress!)}:${one.insidePort}`,
      ),
    ).toEqual(['tcp_8080_80 8080 10.0.0.5:80', 'dns 53 10.0.0.6:5353']);
  });
});

describe('services', () => {
  it('are known by their names, and any other name takes connections', () => {
    const { services } = router(
      'services: {http: {port: 8080, body: hello}, ssh: , echo: 7, discard: 9, quake: 27960, dns: {records: {A.example: [10.0.0.1, "fd00::1"], b.example: CNAME a.example., c.example: TXT some words}}}',
    );
    expect(services!.map(({ kind, port }) => `${kind} ${port}`)).toEqual([
      'http 8080',
      'ssh 22',
      'echo 7',
      'discard 9',
      'tcp 27960',
      'dns 53',
    ]);
    expect(services![0]).toMatchObject({ body: 'hello' });
    expect(services![1]).toMatchObject({ banner: expect.stringMatching(/^SSH-2\.0-/) as string });
    expect(services![4]).toMatchObject({ name: 'quake' });
    expect(services![5]).toMatchObject({
      records: [
        { type: 'A', name: 'a.example', address: 0x0a000001, ttl: 3600 },
        { type: 'AAAA', name: 'a.example' },
        { type: 'CNAME', name: 'b.example', value: 'a.example' },
        { type: 'TXT', name: 'c.example', value: 'some words' },
      ],
    });
  });

  it('run on the internet’s servers, whose zone has more names', () => {
    const internet = deviceOf(
      networkOf(
        'vnet: 1\nnodes: {i: {kind: internet, servers: {web.example: {services: {http: 80}}}, zone: {www.example: CNAME web.example, alias.example: 203.0.113.10}}}\n',
      ),
      'i',
      'internet',
    );
    expect(internet.servers[0]!.services).toMatchObject([{ kind: 'http', port: 80 }]);
    expect(internet.zone!.map(({ type, name }) => `${type} ${name}`)).toEqual([
      'CNAME www.example',
      'A alias.example',
    ]);
  });
});

describe('leases', () => {
  const LAN = (dhcp: string) => `vnet: 1
networks:
  n: {subnet: 10.0.0.0/24, gateway: 10.0.0.1, dhcp: ${dhcp}}
nodes:
  r: {kind: router, interfaces: {e: {network: n, address: 10.0.0.1/24}}}
  p: {kind: host, interfaces: {e: {network: n}}}
`;

  it('are reserved by a node, an interface or a hardware address', () => {
    const topology = networkOf(
      LAN("{reservations: {p: 10.0.0.50, 'r:e': 10.0.0.51, '02:00:00:00:00:77': 10.0.0.52}}"),
    );
    const [server] = machineOf(topology, 'r').dhcpServers;
    const mac = (node: string) => formatMac(machineOf(topology, node).interfaces[0]!.mac);
    expect(server!.reservations!.map(one => `${formatMac(one.mac)} ${formatIpv4(one.address)}`)).toEqual([
      `${mac('p')} 10.0.0.50`,
      `${mac('r')} 10.0.0.51`,
      '02:00:00:00:00:77 10.0.0.52',
    ]);
  });

  it('come with options in the bytes that go over the wire', () => {
    const [server] = machineOf(
      networkOf(
        LAN(
          '{options: {ntp-servers: [10.0.0.5, 10.0.0.6], interface-mtu: 1400, domain-search: [lab.example, lan], tftp-server-name: boot, 200: "0x0102ff", 201: 300, 202: 10.0.0.9}}',
        ),
      ),
      'r',
    ).dhcpServers;
    // Keys of a map that are numbers come first, as in JSON.
    const options = new Map(server!.options!.map(({ code, data }) => [code, [...data]]));
    expect(options.get(42)).toEqual([10, 0, 0, 5, 10, 0, 0, 6]);
    expect(options.get(26)).toEqual([5, 120]);
    expect(options.get(119)).toEqual([
      3,
      ...Buffer.from('lab'),
      7,
      ...Buffer.from('example'),
      0,
      3,
      ...Buffer.from('lan'),
      0,
    ]);
    expect(options.get(66)).toEqual([...Buffer.from('boot')]);
    expect(options.get(200)).toEqual([1, 2, 255]);
    expect(options.get(201)).toEqual([1, 44]);
    expect(options.get(202)).toEqual([10, 0, 0, 9]);
  });

  it('come from another network through a relay', () => {
    const topology = networkOf(`vnet: 1
networks:
  office: {subnet: 10.1.0.0/24, gateway: 10.1.0.1, dhcp: {server: central, relay: r}}
  servers: {subnet: 10.2.0.0/24, gateway: 10.2.0.1}
nodes:
  r: {kind: router, interfaces: {a: {network: office, address: 10.1.0.1/24}, b: {network: servers, address: 10.2.0.1/24}}}
  central: {kind: host, interfaces: {e: {network: servers, address: 10.2.0.5/24}}}
`);
    expect(machineOf(topology, 'r').dhcpRelays).toMatchObject([{ interface: 'a', server: 0x0a020005 }]);
    const [server] = machineOf(topology, 'central').dhcpServers;
    expect(server).toMatchObject({ interface: 'e', router: 0x0a010001 });
    expect(formatPrefix(server!.subnet)).toBe('10.1.0.0/24');
  });

  it('come from a service of a machine', () => {
    const { dhcpServers, dnsForwarder } = machineOf(
      networkOf(
        'vnet: 1\nnodes: {h: {kind: host, interfaces: {e: {address: 10.0.0.1/24}}, services: {dhcp: {range: 10.0.0.10-10.0.0.20, lease: 1h, dns: 9.9.9.9}}}}\n',
      ),
      'h',
    );
    expect(dhcpServers).toMatchObject([
      { interface: 'e', first: 0x0a00000a, last: 0x0a000014, leaseSeconds: 3600 },
    ]);
    // A host that passes nothing on is nobody's router.
    expect(dhcpServers[0]).not.toHaveProperty('router');
    expect(dnsForwarder).toBe(false);
  });
});

describe('routes that refuse', () => {
  it('need no way', () => {
    expect(
      router('routes: [{to: 10.9.0.0/16, type: blackhole}, {to: 10.8.0.0/16, type: prohibit, metric: 5}]')
        .routes,
    ).toMatchObject([
      { type: 'blackhole', metric: 0 },
      { type: 'prohibit', metric: 5 },
    ]);
  });
});
