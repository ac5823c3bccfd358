/** Packets larger than a link carries: cut by who sends them, cut on the way, or refused. */
import { describe, expect, test } from 'vitest';
import { obstacle, wrongInCase, type KernelCase } from './kernel-case';
import { MASQUERADING_HOME, threeRouters } from './planned-networks';

const TO = { kind: 'ping', from: 'h1', to: '10.3.0.2', count: 1, identifier: 4660 } as const;

const CASES: readonly KernelCase[] = [
  {
    name: 'an echo of 4000 bytes goes in three pieces both ways',
    plan: threeRouters(),
    actions: [{ ...TO, size: 4000 }],
  },
  {
    name: 'the last piece is one byte',
    plan: threeRouters(),
    actions: [{ ...TO, size: 1473 }],
  },
  {
    name: 'a masquerading router translates every piece',
    plan: MASQUERADING_HOME,
    actions: [{ ...TO, from: 'a', to: '203.0.113.80', size: 4000 }],
  },
  {
    name: 'a datagram of 4000 bytes goes in three pieces, and its echo too',
    plan: threeRouters(),
    services: [{ kind: 'echo', on: 'h2', port: 7 }],
    actions: [
      {
        ...{ kind: 'datagram', from: 'h1', fromPort: 40000, to: '10.3.0.2', toPort: 7 },
        ...{ text: 'z'.repeat(4000), answered: true },
      },
    ],
  },
  {
    name: 'a router cuts what may be cut for a link of 1400 bytes',
    plan: threeRouters(1400),
    actions: [{ ...TO, size: 1472, pathMtuDiscovery: 'dont' }],
  },
  {
    name: 'a router cuts pieces again for a link of 1400 bytes',
    plan: threeRouters(1400),
    actions: [{ ...TO, size: 4000 }],
  },
  {
    name: 'a router says that 1400 bytes is all it carries, and the host remembers',
    plan: threeRouters(1400),
    actions: [
      { ...TO, size: 1472, pathMtuDiscovery: 'do', patience: 1 },
      { ...TO, size: 1472, pathMtuDiscovery: 'do', patience: 1, identifier: 4661 },
      { ...TO, size: 1472, identifier: 4662 },
    ],
  },
  {
    name: 'TCP sends smaller segments after it heard of a link of 1400 bytes',
    plan: threeRouters(1400),
    services: [{ kind: 'bytes', on: 'h2', port: 80 }],
    actions: [{ kind: 'connect', from: 'h1', fromPort: 40000, to: '10.3.0.2', toPort: 80, asksFor: 1448 }],
  },
];

describe.skipIf(obstacle !== undefined)('fragments and path MTU', () => {
  test.concurrent.each(CASES)('$name', async one => {
    expect(await wrongInCase(one)).toEqual([]);
  });
});
