/** Multicast groups: who joins them says so (IGMP), and hears what is sent to them. */
import { describe, expect, test } from 'vitest';
import { parseIpv4, UNSPECIFIED_IPV4, type Ipv4Address } from '../../src/net/ipv4-address';
import { IGMP_TYPE, igmpMessage, igmpQueryV3 } from '../../src/wire/igmp';
import { groupFrame } from '../unit/trace/group-frames';
import type { Action, FrameAction, MembershipAction } from './action';
import { obstacle, wrongInCase, type KernelCase } from './kernel-case';
import type { NetworkPlan } from './network-plan';

const GROUP = '239.1.2.3';
const OTHER = '239.1.2.4';

/** Two hosts on one cable: `b` is asked, and joins. */
const PAIR: NetworkPlan = {
  machines: [
    {
      name: 'a',
      interfaces: [{ name: 'eth0', mac: '02:00:00:00:00:0a', address: '10.1.0.2/24' }],
      gateway: '10.1.0.3',
    },
    {
      name: 'b',
      interfaces: [{ name: 'eth0', mac: '02:00:00:00:00:0b', address: '10.1.0.3/24' }],
    },
  ],
  bridges: [],
  cables: ['a:eth0 -- b:eth0'],
};

const HOSTS = ['a', 'b', 'c'];
/** Three hosts on a bridge: what is said to groups goes everywhere as long as nobody asks. */
const BRIDGED: NetworkPlan = {
  machines: HOSTS.map((name, index) => ({
    name,
    interfaces: [{ name: 'eth0', mac: `02:00:00:00:00:0${name}`, address: `10.1.0.${index + 2}/24` }],
    gateway: `10.1.0.${index === 1 ? 2 : 3}`,
  })),
  bridges: [
    { name: 'bridge', ports: HOSTS.map(host => ({ name: `p${host}`, mac: `02:00:00:00:00:f${host}` })) },
  ],
  cables: HOSTS.map(host => `${host}:eth0 -- bridge:p${host}`),
};

function membership(kind: 'join' | 'leave', from: string, group = GROUP): MembershipAction {
  return { kind, from, interface: 'eth0', group };
}

function datagram(from: string, answered: boolean): Action {
  return { kind: 'datagram', from, fromPort: 40050, to: GROUP, toPort: 5000, text: 'to all', answered };
}

/** What `a` asks the link. */
function query(message: Uint8Array, to = '224.0.0.1'): FrameAction {
  const bytes = Buffer.from(groupFrame(message, address(to))).toString('hex');
  return { kind: 'frame', from: 'a', interface: 'eth0', bytes };
}

function address(text: string): Ipv4Address {
  return parseIpv4(text) ?? UNSPECIFIED_IPV4;
}

/** Asks for answers within a tenth of a second. */
function question(group: string): Uint8Array {
  return igmpQueryV3({
    group: address(group),
    maximumResponseTime: 1,
    robustness: 2,
    interval: 125,
    sources: [],
  });
}

const ALL = '0.0.0.0';
const SECOND_REPORT: Action = { kind: 'wait', seconds: 2 };

const CASES: readonly KernelCase[] = [
  {
    name: 'joining and leaving are told twice each, to everybody on the bridge',
    plan: BRIDGED,
    actions: [membership('join', 'b'), SECOND_REPORT, membership('leave', 'b'), SECOND_REPORT],
  },
  {
    name: 'of two groups, the one joined later is told by itself',
    plan: BRIDGED,
    actions: [membership('join', 'b'), SECOND_REPORT, membership('join', 'b', OTHER), SECOND_REPORT],
  },
  {
    name: 'a datagram to a group goes everywhere, and is heard by who joined',
    plan: BRIDGED,
    services: ['b', 'c'].map(on => ({ kind: 'echo', on, port: 5000 })),
    actions: [datagram('a', false), membership('join', 'b'), SECOND_REPORT, datagram('a', true)],
  },
  {
    name: 'a question about all groups is answered for all at once',
    plan: PAIR,
    actions: [
      membership('join', 'b'),
      SECOND_REPORT,
      membership('join', 'b', OTHER),
      SECOND_REPORT,
      query(question(ALL)),
      SECOND_REPORT,
    ],
  },
  {
    name: 'a question about one group is answered for it',
    plan: PAIR,
    actions: [
      membership('join', 'b'),
      SECOND_REPORT,
      membership('join', 'b', OTHER),
      SECOND_REPORT,
      query(question('239.9.9.9'), '239.9.9.9'),
      query(question(GROUP), GROUP),
      SECOND_REPORT,
    ],
  },
  {
    name: 'a host speaks version 2 with a router that does',
    plan: PAIR,
    actions: [
      membership('join', 'b'),
      SECOND_REPORT,
      query(igmpMessage(IGMP_TYPE.query, 1, UNSPECIFIED_IPV4)),
      SECOND_REPORT,
      membership('leave', 'b'),
    ],
  },
  {
    name: 'nobody answers for a group that nobody joined',
    plan: PAIR,
    actions: [
      query(question(ALL)),
      query(igmpMessage(IGMP_TYPE.query, 1, address(GROUP)), GROUP),
      SECOND_REPORT,
    ],
  },
];

describe.skipIf(obstacle !== undefined)('groups', () => {
  test.each(CASES)('$name', async one => {
    expect(await wrongInCase(one)).toEqual([]);
  });
});
