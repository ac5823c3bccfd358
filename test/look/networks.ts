/** Networks to look at, larger or fuller than the samples. */

/** One laptop with a VM behind VirtualBox NAT, one server with a VM on a TAP device and a tunnel over a TUN device, side by side. */
export const NAT_BESIDE_TAP = `vnet: 1
name: NAT beside TAP and TUN

networks:
  home: { subnet: 192.168.1.0/24, gateway: 192.168.1.1, dhcp: true }

nodes:
  internet: { kind: internet, servers: { web.example: { address: 203.0.113.10, services: { http: 80 } } } }
  home-router:
    kind: router
    interfaces: { wan: { network: internet }, lan: { network: home, address: 192.168.1.1/24 } }
    nat: { outside: wan }
  laptop: { kind: host, interfaces: { eth0: { network: home, address: dhcp } } }
  nat-1: { kind: vm, on: laptop, adapters: { 1: { attach: nat } } }
  server:
    kind: host
    interfaces:
      eth0: { network: home }
      tap0: { type: tap }
      br0: { type: bridge, members: [eth0, tap0], address: 192.168.1.5/24 }
      tun0: { type: tun, address: 10.8.0.1/30, peer: 'vpn-client:tun0' }
  tap-1: { kind: vm, on: server, adapters: { 1: { attach: tap, to: tap0 } } }
  vpn-client:
    kind: host
    interfaces:
      eth0: { network: home, address: 192.168.1.7/24 }
      tun0: { type: tun, address: 10.8.0.2/30, peer: 'server:tun0' }

scenarios:
  each reaches the web its own way:
    - ping: { from: nat-1, to: web.example }
    - ping: { from: tap-1, to: web.example }
  the tunnel carries a ping:
    - ping: { from: vpn-client, to: 10.8.0.1 }
`;

/** Hosts on each floor of the large network. */
const SEATS = 16;

/**
 * A tree of so many nodes: the internet, a router, a core switch, and floors with a switch and hosts each. `scenarios` is appended as it is.
 */
export function largeNetwork(nodes: number, scenarios = ''): string {
  const lines = ['vnet: 1', `name: ${nodes} nodes`, 'nodes:'];
  const links: string[] = [];
  const inner = ['lan: { address: 10.0.0.1/16 }', 'wan: { network: internet }'].join(', ');
  lines.push('  internet: { kind: internet }');
  lines.push(`  edge: { kind: router, interfaces: { ${inner} }, nat: { outside: wan } }`);
  lines.push('  core: { kind: switch }');
  links.push('edge:lan, core:1');
  let made = 3;
  for (let floor = 1; made < nodes; floor++) {
    lines.push(`  floor-${floor}: { kind: switch }`);
    links.push(`core:${floor + 1}, floor-${floor}:1`);
    made++;
    for (let seat = 1; seat <= SEATS && made < nodes; seat++) {
      const name = `pc-${floor}-${seat}`;
      lines.push(`  ${name}: { kind: host, interfaces: { eth0: { address: 10.0.${floor}.${seat}/16 } } }`);
      links.push(`floor-${floor}:${seat + 1}, ${name}:eth0`);
      made++;
    }
  }
  return `${[...lines, 'links:', ...links.map(link => `  - [${link}]`)].join('\n')}\n${scenarios}`;
}
