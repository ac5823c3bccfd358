/** Where a bridge sends frames, and what a router refuses because of where it came from. */
import { describe, expect, test } from 'vitest';
import { obstacle, wrongInCase, type KernelCase } from './kernel-case';
import type { NetworkPlan } from './network-plan';
import { MASQUERADING_HOME, threeRouters } from './planned-networks';

/** The home network, with a bridge that forgets quickly. */
const FORGETFUL: NetworkPlan = {
  ...MASQUERADING_HOME,
  bridges: MASQUERADING_HOME.bridges.map(bridge => ({ ...bridge, ageing: 1 })),
};

/** The second router believes that the first host is behind the third. */
const MISTAKEN: NetworkPlan = {
  ...threeRouters(),
  machines: threeRouters().machines.map(machine =>
    machine.name === 'r2'
      ? { ...machine, routes: [{ to: '10.1.0.0/24', via: '10.23.0.3' }], reversePathFilter: 1 }
      : machine,
  ),
};

/** The same with a loose filter; the third router answers nobody behind the first. */
const LOOSE: NetworkPlan = {
  ...MISTAKEN,
  machines: MISTAKEN.machines.map(machine => {
    if (machine.name === 'r3') {
      return { ...machine, routes: [{ to: '10.1.0.0/24', type: 'blackhole' }] };
    }
    return machine.name === 'r2' ? { ...machine, reversePathFilter: 2 } : machine;
  }),
};

/** A loose filter on a router that knows no way back at all. */
const LOOSE_AND_LOST: NetworkPlan = {
  ...LOOSE,
  machines: LOOSE.machines.map(machine => (machine.name === 'r2' ? { ...machine, routes: [] } : machine)),
};

const PING = { kind: 'ping', from: 'a', to: '192.168.1.1', count: 1, identifier: 4660 } as const;

const CASES: readonly KernelCase[] = [
  {
    name: 'a bridge remembers where stations are',
    plan: MASQUERADING_HOME,
    actions: [PING, { kind: 'wait', seconds: 2 }, { ...PING, identifier: 4661 }],
  },
  {
    name: 'a bridge forgets where stations are, and floods',
    plan: FORGETFUL,
    actions: [PING, { kind: 'wait', seconds: 2 }, { ...PING, identifier: 4661 }],
  },
  {
    name: 'a router with a strict reverse path filter drops what came from the wrong side',
    plan: MISTAKEN,
    actions: [{ kind: 'ping', from: 'h1', to: '10.23.0.3', count: 1, identifier: 4660, patience: 1 }],
  },
  {
    name: 'a router with a loose reverse path filter forwards what came from the wrong side',
    plan: LOOSE,
    actions: [{ kind: 'ping', from: 'h1', to: '10.23.0.3', count: 1, identifier: 4661, patience: 1 }],
  },
  {
    name: 'a router with a loose reverse path filter drops what it knows no way back to',
    plan: LOOSE_AND_LOST,
    actions: [{ kind: 'ping', from: 'h1', to: '10.23.0.3', count: 1, identifier: 4662, patience: 1 }],
  },
];

describe.skipIf(obstacle !== undefined)('bridges and the reverse path filter', () => {
  test.concurrent.each(CASES)('$name', async one => {
    expect(await wrongInCase(one)).toEqual([]);
  });
});
