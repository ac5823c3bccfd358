import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Netfilter } from '../../../../../../src/engine/stack/netfilter/netfilter';
import { tupleOf as tupleWithin } from '../../../../../../src/engine/stack/netfilter/conntrack/tuple';
import type { Ipv4Address } from '../../../../../../src/net/ipv4-address';
import {
  damaged,
  destinationOf,
  echoFrame,
  errorFrame,
  frameLine,
  frameProblems,
  IP,
  ipv4Frame,
  padded,
  pattern,
  PAYLOAD,
  sourceOf,
  tcpFrame,
  ttlOf,
  udpFrame,
  word,
  type Ends,
} from '../../../packets';
import { Bench, SECOND } from '../../../station';
import { ip } from '../../../topologies';

const INSIDE = '192.168.1.2';
const OTHER = '192.168.1.3';
const SERVER = '203.0.113.2';
const WAN = '203.0.113.1';

/** A router that masquerades 192.168.1.0/24 (interface 0) on interface 1; one station plays all hosts of a side. */
function nat() {
  const bench = new Bench(['192.168.1.1/24', '203.0.113.1/24'], { forwarding: true });
  const { ip: layer, icmp } = bench.stack;
  const nat = { config: { outside: 'eth1', source: [] }, outside: bench.on(1) };
  const masquerade = new Netfilter(layer, icmp, { name: 'bench', nat });
  layer.sender.hook = masquerade;
  bench.introduce(0);
  bench.introduce(0, ip(OTHER));
  bench.introduce(1);
  bench.introduce(1, ip('203.0.113.3'));
  bench.introduce(1, ip('203.0.113.4'));
  bench.stations.forEach(station => {
    station.answersArp = true;
  });
  bench.takeReasons();
  const outwards = (to = SERVER, from = INSIDE): Ends => bench.ends(to, 0, from);
  const inwards = (from = SERVER, to = WAN): Ends => bench.ends(to, 1, from);
  /** Sends from inside; what comes out outside. */
  const out = (bytes: Uint8Array): Uint8Array[] => {
    bench.inject(bytes, 0);
    return bench.station(1).take();
  };
  /** Sends from outside; what comes out inside. */
  const back = (bytes: Uint8Array): Uint8Array[] => {
    bench.inject(bytes, 1);
    return bench.station(0).take();
  };
  return { bench, masquerade, outwards, inwards, out, back };
}

/** The tuple of a frame without padding. */
const tupleOf = (bytes: Uint8Array, at: number) => tupleWithin(bytes, at, bytes.length);

const portsOf = (bytes: Uint8Array) => [word(bytes, PAYLOAD), word(bytes, PAYLOAD + 2)] as const;
const identifierOf = (bytes: Uint8Array) => word(bytes, PAYLOAD + 4);

describe('a packet out and its answer back', () => {
  it('a datagram takes the outside address and keeps its port; the answer finds the way back', () => {
    const { outwards, inwards, out, back } = nat();
    const [outer] = out(udpFrame(outwards(), 40_000, 53));
    expect(frameLine(outer!)).toBe('203.0.113.1 > 203.0.113.2 udp 40000 > 53 4');
    expect(ttlOf(outer!)).toBe(63);
    expect(frameProblems(outer!)).toEqual([]);
    const [inner] = back(udpFrame(inwards(), 53, 40_000, pattern(9)));
    expect(frameLine(inner!)).toBe('203.0.113.2 > 192.168.1.2 udp 53 > 40000 9');
    expect(ttlOf(inner!)).toBe(63);
    expect(frameProblems(inner!)).toEqual([]);
  });

  it('any datagram or ping, answered, restores the tuple it had; every checksum on the way is right', () => {
    const { bench, outwards, inwards, out, back } = nat();
    const port = fc.integer({ min: 1, max: 65_535 });
    const packet = fc.record({
      from: fc.constantFrom(INSIDE, OTHER),
      to: fc.constantFrom(SERVER, '203.0.113.3'),
      echo: fc.boolean(),
      // A few numbers only, so that they meet.
      sourcePort: fc.oneof(fc.integer({ min: 1000, max: 1004 }), port),
      destinationPort: fc.oneof(fc.constantFrom(53, 1002), port),
      data: fc.uint8Array({ maxLength: 40 }),
      withoutChecksum: fc.boolean(),
      wait: fc.integer({ min: 0, max: 20 }),
    });
    fc.assert(
      fc.property(fc.array(packet, { minLength: 1, maxLength: 12 }), packets => {
        for (const each of packets) {
          const { from, to, echo, sourcePort, destinationPort, data } = each;
          bench.run(each.wait);
          const ends = outwards(to, from);
          const sent = echo
            ? echoFrame(ends, sourcePort, 1, { data })
            : udpFrame(ends, sourcePort, destinationPort, data);
          if (!echo && each.withoutChecksum) {
            sent.fill(0, PAYLOAD + 6, PAYLOAD + 8);
          }
          const [outer] = out(sent);
          expect(frameProblems(outer!)).toEqual([]);
          expect(sourceOf(outer!)).toBe(WAN);
          const outside = tupleOf(outer!, IP)!;
          const answer = echo
            ? echoFrame(inwards(to), outside.sourcePort, 1, { type: 0, data })
            : udpFrame(inwards(to), outside.destinationPort, outside.sourcePort, data);
          const [inner] = back(answer);
          expect(frameProblems(inner!)).toEqual([]);
          const restored = tupleOf(inner!, IP)!;
          expect({
            source: restored.destination,
            sourcePort: echo ? restored.sourcePort : restored.destinationPort,
            destination: restored.source,
            destinationPort: echo ? destinationPort : restored.sourcePort,
          }).toEqual({ source: ip(from), sourcePort, destination: ip(to), destinationPort });
          expect(inner!.subarray(PAYLOAD + 8)).toEqual(data);
        }
      }),
      { numRuns: 100 },
    );
    expect(bench.recorder.reasons).toEqual([]);
    expect(bench.recorder.changedFrames).toEqual([]);
  });

  it('a datagram without a checksum has none after translation either', () => {
    const { outwards, out } = nat();
    const bytes = udpFrame(outwards(), 40_000, 53);
    bytes.fill(0, PAYLOAD + 6, PAYLOAD + 8);
    expect(word(out(bytes)[0]!, PAYLOAD + 6)).toBe(0);
  });

  it('a packet whose checksum is wrong belongs to no connection: it passes as it came (nf_conntrack_checksum; measured)', () => {
    const { masquerade, outwards, out } = nat();
    for (const sent of [udpFrame(outwards(), 40_000, 53), echoFrame(outwards())]) {
      const [outer] = out(damaged(sent, PAYLOAD + 9));
      expect(sourceOf(outer!)).toBe(INSIDE);
      expect(outer!.subarray(PAYLOAD)).toEqual(damaged(sent, PAYLOAD + 9).subarray(PAYLOAD));
    }
    expect(masquerade.connections.size).toBe(0);
  });
});

describe('two inside hosts', () => {
  it('that ping one server with one identifier are told apart', () => {
    const { outwards, inwards, out, back } = nat();
    const [first] = out(echoFrame(outwards(SERVER, INSIDE), 0x1234));
    const [second] = out(echoFrame(outwards(SERVER, OTHER), 0x1234));
    expect(identifierOf(first!)).toBe(0x1234);
    expect(identifierOf(second!)).not.toBe(0x1234);
    const [toSecond] = back(echoFrame(inwards(), identifierOf(second!), 1, { type: 0 }));
    const [toFirst] = back(echoFrame(inwards(), 0x1234, 1, { type: 0 }));
    expect([destinationOf(toFirst!), identifierOf(toFirst!)]).toEqual([INSIDE, 0x1234]);
    expect([destinationOf(toSecond!), identifierOf(toSecond!)]).toEqual([OTHER, 0x1234]);
    // The second ping of the second host goes by the same identifier.
    const [again] = out(echoFrame(outwards(SERVER, OTHER), 0x1234, 2));
    expect(identifierOf(again!)).toBe(identifierOf(second!));
  });

  it('with one port: kept for another server, moved within its class for the same one, and there to stay', () => {
    const { outwards, out } = nat();
    const portOf = (from: string, to: string, port: number) =>
      portsOf(out(udpFrame(outwards(to, from), port, 53))[0]!)[0];
    expect(portOf(INSIDE, SERVER, 700)).toBe(700);
    expect(portOf(OTHER, '203.0.113.3', 700)).toBe(700);
    const moved = portOf(OTHER, SERVER, 700);
    expect(moved).not.toBe(700);
    expect(moved).toBeGreaterThanOrEqual(600);
    expect(moved).toBeLessThan(1024);
    // From now on this inside port uses that one wherever it can (find_appropriate_src; measured).
    expect(portOf(OTHER, '203.0.113.4', 700)).toBe(moved);
  });

  it('that use one number for a ping and a datagram are not mixed up', () => {
    const { outwards, inwards, out, back } = nat();
    out(echoFrame(outwards(SERVER, INSIDE), 53));
    expect(portsOf(out(udpFrame(outwards(SERVER, INSIDE), 53, 53))[0]!)).toEqual([53, 53]);
    expect(portsOf(out(udpFrame(outwards(SERVER, OTHER), 53, 53))[0]!)[0]).not.toBe(53);
    expect(identifierOf(back(echoFrame(inwards(), 53, 1, { type: 0 }))[0]!)).toBe(53);
  });
});

describe('what lasts how long (nf_conntrack timeouts)', () => {
  it.each([
    ['a ping', true],
    ['a datagram', false],
  ])('%s may be answered for 30 s', (_what, echo) => {
    for (const [after, answered] of [
      [29.99, true],
      [30, false],
    ] as const) {
      const { bench, outwards, inwards, out, back } = nat();
      const start = bench.simulator.now;
      out(echo ? echoFrame(outwards(), 7) : udpFrame(outwards(), 7, 53));
      bench.simulator.runUntil(start + after * SECOND);
      bench.station(0).take();
      const answer = echo ? echoFrame(inwards(), 7, 1, { type: 0 }) : udpFrame(inwards(), 53, 7);
      expect(back(answer).filter(bytes => sourceOf(bytes) === SERVER)).toHaveLength(answered ? 1 : 0);
    }
  });

  it('a stream of datagrams, both ways and more than two seconds old, lasts 120 s; one question and answer 30 s', () => {
    for (const [again, silence, alive] of [
      [0, 29.9, true],
      [0, 30.1, false],
      [3, 119.9, true],
      [3, 120.1, false],
    ] as const) {
      const { bench, masquerade, outwards, inwards, out, back } = nat();
      out(udpFrame(outwards(), 7, 53));
      back(udpFrame(inwards(), 53, 7));
      if (again > 0) {
        bench.run(again);
        out(udpFrame(outwards(), 7, 53));
      }
      bench.run(silence);
      expect([...masquerade.connections.live(bench.simulator.now)]).toHaveLength(alive ? 1 : 0);
    }
  });

  it('an ICMP error neither prolongs nor ends a connection (RFC 5508 REQ-6)', () => {
    const { bench, masquerade, outwards, inwards, out, back } = nat();
    const [outer] = out(udpFrame(outwards(), 7, 53));
    const [before] = [...masquerade.connections.live(bench.simulator.now)].map(({ expires }) => expires);
    bench.run(10);
    back(errorFrame(inwards(), 3, 3, outer!));
    expect([...masquerade.connections.live(bench.simulator.now)].map(({ expires }) => expires)).toEqual([
      before,
    ]);
  });
});

describe('an ICMP error from outside', () => {
  it.each([
    ['a datagram', 3, 3],
    ['a datagram', 11, 0],
    ['a ping', 3, 1],
    ['a ping', 11, 0],
  ])('about %s, %i/%i, goes to who sent it and quotes it as it was sent', (what, type, code) => {
    const { outwards, inwards, out, back } = nat();
    // Let the numbers move, so that they must be put back.
    out(
      what === 'a ping'
        ? echoFrame(outwards(SERVER, OTHER), 700)
        : udpFrame(outwards(SERVER, OTHER), 700, 53),
    );
    const sent =
      what === 'a ping' ? echoFrame(outwards(), 700, 5) : udpFrame(outwards(), 700, 53, pattern(40));
    const [outer] = out(sent);
    const [inner] = back(errorFrame(inwards('203.0.113.3'), type, code, outer!));
    expect(frameLine(inner!)).toBe(`203.0.113.3 > 192.168.1.2 icmp ${type}/${code}`);
    expect(frameProblems(inner!)).toEqual([]);
    const quoted = inner!.subarray(PAYLOAD + 8);
    expect(quoted[8]).toBe(63);
    // But for the time to live and the checksum over it, the quoted packet is the one that was sent.
    const plain = (packet: Uint8Array) => [...packet.subarray(0, 8), packet[9], ...packet.subarray(12)];
    expect(plain(quoted)).toEqual(plain(sent.subarray(IP)));
  });

  it('that quotes eight bytes only is translated all the same (RFC 792)', () => {
    const { outwards, inwards, out, back } = nat();
    const [outer] = out(udpFrame(outwards(), 700, 53, pattern(40)));
    const [inner] = back(errorFrame(inwards(), 3, 3, outer!, { length: 28 }));
    expect(frameProblems(inner!)).toEqual([]);
    expect(destinationOf(inner!)).toBe(INSIDE);
    expect(inner).toHaveLength(PAYLOAD + 8 + 28);
  });

  it.each<[string, (outer: Uint8Array, ends: Ends) => Uint8Array, string]>([
    [
      'whose checksum is wrong',
      (outer, ends) => damaged(errorFrame(ends, 3, 3, outer), PAYLOAD + 5),
      'checksum-wrong',
    ],
    ['that quotes seven bytes', (outer, ends) => errorFrame(ends, 3, 3, outer, { length: 27 }), 'malformed'],
    [
      'that quotes seven bytes, padded',
      (outer, ends) => padded(errorFrame(ends, 3, 3, outer, { length: 27 }), 90),
      'malformed',
    ],
    [
      'about nothing that left',
      (_outer, ends) => errorFrame(ends, 3, 3, udpFrame({ ...ends, from: ends.to, to: ends.from }, 9, 9)),
      'no-such-request',
    ],
  ])('%s goes no further than the NAT', (_what, make, reason) => {
    const { bench, outwards, inwards, out, back } = nat();
    const [outer] = out(udpFrame(outwards(), 700, 53));
    expect(back(make(outer!, inwards()))).toEqual([]);
    expect(bench.takeReasons()).toEqual([reason]);
  });
});

describe('an ICMP error from inside', () => {
  it('about an answer that came in carries the outside address, within and without', () => {
    const { outwards, inwards, out, back } = nat();
    out(udpFrame(outwards(SERVER, OTHER), 700, 53));
    const [outer] = out(udpFrame(outwards(), 700, 53));
    const moved = portsOf(outer!)[0];
    expect(moved).not.toBe(700);
    const answer = udpFrame(inwards(), 53, moved, pattern(30));
    const [inner] = back(answer);
    const [error] = out(errorFrame(outwards(), 3, 3, inner!));
    expect(frameLine(error!)).toBe('203.0.113.1 > 203.0.113.2 icmp 3/3');
    expect(frameProblems(error!)).toEqual([]);
    const quoted = error!.subarray(PAYLOAD + 8);
    expect([...quoted.subarray(12)]).toEqual([...answer.subarray(IP + 12)]);
  });

  it('about no connection, or with a wrong checksum, leaves as it came: Linux does not keep RFC 5508 REQ-5 (measured)', () => {
    const { outwards, inwards, out, back } = nat();
    out(udpFrame(outwards(), 700, 53));
    const [inner] = back(udpFrame(inwards(), 53, 700));
    for (const error of [
      damaged(errorFrame(outwards(), 3, 3, inner!), PAYLOAD + 5),
      errorFrame(outwards(), 3, 3, udpFrame(outwards(SERVER, OTHER), 9, 9)),
    ]) {
      const [outer] = out(error);
      expect(sourceOf(outer!)).toBe(INSIDE);
      expect(outer!.subarray(PAYLOAD)).toEqual(error.subarray(PAYLOAD));
    }
  });
});

describe('what is not translated', () => {
  it('a packet from outside that answers nothing is for the NAT itself', () => {
    const { bench, inwards, back } = nat();
    bench.station(1).take();
    expect(back(udpFrame(inwards(), 53, 40_000))).toEqual([]);
    expect(bench.takeReasons()).toEqual(['port-unreachable']);
    back(echoFrame(inwards(), 9));
    expect(bench.station(1).lines()).toEqual([
      '203.0.113.1 > 203.0.113.2 icmp 3/3',
      '203.0.113.1 > 203.0.113.2 echo reply 1',
    ]);
  });

  it('an answer from another port or another host than was asked', () => {
    const { outwards, inwards, out, back } = nat();
    out(udpFrame(outwards(), 40_000, 53));
    expect(back(udpFrame(inwards(), 54, 40_000))).toEqual([]);
    expect(back(udpFrame(inwards('203.0.113.3'), 53, 40_000))).toEqual([]);
    expect(back(udpFrame(inwards(), 53, 40_000))).toHaveLength(1);
  });

  it('a ping from the server that was pinged: a request is no answer', () => {
    const { bench, outwards, inwards, out, back } = nat();
    out(echoFrame(outwards(), 77));
    expect(back(echoFrame(inwards(), 77))).toEqual([]);
    expect(bench.station(1).lines()).toEqual(['203.0.113.1 > 203.0.113.2 echo reply 1']);
  });

  it('packets within the inside, and to the NAT’s own inside address', () => {
    const { bench, outwards, masquerade } = nat();
    bench.inject(echoFrame(outwards('192.168.1.1')), 0);
    expect(bench.station(0).lines()).toEqual(['192.168.1.1 > 192.168.1.2 echo reply 1']);
    // But it is tracked, as everything is (measured: /proc/net/nf_conntrack shows it).
    expect([...masquerade.connections.live(bench.simulator.now)]).toMatchObject([
      { sourceTranslated: false, destinationTranslated: false, replied: true },
    ]);
  });

  it('whatever comes from inside leaves from the outside address or, of no connection, just as it came', () => {
    const { outwards, out } = nat();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 80 }), (protocol, payload) => {
        for (const bytes of out(ipv4Frame(outwards(), payload, { protocol }))) {
          const isTracked = sourceOf(bytes) === WAN;
          expect(isTracked || sourceOf(bytes) === INSIDE).toBe(true);
          expect(isTracked || Buffer.compare(bytes.subarray(PAYLOAD), payload) === 0).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  // All measured on Linux 6.18 with packet sockets at both ends of a router with `oifname wan masquerade`.
  it.each<[string, (ends: Ends) => Uint8Array, string]>([
    ['GRE', ends => ipv4Frame(ends, pattern(20), { protocol: 47 }), WAN],
    ['an unknown protocol', ends => ipv4Frame(ends, pattern(20), { protocol: 200 }), WAN],
    ['an ICMP timestamp request', timestampRequest, WAN],
    ['an echo reply without a request', ends => echoFrame(ends, 9, 1, { type: 0 }), INSIDE],
    ['a SYN-ACK without a SYN', ends => tcpFrame(ends, 4003, 80, 'SA'), INSIDE],
    ['a RST of no connection', ends => tcpFrame(ends, 4004, 80, 'R'), INSIDE],
    ['an ACK of a connection older than the table', ends => tcpFrame(ends, 4005, 80, 'A'), WAN],
    ['a FIN of no connection', ends => tcpFrame(ends, 4006, 80, 'FA'), INSIDE],
    ['a segment without flags', ends => tcpFrame(ends, 4007, 80, ''), INSIDE],
    ['SYN and FIN at once', ends => tcpFrame(ends, 4008, 80, 'SF'), INSIDE],
    ['four bytes of UDP', ends => ipv4Frame(ends, pattern(4), { protocol: 17 }), INSIDE],
  ])('%s', (_what, make, source) => {
    const { outwards, out } = nat();
    const [outer] = out(make(outwards()));
    expect(sourceOf(outer!)).toBe(source);
    expect(frameProblems(outer!).filter(each => !each.includes('UDP'))).toEqual([]);
  });

  function timestampRequest(ends: Ends): Uint8Array {
    const message = new Uint8Array(20);
    message[0] = 13;
    message[2] = 0xf2;
    message[3] = 0xff;
    return ipv4Frame(ends, message);
  }
});

describe('when it can not', () => {
  it('has no outside address: packets stay', () => {
    const { bench, outwards, out } = nat();
    bench.stack.setAddresses(bench.on(1), []);
    bench.stack.addDefaultRoute(ip(SERVER), bench.on(1), 'static');
    expect(out(udpFrame(outwards(), 1, 2))).toEqual([]);
    expect(bench.takeReasons()).toEqual(['interface-has-no-address']);
  });

  it('finds every port it tries taken (measured: silence): packets are dropped, the others go on', () => {
    const { bench, outwards, out } = nat();
    // All ports below 512 towards one server and port are in use.
    for (let port = 1; port < 512; port++) {
      bench.station(0).send(udpFrame(outwards(SERVER, INSIDE), port, 53));
      bench.run(0.000_01);
    }
    bench.run(0.01);
    bench.station(1).take();
    expect(out(udpFrame(outwards(SERVER, OTHER), 80, 53))).toEqual([]);
    expect(bench.takeReasons()).toEqual(['nat-ports-exhausted']);
    expect(out(udpFrame(outwards(SERVER, OTHER), 80, 54))).toHaveLength(1);
    expect(out(udpFrame(outwards(SERVER, OTHER), 8080, 53))).toHaveLength(1);
  });
});

describe('the NAT’s own traffic', () => {
  it('its own datagrams share the ports with the inside without confusion', () => {
    const { bench, outwards, inwards, out, back } = nat();
    const heard: number[] = [];
    const socket = bench.stack.udp.open(700, { datagram: data => heard.push(data.length) })!;
    socket.send(pattern(1), ip(SERVER), 53);
    bench.run(0.001);
    expect(portsOf(bench.station(1).take()[0]!)).toEqual([700, 53]);
    const [other] = out(udpFrame(outwards(), 700, 53));
    const moved = portsOf(other!)[0];
    expect(moved).not.toBe(700);
    expect(back(udpFrame(inwards(), 53, 700, pattern(5)))).toEqual([]);
    expect(heard).toEqual([5]);
    expect(back(udpFrame(inwards(), 53, moved))).toHaveLength(1);
  });

  it('a time exceeded of its own comes from its inside address and quotes the packet as it came', () => {
    const { bench, outwards } = nat();
    const sent = udpFrame(outwards(), 700, 53, pattern(4), { timeToLive: 1 });
    bench.inject(sent, 0);
    const [error] = bench.station(0).take();
    expect(frameLine(error!)).toBe('192.168.1.1 > 192.168.1.2 icmp 11/0');
    expect(error!.subarray(PAYLOAD + 8)).toEqual(sent.subarray(IP));
  });

  it('a host unreachable of its own, after translation, comes from the outside address and quotes the packet as it was', () => {
    const { bench, outwards } = nat();
    bench.station(1).answersArp = false;
    const sent = udpFrame(outwards('203.0.113.99'), 700, 53);
    bench.inject(sent, 0);
    bench.run(3.5);
    const errors = bench
      .station(0)
      .take()
      .filter(bytes => frameLine(bytes).includes('icmp'));
    expect(errors.map(frameLine)).toEqual(['203.0.113.1 > 192.168.1.2 icmp 3/1']);
    expect(errors.flatMap(frameProblems)).toEqual([]);
    const quoted = errors[0]!.subarray(PAYLOAD + 8);
    expect([...quoted.subarray(12)]).toEqual([...sent.subarray(IP + 12)]);
  });
});

it('an address is an unsigned number in every tuple', () => {
  const { outwards, out } = nat();
  const [outer] = out(udpFrame(outwards(), 1, 2));
  expect(tupleOf(outer!, IP)!.source).toBe(ip(WAN) satisfies Ipv4Address);
});
