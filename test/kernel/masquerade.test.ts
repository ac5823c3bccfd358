/** Two hosts on a bridge, a masquerading router and a server: the first network that the simulation must not tell from the real one. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { runInEngine } from './engine-world';
import { compareInCase, obstacle, runCase, type KernelCase } from './kernel-case';
import { MASQUERADING_HOME } from './planned-networks';

/** A fault that a test puts into the simulated router. */
const fault = vi.hoisted(() => ({ keepsTimeToLive: false }));

vi.mock(import('../../src/wire/ipv4'), async importOriginal => {
  const original = await importOriginal();
  return {
    ...original,
    decrementTimeToLive: (bytes: Uint8Array, at: number) => {
      if (!fault.keepsTimeToLive) {
        original.decrementTimeToLive(bytes, at);
      }
    },
  };
});

const SERVER = '203.0.113.80';

const PING: KernelCase = {
  name: 'ping across a bridge and a masquerading router',
  plan: MASQUERADING_HOME,
  actions: [{ kind: 'ping', from: 'a', to: SERVER, count: 2, identifier: 4660 }],
};

afterEach(() => {
  fault.keepsTimeToLive = false;
});

/** The identifier of an echo, or a port, that two hosts use at once. */
const SAME = 4660;

const MORE: readonly KernelCase[] = [
  {
    name: 'two hosts use one echo identifier',
    plan: MASQUERADING_HOME,
    actions: [
      { kind: 'ping', from: 'a', to: SERVER, count: 1, identifier: SAME },
      { kind: 'ping', from: 'b', to: SERVER, count: 2, identifier: SAME },
    ],
  },
  {
    name: 'echoes of all sizes',
    plan: MASQUERADING_HOME,
    actions: [0, 1, 15, 16, 17, 1471, 1472].map((size, index) => {
      return { kind: 'ping', from: 'a', to: SERVER, count: 1, identifier: 5000 + index, size };
    }),
  },
  {
    name: 'a UDP echo service is used from one port by two hosts',
    plan: MASQUERADING_HOME,
    services: [{ kind: 'echo', on: 'server', port: 7 }],
    actions: ['a', 'b', 'a'].map(from => {
      const text = `hello from ${from}`;
      return { kind: 'datagram', from, fromPort: 40010, to: SERVER, toPort: 7, text, answered: true };
    }),
  },
  {
    name: 'the router answers for itself on both sides',
    plan: MASQUERADING_HOME,
    actions: [
      { kind: 'ping', from: 'a', to: '192.168.1.1', count: 1, identifier: 1 },
      { kind: 'ping', from: 'a', to: '203.0.113.1', count: 1, identifier: 2 },
      { kind: 'ping', from: 'server', to: '203.0.113.1', count: 1, identifier: 3 },
    ],
  },
];

describe.skipIf(obstacle !== undefined)('masquerade', () => {
  test('a ping crosses bridge and router, and a router that keeps the time to live is found out', async () => {
    const { kernel, comparison } = await runCase(PING);
    expect(comparison.differences).toEqual([]);
    expect(comparison.points.get('router:wan')).toHaveLength(6);

    fault.keepsTimeToLive = true;
    const { differences } = compareInCase(PING, kernel, runInEngine(PING.plan, [], PING.actions));
    console.log(`with a simulated router that keeps the time to live: ${differences.length} differences`);
    // The request is the third and fifth frame outside, behind ARP; its answer the fourth and sixth inside.
    expect(differences.filter(({ what }) => what === 'ip.ttl')).toEqual([
      ...['a:eth0', 'bridge:pa', 'bridge:pr', 'router:lan'].flatMap(point => [
        { point, frame: 4, what: 'ip.ttl', kernel: '63', engine: '64' },
        { point, frame: 6, what: 'ip.ttl', kernel: '63', engine: '64' },
      ]),
      ...['router:wan', 'server:eth0'].flatMap(point => [
        { point, frame: 3, what: 'ip.ttl', kernel: '63', engine: '64' },
        { point, frame: 5, what: 'ip.ttl', kernel: '63', engine: '64' },
      ]),
    ]);
    // The checksum speaks of the time to live; nothing else may be found.
    expect(new Set(differences.map(({ what }) => what))).toEqual(new Set(['ip.ttl', 'ip.checksum']));
  });

  test.each(MORE)('$name', async one => {
    const { comparison } = await runCase(one);
    expect(comparison.differences).toEqual([]);
  });
});
