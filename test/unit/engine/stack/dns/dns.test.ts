import { describe, expect, it } from 'vitest';
import { DnsForwarder } from '../../../../../src/engine/stack/dns/forwarder';
import type { ResolverResult } from '../../../../../src/engine/stack/dns/resolver';
import { DnsServer } from '../../../../../src/engine/stack/dns/server';
import { emitDns, parseDns, type DnsMessage } from '../../../../../src/wire/dns';
import { DNS_TYPE, type DnsRecord } from '../../../../../src/wire/dns-record';
import { destinationOf, frameLine, frameProblems, PAYLOAD, udpFrame, word } from '../../packets';
import { Bench, SECOND } from '../../station';
import { ip } from '../../topologies';

const PEER = '10.0.0.2';

function message(more: Partial<DnsMessage>): DnsMessage {
  return {
    id: 0x1234,
    response: false,
    opcode: 0,
    authoritative: false,
    truncated: false,
    recursionDesired: true,
    recursionAvailable: false,
    rcode: 0,
    questions: [{ name: 'web.example', type: DNS_TYPE.a, class: 1 }],
    answers: [],
    authorities: [],
    additionals: [],
    ...more,
  };
}

const address = (name: string, text: string): DnsRecord => ({
  name,
  type: DNS_TYPE.a,
  class: 1,
  ttl: 60,
  data: { kind: 'ipv4', address: ip(text) },
});

function bench() {
  const made = new Bench(['10.0.0.1/24']);
  made.introduce();
  made.station().answersArp = true;
  made.takeReasons();
  return made;
}

/** The DNS message in a frame. */
function dnsOf(bytes: Uint8Array): DnsMessage {
  const parsed = parseDns(bytes, PAYLOAD + 8, bytes.length - PAYLOAD - 8);
  if (typeof parsed === 'string') {
    throw new Error(parsed);
  }
  return parsed;
}

describe('resolver', () => {
  function looking(name = 'web.example', servers = [PEER], within = 30 * SECOND) {
    const made = bench();
    made.stack.resolver.servers = servers.map(ip);
    const results: ResolverResult[] = [];
    const start = made.simulator.now;
    made.stack.resolver.lookup(name, within, result => results.push(result));
    made.run(0.001);
    const asked = () =>
      made
        .station()
        .heard.map(({ time, bytes }) => [Math.floor((time - start) / SECOND), destinationOf(bytes)] as const);
    const answer = (more: Partial<DnsMessage>, from = PEER) => {
      const question = made.station().heard.at(-1)!.bytes;
      const data = emitDns({ ...message({ response: true }), id: dnsOf(question).id, ...more });
      made.inject(udpFrame(made.ends(ip('10.0.0.1'), 0, from), 53, word(question, PAYLOAD), data));
    };
    return { made, results, asked, answer };
  }

  it('asks for an address, recursively, from a port of its own', () => {
    const { made } = looking();
    const [question] = made.station().take();
    expect(frameProblems(question!)).toEqual([]);
    expect(word(question!, PAYLOAD + 2)).toBe(53);
    expect(dnsOf(question!)).toMatchObject({
      response: false,
      recursionDesired: true,
      questions: [{ name: 'web.example', type: 1, class: 1 }],
    });
  });

  it('gives the addresses of the answer, aliases passed over', () => {
    const { results, answer } = looking();
    const alias: DnsRecord = {
      name: 'web.example',
      type: DNS_TYPE.cname,
      class: 1,
      ttl: 60,
      data: { kind: 'name', name: 'w.example' },
    };
    answer({ answers: [alias, address('w.example', '192.0.2.1'), address('w.example', '192.0.2.2')] });
    expect(results).toEqual([
      { kind: 'answer', addresses: [ip('192.0.2.1'), ip('192.0.2.2')], server: ip(PEER) },
    ]);
  });

  it.each<[string, Partial<DnsMessage>, ResolverResult]>([
    ['no such name', { rcode: 3 }, { kind: 'nxdomain', server: ip(PEER) }],
    ['server failure', { rcode: 2 }, { kind: 'failed', why: 'server-failure' }],
    ['refused', { rcode: 5 }, { kind: 'failed', why: 'server-failure' }],
    ['no address', {}, { kind: 'failed', why: 'no-data' }],
  ])('takes %s as that', (_what, more, result) => {
    const { results, answer } = looking();
    answer(more);
    expect(results).toEqual([result]);
  });

  it.each<[string, Partial<DnsMessage>]>([
    ['another identifier', { id: 1 }],
    ['another question', { questions: [{ name: 'other.example', type: 1, class: 1 }] }],
    ['a question', { response: false }],
  ])('does not take %s for an answer', (_what, more) => {
    const { results, answer } = looking();
    answer({ answers: [address('web.example', '192.0.2.1')], ...more });
    expect(results).toEqual([]);
  });

  it('asks each server twice in turn, five seconds apart, then gives up', () => {
    const { made, results, asked } = looking('web.example', [PEER, '10.0.0.3']);
    made.run(60);
    expect(asked()).toEqual([
      [0, PEER],
      [5, '10.0.0.3'],
      [10, PEER],
      [15, '10.0.0.3'],
    ]);
    expect(results).toEqual([{ kind: 'failed', why: 'timeout' }]);
  });

  it('keeps to the time it is given, and to three servers', () => {
    const short = looking('web.example', [PEER], 2 * SECOND);
    short.made.run(1.9);
    expect(short.results).toEqual([]);
    short.made.run(0.2);
    expect(short.results).toEqual([{ kind: 'failed', why: 'timeout' }]);
    const many = looking('web.example', ['10.0.0.3', '10.0.0.4', '10.0.0.5', '10.0.0.6'], 100 * SECOND);
    many.made.run(100);
    expect(new Set(many.asked().map(([, to]) => to))).toEqual(new Set(['10.0.0.3', '10.0.0.4', '10.0.0.5']));
  });

  it('answers once, and frees its port', () => {
    const { made, results, answer } = looking();
    answer({ answers: [address('web.example', '192.0.2.1')] });
    answer({ rcode: 3 });
    expect(results).toHaveLength(1);
    expect(made.takeReasons()).toEqual(['port-unreachable']);
  });
});

describe('forwarder', () => {
  function forwarding(servers = ['9.9.9.9']) {
    const made = bench();
    made.stack.addDefaultRoute(ip(PEER), made.on(), 'static');
    new DnsForwarder(made.simulator, made.stack.udp, () => servers.map(ip), 'bench');
    const ask = (port: number, id: number) => {
      made.inject(udpFrame(made.ends(), port, 53, emitDns(message({ id }))));
      return made.station().take();
    };
    return { made, ask };
  }

  it('asks the first server under an identifier and port of its own, and gives the answer back under the client’s', () => {
    const { made, ask } = forwarding();
    const [one] = ask(4000, 1);
    const [two] = ask(4000, 2);
    expect(destinationOf(one!)).toBe('9.9.9.9');
    expect(word(one!, PAYLOAD)).not.toBe(word(two!, PAYLOAD));
    expect(dnsOf(one!).questions).toEqual(message({}).questions);
    const answer = (question: Uint8Array) => {
      const data = emitDns(
        message({ id: dnsOf(question).id, response: true, answers: [address('web.example', '192.0.2.1')] }),
      );
      made.inject(udpFrame(made.ends(ip('10.0.0.1'), 0, '9.9.9.9'), 53, word(question, PAYLOAD), data));
      return made.station().take();
    };
    const [second] = answer(two!);
    const [first] = answer(one!);
    expect(
      [first!, second!].map(bytes => [frameLine(bytes).split(' udp ')[1]!.slice(0, 9), dnsOf(bytes).id]),
    ).toEqual([
      ['53 > 4000', 1],
      ['53 > 4000', 2],
    ]);
    expect(dnsOf(first!).answers).toHaveLength(1);
    expect([first!, second!].flatMap(frameProblems)).toEqual([]);
  });

  it('asks 150 at a time and makes room after ten seconds', () => {
    const { made, ask } = forwarding();
    const asked = Array.from({ length: 160 }, (_, id) => ask(4000, id).length);
    expect(asked.filter(count => count === 1)).toHaveLength(150);
    made.run(10);
    expect(ask(4000, 999)).toHaveLength(1);
  });

  it('asks nobody when it knows no server, and passes no answers or noise on', () => {
    const { ask } = forwarding([]);
    expect(ask(4000, 1)).toEqual([]);
    const { made } = forwarding();
    for (const data of [emitDns(message({ response: true })), new Uint8Array(11), new Uint8Array(0)]) {
      made.inject(udpFrame(made.ends(), 4000, 53, data));
    }
    expect(made.station().take()).toEqual([]);
  });
});

describe('server', () => {
  const made = bench();
  new DnsServer(made.stack.udp).add('Web.Example', ip('192.0.2.1'));
  const ask = (more: Partial<DnsMessage>) => {
    made.inject(udpFrame(made.ends(), 4000, 53, emitDns(message(more))));
    return made.station().take().map(dnsOf)[0]!;
  };

  it('answers for its names in any case, with the question as it was asked', () => {
    const questions = [{ name: 'WEB.example', type: DNS_TYPE.a, class: 1 }];
    expect(ask({ questions })).toMatchObject({
      id: 0x1234,
      response: true,
      rcode: 0,
      recursionAvailable: true,
      questions,
      answers: [{ name: 'WEB.example', data: { kind: 'ipv4', address: ip('192.0.2.1') } }],
    });
  });

  it.each<[string, Partial<DnsMessage>, number]>([
    ['no such name', { questions: [{ name: 'x.example', type: 1, class: 1 }] }, 3],
    ['a name without that type', { questions: [{ name: 'web.example', type: DNS_TYPE.aaaa, class: 1 }] }, 0],
    ['another operation', { opcode: 4 }, 4],
    ['no question', { questions: [] }, 1],
    ['two questions', { questions: [...message({}).questions, ...message({}).questions] }, 1],
  ])('says so: %s', (_what, more, rcode) => {
    const answer = ask(more);
    expect(answer.rcode).toBe(rcode);
    expect(answer.answers).toEqual([]);
    // How long "no" holds is in the authority's record (RFC 2308).
    expect(answer.authorities.length).toBe(rcode === 3 || rcode === 0 ? 1 : 0);
  });
});
