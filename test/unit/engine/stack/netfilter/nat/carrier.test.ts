/** NATs other than Linux's: what RFC 4787 calls mapping, filtering, port assignment, pooling and hairpinning, each as the file chooses it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NatBehaviour } from '../../../../../../src/topology/resolved';
import {
  echoFrame,
  errorFrame,
  frameLine,
  frameProblems,
  sourceOf,
  tcpFrame,
  udpFrame,
  word,
  PAYLOAD,
} from '../../../packets';
import { SECOND } from '../../../station';
import { INSIDE, OTHER, Router, SERVER, SERVER_2, WAN, type NatOptions } from '../router';

const CARRIER: NatOptions = {
  mapping: 'endpoint-independent',
  filtering: 'endpoint-independent',
  hairpin: true,
};

/** The outside port that a datagram leaves by. */
function outsidePort(
  router: Router,
  to: string,
  port: number,
  from = INSIDE,
  toPort = 53,
): number | undefined {
  const [bytes] = router.out(udpFrame(router.outwards(to, from), port, toPort));
  return bytes && word(bytes, PAYLOAD);
}

describe('mapping', () => {
  it.each<[NatBehaviour, boolean, boolean]>([
    ['endpoint-independent', true, true],
    ['address-dependent', true, false],
    ['address-and-port-dependent', false, false],
  ])(
    '%s: the same outside port for another port %s, for another host %s',
    (mapping, otherPort, otherHost) => {
      const router = new Router({ ...CARRIER, mapping, portAllocation: 'random' });
      const first = outsidePort(router, SERVER, 4000);
      expect(outsidePort(router, SERVER, 4000)).toBe(first);
      expect(outsidePort(router, SERVER, 4000, INSIDE, 54) === first).toBe(otherPort);
      expect(outsidePort(router, SERVER_2, 4000) === first).toBe(otherHost);
    },
  );

  it('no two inside ports share an outside port, also towards different hosts (RFC 4787 REQ-3)', () => {
    const router = new Router(CARRIER);
    expect(outsidePort(router, SERVER, 4000, INSIDE)).toBe(4000);
    expect(outsidePort(router, SERVER_2, 4000, OTHER)).not.toBe(4000);
    // Linux does share it.
    const linux = new Router();
    expect(outsidePort(linux, SERVER, 4000, INSIDE)).toBe(4000);
    expect(outsidePort(linux, SERVER_2, 4000, OTHER)).toBe(4000);
  });

  it('lives as long as its newest connection, and its port is free again afterwards', () => {
    const router = new Router(CARRIER);
    outsidePort(router, SERVER, 4000);
    router.bench.run(200);
    outsidePort(router, SERVER_2, 4000);
    router.bench.run(299);
    expect(router.back(udpFrame(router.inwards(), 99, 4000))).toHaveLength(1);
    router.bench.run(2);
    expect(router.back(udpFrame(router.inwards(WAN, SERVER), 98, 4000))).toEqual([]);
    expect(outsidePort(router, SERVER, 4000, OTHER)).toBe(4000);
  });

  it('is not prolonged from outside (RFC 4787 REQ-6), but by its answers', () => {
    const router = new Router(CARRIER);
    outsidePort(router, SERVER, 4000);
    for (let times = 0; times < 4; times++) {
      router.bench.run(90);
      router.back(udpFrame(router.inwards(), 53, 4000));
    }
    // More than 300 s after the last packet from inside.
    expect(router.back(udpFrame(router.inwards(), 53, 4000))).toEqual([]);
  });

  it('of a host that only listens may be used from outside, and is prolonged when it answers', () => {
    const router = new Router(CARRIER);
    outsidePort(router, SERVER, 4000);
    router.bench.run(290);
    expect(router.back(udpFrame(router.inwards(WAN, SERVER_2), 7, 4000))).toHaveLength(1);
    const [answer] = router.out(udpFrame(router.outwards(SERVER_2), 4000, 7));
    expect(frameLine(answer!)).toBe('203.0.113.1 > 203.0.113.3 udp 4000 > 7 4');
    router.bench.run(20);
    expect(router.back(udpFrame(router.inwards(), 8, 4000))).toHaveLength(1);
  });
});

describe('filtering', () => {
  it.each<[NatBehaviour, boolean, boolean]>([
    ['endpoint-independent', true, true],
    ['address-dependent', true, false],
    ['address-and-port-dependent', false, false],
  ])(
    '%s: lets another port in %s, another host %s; says what it stopped',
    (filtering, otherPort, otherHost) => {
      const router = new Router({ ...CARRIER, filtering });
      outsidePort(router, SERVER, 4000);
      const comesIn = (from: string, port: number) =>
        router.back(udpFrame(router.inwards(WAN, from), port, 4000)).length === 1;
      expect(comesIn(SERVER, 53)).toBe(true);
      expect(comesIn(SERVER, 54)).toBe(otherPort);
      expect(comesIn(SERVER_2, 53)).toBe(otherHost);
      expect(router.bench.takeReasons()).toEqual(
        [otherPort, otherHost].flatMap(each => (each ? [] : 'nat-filtered')),
      );
      expect(router.lines()).toEqual([]);
    },
  );
});

describe('port assignment', () => {
  it('in sequence', () => {
    const router = new Router({ ...CARRIER, portAllocation: 'sequential' });
    expect([4000, 9, 5000, 700].map(port => outsidePort(router, SERVER, port))).toEqual([1024, 1, 1026, 600]);
  });

  it('keeps parity and class when it can not keep the port (RFC 4787 REQ-3 a, REQ-4)', () => {
    const router = new Router(CARRIER);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 65_535 }), port => {
        outsidePort(router, SERVER, port, INSIDE);
        const moved = outsidePort(router, SERVER, port, OTHER)!;
        expect(moved % 2).toBe(port % 2);
        expect(moved < 1024).toBe(port < 1024);
      }),
      { numRuns: 100 },
    );
  });

  it('that finds none tells the sender: ICMP 3/13 (RFC 5508 REQ-8)', () => {
    const router = new Router(CARRIER);
    for (let port = 2; port < 512; port += 2) {
      outsidePort(router, SERVER, port, INSIDE);
    }
    router.bench.takeReasons();
    expect(router.fromInside(udpFrame(router.outwards(SERVER_2, OTHER), 80, 53))).toEqual([
      'inside: 192.168.1.1 > 192.168.1.3 icmp 3/13',
    ]);
    expect(router.bench.takeReasons()).toEqual(['nat-ports-exhausted']);
    expect(outsidePort(router, SERVER_2, 81, OTHER)).toBe(81);
  });
});

it('each inside host keeps to one of several outside addresses (RFC 4787 REQ-2)', () => {
  const router = new Router(CARRIER, undefined, '203.0.113.1/24 203.0.113.8/24 203.0.113.9/24');
  const address = (from: string, to: string, port: number) =>
    sourceOf(router.out(udpFrame(router.outwards(to, from), port, 53))[0]!);
  for (const from of [INSIDE, OTHER]) {
    const all = [1, 2, 3, 4].map(port => address(from, port % 2 === 0 ? SERVER : SERVER_2, port));
    expect(new Set(all).size).toBe(1);
  }
  expect(address(INSIDE, SERVER, 1)).not.toBe(address(OTHER, SERVER, 1));
  const echo = router.out(echoFrame(router.outwards(SERVER, INSIDE)));
  expect(sourceOf(echo[0]!)).toBe(address(INSIDE, SERVER, 1));
});

describe('hairpin', () => {
  it('the other inside host sees the outside address and port of the sender (RFC 4787 REQ-9 a)', () => {
    const router = new Router(CARRIER);
    const port = outsidePort(router, SERVER, 42_001, OTHER)!;
    expect(router.fromInside(udpFrame(router.outwards(WAN, INSIDE), 42_000, port))).toEqual([
      'inside: 203.0.113.1 > 192.168.1.3 udp 42000 > 42001 4',
    ]);
    expect(router.fromInside(udpFrame(router.outwards(WAN, OTHER), 42_001, 42_000))).toEqual([
      'inside: 203.0.113.1 > 192.168.1.2 udp 42001 > 42000 4',
    ]);
  });

  it('also of TCP (RFC 5382 REQ-8), with every checksum right, and of the errors about it (RFC 5508 REQ-7)', () => {
    const router = new Router(CARRIER);
    router.out(tcpFrame(router.outwards(SERVER, OTHER), 42_001, 80, 'S'));
    const sent = tcpFrame(router.outwards(WAN, INSIDE), 42_000, 42_001, 'S');
    router.bench.inject(sent, 0);
    const [syn] = router.bench.station(0).take();
    expect(frameLine(syn!)).toBe('203.0.113.1 > 192.168.1.3 tcp 42000 > 42001 S');
    expect(frameProblems(syn!)).toEqual([]);
    router.bench.inject(errorFrame(router.outwards(WAN, OTHER), 3, 3, syn!), 0);
    const [error] = router.bench.station(0).take();
    expect(frameLine(error!)).toBe('203.0.113.1 > 192.168.1.2 icmp 3/3');
    expect(frameProblems(error!)).toEqual([]);
    expect(error!.subarray(PAYLOAD + 8 + 12)).toEqual(sent.subarray(14 + 12));
  });

  it('is subject to the filter, as from outside', () => {
    const router = new Router({ ...CARRIER, filtering: 'address-dependent' });
    const port = outsidePort(router, SERVER, 42_001, OTHER)!;
    expect(router.fromInside(udpFrame(router.outwards(WAN, INSIDE), 42_000, port))).toEqual([]);
    expect(router.bench.takeReasons()).toEqual(['nat-filtered']);
  });

  it('is not there unless chosen', () => {
    const router = new Router({ ...CARRIER, hairpin: false });
    const port = outsidePort(router, SERVER, 42_001, OTHER)!;
    expect(router.fromInside(udpFrame(router.outwards(WAN, INSIDE), 42_000, port))).toEqual([
      'inside: 203.0.113.1 > 192.168.1.2 icmp 3/3',
    ]);
  });
});

describe('a SYN that nobody asked for (RFC 5382 REQ-4)', () => {
  it('is answered by port unreachable after six seconds', () => {
    const router = new Router(CARRIER);
    const start = router.bench.simulator.now;
    expect(router.fromOutside(tcpFrame(router.inwards(), 5555, 6000, 'S'))).toEqual([]);
    router.bench.simulator.runUntil(start + 5.99 * SECOND);
    expect(router.lines()).toEqual([]);
    expect(router.bench.takeReasons()).toEqual([]);
    router.bench.simulator.runUntil(start + 6.01 * SECOND);
    expect(router.lines()).toEqual(['outside: 203.0.113.1 > 203.0.113.2 icmp 3/3']);
    expect(router.bench.takeReasons()).toEqual(['nat-filtered']);
  });

  it('is dropped silently when the inside opens the same connection meanwhile', () => {
    const router = new Router(CARRIER);
    router.fromOutside(tcpFrame(router.inwards(), 5555, 6000, 'S'));
    router.bench.run(2);
    expect(router.fromInside(tcpFrame(router.outwards(), 6000, 5555, 'S'))).toHaveLength(1);
    router.bench.run(5);
    expect(router.lines()).toEqual([]);
    expect(router.bench.takeReasons()).toEqual(['nat-filtered']);
    // The SYN comes again and now is the other half.
    expect(router.fromOutside(tcpFrame(router.inwards(), 5555, 6000, 'S'))).toEqual([
      'inside: 203.0.113.2 > 192.168.1.2 tcp 5555 > 6000 S',
    ]);
  });

  it('waits with at most 63 others', () => {
    const router = new Router(CARRIER);
    for (let port = 1; port <= 70; port++) {
      router.fromOutside(tcpFrame(router.inwards(), port, 6000, 'S'));
    }
    expect(router.bench.takeReasons()).toHaveLength(6);
    router.bench.run(7);
    expect(router.bench.takeReasons()).toHaveLength(64);
  });
});

it('nothing leaves with an inside address (RFC 5508 REQ-5, REQ-11)', () => {
  const router = new Router(CARRIER);
  expect(router.out(tcpFrame(router.outwards(), 4004, 80, 'R'))).toEqual([]);
  expect(router.out(errorFrame(router.outwards(), 3, 3, udpFrame(router.outwards(), 9, 9)))).toEqual([]);
  expect(router.bench.takeReasons()).toEqual(['nat-no-mapping', 'nat-no-mapping']);
});

it('translated and translated back is the same packet, whatever the behaviours', () => {
  const behaviour = fc.constantFrom<NatBehaviour>(
    'endpoint-independent',
    'address-dependent',
    'address-and-port-dependent',
  );
  const port = fc.oneof(fc.integer({ min: 1000, max: 1003 }), fc.integer({ min: 1, max: 65_535 }));
  const packet = fc.record({
    from: fc.constantFrom(INSIDE, OTHER),
    to: fc.constantFrom(SERVER, SERVER_2),
    kind: fc.constantFrom('udp', 'tcp', 'echo'),
    port,
    toPort: port,
    data: fc.uint8Array({ maxLength: 30 }),
  });
  const options = fc.record({
    mapping: fc.option(behaviour, { nil: undefined }),
    filtering: fc.option(behaviour, { nil: undefined }),
    portAllocation: fc.constantFrom('preserving' as const, 'sequential' as const, 'random' as const),
    hairpin: fc.boolean(),
  });
  const defined = ({
    mapping,
    filtering,
    ...more
  }: typeof options extends fc.Arbitrary<infer T> ? T : never) => ({
    ...more,
    ...(mapping === undefined ? {} : { mapping }),
    ...(filtering === undefined ? {} : { filtering }),
  });
  fc.assert(
    fc.property(options, fc.array(packet, { minLength: 1, maxLength: 15 }), (chosen, packets) => {
      const router = new Router(defined(chosen));
      for (const { from, to, kind, port: own, toPort, data } of packets) {
        const ends = router.outwards(to, from);
        const sent =
          kind === 'udp'
            ? udpFrame(ends, own, toPort, data)
            : kind === 'tcp'
              ? tcpFrame(ends, own, toPort, 'S', { data })
              : echoFrame(ends, own, 1, { data });
        const [outer] = router.out(sent);
        expect(frameProblems(outer!)).toEqual([]);
        expect(sourceOf(outer!)).toBe(WAN);
        // An error about it comes back with the packet as it was sent, but for the time to live.
        const [error] = router.back(errorFrame(router.inwards(WAN, to), 3, 1, outer!));
        expect(frameProblems(error!)).toEqual([]);
        expect(error!.subarray(PAYLOAD + 8 + 12)).toEqual(sent.subarray(14 + 12));
      }
      const replies = router.live.map(({ reply }) => JSON.stringify(reply));
      expect(new Set(replies).size).toBe(replies.length);
    }),
    { numRuns: 60 },
  );
});
