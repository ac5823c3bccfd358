/** VLANs of a switch, beside Open vSwitch: access ports, a trunk, and a trunk with a native VLAN. */
import { describe, expect, test } from 'vitest';
import type { FrameAction, PingAction } from './action';
import { obstacle, wrongInCase, type KernelCase } from './kernel-case';
import type { NetworkPlan } from './network-plan';

const HOSTS = ['a', 'b', 'c', 'd', 'e'];

/** `a` and `b` in VLAN 10, `c` in 20; `d` on a trunk of both, `e` on one whose native VLAN is 10. */
const NETWORK: NetworkPlan = {
  machines: HOSTS.map((name, index) => ({
    name,
    interfaces: [{ name: 'eth0', mac: `02:00:00:00:07:0${index + 1}`, address: `10.7.0.${index + 1}/24` }],
  })),
  bridges: [
    {
      name: 'switch',
      vlanAware: true,
      ports: [
        { name: 'pa', mac: '02:00:00:00:07:f1', vlan: 10 },
        { name: 'pb', mac: '02:00:00:00:07:f2', vlan: 10 },
        { name: 'pc', mac: '02:00:00:00:07:f3', vlan: 20 },
        { name: 'pd', mac: '02:00:00:00:07:f4', trunk: [10, 20] },
        { name: 'pe', mac: '02:00:00:00:07:f5', vlan: 10, trunk: [20] },
      ],
    },
  ],
  cables: HOSTS.map(host => `${host}:eth0 -- switch:p${host}`),
};

function ping(from: string, to: string): PingAction {
  return { kind: 'ping', from, to, count: 1, identifier: 4660 };
}

/** A frame of a type for experiments (IEEE 802), with these tags, outermost first. */
function frame(from: string, destination: string, ...tags: number[]): FrameAction {
  const source = `0200000007${String(HOSTS.indexOf(from) + 1).padStart(2, '0')}`;
  const tagged = tags.map(id => `8100${id.toString(16).padStart(4, '0')}`).join('');
  return {
    kind: 'frame',
    from,
    interface: 'eth0',
    bytes: `${destination}${source}${tagged}88b5${'2a'.repeat(50)}`,
  };
}

const EVERYBODY = 'ffffffffffff';

const CASES: readonly KernelCase[] = [
  {
    name: 'hosts of one VLAN reach each other and nobody else, and the trunks see their tags',
    plan: NETWORK,
    actions: [ping('a', '10.7.0.2'), ping('a', '10.7.0.3'), ping('c', '10.7.0.2')],
  },
  {
    name: 'a trunk with a native VLAN sends and takes it without a tag',
    plan: NETWORK,
    actions: [ping('a', '10.7.0.5'), ping('e', '10.7.0.2')],
  },
  {
    name: 'tagged frames come in by a trunk, and those of other VLANs do not',
    plan: NETWORK,
    actions: [
      frame('d', EVERYBODY, 10),
      frame('d', EVERYBODY, 20),
      frame('d', EVERYBODY, 30),
      frame('d', EVERYBODY),
      frame('e', EVERYBODY, 20),
      frame('e', EVERYBODY),
    ],
  },
  {
    name: 'stations are learned in their VLAN alone',
    plan: NETWORK,
    actions: [frame('a', EVERYBODY), frame('d', '020000000701', 10), frame('d', '020000000701', 20)],
  },
];

describe.skipIf(obstacle !== undefined)('VLANs', () => {
  test.concurrent.each(CASES)('$name', async one => {
    expect(await wrongInCase(one)).toEqual([]);
  });
});
