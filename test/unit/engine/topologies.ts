/** Small resolved topologies for engine tests, written by hand so that they do not depend on the topology language. */
import { parseIpv4, type Ipv4Address } from '../../../src/net/ipv4-address';
import { parseInterfaceAddress, parsePrefix, type Ipv4Prefix } from '../../../src/net/ipv4-prefix';
import { parseIpv6, type Ipv6Address } from '../../../src/net/ipv6-address';
import { parseIpv6InterfaceAddress, parseIpv6Prefix, type Ipv6Prefix } from '../../../src/net/ipv6-prefix';
import { macFromNumber, parseMac, type MacAddress } from '../../../src/net/mac-address';
import type {
  ResolvedCable,
  ResolvedDevice,
  ResolvedDhcpServer,
  ResolvedInternet,
  ResolvedIpv6Addressing,
  ResolvedStackDevice,
  ResolvedSwitch,
  ResolvedTopology,
  ResolvedVirtualBoxNat,
  VirtualBoxVersion,
} from '../../../src/topology/resolved';

export const ip = (text: string): Ipv4Address => parseIpv4(text)!;
export const net = (text: string): Ipv4Prefix => parsePrefix(text)!;
export const mac = (text: string): MacAddress => parseMac(text)!;

let nextMac = 0x020000000001;

/** An interface of a hand-written device: `dhcp`, a CIDR, or nothing; IPv6 beside it where `ipv6` is there. */
export interface InterfaceSketch {
  readonly ipv6?: Ipv6Sketch;
  readonly mtu?: number;
  readonly address?: string;
  readonly gateway?: string;
  readonly mac?: string;
}

/** IPv6 of an interface: addresses in CIDR form; from advertisements where `auto`. */
export interface Ipv6Sketch {
  readonly addresses?: readonly string[];
  readonly gateway?: string;
  readonly auto?: boolean;
  readonly statelessDhcp?: boolean;
}

export const ip6 = (text: string): Ipv6Address => parseIpv6(text)!;
export const net6 = (text: string): Ipv6Prefix => parseIpv6Prefix(text)!;

function ipv6Of({
  addresses = [],
  gateway,
  auto = false,
  statelessDhcp = false,
}: Ipv6Sketch): ResolvedIpv6Addressing {
  return {
    addresses: addresses.map(each => parseIpv6InterfaceAddress(each)!),
    ...(gateway === undefined ? {} : { gateway: ip6(gateway) }),
    autoconfiguration: auto,
    statelessDhcp,
  };
}

export function machine(
  id: string,
  interfaces: Record<string, InterfaceSketch>,
  more: Partial<ResolvedStackDevice> = {},
): ResolvedStackDevice {
  const resolved = Object.entries(interfaces).map(([name, sketch]) => {
    const address = sketch.mac === undefined ? macFromNumber(nextMac++) : mac(sketch.mac);
    const gateway = sketch.gateway === undefined ? {} : { gateway: ip(sketch.gateway) };
    return {
      name,
      mac: address,
      mtu: sketch.mtu ?? 1500,
      ...(sketch.ipv6 === undefined ? {} : { ipv6: ipv6Of(sketch.ipv6) }),
      addressing:
        sketch.address === undefined
          ? ({ kind: 'none' } as const)
          : sketch.address === 'dhcp'
            ? ({ kind: 'dhcp' } as const)
            : ({ kind: 'static', addresses: [parseInterfaceAddress(sketch.address)!], ...gateway } as const),
      source: ['nodes', id, 'interfaces', name],
    };
  });
  return {
    kind: 'host',
    id,
    label: id,
    source: ['nodes', id],
    ports: resolved.map(({ name, mac: address, source }) => ({ name, mac: address, source })),
    interfaces: resolved,
    forwarding: false,
    routes: [],
    nameServers: [],
    dhcpServers: [],
    dnsForwarder: false,
    ...more,
  };
}

export function switchOf(id: string, ports: number): ResolvedSwitch {
  return {
    kind: 'switch',
    role: 'switch',
    id,
    label: id,
    source: ['nodes', id],
    ports: Array.from({ length: ports }, (_, index) => ({ name: String(index + 1), source: ['nodes', id] })),
    ageingSeconds: 300,
  };
}

export function natEngine(vm: string, host: string, version: VirtualBoxVersion): ResolvedVirtualBoxNat {
  return {
    kind: 'virtualbox-nat',
    id: `${vm}:1/nat`,
    label: 'NAT',
    inside: host,
    source: ['nodes', vm, 'adapters', '1'],
    ports: [{ name: 'guest', source: ['nodes', vm] }],
    version,
    network: net('10.0.2.0/24'),
    host,
    vmName: vm,
    localhostReachable: false,
  };
}

export function internet(ports: number): ResolvedInternet {
  return {
    kind: 'internet',
    id: 'internet',
    label: 'internet',
    source: ['nodes', 'internet'],
    ports: Array.from({ length: ports }, (_, index) => ({
      name: String(index + 1),
      mac: macFromNumber(0x02aa00000001),
      source: ['nodes', 'internet'],
    })),
    access: net('198.51.100.0/24'),
    gateway: ip('198.51.100.1'),
    nameServer: ip('198.51.100.53'),
    servers: [{ name: 'web.example', address: ip('203.0.113.10'), source: [] }],
  };
}

/** `a:eth0 -- sw:1`, as many as wanted, with these cable properties. */
export function cables(lines: readonly string[], more: Partial<ResolvedCable> = {}): ResolvedCable[] {
  return lines.map(line => {
    const ends = line.split(' -- ').map(end => {
      const at = end.lastIndexOf(':');
      return { device: end.slice(0, at), port: end.slice(at + 1) };
    });
    return {
      id: line,
      ends: [ends[0]!, ends[1]!],
      rate: 1e9,
      delay: 2000,
      jitter: 0,
      loss: 0,
      queue: 100,
      up: true,
      source: [],
      ...more,
    };
  });
}

export function topology(devices: ResolvedDevice[], wires: ResolvedCable[]): ResolvedTopology {
  return { name: 'test', devices, cables: wires, scenarios: [] };
}

/** What the router of 192.168.1.0/24 leases; the last host part and the seconds as given. */
export function homeScope(last = 199, leaseSeconds = 3600): ResolvedDhcpServer {
  return {
    interface: 'lan',
    subnet: net('192.168.1.0/24'),
    first: ip('192.168.1.100'),
    last: ip(`192.168.1.${last}`),
    leaseSeconds,
    router: ip('192.168.1.1'),
    nameServers: [ip('192.168.1.1')],
    source: [],
  };
}

/** A router as people have at home: NAT out of wan, leases and names for lan. */
export function homeRouter(
  scope: ResolvedDhcpServer,
  more: Partial<ResolvedStackDevice> = {},
): ResolvedStackDevice {
  return machine(
    'home-router',
    { wan: { address: 'dhcp' }, lan: { address: '192.168.1.1/24' } },
    {
      kind: 'router',
      forwarding: true,
      sourceNat: { outside: 'wan', source: [] },
      dnsForwarder: true,
      dhcpServers: [scope],
      ...more,
    },
  );
}

/** Two guests behind VirtualBox NAT on a laptop at home, and the internet with web.example. */
export function natTopology(version: VirtualBoxVersion = '7.2'): ResolvedTopology {
  return topology(
    [
      internet(1),
      homeRouter(homeScope()),
      switchOf('home', 2),
      machine('laptop', { eth0: { address: 'dhcp' } }),
      machine(
        'nat-1',
        { enp0s3: { address: 'dhcp', mac: '08:00:27:00:00:01' } },
        { kind: 'vm', inside: 'laptop' },
      ),
      natEngine('nat-1', 'laptop', version),
      machine(
        'nat-2',
        { enp0s3: { address: 'dhcp', mac: '08:00:27:00:00:02' } },
        { kind: 'vm', inside: 'laptop' },
      ),
      natEngine('nat-2', 'laptop', version),
    ],
    cables([
      'home-router:wan -- internet:1',
      'home-router:lan -- home:1',
      'laptop:eth0 -- home:2',
      'nat-1:enp0s3 -- nat-1:1/nat:guest',
      'nat-2:enp0s3 -- nat-2:1/nat:guest',
    ]),
  );
}
