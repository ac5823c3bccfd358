/** BusyBox's DHCP client and dnsmasq, and their counterparts in the simulation. */
import { describe, expect, test } from 'vitest';
import { obstacle, wrongInCase, type KernelCase } from './kernel-case';
import { LEASING, LEASING_SERVER } from './planned-networks';

const CASES: readonly KernelCase[] = [
  {
    name: 'a client gets an address from dnsmasq and uses it',
    plan: LEASING,
    services: [LEASING_SERVER],
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
