/** Networks to look at, larger or fuller than the samples. */

/** One laptop with a VM behind VirtualBox NAT, one server with a VM on a TAP device and a tunnel over a TUN device, side by side. */
export const NAT_BESIDE_TAP = `vnet: 1
name: NAT beside TAP and TUN

networks:
  home: { subnet: 192.168.1.0/24, gateway: 192.168.1.1, dhcp: true } # the home router leases

nodes:
  internet: { kind: internet, servers: { web.example: { address: 203.0.113.10, services: { http: 80 } } } }
  home-router:
    kind: router
    interfaces: { wan: { network: internet }, lan: { network: home, address: 192.168.1.1/24 } }
    nat: { outside: wan, forwards: ['tcp 8080 -> 192.168.1.5:80'] }
  laptop: { kind: host, interfaces: { eth0: { network: home, address: dhcp } } }
  nat-1: { kind: vm, on: laptop, adapters: { 1: { attach: nat } } }
  server:
    kind: host
    interfaces:
      eth0: { network: home }
      tap0: { type: tap }
      br0: { type: bridge, members: [eth0, tap0], address: 192.168.1.5/24 }
      tun0: { type: tun, address: 10.8.0.1/30, peer: 'vpn-client:tun0' }
    services: { http: 80 }
  tap-1: { kind: vm, on: server, adapters: { 1: { attach: tap, to: tap0 } } }
  vpn-client:
    kind: host
    interfaces:
      eth0: { network: home, address: 192.168.1.7/24 }
      tun0: { type: tun, address: 10.8.0.2/30, peer: 'server:tun0' }

scenarios:
  a page is fetched by its name:
    - dns: { from: nat-1, name: web.example, expect: 203.0.113.10 }
    - http: { from: nat-1, to: 'http://web.example/', expect: { status: 200 } }
  the forwarded port leads in:
    - http: { from: internet, to: 'http://home-router:8080/', expect: { status: 200 } }
  each reaches the web its own way:
    - ping: { from: nat-1, to: web.example }
    - ping: { from: tap-1, to: web.example }
  the tunnel carries a ping:
    - ping: { from: vpn-client, to: 10.8.0.1 }
`;

/** Hosts on each floor of the large network. */
const SEATS = 16;

/** Devices of the large network, by name, where they are not as plain as the rest. */
interface Particulars {
  readonly internet: string;
  /** What the router has beside its interfaces. */
  readonly edge: string;
  /** `address` of an interface, and what else it has. */
  readonly address: Readonly<Record<string, string>>;
  readonly services: Readonly<Record<string, string>>;
}

const PLAIN: Particulars = { internet: '', edge: 'nat: { outside: wan }', address: {}, services: {} };

/** A web server outside and one inside, and some hosts that lease their address from the router. */
const BUSY: Particulars = {
  internet: ', servers: { web.example: { address: 203.0.113.10, services: { http: 80 } } }',
  edge: [
    "nat: { outside: wan, forwards: ['tcp 8080 -> 10.0.2.2:80'] }",
    'services: { dhcp: { interface: lan, range: 10.0.200.1-10.0.200.199, dns: 198.51.100.53 } }',
  ].join(', '),
  address: {
    'pc-1-1': 'dhcp',
    'pc-2-1': 'dhcp',
    'pc-3-1': 'dhcp',
    'pc-2-2': '10.0.2.2/16, gateway: 10.0.0.1',
  },
  services: { 'pc-2-2': ', services: { http: 80 }' },
};

const BUSY_SCENARIOS = `scenarios:
  a page is fetched by its name:
    - dns: { from: pc-1-1, name: web.example, expect: 203.0.113.10 }
    - http: { from: pc-1-1, to: 'http://web.example/', expect: { status: 200 } }
  the forwarded port leads in:
    - http: { from: internet, to: 'http://edge:8080/', expect: { status: 200 } }
  one floor reaches another, and the web:
    - ping: { from: pc-1-2, to: pc-3-3 }
    - ping: { from: pc-1-1, to: web.example }
`;

/**
 * A tree of so many nodes: the internet, a router, a core switch, and floors with a switch and hosts each. `scenarios` is appended as it is.
 */
export function largeNetwork(nodes: number, scenarios = '', particulars: Particulars = PLAIN): string {
  const lines = ['vnet: 1', `name: ${nodes} nodes`, 'nodes:'];
  const links: string[] = [];
  const inner = ['lan: { address: 10.0.0.1/16 }', 'wan: { network: internet }'];
  // A machine is reached at its first interface by its name alone.
  if (particulars !== PLAIN) inner.reverse();
  lines.push(`  internet: { kind: internet${particulars.internet} }`);
  lines.push(`  edge: { kind: router, interfaces: { ${inner.join(', ')} }, ${particulars.edge} }`);
  lines.push('  core: { kind: switch }');
  links.push('edge:lan, core:1');
  let made = 3;
  for (let floor = 1; made < nodes; floor++) {
    lines.push(`  floor-${floor}: { kind: switch }`);
    links.push(`core:${floor + 1}, floor-${floor}:1`);
    made++;
    for (let seat = 1; seat <= SEATS && made < nodes; seat++) {
      const name = `pc-${floor}-${seat}`;
      const address = particulars.address[name] ?? `10.0.${floor}.${seat}/16`;
      const services = particulars.services[name] ?? '';
      lines.push(`  ${name}: { kind: host, interfaces: { eth0: { address: ${address} } }${services} }`);
      links.push(`floor-${floor}:${seat + 1}, ${name}:eth0`);
      made++;
    }
  }
  return `${[...lines, 'links:', ...links.map(link => `  - [${link}]`)].join('\n')}\n${scenarios}`;
}

/** The large network with traffic of every kind: addresses are leased, names asked for, pages fetched, pings sent. */
export function busyNetwork(nodes: number): string {
  return largeNetwork(nodes, BUSY_SCENARIOS, BUSY);
}
