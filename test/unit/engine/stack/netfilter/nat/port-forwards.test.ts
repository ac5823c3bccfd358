/** Ports of the outside that lead inside, measured on Linux 6.18 with `dnat to` in prerouting and `oifname wan masquerade`. */
import { describe, expect, it } from 'vitest';
import type { ResolvedPortForward } from '../../../../../../src/topology/resolved';
import {
  errorFrame,
  frameLine,
  frameProblems,
  ttlOf,
  PAYLOAD,
  tcpFrame,
  udpFrame,
  sourceOf,
} from '../../../packets';
import { ip } from '../../../topologies';
import { INSIDE, LAN, OTHER, Router, SERVER, SERVER_2, WAN } from '../router';

const WEB: ResolvedPortForward = {
  name: 'web',
  protocol: 'tcp',
  outsidePort: 8080,
  insideAddress: ip(INSIDE),
  insidePort: 80,
  source: [],
};
const ECHO: ResolvedPortForward = { ...WEB, name: 'echo', protocol: 'udp', outsidePort: 7000, insidePort: 7 };
const forwards = [WEB, ECHO];

describe('a forwarded port', () => {
  it('leads to the inside, which sees who asks; the answer comes from the outside port', () => {
    const router = new Router({ forwards });
    const [syn] = router.back(tcpFrame(router.inwards(), 1111, 8080, 'S'));
    expect(frameLine(syn!)).toBe('203.0.113.2 > 192.168.1.2 tcp 1111 > 80 S');
    expect(ttlOf(syn!)).toBe(63);
    expect(frameProblems(syn!)).toEqual([]);
    const [answer] = router.out(tcpFrame(router.outwards(), 80, 1111, 'SA', { acknowledgment: 1001 }));
    expect(frameLine(answer!)).toBe('203.0.113.1 > 203.0.113.2 tcp 8080 > 1111 SA');
    expect(frameProblems(answer!)).toEqual([]);
    expect(router.fromOutside(udpFrame(router.inwards(), 40_040, 7000))).toEqual([
      'inside: 203.0.113.2 > 192.168.1.2 udp 40040 > 7 4',
    ]);
  });

  it('is one of its own protocol and of the outside addresses only', () => {
    const router = new Router({ forwards });
    expect(router.back(udpFrame(router.inwards(), 1, 8080))).toEqual([]);
    expect(router.back(tcpFrame(router.inwards(), 1, 7000, 'S'))).toEqual([]);
    router.lines();
    expect(router.fromInside(udpFrame(router.outwards(LAN), 40_040, 7000))).toEqual([
      'inside: 192.168.1.1 > 192.168.1.2 icmp 3/3',
    ]);
    expect(router.fromInside(udpFrame(router.outwards(SERVER), 40_040, 7000))).toEqual([
      'outside: 203.0.113.1 > 203.0.113.2 udp 40040 > 7000 4',
    ]);
  });

  it('of one outside address is not there on another', () => {
    const limited = [{ ...ECHO, outsideAddress: ip('203.0.113.9') }];
    const router = new Router({ forwards: limited }, undefined, `${WAN}/24 203.0.113.9/24`);
    expect(router.back(udpFrame(router.inwards(WAN), 5, 7000))).toEqual([]);
    expect(router.back(udpFrame(router.inwards('203.0.113.9'), 5, 7000))).toHaveLength(1);
  });

  it('can be switched off and on again; connections that are open stay', () => {
    const router = new Router({ forwards });
    expect(router.back(udpFrame(router.inwards(), 1, 7000))).toHaveLength(1);
    expect(router.netfilter.enableRule('echo', false)).toBe(true);
    expect(router.netfilter.enableRule('nothing', false)).toBe(false);
    expect(router.back(udpFrame(router.inwards(), 2, 7000))).toEqual([]);
    expect(router.back(udpFrame(router.inwards(), 1, 7000))).toHaveLength(1);
    expect(router.netfilter.enableRule('echo', true)).toBe(true);
    expect(router.back(udpFrame(router.inwards(), 3, 7000))).toHaveLength(1);
    // The one that came in between is a connection to the router itself for as long as it is remembered.
    expect(router.back(udpFrame(router.inwards(), 2, 7000))).toEqual([]);
  });

  it('and the inside port asked for directly at once: the second moves its source port', () => {
    const router = new Router({ forwards });
    router.back(tcpFrame(router.inwards(), 1111, 8080, 'S'));
    const [direct] = router.back(tcpFrame(router.inwards(INSIDE), 1111, 80, 'S'));
    // Measured: 1111 became 57645.
    expect(frameLine(direct!)).toMatch(/^203\.0\.113\.2 > 192\.168\.1\.2 tcp (?!1111 )\d+ > 80 S$/);
    expect(frameProblems(direct!)).toEqual([]);
  });
});

describe('an ICMP error about a forwarded connection', () => {
  it.each([
    ['its server', INSIDE, 3, 3],
    ['another inside host', OTHER, 3, 1],
    ['a router inside', '192.168.77.1', 11, 0],
  ])('from %s comes from the outside address and quotes what was sent there', (_who, from, type, code) => {
    const router = new Router({ forwards });
    const sent = tcpFrame(router.inwards(), 1111, 8080, 'S');
    const [syn] = router.back(sent);
    const [error] = router.out(errorFrame(router.outwards(SERVER, from), type, code, syn!));
    expect(frameLine(error!)).toBe(`203.0.113.1 > 203.0.113.2 icmp ${type}/${code}`);
    expect(frameProblems(error!)).toEqual([]);
    // From the addresses on, the quoted packet is the one that was sent.
    expect(error!.subarray(PAYLOAD + 8 + 12)).toEqual(sent.subarray(14 + 12));
  });

  it('from outside reaches the server with its own answer in it', () => {
    const router = new Router({ forwards });
    router.back(tcpFrame(router.inwards(), 1111, 8080, 'S'));
    const answer = tcpFrame(router.outwards(), 80, 1111, 'SA', { acknowledgment: 1001 });
    const [outer] = router.out(answer);
    const [error] = router.back(errorFrame(router.inwards(WAN, SERVER_2), 3, 1, outer!));
    expect(frameLine(error!)).toBe('203.0.113.3 > 192.168.1.2 icmp 3/1');
    expect(frameProblems(error!)).toEqual([]);
    expect(error!.subarray(PAYLOAD + 8 + 12)).toEqual(answer.subarray(14 + 12));
  });

  it('that quotes eight bytes of TCP, without its checksum, is translated all the same', () => {
    const router = new Router({ forwards });
    const [syn] = router.back(tcpFrame(router.inwards(), 1111, 8080, 'S'));
    const [error] = router.out(errorFrame(router.outwards(), 3, 3, syn!, { length: 28 }));
    expect(frameProblems(error!)).toEqual([]);
    expect(error!).toHaveLength(PAYLOAD + 8 + 28);
    expect([...error!.subarray(-8, -4)]).toEqual([1111 >> 8, 1111 & 255, 8080 >> 8, 8080 & 255]);
  });
});

describe('hairpin: an inside host asks for a forwarded port by its outside address', () => {
  it('without a rule for it the server sees the host itself, and will answer it past the router', () => {
    const router = new Router({ forwards });
    expect(router.fromInside(tcpFrame(router.outwards(WAN, OTHER), 2222, 8080, 'S'))).toEqual([
      'inside: 192.168.1.3 > 192.168.1.2 tcp 2222 > 80 S',
    ]);
  });

  it('with masquerade towards the inside the server sees the router, and the answer finds its way', () => {
    const router = new Router({ forwards, hairpin: true });
    const [syn, answer] = [
      tcpFrame(router.outwards(WAN, OTHER), 2222, 8080, 'S'),
      tcpFrame(router.outwards(LAN, INSIDE), 80, 2222, 'SA', { acknowledgment: 1001 }),
    ];
    expect(router.fromInside(syn)).toEqual(['inside: 192.168.1.1 > 192.168.1.2 tcp 2222 > 80 S']);
    expect(router.fromInside(answer)).toEqual(['inside: 203.0.113.1 > 192.168.1.3 tcp 8080 > 2222 SA']);
  });

  it('even to itself', () => {
    const router = new Router({ forwards, hairpin: true });
    router.bench.inject(tcpFrame(router.outwards(WAN, INSIDE), 2222, 8080, 'S'), 0);
    const [turned] = router.bench.station(0).take();
    expect(frameLine(turned!)).toBe('192.168.1.1 > 192.168.1.2 tcp 2222 > 80 S');
    expect(ttlOf(turned!)).toBe(63);
    expect(sourceOf(turned!)).toBe(LAN);
  });
});
