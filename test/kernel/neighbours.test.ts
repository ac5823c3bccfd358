/** What machines believe of neighbours that speak up unasked, and what they do on their own when nobody asks them to. */
import { describe, expect, test } from 'vitest';
import type { FrameAction, PingAction } from './action';
import { obstacle, runCase, wrongInCase, type KernelCase } from './kernel-case';
import type { NetworkPlan } from './network-plan';
import { MASQUERADING_HOME } from './planned-networks';

const HOST = { mac: '02:00:00:00:07:01', address: '10.7.0.1' };
const PEER = { mac: '02:00:00:00:07:02', address: '10.7.0.2' };
const STRANGER = { mac: '02:00:00:00:07:99', address: '10.7.0.9' };
const MOVED = { ...PEER, mac: '02:00:00:00:07:88' };
const NOBODY = { mac: '00:00:00:00:00:00', address: '0.0.0.0' };
const EVERYBODY = 'ff:ff:ff:ff:ff:ff';

const NETWORK: NetworkPlan = {
  machines: [
    { name: 'host', interfaces: [{ name: 'eth0', mac: HOST.mac, address: `${HOST.address}/24` }] },
    { name: 'peer', interfaces: [{ name: 'eth0', mac: PEER.mac, address: `${PEER.address}/24` }] },
  ],
  bridges: [],
  cables: ['host:eth0 -- peer:eth0'],
};

interface Station {
  readonly mac: string;
  readonly address: string;
}

/** A frame with an ARP packet, as the peer's card puts it on the wire. */
function arp(operation: 1 | 2, sender: Station, target: Station, to = EVERYBODY): FrameAction {
  const mac = (text: string): string => text.replaceAll(':', '');
  const address = (text: string): string =>
    text
      .split('.')
      .map(byte => Number(byte).toString(16).padStart(2, '0'))
      .join('');
  const ends = [sender, target].map(end => mac(end.mac) + address(end.address)).join('');
  const bytes = `${mac(to)}${mac(sender.mac)}0806000108000604000${operation}${ends}`;
  return { kind: 'frame', from: 'peer', interface: 'eth0', bytes };
}

/** One request of the host: where it goes, and whether it must be asked for first, says what the host knows. */
function ping(identifier: number, to = PEER.address, patience = 1): PingAction {
  return { kind: 'ping', from: 'host', to, count: 1, identifier, patience };
}

/** Longer than a neighbour used on trust stays unasked (delay_first_probe_time), and than the three questions take. */
const ASKS = { kind: 'wait', seconds: 9 } as const;
/** Longer than the peer takes to make sure of the host that asked for it, whose answer would speak against any other hardware address. */
const ASSURED = { kind: 'wait', seconds: 6 } as const;
/** Longer than what was just learned is not given up for something else (net.ipv4.neigh.*.locktime). */
const LOCKED = { kind: 'wait', seconds: 1.5 } as const;

const CASES: readonly KernelCase[] = [
  {
    name: 'a probe for an address in use is answered, and nobody is learned from it (RFC 5227 2.1.1)',
    plan: NETWORK,
    actions: [
      arp(1, { ...PEER, address: NOBODY.address }, { ...NOBODY, address: HOST.address }),
      arp(1, { ...PEER, address: NOBODY.address }, { ...NOBODY, address: STRANGER.address }),
      ping(1),
    ],
  },
  {
    name: 'an announcement of someone unknown is not kept (arp_accept 0): as a request, as a reply',
    plan: NETWORK,
    actions: [
      arp(1, PEER, { ...NOBODY, address: PEER.address }),
      arp(2, PEER, { ...PEER }),
      arp(2, PEER, HOST, HOST.mac),
      ping(2),
    ],
  },
  {
    name: 'a known neighbour that announces another hardware address gets what follows there, and is asked there',
    plan: NETWORK,
    actions: [ping(3), ASSURED, arp(1, MOVED, { ...NOBODY, address: PEER.address }), ping(4), ASKS],
  },
  {
    name: 'a known neighbour that announces another hardware address by a reply',
    plan: NETWORK,
    actions: [ping(5), ASSURED, arp(2, MOVED, MOVED), ping(6), ASKS],
  },
  {
    name: 'a reply to everybody that is no announcement changes nothing that was just learned',
    plan: NETWORK,
    actions: [ping(7), arp(2, MOVED, HOST), ping(8)],
  },
  {
    name: 'a reply to everybody that is no announcement is believed when what is known has held for a second',
    plan: NETWORK,
    actions: [ping(14), LOCKED, arp(2, MOVED, HOST), ping(15)],
  },
  {
    name: 'so is a request for somebody else',
    plan: NETWORK,
    actions: [ping(16), LOCKED, arp(1, MOVED, { ...NOBODY, address: STRANGER.address }), ping(17)],
  },
  {
    name: 'a request for the host is believed at once',
    plan: NETWORK,
    actions: [ping(9), ASSURED, arp(1, MOVED, { ...NOBODY, address: HOST.address }), ping(10), ASKS],
  },
  {
    name: 'a reply to the host alone confirms a neighbour, whatever it is about',
    plan: NETWORK,
    actions: [
      arp(1, PEER, { ...NOBODY, address: HOST.address }),
      ping(11),
      arp(2, PEER, STRANGER, HOST.mac),
      ASKS,
    ],
  },
  {
    name: 'a reply to everybody confirms no neighbour, not even one about the host',
    plan: NETWORK,
    actions: [arp(1, PEER, { ...NOBODY, address: HOST.address }), ping(12), arp(2, PEER, HOST), ASKS],
  },
  {
    name: 'who says that the address of the host is theirs gets no answer, and is not learned',
    plan: NETWORK,
    actions: [
      arp(1, { ...STRANGER, address: HOST.address }, { ...NOBODY, address: HOST.address }),
      arp(2, { ...STRANGER, address: HOST.address }, { ...STRANGER, address: HOST.address }),
      ping(13),
    ],
  },
];

describe.skipIf(obstacle !== undefined)('neighbours', () => {
  test('who learned of a neighbour by being asked makes sure five seconds later', async () => {
    const { comparison } = await runCase({
      name: 'neighbours are confirmed',
      plan: MASQUERADING_HOME,
      actions: [
        { kind: 'ping', from: 'a', to: '203.0.113.80', count: 1, identifier: 4665 },
        { kind: 'wait', seconds: 6 },
      ],
    });
    expect(comparison.differences).toEqual([]);
  });

  test.concurrent.each(CASES)('$name', async one => {
    expect(await wrongInCase(one)).toEqual([]);
  });
});
