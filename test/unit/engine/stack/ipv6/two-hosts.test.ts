/** Two Linux hosts with IPv6 and a router between them, frame by frame as measured on Linux 6.18. */
import { describe, expect, it } from 'vitest';
import { createNetwork, type NetworkControl, type PingResult } from '../../../../../src/engine/network';
import { formatIpInterfaceAddress } from '../../../../../src/net/ip-address';
import { frameProblems } from '../../packets';
import { Recorder } from '../../recorder';
import { SECOND } from '../../station';
import { cables, ip6, machine, topology } from '../../topologies';

/** h1 — r — h2, as `2001:db8:1::10`, `::1` on both networks, and `2001:db8:2::10`. */
function routed(mtu = 1500): { readonly network: NetworkControl; readonly recorder: Recorder } {
  const recorder = new Recorder();
  const network = createNetwork(
    topology(
      [
        machine('h1', {
          e0: {
            mac: '02:00:00:00:01:01',
            ipv6: { addresses: ['2001:db8:1::10/64'], gateway: '2001:db8:1::1' },
          },
        }),
        machine(
          'r',
          {
            e0: { mac: '02:00:00:00:01:02', ipv6: { addresses: ['2001:db8:1::1/64'] } },
            e1: { mac: '02:00:00:00:02:02', mtu, ipv6: { addresses: ['2001:db8:2::1/64'] } },
          },
          { kind: 'router', ipv6Forwarding: true },
        ),
        machine('h2', {
          e0: {
            mac: '02:00:00:00:02:01',
            mtu,
            ipv6: { addresses: ['2001:db8:2::10/64'], gateway: '2001:db8:2::1' },
          },
        }),
      ],
      cables(['h1:e0 -- r:e0', 'r:e1 -- h2:e0']),
    ),
    { seed: 1, observer: recorder },
  );
  network.boot();
  network.runUntil(6 * SECOND);
  return { network, recorder };
}

/** What is on the wire because of a ping, and how it went. */
function pinged(
  { network, recorder }: ReturnType<typeof routed>,
  to: string,
  more: { readonly count?: number; readonly size?: number; readonly seconds?: number } = {},
): { readonly lines: string[]; readonly result: PingResult } {
  const before = recorder.sent.length;
  let result: PingResult | undefined;
  const { count = 1, size = 56, seconds = 4 } = more;
  network.ping('h1', { kind: 'address', address: ip6(to) }, { count, size, within: 4 * SECOND }, got => {
    result = got;
  });
  network.runUntil(network.now + seconds * SECOND);
  return { lines: recorder.lines().slice(before), result: result! };
}

describe('two hosts with IPv6', () => {
  it('have their addresses after two seconds, the link-local one last', () => {
    const { network } = routed();
    expect(network.addressesOf('h1').map(formatIpInterfaceAddress)).toEqual([
      '2001:db8:1::10/64',
      'fe80::ff:fe00:101/64',
    ]);
    expect(network.booted).toBe(true);
  });

  it('find their neighbour by a solicitation, and ping it', () => {
    const bench = routed();
    const { lines, result } = pinged(bench, '2001:db8:1::1', { count: 2 });
    expect(lines).toEqual([
      '2001:db8:1::10 > ff02::1:ff00:1 ns 2001:db8:1::1',
      '2001:db8:1::1 > 2001:db8:1::10 na 2001:db8:1::1 router solicited override',
      '2001:db8:1::10 > 2001:db8:1::1 echo request 1',
      '2001:db8:1::1 > 2001:db8:1::10 echo reply 1',
      '2001:db8:1::10 > 2001:db8:1::1 echo request 2',
      '2001:db8:1::1 > 2001:db8:1::10 echo reply 2',
    ]);
    expect(result.replies.map(({ result: each, ttl }) => [each, ttl])).toEqual([
      ['reply', 64],
      ['reply', 64],
    ]);
  });

  it('reach each other through the router, which asks from its link-local address', () => {
    const { lines, result } = pinged(routed(), '2001:db8:2::10');
    expect(lines).toEqual([
      '2001:db8:1::10 > ff02::1:ff00:1 ns 2001:db8:1::1',
      '2001:db8:1::1 > 2001:db8:1::10 na 2001:db8:1::1 router solicited override',
      '2001:db8:1::10 > 2001:db8:2::10 echo request 1',
      'fe80::ff:fe00:202 > ff02::1:ff00:10 ns 2001:db8:2::10',
      '2001:db8:2::10 > fe80::ff:fe00:202 na 2001:db8:2::10 solicited override',
      '2001:db8:1::10 > 2001:db8:2::10 echo request 1',
      '2001:db8:2::10 > ff02::1:ff00:1 ns 2001:db8:2::1',
      '2001:db8:2::1 > 2001:db8:2::10 na 2001:db8:2::1 router solicited override',
      '2001:db8:2::10 > 2001:db8:1::10 echo reply 1',
      '2001:db8:2::10 > 2001:db8:1::10 echo reply 1',
    ]);
    expect(result.replies).toMatchObject([{ result: 'reply', ttl: 63, from: ip6('2001:db8:2::10') }]);
  });

  it('hear of what cannot be reached: no route at once, a silent neighbour after three solicitations', () => {
    const bench = routed();
    expect(pinged(bench, '2001:db8:9::99').result.replies).toMatchObject([
      { result: 'unreachable', from: ip6('2001:db8:1::1'), icmp: { type: 1, code: 0 } },
    ]);
    const { lines, result } = pinged(bench, '2001:db8:2::99', { seconds: 5 });
    expect(lines.filter(line => line.includes('ns 2001:db8:2::99'))).toHaveLength(3);
    expect(result.replies).toMatchObject([
      { result: 'unreachable', from: ip6('2001:db8:1::1'), icmp: { type: 1, code: 3 } },
    ]);
    expect(Math.round(result.replies[0]!.time / SECOND)).toBe(3);
    expect(pinged(bench, '2001:db8:1::99', { seconds: 5 }).result.replies).toMatchObject([
      { result: 'unreachable', from: ip6('2001:db8:1::10'), icmp: { type: 1, code: 3 } },
    ]);
  });

  it('send what is too large for the link in fragments that the other end puts together', () => {
    const bench = routed();
    pinged(bench, '2001:db8:1::1');
    const { lines, result } = pinged(bench, '2001:db8:1::1', { size: 4000 });
    const parts = ['fragment 0:1448+', 'fragment 1448:1448+', 'fragment 2896:1112'];
    expect(lines).toEqual([
      ...parts.map(part => `2001:db8:1::10 > 2001:db8:1::1 ${part}`),
      ...parts.map(part => `2001:db8:1::1 > 2001:db8:1::10 ${part}`),
      // Five seconds after it was first used: the router makes sure that the host it knows by its question is there.
      'fe80::ff:fe00:102 > 2001:db8:1::10 ns 2001:db8:1::10',
      '2001:db8:1::10 > fe80::ff:fe00:102 na 2001:db8:1::10 solicited',
    ]);
    expect(result.replies).toMatchObject([{ result: 'reply' }]);
  });

  it('learn the path MTU from the first packet that was too big', () => {
    const bench = routed(1400);
    const { lines, result } = pinged(bench, '2001:db8:2::10', { count: 2, size: 1452 });
    expect(result.replies).toMatchObject([
      { result: 'unreachable', from: ip6('2001:db8:1::1'), icmp: { type: 2, code: 0 } },
      { result: 'reply', ttl: 63 },
    ]);
    const tooBig = bench.recorder.sent.find(({ bytes }) => bytes[54] === 2)!;
    // The error fills the minimum MTU.
    expect(tooBig.bytes).toHaveLength(14 + 1280);
    expect(lines).toContain('2001:db8:1::10 > 2001:db8:2::10 fragment 0:1352+');
    expect(lines).toContain('2001:db8:1::10 > 2001:db8:2::10 fragment 1352:108');
  });

  it('put nothing wrong on the wire', () => {
    const bench = routed(1400);
    pinged(bench, '2001:db8:2::10', { count: 3, size: 3000 });
    pinged(bench, '2001:db8:9::99');
    expect(bench.recorder.sent.flatMap(({ bytes }) => frameProblems(bytes))).toEqual([]);
    expect(bench.recorder.changedFrames).toEqual([]);
  });
});

describe('a machine without IPv6', () => {
  it('sends no IPv6 frame and takes none', () => {
    const recorder = new Recorder();
    const network = createNetwork(
      topology(
        [
          machine('old', { e0: { address: '10.0.0.1/24' } }),
          machine('new', { e0: { address: '10.0.0.2/24', ipv6: { addresses: ['2001:db8::2/64'] } } }),
        ],
        cables(['old:e0 -- new:e0']),
      ),
      { seed: 1, observer: recorder },
    );
    network.boot();
    let result: PingResult | undefined;
    network.ping(
      'old',
      { kind: 'address', address: ip6('2001:db8::2') },
      { count: 1, within: SECOND },
      got => {
        result = got;
      },
    );
    network.runUntil(5 * SECOND);
    expect(result!.replies).toMatchObject([{ result: 'not-sent' }]);
    expect(recorder.sent.some(({ port, bytes }) => port === 0 && bytes[12] === 0x86)).toBe(false);
    expect(new Set(recorder.drops.filter(({ port }) => port === 0).map(({ reason }) => reason))).toEqual(
      new Set(['multicast-not-joined']),
    );
  });
});
