/** Three routers between two hosts: forwarding, and what routers on the way say of packets that go no further. */
import { describe, expect, test } from 'vitest';
import { obstacle, wrongInCase, type KernelCase } from './kernel-case';
import { threeRouters } from './planned-networks';

const CASES: readonly KernelCase[] = [
  {
    name: 'a ping crosses three routers',
    plan: threeRouters(),
    actions: [{ kind: 'ping', from: 'h1', to: '10.3.0.2', count: 2, identifier: 4660 }],
  },
  {
    name: 'the time to live runs out at each router in turn',
    plan: threeRouters(),
    actions: [1, 2, 3, 4].map(timeToLive => {
      return {
        kind: 'ping',
        from: 'h1',
        to: '10.3.0.2',
        count: 1,
        identifier: 4660 + timeToLive,
        timeToLive,
      };
    }),
  },
  {
    name: 'traceroute meets every router, then the host',
    plan: threeRouters(),
    actions: [{ kind: 'traceroute', from: 'h1', to: '10.3.0.2' }],
  },
  {
    name: 'the last router says that the host is not there',
    plan: threeRouters(),
    actions: [{ kind: 'ping', from: 'h1', to: '10.3.0.77', count: 2, identifier: 4670 }],
  },
  {
    name: 'the host says that nobody listens on the port',
    plan: threeRouters(),
    actions: ['x', 'y'.repeat(1200)].map(text => {
      return {
        kind: 'datagram',
        from: 'h1',
        fromPort: 40000,
        to: '10.3.0.2',
        toPort: 9,
        text,
        answered: false,
      };
    }),
  },
  {
    name: 'routes that lead nowhere: none, prohibited, unreachable, and a silent one',
    plan: threeRouters(),
    actions: ['10.99.9.9', '10.99.1.1', '10.99.3.1', '10.99.2.1'].map((to, index) => {
      return { kind: 'ping', from: 'h1', to, count: 1, identifier: 4680 + index };
    }),
  },
];

describe.skipIf(obstacle !== undefined)('three routers', () => {
  test.concurrent.each(CASES)('$name', async one => {
    expect(await wrongInCase(one)).toEqual([]);
  });
});
