/** A hand-made trace for looking at the panel: a VM behind VirtualBox's NAT gets an address, asks a name and pings it. */
import { DROP_REASONS, dropReasonCode } from '../../src/engine/kernel/drop-reason';

const at = (...path) => path;
const port = (name, mac) => ({ name, source: at('nodes'), ...(mac === undefined ? {} : { mac }) });
const cable = (a, b) => ({
  id: `${a} -- ${b}`,
  ends: [a, b].map(end => ({
    device: end.slice(0, end.lastIndexOf(':')),
    port: end.slice(end.lastIndexOf(':') + 1),
  })),
  rate: 1e9,
  delay: 1000,
  jitter: 0,
  loss: 0,
  queue: 100,
  up: true,
  source: at('links'),
});
const stack = (id, kind, ports, extra = {}) => ({
  id,
  label: id,
  kind,
  ports,
  source: at('nodes', id),
  interfaces: ports.map(({ name, mac }) => ({
    name,
    mac: mac ?? 0,
    mtu: 1500,
    addressing: { kind: 'dhcp' },
    source: at('nodes', id),
  })),
  forwarding: kind === 'router',
  routes: [],
  nameServers: [],
  dhcpServers: [],
  dnsForwarder: kind === 'router',
  ...extra,
});

const prefix = (network, length) => ({ network, length });

export const TOPOLOGY = {
  name: 'A VM behind NAT',
  devices: [
    {
      id: 'internet',
      label: 'internet',
      kind: 'internet',
      ports: [port('access')],
      source: at('nodes', 'internet'),
      access: prefix(0xc6336400, 24),
      gateway: 0xc6336401,
      nameServer: 0xc6336401,
      servers: [{ name: 'web.example', address: 0xcb00710a, source: at('nodes', 'internet', 'servers') }],
    },
    stack('home-router', 'router', [port('wan', 0x525400000001), port('lan', 0x525400000002)], {
      sourceNat: { outside: 'wan', source: at('nodes', 'home-router', 'nat') },
    }),
    {
      id: 'home',
      label: 'home',
      kind: 'switch',
      role: 'network',
      ports: [port('1'), port('2')],
      subnet: prefix(0xc0a80100, 24),
      ageingSeconds: 300,
      source: at('networks', 'home'),
    },
    stack('laptop', 'host', [port('eth0', 0x525400000003)]),
    stack('nat-1', 'vm', [port('enp0s3', 0x080027000001)], { inside: 'laptop' }),
    {
      id: 'nat-1:1/nat',
      label: 'NAT',
      kind: 'virtualbox-nat',
      inside: 'laptop',
      ports: [port('guest', 0x525400123502)],
      version: '7.2',
      network: prefix(0x0a000200, 24),
      host: 'laptop',
      vmName: 'nat-1',
      localhostReachable: true,
      source: at('nodes', 'nat-1', 'adapters', '1'),
    },
  ],
  cables: [
    cable('internet:access', 'home-router:wan'),
    cable('home-router:lan', 'home:1'),
    cable('laptop:eth0', 'home:2'),
    cable('nat-1:enp0s3', 'nat-1:1/nat:guest'),
  ],
  scenarios: [],
};

/** Port numbers in the topology's order. */
const PORTS = TOPOLOGY.devices.flatMap(({ id, ports }) => ports.map(({ name }) => `${id}:${name}`));
const PEERS = new Map(
  TOPOLOGY.cables.flatMap(({ ends: [a, b] }) => [
    [`${a.device}:${a.port}`, `${b.device}:${b.port}`],
    [`${b.device}:${b.port}`, `${a.device}:${a.port}`],
  ]),
);

const GUEST = 'nat-1:enp0s3';
const ENGINE = 'nat-1:1/nat:guest';

/** from, source, destination, protocol, length, info, cause, drop */
const SCRIPT = [
  [GUEST, '0.0.0.0', '255.255.255.255', 'DHCP', 'dhcp', 342, 'DHCP Discover - Transaction ID 0x3903f326', -1],
  [
    ENGINE,
    '10.0.2.2',
    '255.255.255.255',
    'DHCP',
    'dhcp',
    590,
    'DHCP Offer    - Transaction ID 0x3903f326',
    0,
  ],
  [GUEST, '0.0.0.0', '255.255.255.255', 'DHCP', 'dhcp', 342, 'DHCP Request  - Transaction ID 0x3903f326', 1],
  [
    ENGINE,
    '10.0.2.2',
    '255.255.255.255',
    'DHCP',
    'dhcp',
    590,
    'DHCP ACK      - Transaction ID 0x3903f326',
    2,
  ],
  [GUEST, '08:00:27:00:00:01', 'ff:ff:ff:ff:ff:ff', 'ARP', 'arp', 60, 'Who has 10.0.2.2? Tell 10.0.2.15', -1],
  [ENGINE, '52:54:00:12:35:02', '08:00:27:00:00:01', 'ARP', 'arp', 60, '10.0.2.2 is at 52:54:00:12:35:02', 4],
  [GUEST, '10.0.2.15', '10.0.2.3', 'DNS', 'dns', 71, 'Standard query 0x1a2b A web.example', 5],
  [
    ENGINE,
    '10.0.2.3',
    '10.0.2.15',
    'DNS',
    'dns',
    87,
    'Standard query response 0x1a2b A web.example A 203.0.113.10',
    6,
  ],
  [
    GUEST,
    '10.0.2.15',
    '203.0.113.10',
    'ICMP',
    'icmp',
    98,
    'Echo (ping) request  id=0x0001, seq=1/256, ttl=64',
    7,
  ],
  [
    'laptop:eth0',
    '192.168.1.100',
    '203.0.113.10',
    'ICMP',
    'icmp',
    98,
    'Echo (ping) request  id=0x0c01, seq=1/256, ttl=64',
    8,
  ],
  [
    'home:1',
    '192.168.1.100',
    '203.0.113.10',
    'ICMP',
    'icmp',
    98,
    'Echo (ping) request  id=0x0c01, seq=1/256, ttl=64',
    9,
  ],
  [
    'home-router:wan',
    '198.51.100.20',
    '203.0.113.10',
    'ICMP',
    'icmp',
    98,
    'Echo (ping) request  id=0x0c01, seq=1/256, ttl=63',
    10,
  ],
  [
    'internet:access',
    '203.0.113.10',
    '198.51.100.20',
    'ICMP',
    'icmp',
    98,
    'Echo (ping) reply    id=0x0c01, seq=1/256, ttl=61',
    11,
  ],
  [
    'home-router:lan',
    '203.0.113.10',
    '192.168.1.100',
    'ICMP',
    'icmp',
    98,
    'Echo (ping) reply    id=0x0c01, seq=1/256, ttl=60',
    12,
  ],
  [
    'home:2',
    '203.0.113.10',
    '192.168.1.100',
    'ICMP',
    'icmp',
    98,
    'Echo (ping) reply    id=0x0c01, seq=1/256, ttl=60',
    13,
  ],
  [
    ENGINE,
    '203.0.113.10',
    '10.0.2.15',
    'ICMP',
    'icmp',
    98,
    'Echo (ping) reply    id=0x0001, seq=1/256, ttl=60',
    14,
  ],
  ['laptop:eth0', '192.168.1.100', '192.168.1.77', 'UDP', 'udp', 60, '40000 → 9 Len=4', -1],
  [
    'home-router:wan',
    '203.0.113.99',
    '198.51.100.20',
    'TCP',
    'tcp',
    74,
    '51234 → 22 [SYN] Seq=0 Win=64240 Len=0 MSS=1460',
    -1,
    'nat-no-mapping',
  ],
  [
    'home:2',
    'fe80::5054:ff:fe00:3',
    'ff02::2',
    'ICMPv6',
    'ipv6',
    70,
    'Router Solicitation from 52:54:00:00:00:03',
    -1,
  ],
];

/** Record `number` of an endless trace that repeats the script. */
export function record(number) {
  const [from, source, destination, protocol, style, length, info, cause, drop] =
    SCRIPT[number % SCRIPT.length];
  const round = number - (number % SCRIPT.length);
  const departure = Math.round(number * 53_112.75);
  return {
    row: {
      number,
      time: departure,
      from,
      to: drop === undefined ? PEERS.get(from) : '',
      source,
      destination,
      protocol,
      length,
      info,
      ...(drop === undefined ? {} : { drop: DROP_REASONS[drop] }),
    },
    summary: {
      departure,
      arrival: drop === undefined ? departure + 1000 + length * 8 : Number.NaN,
      port: PORTS.indexOf(from),
      cause: cause < 0 ? -1 : cause + round,
      length,
      protocol: style,
      drop: drop === undefined ? 0 : dropReasonCode(drop),
    },
  };
}

const hex = text => Uint8Array.from(text.replace(/\s/g, '').match(/../g), pair => Number.parseInt(pair, 16));
const PING = hex(`525400123502 080027000001 0800
  4500 0054 4d2e 4000 40 01 6d7e 0a00020f cb00710a
  0800 6c1d 0001 0001 ${Array.from({ length: 56 }, (_, i) => (i + 8).toString(16).padStart(2, '0')).join('')}`);

const field = (name, text, start, length, children, problem) => ({
  name,
  text,
  start,
  length,
  ...(children === undefined ? {} : { children }),
  ...(problem === undefined ? {} : { problem }),
});

/** Details of a record: a ping's fields and bytes, cut or filled to its length. */
export function packet(number) {
  const { row, summary } = record(number);
  const bytes = new Uint8Array(row.length);
  bytes.set(PING.subarray(0, Math.min(PING.length, row.length)));
  return {
    row,
    ...(Number.isNaN(summary.arrival) ? {} : { arrival: summary.arrival }),
    ...(summary.cause < 0 ? {} : { cause: summary.cause }),
    bytes,
    layers: [
      field('eth', 'Ethernet II, Src: 08:00:27:00:00:01, Dst: 52:54:00:12:35:02', 0, 14, [
        field('eth.dst', 'Destination: 52:54:00:12:35:02', 0, 6),
        field('eth.src', 'Source: 08:00:27:00:00:01', 6, 6),
        field('eth.type', 'Type: IPv4 (0x0800)', 12, 2),
      ]),
      field('ip', `Internet Protocol Version 4, Src: ${row.source}, Dst: ${row.destination}`, 14, 20, [
        field('ip.version', 'Version: 4', 14, 1),
        field('ip.hdr_len', 'Header Length: 20 bytes (5)', 14, 1),
        field('ip.dsfield', 'Differentiated Services Field: 0x00', 15, 1),
        field('ip.len', 'Total Length: 84', 16, 2),
        field('ip.id', 'Identification: 0x4d2e (19758)', 18, 2),
        field('ip.flags', 'Flags: 0x2, Don’t fragment', 20, 1, [
          field('ip.flags.rb', '0... .... = Reserved bit: Not set', 20, 1),
          field('ip.flags.df', '.1.. .... = Don’t fragment: Set', 20, 1),
          field('ip.flags.mf', '..0. .... = More fragments: Not set', 20, 1),
        ]),
        field('ip.ttl', 'Time to Live: 64', 22, 1),
        field('ip.proto', 'Protocol: ICMP (1)', 23, 1),
        field('ip.checksum', 'Header Checksum: 0x6d7e', 24, 2, undefined, 'should be 0x6d7d'),
        field('ip.src', `Source Address: ${row.source}`, 26, 4),
        field('ip.dst', `Destination Address: ${row.destination}`, 30, 4),
      ]),
      field('icmp', 'Internet Control Message Protocol', 34, 64, [
        field('icmp.type', 'Type: 8 (Echo (ping) request)', 34, 1),
        field('icmp.code', 'Code: 0', 35, 1),
        field('icmp.checksum', 'Checksum: 0x6c1d [correct]', 36, 2),
        field('icmp.ident', 'Identifier (BE): 1 (0x0001)', 38, 2),
        field('icmp.seq', 'Sequence Number (BE): 1 (0x0001)', 40, 2),
        field('icmp.response_in', '[Response frame: 16]', 0, 0),
        field('data', 'Data (56 bytes)', 42, 56, [
          field('data.data', 'Data: 08090a0b0c0d0e0f1011121314151617…', 42, 56),
        ]),
      ]),
    ],
  };
}
