/** A masquerading router that lets outsiders in by forwarded ports, and what becomes of ports that two hosts share. */
import { describe, expect, test } from 'vitest';
import { obstacle, wrongInCase, type KernelCase } from './kernel-case';
import type { NetworkPlan, PlannedPortForward } from './network-plan';
import { MASQUERADING_HOME } from './planned-networks';

const OUTSIDE = '203.0.113.1';
const SERVER = '203.0.113.80';

const TO_WEB: PlannedPortForward = {
  protocol: 'tcp',
  outside: OUTSIDE,
  port: 8080,
  inside: '192.168.1.10',
  insidePort: 80,
  hairpin: '192.168.1.0/24',
};
const TO_ECHO: PlannedPortForward = { ...TO_WEB, protocol: 'udp', port: 7000, insidePort: 7 };

function withForwards(...forwardedPorts: PlannedPortForward[]): NetworkPlan {
  const machines = MASQUERADING_HOME.machines.map(machine =>
    machine.name === 'router' ? { ...machine, forwardedPorts } : machine,
  );
  return { ...MASQUERADING_HOME, machines };
}

const CASES: readonly KernelCase[] = [
  {
    name: 'a TCP port is forwarded inside',
    plan: withForwards(TO_WEB),
    services: [{ kind: 'bytes', on: 'a', port: 80 }],
    actions: [{ kind: 'connect', from: 'server', fromPort: 40000, to: OUTSIDE, toPort: 8080, asksFor: 1000 }],
  },
  {
    name: 'a UDP port is forwarded inside',
    plan: withForwards(TO_ECHO),
    services: [{ kind: 'echo', on: 'a', port: 7 }],
    actions: [
      {
        ...{ kind: 'datagram', from: 'server', fromPort: 40000, to: OUTSIDE, toPort: 7000 },
        ...{ text: 'hello', answered: true },
      },
    ],
  },
  {
    name: 'a neighbour of the server inside comes by the outside address',
    plan: withForwards(TO_WEB),
    services: [{ kind: 'bytes', on: 'a', port: 80 }],
    actions: [{ kind: 'connect', from: 'b', fromPort: 40000, to: OUTSIDE, toPort: 8080, asksFor: 1000 }],
  },
  {
    name: 'the server inside comes to itself by the outside address',
    plan: withForwards(TO_WEB),
    services: [{ kind: 'bytes', on: 'a', port: 80 }],
    actions: [{ kind: 'connect', from: 'a', fromPort: 40000, to: OUTSIDE, toPort: 8080, asksFor: 1000 }],
  },
  {
    name: 'two hosts use one TCP port to one server',
    plan: MASQUERADING_HOME,
    services: [{ kind: 'bytes', on: 'server', port: 80 }],
    actions: ['a', 'b'].map(from => {
      return { kind: 'connect', from, fromPort: 50000, to: SERVER, toPort: 80, asksFor: 100 };
    }),
  },
  {
    name: 'the router refuses a TCP port that is not forwarded',
    plan: withForwards(TO_WEB),
    actions: [{ kind: 'connect', from: 'server', fromPort: 40000, to: OUTSIDE, toPort: 81 }],
  },
];

describe.skipIf(obstacle !== undefined)('port forwards', () => {
  test.concurrent.each(CASES)('$name', async one => {
    expect(await wrongInCase(one)).toEqual([]);
  });
});
