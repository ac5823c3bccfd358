import { describe, expect, it } from 'vitest';
import {
  dontFragmentOf,
  errorFrame,
  frameLine,
  frameProblems,
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

const sourcePortOf = (bytes: Uint8Array) => word(bytes, PAYLOAD);

/** Sends a datagram of the guest and gives the port of the host's socket that carries it. */
function openFrom(bench: NatBench, guestPort = 5000, to = SERVER, port = 7): number {
  bench.ask(udpFrame(bench.toward(to), guestPort, port));
  return sourcePortOf(bench.outside()[0]!);
}

describe.each(VERSIONS)('datagrams through %s', version => {
  it('leave from a port of the host’s own choice, with its address', () => {
    const bench = new NatBench(version).meet();
    const sent = udpFrame(bench.toward(SERVER), 5000, 7, pattern(30), { dontFragment: true });
    expect(bench.ask(sent)).toEqual([]);
    const [outer, ...more] = bench.outside();
    expect(more).toEqual([]);
    const port = sourcePortOf(outer!);
    expect(port).toBeGreaterThanOrEqual(32_768);
    expect(port).toBeLessThanOrEqual(60_999);
    expect(frameLine(outer!)).toBe(`${HOST} > ${SERVER} udp ${port} > 7 30`);
    expect(frameProblems(outer!)).toEqual([]);
    expect([ttlOf(outer!), tosOf(outer!), dontFragmentOf(outer!)]).toEqual([64, 0, true]);
    expect(outer!.subarray(PAYLOAD + 8)).toEqual(sent.subarray(PAYLOAD + 8));
  });

  it('are answered to the guest’s port, as from who answered, TTL 64, without DF', () => {
    const bench = new NatBench(version).meet();
    const port = openFrom(bench);
    const [inner] = bench.answer(udpFrame(bench.fromOutside(), 7, port, pattern(20)));
    expect(frameLine(inner!)).toBe(`${SERVER} > ${GUEST} udp 7 > 5000 20`);
    expect(frameProblems(inner!)).toEqual([]);
    expect([ttlOf(inner!), tosOf(inner!), dontFragmentOf(inner!)]).toEqual([64, 0, false]);
  });

  it('one guest port keeps one host port for everybody, and anybody may answer it (RFC 4787 endpoint-independent)', () => {
    const bench = new NatBench(version).meet();
    const port = openFrom(bench, 5000, SERVER, 7);
    expect(openFrom(bench, 5000, '198.51.100.9', 99)).toBe(port);
    expect(openFrom(bench, 5001)).not.toBe(port);
    const [inner] = bench.answer(udpFrame(bench.fromOutside('192.0.2.77'), 1234, port));
    expect(frameLine(inner!)).toBe(`192.0.2.77 > ${GUEST} udp 1234 > 5000 4`);
  });

  it('from two guests’ addresses with one port are kept apart', () => {
    const bench = new NatBench(version).meet();
    const one = openFrom(bench);
    bench.ask(udpFrame({ ...bench.toward(SERVER), from: ip('10.0.2.77') }, 5000, 7));
    expect(sourcePortOf(bench.outside()[0]!)).not.toBe(one);
  });

  it('a socket lives 240 s, and each datagram, either way, begins them anew', () => {
    for (const [wait, alive] of [
      [239.9, true],
      [240.1, false],
    ] as const) {
      const bench = new NatBench(version).meet();
      const port = openFrom(bench);
      bench.run(200);
      expect(bench.answer(udpFrame(bench.fromOutside(), 7, port))).toHaveLength(1);
      bench.run(200);
      expect(openFrom(bench)).toBe(port);
      bench.run(wait);
      bench.takeReasons();
      expect(bench.answer(udpFrame(bench.fromOutside(), 7, port))).toHaveLength(alive ? 1 : 0);
      expect(bench.takeReasons()).toEqual(alive ? [] : ['port-unreachable']);
    }
  });

  it('to a closed port outside come back as port unreachable about the guest’s datagram', () => {
    const bench = new NatBench(version).meet();
    const sent = udpFrame(bench.toward(SERVER), 5000, 7, pattern(12));
    bench.ask(sent);
    const [outer] = bench.outside();
    const [error] = bench.answer(errorFrame(bench.fromOutside(), 3, 3, outer!));
    expect(frameLine(error!)).toBe(`${SERVER} > ${GUEST} icmp 3/3`);
    expect(frameProblems(error!)).toEqual([]);
    expect([ttlOf(error!), tosOf(error!)]).toEqual([255, 0xc0]);
    expect(error!.subarray(PAYLOAD + 8, PAYLOAD + 36)).toEqual(sent.subarray(IP, IP + 28));
    // The socket lives on (RFC 4787 REQ-12).
    expect(bench.answer(udpFrame(bench.fromOutside(), 7, sourcePortOf(outer!)))).toHaveLength(1);
  });

  it('to a closed port of the host itself: the error is from whom the host heard it, up to 7.0 from .2', () => {
    const bench = new NatBench(version, { localhostReachable: true }).meet();
    const from = version === '7.2' ? '127.0.0.1' : GATEWAY;
    expect(bench.ask(udpFrame(bench.toward(GATEWAY), 5000, 7)).map(frameLine)).toEqual([
      `${from} > ${GUEST} icmp 3/3`,
    ]);
  });

  it('to the engine itself with TTL 1 end there from 7.1 on', () => {
    const bench = new NatBench(version, { localhostReachable: true }).meet();
    const answers = bench.ask(udpFrame(bench.toward(GATEWAY), 5000, 7, pattern(4), { timeToLive: 1 }));
    expect(answers.map(frameLine)).toEqual([
      `${GATEWAY} > ${GUEST} icmp ${version === '7.2' ? '11/0' : '3/3'}`,
    ]);
    expect(answers.flatMap(frameProblems)).toEqual([]);
  });

  it('without a route of the host come back as network unreachable from .2', () => {
    const bench = new NatBench(version).meet();
    bench.stack.routes.remove(({ origin }) => origin === 'static');
    expect(bench.ask(udpFrame(bench.toward(SERVER), 1, 2)).map(frameLine)).toEqual([
      `${GATEWAY} > ${GUEST} icmp 3/0`,
    ]);
  });

  it('a thousand sockets and no more', () => {
    const bench = new NatBench(version).meet();
    for (let port = 1; port <= 1010; port++) {
      bench.guest.send(udpFrame(bench.toward(SERVER), 10_000 + port, 7));
      bench.run(0.000_01);
    }
    bench.run(0.01);
    expect(bench.outside()).toHaveLength(1000);
    expect(bench.takeReasons()).toEqual(Array(10).fill('table-full'));
    bench.run(241);
    expect(openFrom(bench, 5)).toBeGreaterThan(0);
  });

  it('the services of the host itself are out of reach', () => {
    const bench = new NatBench(version).meet();
    const heard: number[] = [];
    bench.stack.udp.open(514, { datagram: data => heard.push(data.length) });
    for (const to of [GATEWAY, '10.0.2.3']) {
      expect(bench.ask(udpFrame(bench.toward(to), 5000, 514))).toEqual([]);
    }
    expect(bench.takeReasons()).toEqual(['host-loopback-blocked', 'host-loopback-blocked']);
    expect(heard).toEqual([]);
  });

  it('or, where the host’s loopback is open to guests, at .2, which also answers', () => {
    const bench = new NatBench(version, { localhostReachable: true }).meet();
    const socket = bench.stack.udp.open(514, {
      datagram: (data, from, port) => {
        socket.send(data, from, port);
      },
    })!;
    expect(bench.ask(udpFrame(bench.toward(GATEWAY), 5000, 514)).map(frameLine)).toEqual([
      `${GATEWAY} > ${GUEST} udp 514 > 5000 4`,
    ]);
    expect(bench.outside()).toEqual([]);
  });

  it('a datagram to everyone stays inside', () => {
    const bench = new NatBench(version).meet();
    bench.ask(udpFrame(bench.toward('255.255.255.255'), 5000, 137));
    expect(bench.outside()).toEqual([]);
    expect(bench.takeReasons()).toEqual(['nat-not-carried']);
  });
});

describe.each(VERSIONS)('DNS at .3 of %s', version => {
  it('goes to the host’s first name server; the answer comes from .3', () => {
    const bench = new NatBench(version).meet();
    bench.ask(udpFrame(bench.toward('10.0.2.3'), 5000, 53, pattern(30)));
    const [outer] = bench.outside();
    const port = sourcePortOf(outer!);
    expect(frameLine(outer!)).toBe(`${HOST} > 9.9.9.9 udp ${port} > 53 30`);
    const [inner] = bench.answer(udpFrame(bench.fromOutside('9.9.9.9'), 53, port, pattern(40)));
    expect(frameLine(inner!)).toBe(`10.0.2.3 > ${GUEST} udp 53 > 5000 40`);
    expect(frameProblems(inner!)).toEqual([]);
  });

  it('follows the host when its name servers change', () => {
    const bench = new NatBench(version).meet();
    bench.stack.setNameServers([ip('1.1.1.1')]);
    bench.ask(udpFrame(bench.toward('10.0.2.3'), 5000, 53));
    expect(frameLine(bench.outside()[0]!)).toContain('> 1.1.1.1 ');
  });

  it('says why when the host knows none', () => {
    const bench = new NatBench(version).meet();
    bench.stack.setNameServers([]);
    bench.ask(udpFrame(bench.toward('10.0.2.3'), 5000, 53));
    // Up to 7.0 the engine asks the host's resolver then, and this is no question.
    expect(bench.takeReasons()).toEqual([version === '7.0' ? 'dns-ignored' : 'name-server-unknown']);
  });

  it('a name server asked by its own address answers with that', () => {
    const bench = new NatBench(version).meet();
    bench.ask(udpFrame(bench.toward('8.8.8.8'), 5000, 53));
    const port = sourcePortOf(bench.outside()[0]!);
    expect(frameLine(bench.answer(udpFrame(bench.fromOutside('8.8.8.8'), 53, port))[0]!)).toContain(
      '8.8.8.8 >',
    );
  });
});

describe('a socket after an answer from port 53', () => {
  const lives = (version: '7.0' | '7.2', before: number, wait: number) => {
    const bench = new NatBench(version).meet();
    const port = openFrom(bench, 5000, '10.0.2.3', 53);
    bench.run(before);
    bench.answer(udpFrame(bench.fromOutside('9.9.9.9'), 53, port));
    bench.run(wait);
    return bench.answer(udpFrame(bench.fromOutside('9.9.9.9'), 53, port)).length === 1;
  };

  it('lives 10 s in 7.2', () => {
    expect([lives('7.2', 0, 9.9), lives('7.2', 0, 10.1)]).toEqual([true, false]);
  });

  it('lives on in 7.0', () => {
    expect(lives('7.0', 0, 200)).toBe(true);
  });

  it('is not prolonged by it in 7.0', () => {
    expect(lives('7.0', 200, 100)).toBe(false);
  });
});

describe('7.0 alone', () => {
  it('copies TTL, TOS and DF to the host’s socket', () => {
    const bench = new NatBench('7.0').meet();
    bench.ask(udpFrame(bench.toward(SERVER), 5000, 7, pattern(4), { timeToLive: 20, typeOfService: 0x10 }));
    const [outer] = bench.outside();
    expect([ttlOf(outer!), tosOf(outer!), dontFragmentOf(outer!)]).toEqual([20, 0x10, false]);
  });

  it('passes a broadcast of its network on to everyone on the host’s', () => {
    const bench = new NatBench('7.0').meet();
    bench.ask(udpFrame(bench.toward('10.0.2.255'), 5000, 137));
    expect(bench.outside().map(frameLine)).toEqual([
      expect.stringContaining(`${HOST} > 255.255.255.255 udp`),
    ]);
  });

  it('quotes the header and eight bytes in its errors', () => {
    const bench = new NatBench('7.0').meet();
    const [error] = bench.ask(udpFrame(bench.toward(SERVER), 5000, 7, pattern(40), { timeToLive: 1 }));
    expect(error).toHaveLength(PAYLOAD + 8 + 28);
  });
});
