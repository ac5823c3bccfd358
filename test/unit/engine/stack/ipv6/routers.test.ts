/** Neighbours and routers: what advertisements change (RFC 4861 7.2.5), redirects (8), and a router's own advertisements. */
import { describe, expect, it } from 'vitest';
import type { NdpMessage } from '../../../../../src/wire/ndp';
import { echoV6, icmpv6Frame, ipv6Line, ndpFrame, ndpOf } from '../../ipv6-packets';
import { frameLine, toMac } from '../../packets';
import { SECOND } from '../../station';
import { ip6, mac, net6 } from '../../topologies';
import { Ipv6Bench, PEER } from './ipv6-bench';

const OWN = '2001:db8::7';
const HOST = '2001:db8::2';

function neighbour(
  bench: Ipv6Bench,
  more: Partial<Extract<NdpMessage, { kind: 'neighbour-advertisement' }>>,
  mac6: string,
): void {
  bench.inject(
    ndpFrame(bench.ends(OWN, HOST), {
      kind: 'neighbour-advertisement',
      router: false,
      solicited: false,
      override: false,
      target: ip6(HOST),
      options: [{ kind: 'target-link-layer', mac: mac(mac6) }],
      ...more,
    }),
  );
}

/** Where a packet to the host goes. */
function sentTo(bench: Ipv6Bench): string {
  bench.station().take();
  const request = { destination: ip6(HOST), count: 1, interval: SECOND, within: SECOND, size: 8 };
  bench.stack.ping(request, () => undefined);
  bench.run(0.001);
  return toMac(bench.station().take()[0]!);
}

describe('a neighbour advertisement', () => {
  const known = (): Ipv6Bench => {
    const bench = Ipv6Bench.ready([`${OWN}/64`]);
    bench.introduce(HOST);
    return bench;
  };

  it('that nobody asked for makes no new neighbour', () => {
    const bench = Ipv6Bench.ready([`${OWN}/64`]);
    bench.takeReasons();
    neighbour(bench, { override: true }, '02:00:00:00:09:09');
    expect(bench.takeReasons()).toEqual(['no-such-request']);
    expect(sentTo(bench)).toBe('33:33:ff:00:00:02');
  });

  it('without the override flag does not change a hardware address', () => {
    const bench = known();
    neighbour(bench, {}, '02:00:00:00:09:09');
    expect(sentTo(bench)).toBe('02:00:00:00:02:00');
  });

  it('with the override flag does', () => {
    const bench = known();
    neighbour(bench, { override: true }, '02:00:00:00:09:09');
    expect(sentTo(bench)).toBe('02:00:00:00:09:09');
  });

  it('that is solicited makes the neighbour reachable for half to one and a half of 30 s', () => {
    const bench = known();
    neighbour(bench, { solicited: true, override: true }, '02:00:00:00:02:00');
    const state = (): string | undefined =>
      [...bench.ipv6.linkOf(bench.on())!.cache!.entries()].find(({ address }) => address === ip6(HOST))?.entry
        .state;
    expect(state()).toBe('reachable');
    bench.run(46);
    sentTo(bench);
    expect(state()).toBe('delay');
    bench.run(5);
    expect(state()).toBe('probe');
    expect(bench.station().lines()).toContain(`fe80::ff:fe00:41 > ${HOST} ns ${HOST}`);
    bench.run(4);
    expect(state()).toBe('failed');
  });

  it('of a router that is none any more ends the default route by it', () => {
    const bench = Ipv6Bench.ready([`${OWN}/64`], { config: { autoconfiguration: true } });
    const all = { ...bench.ends('ff02::1'), toMac: mac('33:33:00:00:00:01') };
    bench.inject(
      ndpFrame(all, {
        kind: 'router-advertisement',
        hopLimit: 64,
        managed: false,
        otherConfiguration: false,
        preference: 'medium',
        lifetime: 1800,
        reachableTime: 0,
        retransmitTime: 0,
        options: [{ kind: 'source-link-layer', mac: bench.station().mac }],
      }),
    );
    const route = (): unknown => bench.ipv6.routes.lookup(ip6('2001:db8:9::1'), bench.simulator.now);
    expect(route()).toBeDefined();
    bench.inject(
      ndpFrame(bench.ends(OWN), {
        kind: 'neighbour-advertisement',
        router: false,
        solicited: false,
        override: true,
        target: ip6(PEER),
        options: [{ kind: 'target-link-layer', mac: bench.station().mac }],
      }),
    );
    expect(route()).toBeUndefined();
  });
});

describe('a neighbour solicitation', () => {
  it('to everyone is answered with the hardware address, one to the node alone without', () => {
    const bench = Ipv6Bench.ready([`${OWN}/64`]);
    const message: NdpMessage = {
      kind: 'neighbour-solicitation',
      target: ip6(OWN),
      options: [{ kind: 'source-link-layer', mac: bench.station().mac }],
    };
    const group = { ...bench.ends('ff02::1:ff00:7', HOST), toMac: mac('33:33:ff:00:00:07') };
    expect(bench.inject(ndpFrame(group, message))).toEqual([`${OWN} > ${HOST} na ${OWN} solicited override`]);
    bench.station().send(ndpFrame(bench.ends(OWN, HOST), message));
    bench.run(0.001);
    const [answer] = bench.station().take();
    expect(ipv6Line(answer!)).toBe(`${OWN} > ${HOST} na ${OWN} solicited`);
    expect(answer).toHaveLength(78);
  });

  it('that came through a router, or tests an address but names a sender, is not believed', () => {
    const bench = Ipv6Bench.ready([`${OWN}/64`]);
    const message: NdpMessage = {
      kind: 'neighbour-solicitation',
      target: ip6(OWN),
      options: [{ kind: 'source-link-layer', mac: bench.station().mac }],
    };
    expect(bench.inject(ndpFrame(bench.ends(OWN, HOST), message, 254))).toEqual([]);
    expect(bench.inject(ndpFrame(bench.ends(OWN, '::'), message))).toEqual([]);
    expect(bench.takeReasons()).toEqual(['neighbour-discovery-invalid', 'neighbour-discovery-invalid']);
  });
});

describe('a redirect', () => {
  const bench = (): Ipv6Bench => {
    const made = Ipv6Bench.ready([`${OWN}/64`], { config: { autoconfiguration: true, gateway: ip6(PEER) } });
    made.introduce(PEER);
    return made;
  };
  const far = ip6('2001:db8:9::9');
  const redirect = (target: string): NdpMessage => ({
    kind: 'redirect',
    target: ip6(target),
    destination: far,
    options: [{ kind: 'target-link-layer', mac: mac('02:00:00:00:09:09') }],
  });
  const firstHop = (made: Ipv6Bench): unknown => made.ipv6.sender.hopTo(far);

  it('from the router in use sends further packets to the better one, for as long as they come', () => {
    const made = bench();
    made.inject(ndpFrame(made.ends(OWN), redirect('fe80::99')));
    expect(firstHop(made)).toMatchObject({ nextHop: ip6('fe80::99') });
    made.run(59);
    expect(firstHop(made)).toMatchObject({ nextHop: ip6('fe80::99') });
    made.run(61);
    expect(firstHop(made)).toMatchObject({ nextHop: ip6(PEER) });
  });

  it('from anybody else, or to a router that is no neighbour, is not believed', () => {
    const made = bench();
    made.takeReasons();
    made.inject(ndpFrame(made.ends(OWN, 'fe80::77'), redirect('fe80::99')));
    made.inject(ndpFrame(made.ends(OWN), redirect('2001:db8::99')));
    expect(made.takeReasons()).toEqual(['neighbour-discovery-ignored', 'neighbour-discovery-invalid']);
    expect(firstHop(made)).toMatchObject({ nextHop: ip6(PEER) });
  });

  it('is sent by a router whose packet goes back out where it came in, and the packet goes on', () => {
    const router = Ipv6Bench.ready([`${OWN}/64`], { forwarding: true });
    router.introduce(HOST);
    router.introduce('fe80::99');
    const { stack } = router;
    stack.ipv6!.addRoute({
      to: net6('2001:db8:9::/64'),
      via: ip6('fe80::99'),
      on: router.on(),
      metric: 1024,
      origin: 'static',
      until: Number.POSITIVE_INFINITY,
    });
    router.station().send(icmpv6Frame(router.ends('2001:db8:9::9', HOST), echoV6(128, 7, 1)));
    router.run(0.001);
    const frames = router.station().take();
    expect(frames.map(frameLine)).toEqual([
      `fe80::ff:fe00:41 > ${HOST} redirect 2001:db8:9::9 to fe80::99`,
      `${HOST} > 2001:db8:9::9 echo request 1`,
    ]);
    expect(ndpOf(frames[0]!).options).toMatchObject([
      { kind: 'target-link-layer', mac: router.station().mac },
      { kind: 'redirected' },
    ]);
  });
});

describe('a router', () => {
  const advertised = (): Ipv6Bench =>
    new Ipv6Bench(['2001:db8:1::1/64'], {
      forwarding: true,
      config: {
        advertisement: {
          prefixes: [net6('2001:db8:1::/64')],
          lifetime: 1800,
          nameServers: [ip6('2001:db8:1::53')],
          otherConfiguration: true,
        },
      },
    });

  it('advertises as radvd does: three times within 32 s, then every 200 to 600 s', () => {
    const bench = advertised();
    bench.run(3600);
    const times = bench
      .station()
      .heard.filter(({ bytes }) => frameLine(bytes).endsWith(' ra'))
      .map(({ time }) => time / SECOND);
    const gaps = times.slice(1).map((time, index) => time - times[index]!);
    expect(gaps.slice(0, 2).map(Math.round)).toEqual([16, 16]);
    expect(gaps.slice(2).every(gap => gap >= 200 && gap <= 600)).toBe(true);
    expect(times.length).toBeGreaterThan(8);
  });

  it('sends the bytes that radvd sends', () => {
    const bench = advertised();
    bench.run(4);
    const frame = bench
      .station()
      .take()
      .find(bytes => frameLine(bytes).endsWith(' ra'))!;
    // Captured from radvd 2.19 with the same prefix and name server.
    expect(ndpOf(frame)).toEqual({
      kind: 'router-advertisement',
      hopLimit: 64,
      managed: false,
      otherConfiguration: true,
      preference: 'medium',
      lifetime: 1800,
      reachableTime: 0,
      retransmitTime: 0,
      options: [
        {
          kind: 'prefix',
          prefix: net6('2001:db8:1::/64'),
          onLink: true,
          autonomous: true,
          validLifetime: 86400,
          preferredLifetime: 14400,
        },
        { kind: 'dns-servers', lifetime: 600, servers: [ip6('2001:db8:1::53')] },
        { kind: 'source-link-layer', mac: bench.on().mac },
      ],
    });
    expect(frame).toHaveLength(14 + 40 + 80);
  });

  it('answers a solicitation at once, to the host that asked', () => {
    const bench = advertised();
    bench.run(4);
    bench.station().take();
    const ends = { ...bench.ends('ff02::2'), toMac: mac('33:33:00:00:00:02') };
    const message: NdpMessage = {
      kind: 'router-solicitation',
      options: [{ kind: 'source-link-layer', mac: bench.station().mac }],
    };
    expect(bench.inject(ndpFrame(ends, message))).toEqual([`fe80::ff:fe00:41 > ${PEER} ra`]);
  });

  it('forwards, answers what ran out of hops, and lets no link-local address leave its link', () => {
    const bench = Ipv6Bench.ready(['2001:db8:1::1/64', '2001:db8:2::1/64'], { forwarding: true });
    bench.introduce('2001:db8:1::2', 0);
    bench.introduce('2001:db8:2::2', 1);
    bench.takeReasons();
    const ends = bench.ends('2001:db8:2::2', '2001:db8:1::2');
    expect(bench.inject(icmpv6Frame(ends, echoV6(128, 7, 1), { hopLimit: 1 }))).toEqual([
      '2001:db8:1::1 > 2001:db8:1::2 icmpv6 3/0',
    ]);
    bench.inject(icmpv6Frame(ends, echoV6(128, 7, 1), { hopLimit: 9 }));
    const [onward] = bench.station(1).take();
    expect(frameLine(onward!)).toBe('2001:db8:1::2 > 2001:db8:2::2 echo request 1');
    expect(onward![21]).toBe(8);
    bench.introduce(PEER, 0);
    expect(bench.inject(icmpv6Frame(bench.ends('2001:db8:2::2'), echoV6(128, 7, 1)))).toEqual([
      `fe80::ff:fe00:41 > ${PEER} icmpv6 1/2`,
    ]);
    expect(bench.takeReasons()).toEqual(['ttl-expired', 'beyond-scope']);
  });

  it.each([
    ['unreachable', ['2001:db8:1::1 > 2001:db8:1::2 icmpv6 1/0'], 'no-route'],
    ['prohibit', ['2001:db8:1::1 > 2001:db8:1::2 icmpv6 1/1'], 'route-prohibited'],
    ['blackhole', [], 'route-blackhole'],
  ] as const)('has routes that refuse: %s', (refuses, answer, reason) => {
    const bench = Ipv6Bench.ready(['2001:db8:1::1/64'], { forwarding: true });
    bench.introduce('2001:db8:1::2');
    bench.takeReasons();
    bench.ipv6.addRoute({
      to: net6('2001:db8:9::/48'),
      via: undefined,
      on: bench.on(),
      metric: 1024,
      origin: 'static',
      until: Number.POSITIVE_INFINITY,
      refuses,
    });
    expect(
      bench.inject(icmpv6Frame(bench.ends('2001:db8:9::9', '2001:db8:1::2'), echoV6(128, 7, 1))),
    ).toEqual(answer);
    expect(bench.takeReasons()).toEqual([reason]);
  });
});
