import { describe, expect, it } from 'vitest';
import { fragmentIpv4 } from '../../../../../src/engine/stack/ipv4/fragmentation';
import {
  damaged,
  dontFragmentOf,
  echoFrame,
  errorFrame,
  frameLine,
  frameProblems,
  idOf,
  IP,
  pattern,
  PAYLOAD,
  tosOf,
  ttlOf,
  udpFrame,
  word,
} from '../../packets';
import { ip } from '../../topologies';
import { GATEWAY, GUEST, HOST, NatBench, SERVER, VERSIONS } from './nat-bench';

const identifierOf = (bytes: Uint8Array) => word(bytes, PAYLOAD + 4);

describe('echo to the engine itself', () => {
  it.each([
    ['7.2', 2, 64, 255],
    ['7.2', 3, 64, 255],
    ['7.2', 3, 1, 255],
    ['7.0', 3, 64, 64],
    ['7.0', 4, 33, 33],
    ['7.0', 3, 1, 1],
  ] as const)('%s: .%i answers a request of TTL %i with TTL %i', (version, host, timeToLive, expected) => {
    const bench = new NatBench(version).meet();
    const request = echoFrame(bench.toward(`10.0.2.${host}`), 0xbeef, 9, { timeToLive, data: pattern(56) });
    const [reply, ...more] = bench.ask(request);
    expect(more).toEqual([]);
    expect(frameLine(reply!)).toBe(`10.0.2.${host} > ${GUEST} echo reply 9`);
    expect(frameProblems(reply!)).toEqual([]);
    expect([ttlOf(reply!), tosOf(reply!), dontFragmentOf(reply!)]).toEqual([expected, 0, false]);
    expect(reply!.subarray(PAYLOAD + 4)).toEqual(request.subarray(PAYLOAD + 4));
    expect(bench.outside()).toEqual([]);
  });

  it.each(VERSIONS)('%s: the reply has DF when the request has', version => {
    const bench = new NatBench(version).meet();
    const [reply] = bench.ask(echoFrame(bench.toward('10.0.2.3'), 7, 1, { dontFragment: true }));
    expect(dontFragmentOf(reply!)).toBe(true);
  });

  it('7.0: .2 stands for the host’s loopback and is silent, unless that is reachable', () => {
    const blocked = new NatBench('7.0').meet();
    expect(blocked.ask(echoFrame(blocked.toward(GATEWAY)))).toEqual([]);
    expect(blocked.takeReasons()).toEqual(['host-loopback-blocked']);
    const open = new NatBench('7.0', { localhostReachable: true }).meet();
    expect(open.ask(echoFrame(open.toward(GATEWAY))).map(frameLine)).toEqual([
      `${GATEWAY} > ${GUEST} echo reply 1`,
    ]);
  });

  it.each(VERSIONS)('%s: packets of the engine are counted on and on', version => {
    const bench = new NatBench(version).meet();
    const ids = [1, 2, 3].map(sequence =>
      idOf(bench.ask(echoFrame(bench.toward('10.0.2.3'), 7, sequence))[0]!),
    );
    expect([ids[1]! - ids[0]!, ids[2]! - ids[1]!]).toEqual([1, 1]);
  });
});

describe.each(VERSIONS)('echo to the world through %s', version => {
  it('is sent again by a ping socket of the host: its address, its own identifier, the same sequence and data', () => {
    const bench = new NatBench(version).meet();
    const request = echoFrame(bench.toward(SERVER), 0xbeef, 9, { timeToLive: 20, data: pattern(56) });
    expect(bench.ask(request)).toEqual([]);
    const [outer, ...more] = bench.outside();
    expect(more).toEqual([]);
    expect(frameLine(outer!)).toBe(`${HOST} > ${SERVER} echo request 9`);
    expect(frameProblems(outer!)).toEqual([]);
    expect(identifierOf(outer!)).not.toBe(0xbeef);
    expect(ttlOf(outer!)).toBe(version === '7.2' ? 64 : 20);
    expect(outer!.subarray(PAYLOAD + 6)).toEqual(request.subarray(PAYLOAD + 6));
  });

  it('is answered to the guest as from the world, with the guest’s identifier and TTL 255', () => {
    const bench = new NatBench(version).meet();
    const request = echoFrame(bench.toward(SERVER), 0xbeef, 9, { data: pattern(56) });
    bench.ask(request);
    const identifier = identifierOf(bench.outside()[0]!);
    const data = pattern(56);
    const [inner] = bench.answer(
      echoFrame(bench.fromOutside(), identifier, 9, { type: 0, data, timeToLive: 50 }),
    );
    expect(frameLine(inner!)).toBe(`${SERVER} > ${GUEST} echo reply 9`);
    expect(frameProblems(inner!)).toEqual([]);
    expect(ttlOf(inner!)).toBe(255);
    expect(inner!.subarray(PAYLOAD + 4)).toEqual(request.subarray(PAYLOAD + 4));
    // An answer is passed on once.
    expect(bench.answer(echoFrame(bench.fromOutside(), identifier, 9, { type: 0, data }))).toEqual([]);
  });

  it('each request has a socket of its own, so answers may come in any order', () => {
    const bench = new NatBench(version).meet();
    bench.ask(echoFrame(bench.toward(SERVER), 100, 1));
    bench.ask(echoFrame(bench.toward(SERVER), 200, 1));
    const [one, two] = bench.outside().map(identifierOf);
    expect(one).not.toBe(two);
    const reply = (id: number) => bench.answer(echoFrame(bench.fromOutside(), id, 1, { type: 0 }))[0]!;
    expect([identifierOf(reply(two!)), identifierOf(reply(one!))]).toEqual([200, 100]);
  });

  it('to the host’s own address is answered by the host, on no cable', () => {
    const bench = new NatBench(version).meet();
    expect(bench.ask(echoFrame(bench.toward(HOST))).map(frameLine)).toEqual([
      `${HOST} > ${GUEST} echo reply 1`,
    ]);
    expect(bench.outside()).toEqual([]);
  });

  it('that arrives with TTL 1 ends at the engine: time exceeded from .2, TTL 255, TOS 0xc0', () => {
    const bench = new NatBench(version).meet();
    const request = echoFrame(bench.toward(SERVER), 7, 1, { timeToLive: 1 });
    const [error] = bench.ask(request);
    expect(frameLine(error!)).toBe(`${GATEWAY} > ${GUEST} icmp 11/0`);
    expect(frameProblems(error!)).toEqual([]);
    expect([ttlOf(error!), tosOf(error!), dontFragmentOf(error!)]).toEqual([255, 0xc0, false]);
    expect(error!.subarray(PAYLOAD + 8, PAYLOAD + 36)).toEqual(request.subarray(IP, IP + 28));
    expect(bench.takeReasons()).toEqual(['ttl-expired']);
    expect(bench.outside()).toEqual([]);
    expect(bench.ask(echoFrame(bench.toward(SERVER), 7, 2, { timeToLive: 2 }))).toEqual([]);
    expect(bench.outside()).toHaveLength(1);
  });

  it('that has DF and fails: the error has DF from 7.1 on', () => {
    const bench = new NatBench(version).meet();
    const request = echoFrame(bench.toward(SERVER), 7, 1, { timeToLive: 1, dontFragment: true });
    expect(bench.ask(request).map(dontFragmentOf)).toEqual([version === '7.2']);
  });

  it.each([
    [11, 0],
    [3, 1],
    [3, 13],
  ])(
    'that fails outside with %i/%i tells the guest so, from the router that says it, about the guest’s own packet',
    (type, code) => {
      const bench = new NatBench(version).meet();
      const request = echoFrame(bench.toward(SERVER), 0xbeef, 9);
      bench.ask(request);
      const [outer] = bench.outside();
      const [inner] = bench.answer(errorFrame(bench.fromOutside('198.51.100.1'), type, code, outer!));
      expect(frameLine(inner!)).toBe(`198.51.100.1 > ${GUEST} icmp ${type}/${code}`);
      expect(frameProblems(inner!)).toEqual([]);
      expect(inner!.subarray(PAYLOAD + 8, PAYLOAD + 36)).toEqual(request.subarray(IP, IP + 28));
    },
  );

  it.each([
    ['a redirect', 5, 1],
    ['a source quench', 4, 0],
  ])('%s stays outside', (_what, type, code) => {
    const bench = new NatBench(version).meet();
    bench.ask(echoFrame(bench.toward(SERVER), 0xbeef, 9));
    const [outer] = bench.outside();
    expect(bench.answer(errorFrame(bench.fromOutside(), type, code, outer!))).toEqual([]);
    expect(bench.answer(echoFrame(bench.fromOutside(), identifierOf(outer!), 9, { type: 0 }))).toHaveLength(
      1,
    );
  });

  it('where the host has no route: network unreachable from .2', () => {
    const bench = new NatBench(version).meet();
    bench.stack.routes.remove(({ origin }) => origin === 'static');
    expect(bench.ask(echoFrame(bench.toward(SERVER))).map(frameLine)).toEqual([
      `${GATEWAY} > ${GUEST} icmp 3/0`,
    ]);
    expect(bench.takeReasons()).toEqual(['no-route']);
  });

  it('a request that was answered waits no longer, so it takes nobody’s place', () => {
    const bench = new NatBench(version).meet();
    bench.ask(echoFrame(bench.toward(SERVER), 7, 1));
    const slow = identifierOf(bench.outside()[0]!);
    for (let sequence = 2; sequence <= 200; sequence++) {
      bench.ask(echoFrame(bench.toward(SERVER), 7, sequence));
      const identifier = identifierOf(bench.outside()[0]!);
      bench.answer(echoFrame(bench.fromOutside(), identifier, sequence, { type: 0 }));
    }
    expect(bench.answer(echoFrame(bench.fromOutside(), slow, 1, { type: 0 }))).toHaveLength(1);
  });

  it('a ping from outside never reaches the guest; the host answers it', () => {
    const bench = new NatBench(version).meet();
    bench.ask(echoFrame(bench.toward(SERVER), 7, 1));
    const identifier = identifierOf(bench.outside()[0]!);
    expect(bench.answer(echoFrame(bench.fromOutside(), identifier, 1))).toEqual([]);
    expect(bench.outside().map(frameLine)).toEqual([`${HOST} > ${SERVER} echo reply 1`]);
  });
});

/** Whether each of so many echo requests, one after the other, still finds its answer once all were sent. */
function answered(bench: NatBench, requests: number): boolean[] {
  for (let sequence = 1; sequence <= requests; sequence++) {
    bench.ask(echoFrame(bench.toward(SERVER), 7, sequence));
  }
  const identifiers = bench.outside().map(identifierOf);
  expect(new Set(identifiers).size).toBe(requests);
  return identifiers.map(
    (identifier, index) =>
      bench.answer(echoFrame(bench.fromOutside(), identifier, index + 1, { type: 0 })).length === 1,
  );
}

describe('requests that wait for an answer', () => {
  it('are a hundred at most in 7.0, whose list is halved when it is full', () => {
    expect(answered(new NatBench('7.0').meet(), 100)).toEqual(Array(100).fill(true));
    expect(answered(new NatBench('7.0').meet(), 101)).toEqual([
      ...Array<boolean>(50).fill(false),
      ...Array<boolean>(51).fill(true),
    ]);
  });

  it('are a thousand at most in 7.2', () => {
    expect(answered(new NatBench('7.2').meet(), 1001)).toEqual([false, ...Array<boolean>(1000).fill(true)]);
  });

  it.each([
    [239.9, 1],
    [240.1, 0],
  ])('after %f s in 7.2 find it %i times', (seconds, times) => {
    const bench = new NatBench('7.2').meet();
    bench.ask(echoFrame(bench.toward(SERVER), 7, 1));
    const identifier = identifierOf(bench.outside()[0]!);
    bench.run(seconds);
    expect(bench.answer(echoFrame(bench.fromOutside(), identifier, 1, { type: 0 }))).toHaveLength(times);
  });
});

describe.each(VERSIONS)('what %s drops', version => {
  const typed = (bytes: Uint8Array, type: number) => {
    bytes[12] = type >> 8;
    bytes[13] = type & 255;
    return bytes;
  };
  const timestamp = (bytes: Uint8Array) => {
    bytes[PAYLOAD] = 13;
    bytes[PAYLOAD + 2]! -= 5;
    return bytes;
  };
  type Make = (bench: NatBench) => Uint8Array;
  const ping = (bench: NatBench, to = SERVER) => echoFrame(bench.toward(to));

  it.each<[string, Make, string]>([
    ['an address of its own network that is nobody’s', bench => ping(bench, '10.0.2.99'), 'nat-not-carried'],
    ['multicast', bench => ping(bench, '224.0.0.251'), 'nat-not-carried'],
    [
      'a multicast source',
      bench => echoFrame({ ...bench.toward(SERVER), from: ip('224.0.0.1') }),
      'source-invalid',
    ],
    ['GRE', bench => protocolFrame(bench, 47), 'nat-not-carried'],
    ['ESP', bench => protocolFrame(bench, 50), 'nat-not-carried'],
    ['IGMP', bench => protocolFrame(bench, 2), 'nat-not-carried'],
    ['SCTP', bench => protocolFrame(bench, 132), 'nat-not-carried'],
    ['TCP cut short', bench => protocolFrame(bench, 6), 'malformed'],
    ['an echo reply', bench => echoFrame(bench.toward(SERVER), 1, 1, { type: 0 }), 'nat-not-carried'],
    ['a timestamp request', bench => timestamp(ping(bench)), 'nat-not-carried'],
    ['an ICMP error', bench => errorFrame(bench.toward(SERVER), 3, 3, ping(bench)), 'nat-not-carried'],
    ['a wrong ICMP checksum', bench => damaged(ping(bench), PAYLOAD + 9), 'checksum-wrong'],
    ['a wrong header checksum', bench => damaged(ping(bench), IP + 11), 'checksum-wrong'],
    ['a wrong version', bench => damaged(ping(bench), IP), 'malformed'],
    [
      'a wrong UDP checksum',
      bench => damaged(udpFrame(bench.toward(SERVER), 1, 2), PAYLOAD + 9),
      'checksum-wrong',
    ],
    ['IPv6', bench => typed(ping(bench), 0x86dd), 'ethertype-unknown'],
    ['13 bytes', bench => ping(bench).subarray(0, 13), 'malformed'],
  ])('%s', (_what, make, reason) => {
    const bench = new NatBench(version).meet();
    expect(bench.ask(make(bench))).toEqual([]);
    expect(bench.takeReasons()).toEqual([reason]);
    expect(bench.outside()).toEqual([]);
  });

  it.each<[string, Make]>([
    ['a source of class E', bench => echoFrame({ ...bench.toward(SERVER), from: ip('240.0.0.1') })],
    ['a broadcast source', bench => echoFrame({ ...bench.toward(SERVER), from: ip('255.255.255.255') })],
    ['a destination of class E', bench => ping(bench, '240.0.0.1')],
    ['a ping to everyone', bench => ping(bench, '255.255.255.255')],
    ['a ping to everyone of its network', bench => ping(bench, '10.0.2.255')],
  ])('%s', (_what, make) => {
    const bench = new NatBench(version).meet();
    bench.ask(make(bench));
    expect(bench.outside()).toEqual([]);
    expect(bench.takeReasons()).toHaveLength(1);
  });

  function protocolFrame(bench: NatBench, protocol: number): Uint8Array {
    return echoFrame(bench.toward(SERVER), 1, 1, { protocol });
  }
});

describe.each(VERSIONS)('fragments of %s', version => {
  const data = pattern(4000);

  it('of a ping are put together, and the answer is cut: 1480, 1480 and 1048 bytes', () => {
    const bench = new NatBench(version, { localhostReachable: true }).meet();
    const whole = echoFrame(bench.toward(GATEWAY), 7, 1, { data });
    const pieces = fragmentIpv4(whole, IP, 1500, bench.simulator.pool);
    expect(bench.ask(pieces[2]!)).toEqual([]);
    expect(bench.ask(pieces[0]!)).toEqual([]);
    const answer = bench.ask(pieces[1]!);
    expect(answer.map(each => each.length)).toEqual([1514, 1514, 1082]);
    expect(answer.map(each => word(each, IP + 6))).toEqual([0x2000, 0x2000 + 185, 370]);
    expect(Buffer.concat(answer.map(each => each.subarray(PAYLOAD))).subarray(8)).toEqual(Buffer.from(data));
    expect(bench.takeReasons()).toEqual([]);
  });

  it('are given up after 30 s', () => {
    const bench = new NatBench(version).meet();
    const [first] = fragmentIpv4(
      echoFrame(bench.toward(SERVER), 7, 1, { data }),
      IP,
      1500,
      bench.simulator.pool,
    );
    bench.ask(first!);
    bench.run(29.9);
    expect(bench.takeReasons()).toEqual([]);
    bench.run(0.2);
    expect(bench.takeReasons()).toEqual(['fragments-missing']);
  });
});
