/** Networks inside of datagrams: a VPN that a process makes of TUN or TAP devices, and the VXLAN of the kernel. */
import { describe, expect, test } from 'vitest';
import type { DatagramAction } from './action';
import { obstacle, wrongInCase, type KernelCase } from './kernel-case';
import { CARRIES, type NetworkPlan, type PlannedLink } from './network-plan';

/** Two hosts on one cable, and two more addresses of theirs in the tunnel between them. */
function twoHosts(linkTo: (remote: string) => PlannedLink): NetworkPlan {
  const host = (name: string, number: number) => ({
    name,
    interfaces: [
      { name: 'eth0', mac: `02:00:00:00:00:0${number}`, address: `192.0.2.${number}/24` },
      {
        name: 'inner0',
        mac: `02:00:00:00:08:0${number}`,
        address: `10.8.0.${number}/24`,
        mtu: 1400,
        link: linkTo(`192.0.2.${3 - number}`),
      },
    ],
  });
  return { machines: [host('a', 1), host('b', 2)], bridges: [], cables: ['a:eth0 -- b:eth0'] };
}

function vpn(kind: 'tun' | 'tap'): NetworkPlan {
  const port = kind === 'tun' ? CARRIES.packets : CARRIES.frames;
  const tunnels = [
    { host: 'a', device: 'inner0', remote: '192.0.2.2', port },
    { host: 'b', device: 'inner0', remote: '192.0.2.1', port },
  ];
  return { ...twoHosts(() => ({ kind })), tunnels };
}

const VXLAN = twoHosts(remote => ({ kind: 'vxlan', id: 42, remote, port: CARRIES.vxlan }));

const PING = { kind: 'ping', from: 'a', to: '10.8.0.2', count: 2, identifier: 4660 } as const;
const ECHO = { kind: 'echo', on: 'b', port: 7 } as const;
const DATAGRAM: DatagramAction = {
  ...{ kind: 'datagram', from: 'a', fromPort: 40000, to: '10.8.0.2', toPort: 7 },
  ...{ text: 'through the tunnel', answered: true },
};

const CASES: readonly KernelCase[] = [
  { name: 'a TUN VPN over UDP', plan: vpn('tun'), services: [ECHO], actions: [PING, DATAGRAM] },
  { name: 'a TAP VPN over UDP', plan: vpn('tap'), services: [ECHO], actions: [PING, DATAGRAM] },
  { name: 'VXLAN', plan: VXLAN, services: [ECHO], actions: [PING, DATAGRAM] },
];

describe.skipIf(obstacle !== undefined)('tunnels', () => {
  test.concurrent.each(CASES)('$name', async one => {
    expect(await wrongInCase(one)).toEqual([]);
  });
});
