/** IPv6 between hosts and through a router. */
import { describe, expect, test } from 'vitest';
import { obstacle, wrongInCase, type KernelCase } from './kernel-case';
import type { NetworkPlan } from './network-plan';
import { ROUTED_IPV6 } from './planned-networks';

/** Two hosts with a router between them, of which the first has only what the router advertises. */
const ADVERTISED: NetworkPlan = {
  ...ROUTED_IPV6,
  machines: [
    {
      name: 'h1',
      interfaces: [{ name: 'eth0', mac: '02:00:00:00:01:01', ipv6: { autoconfiguration: true } }],
    },
    ...ROUTED_IPV6.machines
      .slice(1)
      .map(machine =>
        machine.name === 'r1'
          ? { ...machine, advertises: { interface: 'e0', prefix: '2001:db8:1::/64' } }
          : machine,
      ),
  ],
};

const CASES: readonly KernelCase[] = [
  {
    name: 'an IPv6 ping on one link',
    plan: ROUTED_IPV6,
    actions: [{ kind: 'ping', from: 'h1', to: '2001:db8:1::1', count: 2, identifier: 4660 }],
  },
  {
    name: 'an IPv6 ping through a router',
    plan: ROUTED_IPV6,
    actions: [{ kind: 'ping', from: 'h1', to: '2001:db8:2::2', count: 2, identifier: 4660 }],
  },
  {
    name: 'IPv6: the router knows no way, and nobody listens on a port',
    plan: ROUTED_IPV6,
    actions: [
      { kind: 'ping', from: 'h1', to: '2001:db8:9::9', count: 1, identifier: 4660 },
      {
        ...{ kind: 'datagram', from: 'h1', fromPort: 40000, to: '2001:db8:2::2', toPort: 9 },
        ...{ text: 'x', answered: false },
      },
    ],
  },
  {
    name: 'IPv6: traceroute meets the router, then the host',
    plan: ROUTED_IPV6,
    actions: [{ kind: 'traceroute', from: 'h1', to: '2001:db8:2::2' }],
  },
  {
    name: 'IPv6: the router says that the host is not there',
    plan: ROUTED_IPV6,
    actions: [{ kind: 'ping', from: 'h1', to: '2001:db8:2::77', count: 1, identifier: 4660 }],
  },
  {
    name: 'a host makes its address of what the router advertises, and reaches beyond it',
    plan: ADVERTISED,
    actions: [{ kind: 'ping', from: 'h1', to: '2001:db8:2::2', count: 2, identifier: 4660 }],
  },
  {
    name: 'TCP over IPv6 through a router',
    plan: ROUTED_IPV6,
    services: [{ kind: 'bytes', on: 'h2', port: 80 }],
    actions: [
      {
        ...{ kind: 'connect', from: 'h1', fromPort: 40000, to: '2001:db8:2::2', toPort: 80 },
        ...{ asksFor: 1000 },
      },
    ],
  },
];

describe.skipIf(obstacle !== undefined)('IPv6', () => {
  test.concurrent.each(CASES)('$name', async one => {
    expect(await wrongInCase(one)).toEqual([]);
  });
});
