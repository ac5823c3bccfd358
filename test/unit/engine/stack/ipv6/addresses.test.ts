/** How an interface comes to its addresses: tests for duplicates, reports, routers, prefixes and their lifetimes. */
import { describe, expect, it } from 'vitest';
import { updatedValidLifetime } from '../../../../../src/engine/stack/ipv6/autoconfiguration';
import { formatIpv6 } from '../../../../../src/net/ipv6-address';
import type { NdpMessage } from '../../../../../src/wire/ndp';
import type { NdpOption, PrefixInformation } from '../../../../../src/wire/ndp-option';
import { hexOf } from '../../../wire/bytes-of';
import { ndpFrame, ndpOf, udpV6Frame } from '../../ipv6-packets';
import { frameLine } from '../../packets';
import { SECOND } from '../../station';
import { ip6, mac, net6 } from '../../topologies';
import { Ipv6Bench, PEER } from './ipv6-bench';

const AUTO = { config: { autoconfiguration: true } };
const OWN = 'fe80::ff:fe00:41';

function prefix(network: string, more: Partial<PrefixInformation> = {}): PrefixInformation {
  return {
    kind: 'prefix',
    prefix: net6(network),
    onLink: true,
    autonomous: true,
    validLifetime: 86_400,
    preferredLifetime: 14_400,
    ...more,
  };
}

function advertisement(
  options: readonly NdpOption[],
  more: Partial<Extract<NdpMessage, { kind: 'router-advertisement' }>> = {},
): NdpMessage {
  return {
    kind: 'router-advertisement',
    hopLimit: 64,
    managed: false,
    otherConfiguration: false,
    preference: 'medium',
    lifetime: 1800,
    reachableTime: 0,
    retransmitTime: 0,
    options,
    ...more,
  };
}

/** The station advertises itself as a router; gives the frames that came because of it. */
function advertise(bench: Ipv6Bench, message: NdpMessage, from = PEER, hopLimit = 255): string[] {
  const ends = { ...bench.ends('ff02::1', from), toMac: mac('33:33:00:00:00:01') };
  return bench.inject(ndpFrame(ends, message, hopLimit));
}

describe('an interface whose link comes up', () => {
  const bench = new Ipv6Bench([''], AUTO);
  bench.run(15);
  const heard = bench.station().heard.map(({ time, bytes }) => ({ time, line: frameLine(bytes), bytes }));
  const report = `> ff02::16 mld join ff02::1:ff00:41`;
  const at = (line: string): number[] =>
    heard.filter(each => each.line === line).map(({ time }) => time / SECOND);

  it('reports its group twice from ::, tests its address once, reports again from it, and solicits routers', () => {
    const lines = heard.map(({ line }) => line);
    expect(lines.filter(line => line.includes(' ns '))).toEqual([`:: > ff02::1:ff00:41 ns ${OWN}`]);
    expect(lines.filter(line => line.startsWith(`${OWN} ${report}`))).toHaveLength(2);
    expect(lines.filter(line => line === `${OWN} > ff02::2 rs`)).toHaveLength(3);
  });

  it('does so at the times of Linux', () => {
    const [tested = 0] = at(`:: > ff02::1:ff00:41 ns ${OWN}`);
    const [first = 0, second = 0, third = 0] = at(`${OWN} > ff02::2 rs`);
    expect(tested).toBeLessThan(1);
    expect(first - tested).toBeCloseTo(1, 5);
    // RFC 7559: 4 s, then twice as long, each a tenth more or less.
    expect(second - first).toBeGreaterThan(3.6);
    expect(second - first).toBeLessThan(4.4);
    expect((third - second) / (second - first)).toBeGreaterThan(1.9);
    expect((third - second) / (second - first)).toBeLessThan(2.1);
    const [fromAddress = 0] = at(`${OWN} ${report}`);
    expect(fromAddress).toBeCloseTo(first, 5);
  });

  it('sends the bytes that Linux sends', () => {
    const bytesOf = (line: string): string => hexOf(heard.find(each => each.line === line)!.bytes);
    // kernel-misc-ipv6-noise.pcap, where the host has this hardware address.
    expect(bytesOf(`${OWN} ${report}`)).toBe(
      '33330000001602000000004186dd6000000000240001fe80000000000000000000fffe000041ff020000000000000000000000000016' +
        '3a000502000001008f0071870000000104000000ff0200000000000000000001ff000041',
    );
    expect(bytesOf(`${OWN} > ff02::2 rs`)).toBe(
      '33330000000202000000004186dd6000000000103afffe80000000000000000000fffe000041ff020000000000000000000000000002' +
        '85007aac000000000101020000000041',
    );
    const test = heard.find(({ line }) => line.includes(' ns '))!;
    const message = ndpOf(test.bytes);
    expect(message.options).toMatchObject([{ kind: 'nonce' }]);
    expect(test.bytes).toHaveLength(86);
  });
});

describe('an address that is being tested', () => {
  const tested = (): { readonly bench: Ipv6Bench; readonly probe: Uint8Array } => {
    const bench = new Ipv6Bench(['2001:db8::7/64']);
    bench.run(1.01);
    const probe = bench
      .station()
      .take()
      .find(bytes => frameLine(bytes).endsWith('ns 2001:db8::7'))!;
    return { bench, probe };
  };

  it('is not used, nor does it get packets', () => {
    const { bench } = tested();
    expect(bench.addresses()).not.toContain('2001:db8::7/64');
    bench.takeReasons();
    bench.inject(udpV6Frame(bench.ends('2001:db8::7'), 9, 9));
    expect(bench.takeReasons()).toEqual(['address-tentative']);
  });

  it.each([
    [
      'another node tests it too',
      {
        kind: 'neighbour-solicitation',
        target: ip6('2001:db8::7'),
        options: [{ kind: 'nonce', nonce: new Uint8Array(6) }],
      },
      '::',
    ],
    [
      'another node says that it has it',
      {
        kind: 'neighbour-advertisement',
        router: false,
        solicited: false,
        override: true,
        target: ip6('2001:db8::7'),
        options: [{ kind: 'target-link-layer', mac: mac('02:00:00:00:02:00') }],
      },
      '2001:db8::7',
    ],
  ] as const)('is given up when %s', (_what, message, from) => {
    const { bench } = tested();
    const to = message.kind === 'neighbour-solicitation' ? 'ff02::1:ff00:7' : 'ff02::1';
    const toMac = mac(to === 'ff02::1' ? '33:33:00:00:00:01' : '33:33:ff:00:00:07');
    bench.inject(ndpFrame({ ...bench.ends(to, from), toMac }, message));
    bench.run(3);
    expect(bench.addresses()).toEqual([`${OWN}/64`]);
    expect(bench.ipv6.settled).toBe(true);
  });

  it('is not given up for its own question that comes back (RFC 7527)', () => {
    const { bench, probe } = tested();
    bench.inject(probe);
    bench.run(3);
    expect(bench.addresses()).toContain('2001:db8::7/64');
  });

  it('is defended once it is known to be unique', () => {
    const bench = Ipv6Bench.ready(['2001:db8::7/64']);
    const ends = { ...bench.ends('ff02::1:ff00:7', '::'), toMac: mac('33:33:ff:00:00:07') };
    const message: NdpMessage = { kind: 'neighbour-solicitation', target: ip6('2001:db8::7'), options: [] };
    expect(bench.inject(ndpFrame(ends, message))).toEqual(['2001:db8::7 > ff02::1 na 2001:db8::7 override']);
  });
});

describe('a router advertisement', () => {
  it('gives an address, which is tested, a network and a default route', () => {
    const bench = Ipv6Bench.ready([''], AUTO);
    advertise(bench, advertisement([prefix('2001:db8:1::/64')]));
    expect(bench.addresses()).toEqual([`${OWN}/64`]);
    bench.run(2.1);
    expect(bench.addresses()).toEqual(['2001:db8:1::ff:fe00:41/64', `${OWN}/64`]);
    const routes = bench.ipv6.routes.all.map(
      ({ to, via, metric }) =>
        `${formatIpv6(to.network)}/${to.length}${via === undefined ? '' : ` via ${formatIpv6(via)}`} ${metric}`,
    );
    expect(routes.sort()).toEqual(['2001:db8:1::/64 256', '::/0 via fe80::2 1024', 'fe80::/64 256']);
  });

  it('sets hop limit, MTU and name servers, and ends the solicitations', () => {
    const bench = Ipv6Bench.ready([''], AUTO);
    advertise(
      bench,
      advertisement(
        [
          { kind: 'mtu', mtu: 1400 },
          { kind: 'dns-servers', lifetime: 600, servers: [ip6('2001:db8::53')] },
          { kind: 'source-link-layer', mac: bench.station().mac },
        ],
        { hopLimit: 55 },
      ),
    );
    bench.run(30);
    expect(
      bench
        .station()
        .lines()
        .filter(line => line.endsWith(' rs')),
    ).toEqual([]);
    expect(bench.stack.resolver.servers).toEqual([ip6('2001:db8::53')]);
    const destination = ip6('2001:db8:9::9');
    expect(bench.ipv6.sender.pathMtu(destination)).toBe(1400);
    bench.stack.ping({ destination, count: 1, interval: 1, within: SECOND, size: 8 }, () => undefined);
    bench.run(0.1);
    expect(
      bench
        .station()
        .take()
        .map(bytes => bytes[21]),
    ).toEqual([55]);
    bench.run(600);
    expect(bench.stack.resolver.servers).toEqual([]);
  });

  it('is believed only from the link itself, and never by a router', () => {
    const bench = Ipv6Bench.ready([''], AUTO);
    advertise(bench, advertisement([prefix('2001:db8:1::/64')]), PEER, 64);
    advertise(bench, advertisement([prefix('2001:db8:1::/64')]), '2001:db8::1');
    expect(bench.takeReasons()).toEqual(['neighbour-discovery-invalid', 'neighbour-discovery-invalid']);
    const router = Ipv6Bench.ready([''], { ...AUTO, forwarding: true });
    advertise(router, advertisement([prefix('2001:db8:1::/64')]));
    expect(router.takeReasons()).toEqual(['neighbour-discovery-ignored']);
  });

  it('makes no address of a prefix that is not 64 bits long, prefers longer than it is valid, or is link-local', () => {
    const bench = Ipv6Bench.ready([''], AUTO);
    advertise(
      bench,
      advertisement([
        prefix('2001:db8:1::/80'),
        prefix('2001:db8:2::/64', { preferredLifetime: 100_000 }),
        prefix('fe80::/64'),
        prefix('2001:db8:3::/64', { autonomous: false }),
      ]),
    );
    bench.run(3);
    expect(bench.addresses()).toEqual([`${OWN}/64`]);
  });

  it('ends the default route with a lifetime of zero', () => {
    const bench = Ipv6Bench.ready([''], AUTO);
    advertise(bench, advertisement([]));
    expect(bench.ipv6.routes.lookup(ip6('2001:db8::1'), bench.simulator.now)?.via).toBe(ip6(PEER));
    advertise(bench, advertisement([], { lifetime: 0 }));
    expect(bench.ipv6.routes.lookup(ip6('2001:db8::1'), bench.simulator.now)).toBeUndefined();
  });

  it('prefers a router of high preference (RFC 4191)', () => {
    const bench = Ipv6Bench.ready([''], AUTO);
    advertise(bench, advertisement([], { preference: 'low' }), 'fe80::a');
    advertise(bench, advertisement([], { preference: 'high' }), 'fe80::b');
    advertise(bench, advertisement([], { preference: 'medium' }), 'fe80::c');
    expect(bench.ipv6.routes.lookup(ip6('2001:db8::1'), bench.simulator.now)?.via).toBe(ip6('fe80::b'));
  });
});

describe('the lifetimes of an address', () => {
  it('end: first it is deprecated, then gone, and its network with it', () => {
    const bench = Ipv6Bench.ready(['2001:db8:1::7/64'], AUTO);
    advertise(
      bench,
      advertisement([prefix('2001:db8:2::/64', { validLifetime: 100, preferredLifetime: 50 })]),
    );
    bench.run(10);
    const far = ip6('2001:db8:2::99');
    expect(bench.ipv6.sender.sourceFor(far)).toBe(ip6('2001:db8:2::ff:fe00:41'));
    bench.run(45);
    // Deprecated: another address is better even for a neighbour (RFC 6724 rule 3).
    expect(bench.ipv6.sender.sourceFor(far)).toBe(ip6('2001:db8:1::7'));
    expect(bench.addresses()).toContain('2001:db8:2::ff:fe00:41/64');
    bench.run(50);
    expect(bench.addresses()).not.toContain('2001:db8:2::ff:fe00:41/64');
    expect(bench.ipv6.routes.lookup(far, bench.simulator.now)?.via).toBe(ip6(PEER));
  });

  it('are not cut below two hours by an advertisement (RFC 4862 5.5.3 e)', () => {
    expect(updatedValidLifetime(86_400, 100_000)).toBe(100_000);
    expect(updatedValidLifetime(86_400, 8000)).toBe(8000);
    expect(updatedValidLifetime(86_400, 60)).toBe(7200);
    expect(updatedValidLifetime(5000, 60)).toBe(5000);
    expect(updatedValidLifetime(50, 60)).toBe(60);
    expect(updatedValidLifetime(Number.POSITIVE_INFINITY, 0)).toBe(7200);
    const bench = Ipv6Bench.ready([''], AUTO);
    advertise(bench, advertisement([prefix('2001:db8:1::/64')]));
    bench.run(3);
    advertise(bench, advertisement([prefix('2001:db8:1::/64', { validLifetime: 0, preferredLifetime: 0 })]));
    bench.run(7100);
    expect(bench.addresses()).toContain('2001:db8:1::ff:fe00:41/64');
    bench.run(101);
    expect(bench.addresses()).not.toContain('2001:db8:1::ff:fe00:41/64');
  });
});

describe('an interface that is set down', () => {
  it('loses its addresses and routes, and gets those of the configuration anew when it is up', () => {
    const bench = Ipv6Bench.ready(['2001:db8::7/64'], AUTO);
    advertise(bench, advertisement([prefix('2001:db8:1::/64')]));
    bench.run(3);
    expect(bench.addresses()).toHaveLength(3);
    bench.on().up = false;
    expect(bench.addresses()).toEqual([]);
    expect(bench.ipv6.routes.all).toEqual([]);
    bench.on().up = true;
    bench.station().take();
    bench.run(3);
    expect(bench.addresses()).toEqual(['2001:db8::7/64', `${OWN}/64`]);
    expect(
      bench
        .station()
        .lines()
        .filter(line => line.includes(' ns ')),
    ).toHaveLength(2);
  });

  it('says that it leaves a group when an address goes', () => {
    const bench = Ipv6Bench.ready([''], AUTO);
    advertise(
      bench,
      advertisement([prefix('2001:db8:1::/64', { validLifetime: 60, preferredLifetime: 60 })]),
    );
    bench.run(3);
    bench.station().take();
    bench.run(70);
    // Its group is that of the link-local address too, so nothing is left.
    expect(bench.station().lines()).toEqual([]);
  });
});
