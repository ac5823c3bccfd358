/** Firewall and connection tracking of IPv6. */
import { describe, expect, test } from 'vitest';
import type { ConnectAction, DatagramAction, PingAction } from './action';
import { obstacle, wrongInCase, type KernelCase } from './kernel-case';
import type { NetworkPlan, PlannedRule } from './network-plan';
import { ROUTED_IPV6 } from './planned-networks';

function filtered(machine: string, ...firewall: readonly PlannedRule[]): NetworkPlan {
  return {
    ...ROUTED_IPV6,
    machines: ROUTED_IPV6.machines.map(planned =>
      planned.name === machine ? { ...planned, firewall } : planned,
    ),
  };
}

const H1 = '2001:db8:1::2';
const H2 = '2001:db8:2::2';

function ping(from: string, to: string, more: Partial<PingAction> = {}): PingAction {
  return { kind: 'ping', from, to, count: 1, identifier: 4660, patience: 1, ...more };
}

function connects(from: string, to: string, toPort = 80): ConnectAction {
  return { kind: 'connect', from, fromPort: 40000, to, toPort, asksFor: 100 };
}

function datagram(from: string, to: string, answered: boolean, text = 'x'): DatagramAction {
  return { kind: 'datagram', from, fromPort: 40000, to, toPort: 7, text, answered };
}

const WEB = { kind: 'bytes', on: 'h2', port: 80 } as const;
const ECHO = { kind: 'echo', ipv6: true, on: 'h2', port: 7 } as const;

/** What belongs to something known passes, and nothing new from the second host. */
const STATEFUL: readonly PlannedRule[] = [
  { chain: 'forward', action: 'accept', states: ['established', 'related'] },
  { chain: 'forward', action: 'drop', inInterface: 'e1', states: ['new'] },
];

const CASES: readonly KernelCase[] = [
  {
    name: 'IPv6: a stateful firewall lets answers in and strangers not',
    plan: filtered('r1', ...STATEFUL),
    services: [WEB],
    actions: [ping('h1', H2), connects('h1', H2), ping('h2', H1)],
  },
  {
    name: 'IPv6: an error about a known packet is related to it',
    plan: filtered('r1', ...STATEFUL, { chain: 'forward', action: 'drop', states: ['invalid'] }),
    actions: [datagram('h1', H2, false)],
  },
  {
    name: 'IPv6: a refused datagram is told so, a refused connection reset',
    plan: filtered(
      'r1',
      { chain: 'forward', action: 'reject-with-reset', protocol: 'tcp', port: 80 },
      { chain: 'forward', action: 'reject', protocol: 'udp' },
    ),
    services: [WEB, ECHO],
    actions: [connects('h1', H2), datagram('h1', H2, false)],
  },
  {
    name: 'IPv6: neighbour discovery belongs to no connection, so a rule for invalid packets leaves it alone',
    plan: filtered('r1', { chain: 'input', action: 'drop', states: ['invalid'] }),
    actions: [ping('h1', '2001:db8:1::1'), ping('h1', H2)],
  },
  {
    name: 'IPv6: a host drops what comes in',
    plan: filtered('h2', { chain: 'input', action: 'drop', protocol: 'udp' }),
    services: [ECHO],
    actions: [datagram('h1', H2, false), ping('h1', H2)],
  },
  {
    name: 'IPv6: a router that tracks puts fragments together and cuts the packet again',
    plan: filtered('r1', ...STATEFUL),
    services: [ECHO],
    actions: [ping('h1', H2, { size: 2000 })],
  },
];

describe.skipIf(obstacle !== undefined)('IPv6 firewall', () => {
  test.concurrent.each(CASES)('$name', async one => {
    expect(await wrongInCase(one)).toEqual([]);
  });
});
