/** BusyBox's DHCP client and dnsmasq, and their counterparts in the simulation. */
import { describe, expect, test } from 'vitest';
import { obstacle, wrongInCase, type KernelCase } from './kernel-case';
import type { NetworkPlan } from './network-plan';

const NETWORK: NetworkPlan = {
  machines: [
    { name: 'server', interfaces: [{ name: 'eth0', mac: '02:00:00:00:04:01', address: '10.4.0.1/24' }] },
    { name: 'client', interfaces: [{ name: 'eth0', mac: '02:00:00:00:04:02' }] },
  ],
  bridges: [],
  cables: ['client:eth0 -- server:eth0'],
};

const CASES: readonly KernelCase[] = [
  {
    name: 'a client gets an address from dnsmasq and uses it',
    plan: NETWORK,
    services: [
      {
        ...{ kind: 'dhcp', on: 'server', interface: 'eth0', subnet: '10.4.0.0/24', address: '10.4.0.100' },
        ...{ domain: 'lab.test', leaseSeconds: 600 },
      },
    ],
    actions: [
      { kind: 'lease', from: 'client', interface: 'eth0' },
      { kind: 'ping', from: 'client', to: '10.4.0.1', count: 2, identifier: 4660 },
    ],
  },
];

describe.skipIf(obstacle !== undefined)('DHCP', () => {
  test.concurrent.each(CASES)('$name', async one => {
    expect(await wrongInCase(one)).toEqual([]);
  });
});
