/** The packet filter: what it lets through, what it answers (measured on Linux 6.18 with nft), and what it says of what it stopped. */
import { describe, expect, it } from 'vitest';
import type { ResolvedFirewallRule } from '../../../../../../src/topology/resolved';
import {
  dontFragmentOf,
  echoFrame,
  errorFrame,
  frameLine,
  frameProblems,
  idOf,
  ipv4Frame,
  long,
  pattern,
  PAYLOAD,
  tcpFrame,
  ttlOf,
  udpFrame,
  word,
} from '../../../packets';
import { ip, net } from '../../../topologies';
import { INSIDE, LAN, OTHER, Router, rule, SERVER, SERVER_2, WAN } from '../router';

const stops = (router: Router) =>
  router.bench.recorder.records.flatMap(({ reason, rule: text }) => (reason === 'firewall' ? [text] : []));

describe('a rule', () => {
  const packet = (router: Router) => udpFrame(router.outwards(SERVER, INSIDE), 4000, 53);

  it.each<[string, Partial<ResolvedFirewallRule>, boolean]>([
    ['of nothing in particular', {}, true],
    ['of its protocol', { protocol: 'udp' }, true],
    ['of another protocol', { protocol: 'tcp' }, false],
    ['of its interfaces', { inInterface: 'eth0', outInterface: 'eth1' }, true],
    ['of another interface', { inInterface: 'eth1' }, false],
    ['of its source network', { sourcePrefix: net('192.168.1.0/24') }, true],
    ['of another source network', { sourcePrefix: net('192.168.2.0/24') }, false],
    ['of its destination', { destinationPrefix: net(`${SERVER}/32`) }, true],
    ['of another destination', { destinationPrefix: net(`${SERVER_2}/32`) }, false],
    ['of its destination port', { protocol: 'udp', destinationPorts: [53, 53] }, true],
    ['of ports below', { protocol: 'udp', destinationPorts: [1, 52] }, false],
    ['of its source ports', { sourcePorts: [4000, 4001] }, true],
    ['of source ports above', { sourcePorts: [4001, 65_535] }, false],
    ['of new connections', { states: ['new'] }, true],
    ['of established or related ones', { states: ['established', 'related'] }, false],
  ])('%s', (_what, more, stopped) => {
    const router = new Router({}, [rule('forward', 'drop', { name: 'no', ...more })]);
    expect(router.fromInside(packet(router))).toHaveLength(stopped ? 0 : 1);
    expect(stops(router)).toEqual(stopped ? ['no'] : []);
  });

  it('that comes first decides', () => {
    const rules = [
      rule('forward', 'accept', { protocol: 'udp', destinationPorts: [53, 53] }),
      rule('forward', 'drop', { name: 'nothing else' }),
    ];
    const router = new Router({}, rules);
    expect(router.fromInside(packet(router))).toHaveLength(1);
    expect(router.fromInside(udpFrame(router.outwards(), 4000, 54))).toEqual([]);
    expect(stops(router)).toEqual(['nothing else']);
  });

  it('without a name is named by its chain and its place in the file', () => {
    const router = new Router({}, [rule('forward', 'drop')]);
    router.fromInside(packet(router));
    expect(stops(router)).toEqual(['forward nodes.router.firewall.0']);
  });

  it('is switched off and on by its name', () => {
    const router = new Router('none', [rule('forward', 'drop', { name: 'dns' })]);
    expect(router.netfilter.enableRule('dns', false)).toBe(true);
    expect(router.fromInside(packet(router))).toHaveLength(1);
    expect(router.netfilter.enableRule('dns', true)).toBe(true);
    expect(router.fromInside(packet(router))).toEqual([]);
    expect(router.netfilter.enableRule('another', true)).toBe(false);
  });

  it('does not see ports where there are none', () => {
    const rules = [rule('forward', 'drop', { destinationPorts: [0, 65_535] })];
    const router = new Router({}, rules);
    expect(router.fromInside(echoFrame(router.outwards()))).toHaveLength(1);
    expect(router.fromInside(ipv4Frame(router.outwards(), pattern(20), { protocol: 47 }))).toHaveLength(1);
    expect(router.fromInside(ipv4Frame(router.outwards(), pattern(3), { protocol: 17 }))).toHaveLength(1);
  });
});

describe('a stateful firewall', () => {
  const rules = [
    rule('forward', 'accept', { states: ['established', 'related'] }),
    rule('forward', 'drop', { states: ['invalid'], name: 'invalid' }),
    rule('forward', 'accept', { inInterface: 'eth0' }),
    rule('forward', 'drop', { name: 'from outside' }),
  ];

  it('lets answers and errors in, and nothing that nobody asked for', () => {
    const router = new Router('none', rules);
    const question = udpFrame(router.outwards(), 4000, 53);
    expect(router.fromInside(question)).toHaveLength(1);
    expect(router.fromOutside(udpFrame(router.inwards(INSIDE), 53, 4000))).toHaveLength(1);
    expect(router.fromOutside(errorFrame(router.inwards(INSIDE, SERVER_2), 3, 1, question))).toHaveLength(1);
    expect(router.fromOutside(udpFrame(router.inwards(INSIDE), 53, 4001))).toEqual([]);
    expect(router.fromOutside(udpFrame(router.inwards(INSIDE, SERVER_2), 53, 4000))).toEqual([]);
    expect(router.fromOutside(tcpFrame(router.inwards(INSIDE), 80, 4000, 'SA'))).toEqual([]);
    expect(
      router.fromOutside(errorFrame(router.inwards(INSIDE), 3, 1, udpFrame(router.outwards(), 9, 9))),
    ).toEqual([]);
    expect(stops(router)).toEqual(['from outside', 'from outside', 'invalid', 'invalid']);
  });

  it('remembers no connection that it refused', () => {
    const router = new Router('none', rules);
    router.fromOutside(udpFrame(router.inwards(INSIDE), 53, 4001));
    expect(router.live).toEqual([]);
    // So what the inside then sends is new, not an answer.
    router.fromInside(udpFrame(router.outwards(), 4001, 53));
    expect(router.live).toMatchObject([{ replied: false, original: { sourcePort: 4001 } }]);
  });

  it('keeps what leaves a NAT without translation in, with one rule for invalid packets', () => {
    const router = new Router({}, rules);
    expect(router.fromInside(tcpFrame(router.outwards(), 4004, 80, 'R'))).toEqual([]);
    expect(router.fromInside(tcpFrame(router.outwards(), 4004, 80, 'S'))).toHaveLength(1);
  });
});

describe('reject', () => {
  it('answers with port unreachable from the address towards the sender, and quotes the packet as it was passed on', () => {
    const router = new Router({}, [rule('forward', 'reject', { protocol: 'udp' })]);
    router.bench.inject(udpFrame(router.outwards(), 50, 1002), 0);
    const [error] = router.bench.station(0).take();
    expect(frameLine(error!)).toBe('192.168.1.1 > 192.168.1.2 icmp 3/3');
    expect(error![PAYLOAD + 8 + 8]).toBe(63);
    expect(frameProblems(error!)).toEqual([]);
    expect(router.live).toEqual([]);
  });

  it('of a packet for the machine itself comes from the address that was asked', () => {
    const router = new Router({}, [rule('input', 'reject', { protocol: 'udp' })]);
    expect(router.fromOutside(udpFrame(router.inwards(), 50, 1002))).toEqual([
      'outside: 203.0.113.1 > 203.0.113.2 icmp 3/3',
    ]);
    expect(router.fromInside(udpFrame(router.outwards(WAN), 50, 1002))).toEqual([
      'inside: 203.0.113.1 > 192.168.1.2 icmp 3/3',
    ]);
  });

  it('of a forwarded port is untranslated for the sender', () => {
    const forwards = [
      {
        name: 'echo',
        protocol: 'udp' as const,
        outsidePort: 7000,
        insideAddress: ip(INSIDE),
        insidePort: 7,
        source: [],
      },
    ];
    const router = new Router({ forwards }, [rule('forward', 'reject', { destinationPorts: [7, 7] })]);
    const sent = udpFrame(router.inwards(), 1006, 7000);
    router.bench.inject(sent, 1);
    const [error] = router.bench.station(1).take();
    expect(frameLine(error!)).toBe('203.0.113.1 > 203.0.113.2 icmp 3/3');
    expect(error!.subarray(PAYLOAD + 8 + 12)).toEqual(sent.subarray(14 + 12));
    expect(frameProblems(error!)).toEqual([]);
    expect(router.live).toEqual([]);
  });

  it('is no answer to an ICMP error', () => {
    const router = new Router('none', [rule('forward', 'reject')]);
    const error = errorFrame(router.inwards(INSIDE), 3, 1, udpFrame(router.outwards(), 9, 9));
    expect(router.fromOutside(error)).toEqual([]);
    expect(stops(router)).toHaveLength(1);
  });

  it('of the machine’s own packet tells its own socket', () => {
    const router = new Router('none', [rule('output', 'reject', { protocol: 'udp', name: 'quiet' })]);
    const heard: string[] = [];
    const socket = router.bench.stack.udp.open(4000, {
      datagram: () => undefined,
      unreachable: ({ type, code }) => heard.push(`${type}/${code}`),
    })!;
    expect(socket.send(pattern(3), ip(SERVER), 53)).toBe(false);
    router.bench.run(0.01);
    expect(heard).toEqual(['3/3']);
    expect(stops(router)).toEqual(['quiet']);
  });
});

describe('reject with reset', () => {
  const reset = () =>
    new Router({}, [rule('forward', 'reject-with-reset'), rule('input', 'reject-with-reset')]);

  it.each([
    ['S', '', 'RA', 0, 1001],
    ['SF', '', 'RA', 0, 1002],
    ['A', 'abc', 'R', 4444, 0],
    ['PA', 'abc', 'R', 4444, 0],
  ])(
    'answers %s with %j by %s, in the name of the destination',
    (flags, text, answer, sequence, acknowledgment) => {
      const router = reset();
      const more = { acknowledgment: flags === 'S' || flags === 'SF' ? 0 : 4444, data: Buffer.from(text) };
      router.bench.inject(tcpFrame(router.outwards(), 50, 1003, flags, more), 0);
      const [got] = router.bench.station(0).take();
      expect(frameLine(got!)).toBe(`203.0.113.2 > 192.168.1.2 tcp 1003 > 50 ${answer}`);
      expect([long(got!, PAYLOAD + 4), long(got!, PAYLOAD + 8), word(got!, PAYLOAD + 14)]).toEqual([
        sequence,
        acknowledgment,
        0,
      ]);
      expect([ttlOf(got!), idOf(got!), dontFragmentOf(got!)]).toEqual([64, 0, true]);
      expect(frameProblems(got!)).toEqual([]);
      expect(router.live).toEqual([]);
    },
  );

  it('is no answer to a RST, and lets other protocols through', () => {
    const router = reset();
    expect(router.fromInside(tcpFrame(router.outwards(), 52, 1003, 'R'))).toEqual([]);
    expect(stops(router)).toHaveLength(1);
    expect(router.fromInside(udpFrame(router.outwards(), 52, 1003))).toHaveLength(1);
  });

  it('of a forwarded port comes from the outside port', () => {
    const forward = { name: 'web', protocol: 'tcp' as const, outsidePort: 8080, insideAddress: ip(INSIDE) };
    const router = new Router({ forwards: [{ ...forward, insidePort: 80, source: [] }] }, [
      rule('forward', 'reject-with-reset', { sourcePorts: [1005, 1005] }),
    ]);
    expect(router.fromOutside(tcpFrame(router.inwards(), 1005, 8080, 'S'))).toEqual([
      'outside: 203.0.113.1 > 203.0.113.2 tcp 8080 > 1005 RA',
    ]);
    expect(router.live).toEqual([]);
  });
});

describe('the chains', () => {
  it('input sees what is delivered here, forward what passes, output what is sent from here', () => {
    const rules = (['input', 'forward', 'output'] as const).map(chain =>
      rule(chain, 'drop', { name: chain }),
    );
    const router = new Router({}, rules);
    router.fromInside(echoFrame(router.outwards(LAN)));
    router.fromInside(echoFrame(router.outwards(SERVER)));
    router.bench.stack.udp.open(4000, { datagram: () => undefined })!.send(pattern(3), ip(SERVER), 53);
    expect(stops(router)).toEqual(['input', 'forward', 'output']);
    expect(router.lines()).toEqual([]);
  });

  it('output sees answers too, as established', () => {
    const router = new Router({}, [rule('output', 'drop', { states: ['established'], protocol: 'icmp' })]);
    expect(router.fromInside(echoFrame(router.outwards(LAN, OTHER)))).toEqual([]);
    expect(stops(router)).toHaveLength(1);
  });

  it('do not stand between a machine and itself', () => {
    const router = new Router({}, [rule('input', 'drop')]);
    let heard = 0;
    router.bench.stack.udp.open(53, { datagram: () => heard++ });
    router.bench.stack.udp.open(4000, { datagram: () => undefined })!.send(pattern(3), ip(WAN), 53);
    router.bench.run(0.01);
    expect(heard).toBe(1);
  });
});
