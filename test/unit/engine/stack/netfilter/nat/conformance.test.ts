/** The table of requirements against what the NATs here do: one question to a router for each line. */
import { describe, expect, it } from 'vitest';
import { natConformance } from './conformance';
import {
  damaged,
  echoFrame,
  errorFrame,
  frameLine,
  PAYLOAD,
  sourceOf,
  tcpFrame,
  udpFrame,
  word,
} from '../../../packets';
import { INSIDE, OTHER, Router, SERVER, SERVER_2, WAN, type NatOptions } from '../router';

const OPTIONS: Readonly<Record<'linux' | 'carrier', NatOptions>> = {
  linux: {},
  carrier: { mapping: 'endpoint-independent', filtering: 'endpoint-independent', hairpin: true },
};

const udp = (router: Router, from: string, to: string, port: number): number => {
  const [bytes] = router.out(udpFrame(router.outwards(to, from), port, 53));
  return bytes === undefined ? -1 : word(bytes, PAYLOAD);
};
const tcp = (router: Router, from: string, to: string, port: number): number => {
  const [bytes] = router.out(tcpFrame(router.outwards(to, from), port, 80, 'S'));
  return bytes === undefined ? -1 : word(bytes, PAYLOAD);
};
const comesIn = (router: Router, from: string, port: number, to: number): boolean =>
  router.back(udpFrame(router.inwards(WAN, from), port, to)).length === 1;

/** One port of a second host after a clash, towards two servers: the same or not. */
const staysTheSame = (send: typeof udp) => (router: Router) => {
  send(router, INSIDE, SERVER, 4000);
  send(router, INSIDE, SERVER_2, 5000);
  send(router, OTHER, SERVER_2, 4000);
  // The port that the other host has towards the second server is taken towards the first.
  return send(router, OTHER, SERVER, 4000) === send(router, OTHER, SERVER_2, 4000);
};
const isUnshared = (send: typeof udp) => (router: Router) =>
  send(router, INSIDE, SERVER, 4000) !== send(router, OTHER, SERVER_2, 4000);
const livesOn = (seconds: number) => (router: Router) => {
  udp(router, INSIDE, SERVER, 4000);
  router.bench.run(seconds);
  return comesIn(router, SERVER, 53, 4000);
};
const errorPasses = (router: Router, sent: Uint8Array): boolean => {
  const [outer] = router.out(sent);
  const [error] = router.back(errorFrame(router.inwards(), 3, 3, outer!));
  return Buffer.compare(error!.subarray(PAYLOAD + 8 + 12), sent.subarray(14 + 12)) === 0;
};
const turnsBack = (router: Router) => {
  tcp(router, OTHER, SERVER, 42_001);
  const lines = router.fromInside(tcpFrame(router.outwards(WAN, INSIDE), 42_000, 42_001, 'S'));
  return lines.some(line => line.startsWith('inside: 203.0.113.1 > 192.168.1.3 tcp'));
};

/** Whether a router keeps a requirement; a line without a question here says so below. */
const QUESTIONS: Readonly<Record<string, (router: Router) => boolean>> = {
  'RFC 4787 REQ-1': staysTheSame(udp),
  'RFC 4787 REQ-2': router => {
    const [one, two] = [SERVER, SERVER_2].map(to => router.out(udpFrame(router.outwards(to), 9, 9))[0]!);
    return sourceOf(one!) === sourceOf(two!);
  },
  'RFC 4787 REQ-3': isUnshared(udp),
  'RFC 4787 REQ-3 a': router => {
    udp(router, INSIDE, SERVER, 700);
    return udp(router, OTHER, SERVER, 700) < 1024;
  },
  'RFC 4787 REQ-4': router => {
    const ports = Array.from({ length: 20 }, (_, index) => 4000 + 2 * index);
    ports.forEach(port => udp(router, INSIDE, SERVER, port));
    return ports.every(port => udp(router, OTHER, SERVER, port) % 2 === 0);
  },
  'RFC 4787 REQ-5': livesOn(119),
  'RFC 4787 REQ-6': router => {
    udp(router, INSIDE, SERVER, 4000);
    router.bench.run(25);
    udp(router, INSIDE, SERVER, 4000);
    router.bench.run(25);
    return comesIn(router, SERVER, 53, 4000);
  },
  'RFC 4787 REQ-8': router => {
    udp(router, INSIDE, SERVER, 4000);
    return comesIn(router, SERVER, 54, 4000);
  },
  'RFC 4787 REQ-9': turnsBack,
  'RFC 4787 REQ-11': staysTheSame(udp),
  'RFC 4787 REQ-12': router => {
    const passes = errorPasses(router, udpFrame(router.outwards(), 4000, 53));
    return passes && comesIn(router, SERVER, 53, 4000);
  },
  'RFC 5382 REQ-1': staysTheSame(tcp),
  'RFC 5382 REQ-2': router => {
    tcp(router, INSIDE, SERVER, 4000);
    const [syn] = router.back(tcpFrame(router.inwards(), 80, 4000, 'S'));
    const [answer] = router.out(tcpFrame(router.outwards(), 4000, 80, 'SA', { acknowledgment: 1001 }));
    return syn !== undefined && answer !== undefined && router.live[0]?.tcp?.state === 'syn-recv';
  },
  'RFC 5382 REQ-3': router => {
    tcp(router, INSIDE, SERVER, 4000);
    return router.back(tcpFrame(router.inwards(), 81, 4000, 'S')).length === 1;
  },
  'RFC 5382 REQ-4': router => {
    const lines = router.fromOutside(tcpFrame(router.inwards(), 5555, 6000, 'S'));
    router.bench.run(5.9);
    return [...lines, ...router.lines()].length === 0;
  },
  'RFC 5382 REQ-5': router => {
    tcp(router, INSIDE, SERVER, 4000);
    router.back(tcpFrame(router.inwards(), 80, 4000, 'SA', { acknowledgment: 1001 }));
    router.bench.run(239);
    return router.live.length === 1;
  },
  'RFC 5382 REQ-7': isUnshared(tcp),
  'RFC 5382 REQ-8': turnsBack,
  'RFC 5382 REQ-9': router => errorPasses(router, tcpFrame(router.outwards(), 4000, 80, 'S')),
  'RFC 5382 REQ-10': router => {
    errorPasses(router, tcpFrame(router.outwards(), 4000, 80, 'S'));
    return router.back(tcpFrame(router.inwards(), 80, 4000, 'SA', { acknowledgment: 1001 })).length === 1;
  },
  'RFC 5508 REQ-1': router => {
    router.out(echoFrame(router.outwards(), 777));
    return router.back(echoFrame(router.inwards(), 777, 1, { type: 0 })).length === 1;
  },
  'RFC 5508 REQ-2': router => {
    router.out(echoFrame(router.outwards(), 777));
    router.bench.run(59);
    return router.back(echoFrame(router.inwards(), 777, 1, { type: 0 })).length === 1;
  },
  'RFC 5508 REQ-3': router => {
    udp(router, INSIDE, SERVER, 4000);
    const [inner] = router.back(udpFrame(router.inwards(), 53, 4000));
    return router.out(damaged(errorFrame(router.outwards(), 3, 3, inner!), PAYLOAD + 5)).length === 0;
  },
  'RFC 5508 REQ-4': router => errorPasses(router, echoFrame(router.outwards(), 777)),
  'RFC 5508 REQ-5': router => {
    const error = errorFrame(router.outwards(), 3, 3, udpFrame(router.inwards(INSIDE), 9, 9));
    return router.out(error).length === 0;
  },
  'RFC 5508 REQ-6': router => {
    const [outer] = router.out(echoFrame(router.outwards(), 777));
    const before = router.live.map(({ expires }) => expires);
    router.bench.run(3);
    router.back(errorFrame(router.inwards(), 3, 1, outer!));
    return router.live.every(({ expires }, index) => expires === before[index]) && before.length === 1;
  },
  'RFC 5508 REQ-7': router => {
    tcp(router, OTHER, SERVER, 42_001);
    router.bench.inject(tcpFrame(router.outwards(WAN, INSIDE), 42_000, 42_001, 'S'), 0);
    const turned = router.bench
      .station(0)
      .take()
      .find(bytes => sourceOf(bytes) === WAN);
    router.bench.inject(errorFrame(router.outwards(WAN, OTHER), 3, 3, turned ?? new Uint8Array(62)), 0);
    return router.bench
      .station(0)
      .take()
      .some(bytes => frameLine(bytes) === '203.0.113.1 > 192.168.1.2 icmp 3/3');
  },
  'RFC 5508 REQ-8': router => {
    for (let port = 1; port < 512; port++) {
      udp(router, INSIDE, SERVER, port);
    }
    return router
      .fromInside(udpFrame(router.outwards(SERVER, OTHER), 80, 53))
      .some(line => line.includes('3/13'));
  },
  'RFC 5508 REQ-10': router =>
    router
      .fromInside(udpFrame(router.outwards(), 1, 2, undefined, { timeToLive: 1 }))
      .join()
      .includes('icmp 11/0') && router.fromOutside(echoFrame(router.inwards())).join().includes('echo reply'),
};

/** What is no question to one router with stations: no gateways exist here, overlaps are the file's, rules have their own tests, larger packets and fragments are IP's own tests. */
const UNASKED = [
  'RFC 4787 REQ-7',
  'RFC 5508 REQ-9',
  'RFC 4787 REQ-10',
  'RFC 4787 REQ-13',
  'RFC 4787 REQ-14',
  'RFC 5382 REQ-6',
  'RFC 5508 REQ-11',
];

describe.each(['linux', 'carrier'] as const)('%s', preset => {
  const rows = natConformance().filter(row => row.preset === preset);

  it.each(
    rows
      .filter(({ requirement }) => !UNASKED.includes(requirement))
      .map(row => [row.requirement, row.met, row] as const),
  )('%s: %s', (requirement, met) => {
    expect(QUESTIONS[requirement]?.(new Router(OPTIONS[preset]))).toBe(met);
  });
});

it('has each requirement once for each preset, with a source', () => {
  const rows = natConformance();
  expect(new Set(rows.map(({ requirement, preset }) => `${requirement} ${preset}`)).size).toBe(rows.length);
  expect(rows.filter(({ source, asks }) => source === '' || asks === '')).toEqual([]);
  const open = rows.filter(({ preset, met }) => preset === 'carrier' && !met);
  expect(open.map(({ requirement }) => requirement)).toEqual(['RFC 4787 REQ-7']);
  for (const [rfc, count] of [
    ['RFC 4787', 14],
    ['RFC 5382', 10],
    ['RFC 5508', 11],
  ] as const) {
    const numbers = new Set(
      rows.flatMap(({ requirement }) =>
        requirement.startsWith(rfc) ? parseInt(requirement.slice(13), 10) : [],
      ),
    );
    expect(numbers).toEqual(new Set(Array.from({ length: count }, (_, index) => index + 1)));
  }
});
