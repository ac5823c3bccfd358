/** TCP connections from their first segment to their last. */
import { describe, expect, test } from 'vitest';
import type { ConnectAction } from './action';
import { obstacle, wrongInCase, type KernelCase } from './kernel-case';
import type { NetworkPlan } from './network-plan';
import { MASQUERADING_HOME, threeRouters } from './planned-networks';

function connects(more: Partial<ConnectAction> = {}): ConnectAction {
  return { kind: 'connect', from: 'h1', fromPort: 40000, to: '10.3.0.2', toPort: 80, ...more };
}

/** This router says nothing by ICMP. */
function withoutIcmp(router: string, plan: NetworkPlan): NetworkPlan {
  const firewall = [{ chain: 'output', action: 'drop', protocol: 'icmp' } as const];
  return {
    ...plan,
    machines: plan.machines.map(machine => (machine.name === router ? { ...machine, firewall } : machine)),
  };
}

const SERVICE = { kind: 'bytes', on: 'h2', port: 80 } as const;

const CASES: readonly KernelCase[] = [
  {
    name: 'a connection is opened, asked for 1000 bytes and closed',
    plan: threeRouters(),
    services: [SERVICE],
    actions: [connects({ asksFor: 1000 })],
  },
  {
    name: 'a connection is refused',
    plan: threeRouters(),
    actions: [connects({ toPort: 81 })],
  },
  {
    name: 'the client resets the connection',
    plan: threeRouters(),
    services: [SERVICE],
    actions: [connects({ asksFor: 1000, then: 'reset' })],
  },
  {
    name: 'the server resets the connection',
    plan: threeRouters(),
    services: [{ ...SERVICE, resets: true }],
    actions: [connects({ asksFor: 1000 })],
  },
  {
    name: 'the way to the client is narrower than its link, and the server finds that out',
    plan: threeRouters(1400),
    services: [SERVICE],
    actions: [connects({ asksFor: 1400 }), connects({ fromPort: 40001, asksFor: 2696 })],
  },
  {
    name: 'a firewall that drops ICMP makes the narrow way a black hole',
    plan: withoutIcmp('r3', threeRouters(1400)),
    services: [SERVICE],
    actions: [connects({ asksFor: 4196, givesUpAfter: 1.2 })],
  },
  {
    name: 'a connection is masqueraded',
    plan: MASQUERADING_HOME,
    services: [{ ...SERVICE, on: 'server' }],
    actions: [connects({ from: 'a', to: '203.0.113.80', asksFor: 1000 })],
  },
];

describe.skipIf(obstacle !== undefined)('TCP', () => {
  test.concurrent.each(CASES)('$name', async one => {
    expect(await wrongInCase(one)).toEqual([]);
  });
});
