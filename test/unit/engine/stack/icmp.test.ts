import { describe, expect, it } from 'vitest';
import type { EchoClient } from '../../../../src/engine/stack/icmp-layer';
import { IcmpErrorRate } from '../../../../src/engine/stack/icmp-error-rate';
import type { EchoOutcome } from '../../../../src/engine/stack/ping';
import { sealIcmp } from '../../../../src/wire/icmp';
import { BROADCAST_MAC } from '../../../../src/net/mac-address';
import {
  damaged,
  dontFragmentOf,
  echoFrame,
  errorFrame,
  frameLine,
  frameProblems,
  IP,
  ipv4Frame,
  long,
  pattern,
  PAYLOAD,
  tosOf,
  ttlOf,
  udpFrame,
  word,
  type Ends,
} from '../packets';
import { Bench, SECOND } from '../station';
import { ip } from '../topologies';

/** A host that knows its neighbour, and what goes from there to it. */
function host() {
  const bench = new Bench(['10.0.0.1/24']);
  bench.introduce();
  bench.takeReasons();
  return { bench, ends: bench.ends(), station: bench.station() };
}

const back = (ends: Ends): Ends => ({
  fromMac: ends.toMac,
  toMac: ends.fromMac,
  from: ends.to,
  to: ends.from,
});

describe('echo requests (RFC 792, RFC 1122 3.2.2.6)', () => {
  it.each([0, 1, 7, 56, 1472])(
    'with %i bytes are answered with the same bytes, identifier and sequence',
    size => {
      const { bench, ends, station } = host();
      const request = echoFrame(ends, 0xbeef, 513, { data: pattern(size), typeOfService: 0 });
      bench.inject(request);
      const [reply] = station.take();
      expect(frameProblems(reply!)).toEqual([]);
      expect(reply).toHaveLength(request.length);
      expect(reply![PAYLOAD]).toBe(0);
      expect(reply!.subarray(PAYLOAD + 4)).toEqual(request.subarray(PAYLOAD + 4));
      expect([ttlOf(reply!), tosOf(reply!), dontFragmentOf(reply!)]).toEqual([64, 0, false]);
      expect(frameLine(reply!)).toBe('10.0.0.1 > 10.0.0.2 echo reply 513');
    },
  );

  it.each(['10.0.0.255', '255.255.255.255', '224.0.0.1'])('to everyone at %s are ignored', to => {
    const { bench, station } = host();
    bench.inject(echoFrame({ ...bench.ends(to), toMac: BROADCAST_MAC }));
    expect(bench.takeReasons()).toEqual(['broadcast-ignored']);
    expect(station.take()).toEqual([]);
  });
});

describe('errors that a host sends', () => {
  it('port unreachable quotes the whole of a small datagram', () => {
    const { bench, ends, station } = host();
    const sent = udpFrame(ends, 40_000, 33_434, pattern(32));
    bench.inject(sent);
    expect(bench.takeReasons()).toEqual(['port-unreachable']);
    const [error] = station.take();
    expect(frameProblems(error!)).toEqual([]);
    expect(frameLine(error!)).toBe('10.0.0.1 > 10.0.0.2 icmp 3/3');
    expect([ttlOf(error!), tosOf(error!), dontFragmentOf(error!)]).toEqual([64, 0xc0, false]);
    expect(error!.subarray(PAYLOAD + 8)).toEqual(sent.subarray(IP));
  });

  it('never has more than 576 bytes of IP, and never quotes padding (RFC 1812 4.3.2.3)', () => {
    const { bench, ends, station } = host();
    bench.inject(udpFrame(ends, 1, 2, pattern(1400)));
    const short = new Uint8Array(60);
    short.set(udpFrame(ends, 1, 2, pattern(1)));
    bench.inject(short);
    const [long1, short1] = station.take();
    expect([long1!.length, word(long1!, IP + 2)]).toEqual([590, 576]);
    expect(short1).toHaveLength(PAYLOAD + 8 + 29);
  });

  it('protocol unreachable for a protocol without a handler', () => {
    const { bench, ends, station } = host();
    bench.inject(ipv4Frame(ends, pattern(12), { protocol: 47 }));
    expect(station.lines()).toEqual(['10.0.0.1 > 10.0.0.2 icmp 3/2']);
    expect(bench.takeReasons()).toEqual(['protocol-unreachable']);
  });

  it('come from the address that was spoken to', () => {
    const bench = new Bench(['10.0.0.1/24 10.0.0.9/24']);
    bench.introduce();
    bench.inject(udpFrame(bench.ends('10.0.0.9'), 1, 2));
    expect(bench.station().lines()).toEqual(['10.0.0.9 > 10.0.0.2 icmp 3/3']);
  });

  const about = (change: (ends: Ends) => Uint8Array): Uint8Array => change(host().ends);
  it.each<[string, Uint8Array]>([
    ['an ICMP error', about(ends => errorFrame(ends, 3, 3, udpFrame(back(ends), 1, 2)))],
    [
      'a datagram to the directed broadcast',
      about(ends => udpFrame({ ...ends, to: ip('10.0.0.255') }, 1, 2)),
    ],
    ['a datagram to 255.255.255.255', about(ends => udpFrame({ ...ends, to: ip('255.255.255.255') }, 1, 2))],
    ['a datagram to a multicast address', about(ends => udpFrame({ ...ends, to: ip('224.0.0.251') }, 1, 2))],
    ['a link-layer broadcast to one host', about(ends => udpFrame({ ...ends, toMac: BROADCAST_MAC }, 1, 2))],
    ['a datagram from 0.0.0.0', about(ends => udpFrame({ ...ends, from: ip('0.0.0.0') }, 1, 2))],
  ])('are not about %s (RFC 1122 3.2.2)', (_what, bytes) => {
    const { bench, station } = host();
    bench.inject(bytes);
    expect(station.take()).toEqual([]);
    expect(bench.takeReasons()).toHaveLength(1);
  });

  it('a router sends none about errors, broadcasts or later fragments either', () => {
    const bench = new Bench(['10.0.0.1/24'], { forwarding: true });
    bench.introduce();
    const ends = bench.ends('192.0.2.1');
    bench.inject(errorFrame(ends, 11, 0, udpFrame(back(ends), 1, 2)));
    bench.inject(echoFrame(ends, 1, 1, { fragmentOffset: 1480 }));
    bench.inject(echoFrame(ends, 1, 1, { timeToLive: 1, fragmentOffset: 1480 }));
    bench.inject(echoFrame({ ...ends, from: ip('0.0.0.0') }));
    expect(bench.station().take()).toEqual([]);
    bench.inject(echoFrame(ends, 1, 1, { moreFragments: true }));
    expect(bench.station().lines()).toEqual(['10.0.0.1 > 10.0.0.2 icmp 3/0']);
  });

  it('go to one destination six at once, then one a second (net.ipv4.icmp_ratelimit)', () => {
    const { bench, ends, station } = host();
    for (let number = 0; number < 20; number++) {
      bench.station().send(udpFrame(ends, 1000 + number, 2000));
    }
    bench.run(0.01);
    expect(station.take()).toHaveLength(6);
    const atHalves: number[] = [];
    for (let half = 0; half < 10; half++) {
      bench.run(0.49);
      bench.inject(udpFrame(ends, 1, 2));
      bench.run(0.009);
      atHalves.push(station.take().length);
    }
    expect(atHalves.reduce((sum, each) => sum + each, 0)).toBe(5);
    // All packets are accounted for, answered or not.
    expect(bench.takeReasons()).toEqual(Array(30).fill('port-unreachable'));
  });

  it('have a limit for each destination, which recovers to six and no further', () => {
    const rate = new IcmpErrorRate();
    const allowed = (to: string, now: number) =>
      Array.from({ length: 10 }, () => rate.allows(ip(to), now)).filter(Boolean).length;
    expect([allowed('10.0.0.2', 0), allowed('10.0.0.3', 0), allowed('10.0.0.2', 0)]).toEqual([6, 6, 0]);
    expect(allowed('10.0.0.2', SECOND - 1)).toBe(0);
    expect(allowed('10.0.0.2', 3 * SECOND)).toBe(3);
    expect(allowed('10.0.0.2', 1000 * SECOND)).toBe(6);
  });

  it('have no limit to the machine itself, as Linux has none on its loopback interface', () => {
    const bench = new Bench(['10.0.0.1/24']);
    let outcomes: readonly EchoOutcome[] = [];
    bench.stack.ping(
      { destination: ip('10.0.0.77'), count: 20, interval: SECOND / 100, within: 10 * SECOND, size: 56 },
      got => {
        outcomes = got;
      },
    );
    bench.run(20);
    expect(outcomes.map(({ result }) => result)).toEqual(Array(20).fill('unreachable'));
  });
});

describe('a ping program', () => {
  const start = (count: number, more: { interval?: number; within?: number; size?: number } = {}) => {
    const { bench, ends, station } = host();
    const outcomes: EchoOutcome[] = [];
    const calls = { done: 0 };
    bench.stack.ping(
      { destination: station.address, count, interval: SECOND, within: 2 * SECOND, size: 56, ...more },
      got => {
        calls.done++;
        outcomes.push(...got);
      },
    );
    bench.run(0.0001);
    const identifier = () => word(station.heard[0]!.bytes, PAYLOAD + 4);
    const reply = (sequence: number, id = identifier()) => {
      bench.inject(echoFrame(ends, id, sequence, { type: 0, timeToLive: 61 }));
    };
    return { bench, ends, station, outcomes, calls, reply, identifier };
  };

  it('sends requests with DF, TTL 64, a time stamp and bytes that count up, as Linux does', () => {
    const { station } = start(1);
    const [request] = station.take();
    expect(request).toHaveLength(98);
    expect([ttlOf(request!), tosOf(request!), dontFragmentOf(request!)]).toEqual([64, 0, true]);
    expect(frameProblems(request!)).toEqual([]);
    const data = request!.subarray(PAYLOAD + 8);
    expect([...data.subarray(16)]).toEqual(Array.from({ length: 40 }, (_, n) => 0x10 + n));
    expect(long(data.subarray(0, 4).toReversed(), 0)).toBe(0);
  });

  it('sends one a second under one identifier and settles each with its own answer', () => {
    const { bench, station, outcomes, reply, identifier, calls } = start(3);
    bench.run(2.5);
    expect(new Set(station.heard.map(({ bytes }) => word(bytes, PAYLOAD + 4)))).toEqual(
      new Set([identifier()]),
    );
    const times = station.heard.map(({ time }) => time);
    expect([times[1]! - times[0]!, times[2]! - times[1]!]).toEqual([SECOND, SECOND]);
    reply(3);
    reply(2);
    expect(calls.done).toBe(1);
    bench.run(10);
    expect(calls.done).toBe(1);
    expect(outcomes.map(({ sequence, result, ttl }) => [sequence, result, ttl])).toEqual([
      [1, 'timeout', undefined],
      [3, 'reply', 61],
      [2, 'reply', 61],
    ]);
    expect(outcomes[0]!.time).toBe(2 * SECOND);
  });

  it('counts an answer once, and does not take one for another program or for nobody', () => {
    const { bench, reply, outcomes, identifier } = start(2);
    bench.takeReasons();
    reply(1, (identifier() + 1) & 0xffff);
    expect(bench.takeReasons()).toEqual(['no-such-request']);
    reply(1);
    reply(1);
    reply(9);
    bench.run(5);
    expect(outcomes.map(({ sequence, result }) => [sequence, result])).toEqual([
      [1, 'reply'],
      [2, 'timeout'],
    ]);
    reply(2);
    expect(bench.takeReasons()).toEqual(['no-such-request']);
  });

  it.each([
    [11, 0, 'expired'],
    [3, 0, 'unreachable'],
    [3, 1, 'unreachable'],
    [3, 13, 'unreachable'],
  ] as const)('takes ICMP %i/%i about its request as %s, from whom it came', (type, code, result) => {
    const { bench, station, ends, outcomes } = start(1);
    const [request] = station.take();
    bench.inject(errorFrame({ ...ends, from: ip('203.0.113.7') }, type, code, request!, { length: 28 }));
    expect(outcomes).toMatchObject([{ sequence: 1, result, from: ip('203.0.113.7'), icmp: { type, code } }]);
  });

  it.each([
    ['a redirect', 5, 1],
    ['a source quench', 4, 0],
  ])('still waits for the answer after %s, which is no failure', (_what, type, code) => {
    const { bench, station, ends, outcomes, reply, identifier } = start(1);
    const id = identifier();
    bench.inject(errorFrame(ends, type, code, station.take()[0]!));
    expect(outcomes).toEqual([]);
    reply(1, id);
    expect(outcomes).toMatchObject([{ result: 'reply' }]);
  });
});

describe('errors that reach a host', () => {
  const quoted = (ends: Ends) => udpFrame(back(ends), 5000, 53, pattern(20));

  it('go to the socket that sent the quoted datagram, with what they say', () => {
    const { bench, ends } = host();
    const errors: unknown[] = [];
    bench.stack.udp.open(5000, { datagram: () => undefined, unreachable: error => errors.push(error) });
    bench.inject(errorFrame({ ...ends, from: ip('203.0.113.7') }, 3, 1, quoted(ends), { length: 28 }));
    bench.inject(errorFrame(ends, 5, 1, quoted(ends)));
    expect(errors).toEqual([{ to: ip('10.0.0.2'), toPort: 53, from: ip('203.0.113.7'), type: 3, code: 1 }]);
  });

  it.each<[string, (ends: Ends) => Uint8Array, string]>([
    [
      'quotes less than a header and eight bytes',
      ends => errorFrame(ends, 3, 3, quoted(ends), { length: 27 }),
      'malformed',
    ],
    [
      'quotes a header of an impossible length',
      ends => errorFrame(ends, 3, 3, oddHeader(quoted(ends), 0x42)),
      'malformed',
    ],
    [
      'quotes a header longer than what is there',
      ends => errorFrame(ends, 3, 3, oddHeader(quoted(ends), 0x4f), { length: 60 }),
      'malformed',
    ],
    [
      'has a wrong checksum',
      ends => damaged(errorFrame(ends, 3, 3, quoted(ends)), PAYLOAD + 20),
      'checksum-wrong',
    ],
    [
      'quotes an echo nobody sent',
      ends => errorFrame(ends, 3, 1, echoFrame(back(ends), 99)),
      'no-such-request',
    ],
    ['quotes a datagram nobody sent', ends => errorFrame(ends, 3, 3, quoted(ends)), 'no-such-request'],
    [
      'quotes a protocol nobody speaks',
      ends => errorFrame(ends, 3, 3, ipv4Frame(back(ends), pattern(8), { protocol: 47 })),
      'no-such-request',
    ],
  ])('an error that %s is dropped with a reason', (_what, make, reason) => {
    const { bench, ends, station } = host();
    bench.inject(make(ends));
    expect(bench.takeReasons()).toEqual([reason]);
    expect(station.take()).toEqual([]);
  });

  it('an ICMP type nobody handles is dropped', () => {
    const { bench, ends, station } = host();
    // An address mask request, which Linux leaves to programs.
    const mask = echoFrame(ends, 1, 1);
    mask[PAYLOAD] = 17;
    mask[PAYLOAD + 2]! -= 9;
    expect(frameProblems(mask)).toEqual([]);
    bench.inject(mask);
    expect(bench.takeReasons()).toEqual(['protocol-unreachable']);
    expect(station.take()).toEqual([]);
  });

  function oddHeader(bytes: Uint8Array, first: number): Uint8Array {
    bytes[IP] = first;
    return bytes;
  }
});

describe('ping sockets', () => {
  it('are numbered on and on, never two alike, and end when all numbers are taken', () => {
    const { bench } = host();
    const client: EchoClient = { echoReply: () => undefined, echoFailed: () => undefined };
    const { icmp } = bench.stack;
    expect(icmp.openEcho(3, client)).toBe(true);
    expect(icmp.openEcho(3, client)).toBe(false);
    expect([1, 2, 3].map(() => icmp.openPingSocket(client))).toEqual([1, 2, 4]);
    icmp.closeEcho(1);
    expect(icmp.openPingSocket(client)).toBe(5);
    const rest = Array.from({ length: 65_535 - 4 }, () => icmp.openPingSocket(client));
    expect(new Set(rest).size).toBe(rest.length);
    expect(rest.at(-1)).toBe(1);
    expect(icmp.openPingSocket(client)).toBeUndefined();
  });
});

describe('timestamp requests (RFC 792)', () => {
  const request = (ends: Ends, bytes: number[]): Uint8Array => {
    const message = Uint8Array.from([13, 0, 0, 0, 0xbe, 0xef, 0, 7, ...bytes]);
    sealIcmp(message, 0, message.length);
    return ipv4Frame(ends, message);
  };
  const ORIGINATED = [0, 1, 2, 3];

  it.each([0, 4, 8, 40])('are answered with the time of day, and %i bytes behind are not asked for', more => {
    const { bench, ends, station } = host();
    bench.run(2);
    const time = Math.floor(bench.simulator.now / 1e6);
    bench.inject(request(ends, [...ORIGINATED, ...new Array<number>(more).fill(9)]));
    const [reply] = station.take();
    expect(frameProblems(reply!)).toEqual([]);
    expect([...reply!.subarray(PAYLOAD, PAYLOAD + 2)]).toEqual([14, 0]);
    expect([...reply!.subarray(PAYLOAD + 4, PAYLOAD + 12)]).toEqual([0xbe, 0xef, 0, 7, ...ORIGINATED]);
    expect([long(reply!, PAYLOAD + 12), long(reply!, PAYLOAD + 16)]).toEqual([time, time]);
    expect(word(reply!, IP + 2)).toBe(40);
  });

  it('to everybody, or without a time, are not', () => {
    const { bench, ends, station } = host();
    bench.inject(request({ ...ends, to: ip('10.0.0.255'), toMac: BROADCAST_MAC }, ORIGINATED));
    bench.inject(request(ends, [0, 1, 2]));
    expect(station.take()).toEqual([]);
    expect(bench.takeReasons()).toEqual(['broadcast-ignored', 'malformed']);
  });
});
