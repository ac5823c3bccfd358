/** What routers and hosts say about packets that go no further. */
import { describe, expect, test } from 'vitest';
import { obstacle, runCase, type KernelCase } from './kernel-case';
import { MASQUERADING_HOME } from './planned-networks';

const SERVER = '203.0.113.80';

const CASES: readonly KernelCase[] = [
  {
    name: 'a neighbour that is not there is asked for three times',
    plan: MASQUERADING_HOME,
    actions: [{ kind: 'ping', from: 'a', to: '192.168.1.77', count: 1, identifier: 4661 }],
  },
  {
    name: 'the router says that a host outside is not there',
    plan: MASQUERADING_HOME,
    actions: [{ kind: 'ping', from: 'a', to: '203.0.113.77', count: 2, identifier: 4662 }],
  },
  {
    name: 'the router says that the time to live ran out',
    plan: MASQUERADING_HOME,
    actions: [{ kind: 'ping', from: 'a', to: SERVER, count: 1, identifier: 4663, timeToLive: 1 }],
  },
  {
    name: 'the router says that it knows no way',
    plan: MASQUERADING_HOME,
    actions: [{ kind: 'ping', from: 'a', to: '10.9.9.9', count: 1, identifier: 4664 }],
  },
  {
    name: 'the server says that nobody listens on a port',
    plan: MASQUERADING_HOME,
    actions: [datagram('a', SERVER, 'x'), datagram('b', SERVER, 'x'.repeat(1000))],
  },
  {
    name: 'the router says that nobody listens on its own ports',
    plan: MASQUERADING_HOME,
    actions: [datagram('server', '203.0.113.1', 'from outside'), datagram('a', '192.168.1.1', 'from inside')],
  },
];

function datagram(from: string, to: string, text: string): KernelCase['actions'][number] {
  return { kind: 'datagram', from, fromPort: 40030, to, toPort: 9, text, answered: false };
}

describe.skipIf(obstacle !== undefined)('errors', () => {
  test.each(CASES)('$name', async one => {
    const { comparison } = await runCase(one);
    expect(comparison.differences).toEqual([]);
  });
});
