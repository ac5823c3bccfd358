/** What the modes of VirtualBox become: defaults as its sources have them. */
import { describe, expect, it } from 'vitest';
import { formatIp } from '../../../src/net/ip-address';
import { formatIpv4 } from '../../../src/net/ipv4-address';
import { formatPrefix } from '../../../src/net/ipv4-prefix';
import { formatIpv6Prefix } from '../../../src/net/ipv6-prefix';
import { formatMac } from '../../../src/net/mac-address';
import type { ResolvedPortForward } from '../../../src/topology/resolved';
import { readTopology } from '../../../src/topology/topology-file';
import { deviceOf, machineOf, networkOf, problemsOf } from './reading';

const lab = (vms: string, host = ''): string => `vnet: 1\nnodes:\n  h: {kind: host${host}}\n${vms}`;

const vm = (name: string, adapters: string): string =>
  `  ${name}: {kind: vm, on: h, adapters: {${adapters}}}\n`;

const ends = (text: string): string[] =>
  networkOf(text).cables.map(cable => cable.ends.map(end => `${end.device}:${end.port}`).join(' = '));

function forwardText({
  name,
  protocol,
  outsideAddress,
  outsidePort,
  insideAddress,
  insidePort,
}: ResolvedPortForward): string {
  const address = (one: ResolvedPortForward['outsideAddress']): string =>
    one === undefined ? '*' : formatIp(one);
  return `${name} ${protocol} ${address(outsideAddress)}:${outsidePort} -> ${address(insideAddress)}:${insidePort}`;
}

describe('NAT', () => {
  it('reads port forwards as people and as VirtualBox write them', () => {
    const rules = ['tcp 127.0.0.1:2222 -> 22', 'ssh,tcp,127.0.0.1,2223,,22', ',udp,,5353,10.0.2.15,5353'];
    const text = lab(vm('v', `1: {attach: nat, forwards: ${JSON.stringify(rules)}}`));
    expect(deviceOf(networkOf(text), 'v:1/nat', 'virtualbox-nat').forwards!.map(forwardText)).toEqual([
      'tcp_2222_22 tcp 127.0.0.1:2222 -> *:22',
      'ssh tcp 127.0.0.1:2223 -> *:22',
      'udp_5353_5353 udp *:5353 -> 10.0.2.15:5353',
    ]);
  });

  it('reaches the host’s loopback as each release does', () => {
    const reachable = (version: string) =>
      deviceOf(
        networkOf(lab(vm('v', '1: {attach: nat}'), `, virtualbox: {version: "${version}"}`)),
        'v:1/nat',
        'virtualbox-nat',
      ).localhostReachable;
    expect(['6.1', '7.0', '7.1', '7.2'].map(reachable)).toEqual([true, false, false, false]);
  });

  it('keeps the DNS settings that the release has', () => {
    const text = lab(
      vm('v', '1: {attach: nat, dns-proxy: true, bind-ip: 192.168.1.5}'),
      ', virtualbox: {version: "7.0"}',
    );
    const nat = deviceOf(networkOf(text), 'v:1/nat', 'virtualbox-nat');
    expect(nat).toMatchObject({ version: '7.0', dnsProxy: true, bindAddress: 0xc0a80105 });
    expect(nat).not.toHaveProperty('dnsHostResolver');
  });

  it('has IPv6 from 7.1 on, and only where the file speaks of IPv6', () => {
    const prefix = (version: string, more: string) => {
      const text = lab(vm('v', '2: {attach: nat}') + more, `, virtualbox: {version: "${version}"}`);
      const { ipv6 } = deviceOf(networkOf(text), 'v:2/nat', 'virtualbox-nat');
      return ipv6 && formatIpv6Prefix(ipv6);
    };
    const speaks = "  p: {kind: host, interfaces: {e: {address: 'fd00::1/64'}}}\n";
    expect(prefix('7.2', speaks)).toBe('fd17:625c:f037:3::/64');
    expect(prefix('7.0', speaks)).toBeUndefined();
    expect(prefix('7.2', '')).toBeUndefined();
  });
});

describe('a NAT network', () => {
  const text = lab(vm('a', '1: {attach: nat-network}') + vm('b', '1: {attach: nat-network}'));
  const topology = networkOf(text);

  it('is a switch with the NAT at .1 and the DHCP server at .3, which leases from .4 on', () => {
    const nat = deviceOf(topology, 'h/NatNetwork/nat', 'virtualbox-nat-network');
    expect(formatPrefix(nat.network)).toBe('10.0.2.0/24');
    expect([nat.gateway, nat.loopback].map(formatIpv4)).toEqual(['10.0.2.1', '10.0.2.2']);
    const dhcp = deviceOf(topology, 'h/NatNetwork/dhcp', 'virtualbox-dhcp');
    expect([dhcp.server, dhcp.first, dhcp.last, dhcp.router!].map(formatIpv4)).toEqual([
      '10.0.2.3',
      '10.0.2.4',
      '10.0.2.254',
      '10.0.2.1',
    ]);
    expect(dhcp.nameServersOf).toBe('h');
    expect(formatMac(dhcp.mac)).toMatch(/^08:00:27:/);
  });

  it('knows every station by its configured address', () => {
    const { ports, network, role } = deviceOf(topology, 'h/NatNetwork', 'virtualbox-switch');
    expect([network, role]).toEqual(['NatNetwork', 'nat-network']);
    const a = machineOf(topology, 'a').interfaces[0]!.mac;
    expect(ports.map(port => `${port.name} ${port.role}`)).toEqual([
      '1 adapter',
      '2 adapter',
      'nat service',
      'dhcp service',
    ]);
    expect(ports[0]!.stationMac).toBe(a);
    expect(ports[3]!.stationMac).toBe(deviceOf(topology, 'h/NatNetwork/dhcp', 'virtualbox-dhcp').mac);
  });

  it.each([
    ['7.1', '52:54:00:12:35:00'],
    ['7.2', '52:55:0a:00:02:01'],
  ])('of release %s has the gateway address %s', (version, mac) => {
    const { devices } = networkOf(
      lab(vm('a', '1: {attach: nat-network}'), `, virtualbox: {version: "${version}"}`),
    );
    const nat = devices.find(({ kind }) => kind === 'virtualbox-nat-network')!;
    expect(formatMac(nat.ports[0]!.mac!)).toBe(mac);
  });

  it('may be several, with forwards, IPv6 and no DHCP', () => {
    const host =
      ', virtualbox: {nat-networks: {red: {subnet: 10.7.0.0/24, dhcp: false, ipv6: true, ipv6-default-route: true, ' +
      "forwards: ['ssh:tcp:[]:2022:[10.7.0.4]:22']}}}";
    const adapters = '1: {attach: nat-network, network: red, address: auto}, 2: {attach: nat-network}';
    const several = networkOf(lab(vm('a', adapters), host));
    const red = deviceOf(several, 'h/red/nat', 'virtualbox-nat-network');
    expect(red.forwards.map(forwardText)).toEqual(['ssh tcp *:2022 -> 10.7.0.4:22']);
    expect(formatIpv6Prefix(red.ipv6!.prefix)).toBe('fd17:625c:f037:700::/64');
    expect(red.ipv6!.defaultRoute).toBe(true);
    expect(several.devices.some(({ id }) => id === 'h/red/dhcp')).toBe(false);
    expect(several.devices.some(({ id }) => id === 'h/NatNetwork/dhcp')).toBe(true);
    const [first] = machineOf(several, 'a').interfaces;
    expect(first!.addressing).toMatchObject({ addresses: [{ address: 0x0a070003 }], gateway: 0x0a070001 });
  });
});

describe('a host-only network', () => {
  it('gives the host vboxnet0 with its own address, and leases from .101 on', () => {
    const topology = networkOf(lab(vm('v', '1: {attach: host-only}')));
    const [vboxnet0] = machineOf(topology, 'h').interfaces;
    expect(vboxnet0).toMatchObject({
      name: 'vboxnet0',
      addressing: { kind: 'static', addresses: [{ address: 0xc0a83801, prefixLength: 24 }] },
    });
    expect(formatMac(vboxnet0!.mac)).toBe('0a:00:27:00:00:00');
    const dhcp = deviceOf(topology, 'h/HostInterfaceNetworking-vboxnet0/dhcp', 'virtualbox-dhcp');
    expect([dhcp.server, dhcp.first, dhcp.last].map(formatIpv4)).toEqual([
      '192.168.56.100',
      '192.168.56.101',
      '192.168.56.254',
    ]);
    expect(dhcp).not.toHaveProperty('router');
    expect(dhcp).not.toHaveProperty('nameServersOf');
  });

  it('has no DHCP server on vboxnet1 unless one is added', () => {
    const ids = (host: string) =>
      networkOf(lab(vm('v', '1: {attach: host-only, network: vboxnet1}'), host)).devices.map(({ id }) => id);
    expect(ids('')).toEqual(['h', 'h/HostInterfaceNetworking-vboxnet1', 'v']);
    expect(ids(', virtualbox: {host-only: {vboxnet1: {dhcp: true}}}')).toContain(
      'h/HostInterfaceNetworking-vboxnet1/dhcp',
    );
    const topology = networkOf(lab(vm('v', '1: {attach: host-only, network: vboxnet1}')));
    expect(machineOf(topology, 'h').interfaces[0]!.addressing).toMatchObject({
      addresses: [{ address: 0xc0a83901 }],
    });
  });

  it('may be elsewhere when the ranges are widened', () => {
    const host =
      ', virtualbox: {host-only: {vboxnet0: {address: 10.0.0.1/24}}, host-only-ranges: 10.0.0.0/8}';
    expect(problemsOf(lab(vm('v', '1: {attach: host-only}'), host))).toEqual([]);
  });

  it('fixes leases by the names of VMs', () => {
    const host = ', virtualbox: {host-only: {vboxnet0: {dhcp: {reservations: {v: 192.168.56.50}}}}}';
    const topology = networkOf(lab(vm('v', '1: {attach: host-only}'), host));
    const dhcp = deviceOf(topology, 'h/HostInterfaceNetworking-vboxnet0/dhcp', 'virtualbox-dhcp');
    const mac = machineOf(topology, 'v').interfaces[0]!.mac;
    expect(dhcp.reservations).toEqual([{ mac, address: 0xc0a83832 }]);
  });
});

describe('bridged', () => {
  const text = (eth0: string) =>
    `vnet: 1\nnetworks: {home: {subnet: 192.168.1.0/24}}\nnodes:\n  h: {kind: host, interfaces: {eth0: {network: home${eth0}}}}\n` +
    vm('v', '1: {attach: bridged, address: auto, promiscuous: allow-all}');

  it('puts a filter between the network card and its cable, which keeps its name', () => {
    const { cables } = networkOf(text(''));
    expect(ends(text(''))).toEqual([
      'h/HostInterfaceNetworking-eth0:wire = home:1',
      'h:eth0 = h/HostInterfaceNetworking-eth0:host',
      'v:enp0s3 = h/HostInterfaceNetworking-eth0:1',
    ]);
    expect(cables[0]!.id).toBe('h:eth0 -- home:1');
  });

  it('puts the VM on the network of the card', () => {
    const topology = networkOf(text(''));
    expect(machineOf(topology, 'v').interfaces[0]!.addressing).toMatchObject({
      addresses: [{ address: 0xc0a80101, prefixLength: 24 }],
    });
    const filter = deviceOf(topology, 'h/HostInterfaceNetworking-eth0', 'virtualbox-switch');
    expect(filter).not.toHaveProperty('sharedMacOnWire');
    expect(filter.ports.map(({ role, promiscuous }) => `${role} ${promiscuous}`)).toEqual([
      'host allow-all',
      'wire allow-all',
      'adapter allow-all',
    ]);
    expect(filter.ports[1]).not.toHaveProperty('stationMac');
  });

  it('shares one hardware address on Wi-Fi', () => {
    const filter = deviceOf(
      networkOf(text(', wifi: true')),
      'h/HostInterfaceNetworking-eth0',
      'virtualbox-switch',
    );
    expect(filter.sharedMacOnWire).toBe(true);
  });

  it('pulls the outer cable when a scenario says so', () => {
    const topology = networkOf(
      `${text('')}scenarios: {s: [{set: {link: 'h:eth0', up: false}}, {set: {link: ['h:eth0', 'home:1'], loss: 5%}}]}\n`,
    );
    expect(topology.scenarios[0]!.steps.map(step => (step.kind === 'set' ? step.what : step))).toEqual([
      { kind: 'cable', cable: 'h:eth0 -- home:1', up: false },
      { kind: 'cable', cable: 'h:eth0 -- home:1', loss: 0.05 },
    ]);
  });
});

describe('other attachments', () => {
  it('internal networks are of one host', () => {
    const text = `vnet: 1\nnodes:\n  h: {kind: host}\n  i: {kind: host}\n${vm('a', '1: {attach: internal}')}${vm('b', '1: {attach: internal}').replace('on: h', 'on: i')}`;
    expect(ends(text)).toEqual(['a:enp0s3 = h/intnet:1', 'b:enp0s3 = i/intnet:1']);
  });

  it('an internal network has the DHCP server that was added', () => {
    const host =
      ', virtualbox: {internal: {lab: {dhcp: {server: 10.9.0.2/24, range: 10.9.0.10-10.9.0.20, router: 10.9.0.1}}}}';
    const dhcp = deviceOf(
      networkOf(lab(vm('v', '1: {attach: internal, network: lab}'), host)),
      'h/lab/dhcp',
      'virtualbox-dhcp',
    );
    expect([dhcp.server, dhcp.first, dhcp.last, dhcp.router!].map(formatIpv4)).toEqual([
      '10.9.0.2',
      '10.9.0.10',
      '10.9.0.20',
      '10.9.0.1',
    ]);
  });

  it('a UDP tunnel has VirtualBox’s ports', () => {
    const text = lab(
      vm(
        'v',
        '1: {attach: generic, driver: UDPTunnel}, 2: {attach: generic, properties: {sport: "10001", dport: 10002, dest: 10.0.0.9}}',
      ),
    );
    const tunnels = networkOf(text).devices.flatMap(device => (device.kind === 'tunnel' ? [device] : []));
    expect(
      tunnels.map(
        one => `${one.id} ${one.localPort} ${formatIp(one.remote)}:${one.remotePort} ${one.carries}`,
      ),
    ).toEqual(['v:1/tunnel 4444 127.0.0.1:4445 ethernet', 'v:2/tunnel 10001 10.0.0.9:10002 ethernet']);
  });

  it('a TAP device of the host has the VM at its other end', () => {
    const text = lab(vm('v', '1: {attach: tap}'), ', interfaces: {tap0: {type: tap}}');
    expect(ends(text)).toEqual(['v:enp0s3 = h:tap0']);
    expect(machineOf(networkOf(text), 'h').interfaces[0]).toMatchObject({
      link: { kind: 'tap' },
      addressing: { kind: 'none' },
    });
  });

  it('finds the device of every part in the text', () => {
    const text = lab(
      vm('v', '1: {attach: generic}, 2: {attach: internal, network: lab}'),
      ', virtualbox: {internal: {lab: }, host-only: {vboxnet0: }}',
    );
    const file = readTopology(text);
    expect(['generic', 'lab: }', 'vboxnet0'].map(word => file.deviceAt(text.indexOf(word)))).toEqual([
      'v:1/tunnel',
      'h/lab',
      'h/HostInterfaceNetworking-vboxnet0',
    ]);
  });
});
