/** The packet filter and connection tracking of IPv6 in whole networks, and how they read any bytes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNetwork, type NetworkControl, type PingReply } from '../../../../../src/engine/network';
import { IPV6_READER } from '../../../../../src/engine/stack/netfilter/conntrack/ipv6-reader';
import {
  isSound,
  portsOf,
  segmentOf,
} from '../../../../../src/engine/stack/netfilter/conntrack/packet-reader';
import type { ResolvedFirewallRule } from '../../../../../src/topology/resolved';
import { Recorder } from '../../recorder';
import { SECOND } from '../../station';
import { cables, ip6, machine, net6, topology } from '../../topologies';
import { rule } from './router';

const INSIDE = '2001:db8:1::2';
const OUTSIDE = '2001:db8:2::2';

/** `inside` and `outside` with a router between them that filters. */
function filtered(...firewall: ResolvedFirewallRule[]): { network: NetworkControl; recorder: Recorder } {
  const recorder = new Recorder();
  const plan = topology(
    [
      machine('inside', { eth0: { ipv6: { addresses: [`${INSIDE}/64`], gateway: '2001:db8:1::1' } } }),
      machine(
        'router',
        {
          lan: { ipv6: { addresses: ['2001:db8:1::1/64'] } },
          wan: { ipv6: { addresses: ['2001:db8:2::1/64'] } },
        },
        { kind: 'router', forwarding: true, ipv6Forwarding: true, firewall },
      ),
      machine('outside', { eth0: { ipv6: { addresses: [`${OUTSIDE}/64`], gateway: '2001:db8:2::1' } } }),
    ],
    cables(['inside:eth0 -- router:lan', 'router:wan -- outside:eth0']),
  );
  const network = createNetwork(plan, { seed: 1, observer: recorder });
  network.boot();
  network.runUntil(5 * SECOND);
  return { network, recorder };
}

function ping(network: NetworkControl, from: string, to: string, size = 56): PingReply['result'] | undefined {
  let result: PingReply['result'] | undefined;
  const options = { count: 1, within: 2 * SECOND, size };
  network.ping(from, { kind: 'address', address: ip6(to) }, options, ({ replies }) => {
    result = replies[0]?.result;
  });
  network.runUntil(network.now + 3 * SECOND);
  return result;
}

const STATEFUL = [
  rule('forward', 'accept', { states: ['established', 'related'] }),
  rule('forward', 'drop', { inInterface: 'wan', states: ['new'], name: 'no-strangers' }),
];

describe('a firewall of IPv6', () => {
  it('lets answers in and strangers not, and names its rule', () => {
    const { network, recorder } = filtered(...STATEFUL);
    expect(ping(network, 'inside', OUTSIDE)).toBe('reply');
    expect(ping(network, 'outside', INSIDE)).toBe('timeout');
    const stopped = recorder.records.filter(({ reason }) => reason === 'firewall');
    expect(stopped.map(({ rule: text }) => text)).toEqual(['no-strangers']);
  });

  it('remembers connections, which end by their time', () => {
    const { network } = filtered(...STATEFUL);
    ping(network, 'inside', OUTSIDE);
    const { connections } = network.netfilterOf('router')!.ipv6!;
    const [connection] = connections.live(network.now);
    expect(connection?.original).toMatchObject({
      protocol: 58,
      source: ip6(INSIDE),
      destination: ip6(OUTSIDE),
    });
    expect(connection?.replied).toBe(true);
    expect([...connections.live(network.now + 31 * SECOND)]).toEqual([]);
  });

  it('refuses with an error', () => {
    const { network } = filtered(rule('forward', 'reject', { protocol: 'icmpv6' }));
    expect(ping(network, 'inside', OUTSIDE)).toBe('unreachable');
  });

  it.each<[string, Partial<ResolvedFirewallRule>, boolean]>([
    ['of its source', { sourcePrefix: net6('2001:db8:1::/64') }, true],
    ['of another source', { sourcePrefix: net6('2001:db8:3::/64') }, false],
    ['of its destination', { destinationPrefix: net6(`${OUTSIDE}/128`) }, true],
    ['of ICMP of IPv4', { protocol: 'icmp' }, false],
    ['of invalid and untracked packets', { states: ['invalid', 'untracked'] }, false],
  ])('has rules %s', (_what, more, stopped) => {
    const { network } = filtered(rule('forward', 'drop', more));
    expect(ping(network, 'inside', OUTSIDE)).toBe(stopped ? 'timeout' : 'reply');
  });

  it('does not take neighbour discovery for invalid, but a rule for untracked packets stops it', () => {
    expect(ping(filtered(rule('input', 'drop', { states: ['invalid'] })).network, 'inside', OUTSIDE)).toBe(
      'reply',
    );
    expect(
      ping(filtered(rule('input', 'drop', { states: ['untracked'] })).network, 'inside', OUTSIDE),
    ).not.toBe('reply');
  });

  it('judges a packet in fragments as a whole, and sends it on in no larger ones', () => {
    const { network, recorder } = filtered(...STATEFUL);
    const before = recorder.sent.length;
    expect(ping(network, 'inside', OUTSIDE, 3000)).toBe('reply');
    const fragments = recorder.sent.slice(before).filter(({ bytes }) => bytes[20] === 44);
    // Three of the question and three of the answer, on both links.
    expect(fragments).toHaveLength(12);
    // 1500 bytes hold 1448 of the packet: fragments end at multiples of 8.
    expect(Math.max(...fragments.map(({ bytes }) => bytes.length))).toBe(14 + 48 + 1448);
    expect(ping(network, 'outside', INSIDE, 3000)).toBe('timeout');
  });
});

describe('reading IPv6', () => {
  const bytes = fc.uint8Array({ minLength: 54, maxLength: 300 }).map(random => {
    const frame = random.slice();
    frame.set([0x86, 0xdd, 0x60], 12);
    // Next headers that lead somewhere.
    frame[20] = [0, 6, 17, 43, 44, 58, 60, 59][(frame[20] ?? 0) % 8]!;
    return frame;
  });

  it('gives an answer for any bytes, and looks at none behind them', () => {
    fc.assert(
      fc.property(bytes, frame => {
        const end = IPV6_READER.payloadAt(frame) + IPV6_READER.payloadLength(frame);
        expect(end).toBeLessThanOrEqual(frame.length);
        const tuple = IPV6_READER.tuple(frame);
        // A tuple has the ends that the header says.
        expect(tuple?.source ?? IPV6_READER.source(frame)).toBe(IPV6_READER.source(frame));
        // What is never tracked is no error.
        expect(IPV6_READER.isUntracked(frame) && IPV6_READER.isError(frame)).toBe(false);
        if (IPV6_READER.isError(frame)) {
          expect(() => IPV6_READER.quotedTuple(frame)).not.toThrow();
        }
        isSound(IPV6_READER, frame, true);
        portsOf(IPV6_READER, frame);
        if (IPV6_READER.protocol(frame) === 6 && isSound(IPV6_READER, frame, false)) {
          segmentOf(IPV6_READER, frame);
        }
      }),
    );
  });
});
