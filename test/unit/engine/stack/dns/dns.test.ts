import { describe, expect, it } from 'vitest';
import { DnsForwarder } from '../../../../../src/engine/stack/dns/forwarder';
import type { ResolverResult } from '../../../../../src/engine/stack/dns/resolver';
import { DnsServer } from '../../../../../src/engine/stack/dns/server';
import { emitDns, parseDns, type DnsMessage } from '../../../../../src/wire/dns';
import { DNS_TYPE, type DnsRecord } from '../../../../../src/wire/dns-record';
import { destinationOf, frameLine, frameProblems, PAYLOAD, udpFrame, word } from '../../packets';
import { Bench, SECOND } from '../../station';
import { ip } from '../../topologies';
import { query } from '../../../wire/dns-query';

const PEER = '10.0.0.2';

const message = (more: Partial<DnsMessage>): DnsMessage => query('web.example', DNS_TYPE.a, more);

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
    /** Answers the last questions for A and AAAA, or one of them; records are of the A. */
    const answer = (more: Partial<DnsMessage>, types: readonly number[] = [DNS_TYPE.a, DNS_TYPE.aaaa]) => {
      for (const bytes of made
        .station()
        .heard.slice(-2)
        .map(heard => heard.bytes)) {
        const { id, questions } = dnsOf(bytes);
        if (types.includes(questions[0]!.type)) {
          const own = questions[0]!.type === DNS_TYPE.a ? {} : { answers: [] };
          const data = emitDns({ ...message({ response: true }), id, questions, ...more, ...own });
          made.inject(udpFrame(made.ends(ip('10.0.0.1'), 0, PEER), 53, word(bytes, PAYLOAD), data));
        }
      }
    };
    return { made, results, asked, answer };
  }

  it('asks for both kinds of address together, recursively, from one port of its own', () => {
    const { made } = looking();
    const questions = made.station().take();
    expect(questions.flatMap(frameProblems)).toEqual([]);
    expect(questions.map(bytes => word(bytes, PAYLOAD + 2))).toEqual([53, 53]);
    expect(new Set(questions.map(bytes => word(bytes, PAYLOAD))).size).toBe(1);
    expect(new Set(questions.map(bytes => dnsOf(bytes).id)).size).toBe(2);
    expect(questions.map(dnsOf)).toMatchObject(
      [DNS_TYPE.a, DNS_TYPE.aaaa].map(type => ({
        response: false,
        recursionDesired: true,
        questions: [{ name: 'web.example', type, class: 1 }],
        additionals: [],
      })),
    );
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
    const { made, results, answer } = looking();
    answer({ answers: [address('web.example', '192.0.2.1')], ...more });
    expect(results).toEqual([]);
    expect(made.takeReasons()).toEqual(['dns-ignored', 'dns-ignored']);
  });

  it.each([2, 4, 5])('asks the next server at once, and all twice, when they answer with code %i', rcode => {
    const { made, results, asked, answer } = looking('web.example', [PEER, PEER]);
    for (let time = 0; time < 4; time++) {
      expect(asked()).toHaveLength(2 + 2 * time);
      answer({ rcode });
    }
    expect(asked()).toHaveLength(8);
    expect(made.simulator.now).toBeLessThan(SECOND);
    expect(results).toEqual([{ kind: 'failed', why: 'server-failure' }]);
  });

  it('is content with one kind of address when the server fails for the other', () => {
    const { results, answer } = looking();
    answer({ rcode: 2 }, [DNS_TYPE.aaaa]);
    answer({ answers: [address('web.example', '192.0.2.1')] }, [DNS_TYPE.a]);
    expect(results).toMatchObject([{ kind: 'answer', addresses: [ip('192.0.2.1')] }]);
  });

  it('asks again for what was not answered, alone, and then takes what came', () => {
    const { made, results, asked, answer } = looking();
    answer({ answers: [address('web.example', '192.0.2.1')] }, [DNS_TYPE.a]);
    made.run(4.9);
    expect(results).toEqual([]);
    expect(asked()).toHaveLength(2);
    made.run(0.2);
    expect(dnsOf(made.station().heard.at(-1)!.bytes).questions[0]!.type).toBe(DNS_TYPE.aaaa);
    expect(asked()).toHaveLength(3);
    made.run(5);
    expect(results).toMatchObject([{ kind: 'answer', addresses: [ip('192.0.2.1')] }]);
  });

  it('asks three servers with 5, 3 and 6 seconds of patience, each from a port of its own, under the same identifiers', () => {
    const servers = ['10.0.0.3', '10.0.0.4', '10.0.0.5'];
    const { made, asked } = looking('web.example', servers, 60 * SECOND);
    made.run(60);
    // As measured with glibc 2.36.
    const times = [0, 5, 8, 14, 19, 22];
    expect(asked()).toEqual(
      times.flatMap((time, turn) => [0, 1].map(() => [time, servers[turn % servers.length]])),
    );
    const heard = made.station().heard.map(({ bytes }) => bytes);
    expect(new Set(heard.map(bytes => dnsOf(bytes).id)).size).toBe(2);
    expect(new Set(heard.map(bytes => word(bytes, PAYLOAD))).size).toBe(3);
  });

  it('asks each server twice in turn, five seconds apart, then gives up', () => {
    const { made, results, asked } = looking('web.example', [PEER, '10.0.0.3']);
    made.run(60);
    expect(asked()).toEqual(
      [
        [0, PEER],
        [5, '10.0.0.3'],
        [10, PEER],
        [15, '10.0.0.3'],
      ].flatMap(each => [each, each]),
    );
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
    expect(made.takeReasons()).toEqual(['port-unreachable', 'port-unreachable']);
  });
});

describe('forwarder', () => {
  function forwarding(servers = ['9.9.9.9']) {
    const made = bench();
    made.stack.addDefaultRoute(ip(PEER), made.on(), 'static');
    new DnsForwarder(made.stack, () => servers.map(ip), 'bench');
    const ask = (port: number, id: number, name = `n${id}.example`, type: number = DNS_TYPE.a) => {
      const questions = [{ name, type, class: 1 }];
      made.inject(udpFrame(made.ends(), port, 53, emitDns(message({ id, questions }))));
      return made.station().take();
    };
    /** What comes of a server's answer to a question that was passed on. */
    const answer = (question: Uint8Array, more: Partial<DnsMessage>, from = destinationOf(question)) => {
      const { id, questions } = dnsOf(question);
      const data = emitDns(message({ id, questions, response: true, ...more }));
      made.inject(udpFrame(made.ends(ip('10.0.0.1'), 0, from), 53, word(question, PAYLOAD), data));
      return made.station().take();
    };
    return { made, ask, answer };
  }

  it('asks the first server under an identifier and port of its own, and gives the answer back under the client’s', () => {
    const { ask, answer } = forwarding();
    const [one] = ask(4000, 1);
    const [two] = ask(4000, 2);
    expect(destinationOf(one!)).toBe('9.9.9.9');
    expect(word(one!, PAYLOAD)).not.toBe(word(two!, PAYLOAD));
    expect(dnsOf(one!).questions).toEqual([{ name: 'n1.example', type: DNS_TYPE.a, class: 1 }]);
    const answers = [address('n1.example', '192.0.2.1')];
    const [second] = answer(two!, { answers });
    const [first] = answer(one!, { answers });
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
    const heard = Array.from({ length: 160 }, (_, id) => ask(4000, id).map(bytes => dnsOf(bytes)));
    expect(heard.flat().filter(({ response }) => !response)).toHaveLength(150);
    expect(heard.flat().filter(({ rcode }) => rcode === 5)).toHaveLength(10);
    made.run(10);
    expect(ask(4000, 999).map(bytes => dnsOf(bytes).response)).toEqual([false]);
  });

  it('refuses when it knows no server, and passes no answers or noise on', () => {
    const { ask } = forwarding([]);
    expect(ask(4000, 1).map(dnsOf)).toMatchObject([{ id: 1, response: true, rcode: 5 }]);
    const { made } = forwarding();
    for (const data of [emitDns(message({ response: true })), new Uint8Array(11), new Uint8Array(0)]) {
      made.inject(udpFrame(made.ends(), 4000, 53, data));
    }
    expect(made.station().take()).toEqual([]);
    expect(made.takeReasons()).toEqual(['dns-ignored', 'malformed', 'malformed']);
  });

  it('passes a question on once for all who ask it, and again to all servers when one of them repeats it', () => {
    const { ask, answer } = forwarding(['9.9.9.9', '9.9.9.10']);
    const [first] = ask(4000, 1, 'a.example');
    answer(first!, { answers: [address('a.example', '192.0.2.1')] });
    const asked = ask(4000, 1, 'b.example');
    expect(asked.map(destinationOf)).toEqual(['9.9.9.9']);
    expect(ask(4001, 2, 'B.example')).toEqual([]);
    const again = ask(4000, 1, 'b.example');
    expect(again.map(destinationOf)).toEqual(['9.9.9.9', '9.9.9.10']);
    expect(again.map(bytes => dnsOf(bytes).id)).toEqual([0, 1].map(() => dnsOf(asked[0]!).id));
    const told = answer(again[1]!, { answers: [address('b.example', '192.0.2.2')] });
    expect(told.map(bytes => [word(bytes, PAYLOAD + 2), dnsOf(bytes).id])).toEqual([
      [4000, 1],
      [4001, 2],
    ]);
    // Who answered is asked from now on.
    expect(ask(4000, 3).map(destinationOf)).toEqual(['9.9.9.10']);
  });

  it('asks all servers at first, then the one that answered, and all again after 20 seconds', () => {
    const { made, ask, answer } = forwarding(['9.9.9.9', '9.9.9.10']);
    const first = ask(4000, 1);
    expect(first.map(destinationOf)).toEqual(['9.9.9.9', '9.9.9.10']);
    answer(first[1]!, { rcode: 3 });
    expect(ask(4000, 2).map(destinationOf)).toEqual(['9.9.9.10']);
    made.run(21);
    expect(ask(4000, 3).map(destinationOf)).toEqual(['9.9.9.9', '9.9.9.10']);
  });

  it('asks once more when a server fails, and gives the second failure on', () => {
    const { ask, answer } = forwarding();
    const [question] = ask(4000, 1);
    const [again] = answer(question!, { rcode: 2 });
    expect(destinationOf(again!)).toBe('9.9.9.9');
    expect(answer(again!, { rcode: 2 }).map(dnsOf)).toMatchObject([{ id: 1, rcode: 2 }]);
    expect(ask(4000, 2, 'n1.example').map(bytes => dnsOf(bytes).response)).toEqual([false]);
  });

  it.each<[string, Partial<DnsMessage>, string]>([
    ['another identifier', { id: 1 }, '9.9.9.9'],
    ['another question', { questions: message({}).questions }, '9.9.9.9'],
    ['somebody else', {}, '9.9.9.8'],
  ])('takes no answer of %s', (_what, more, from) => {
    const { made, ask, answer } = forwarding();
    const [question] = ask(4000, 7);
    expect(answer(question!, more, from)).toEqual([]);
    expect(made.takeReasons()).toEqual(['dns-ignored']);
  });

  it('answers from its cache, with times to live that count down, each record to its own end', () => {
    const { made, ask, answer } = forwarding();
    const [question] = ask(4000, 1, 'a.example');
    const answers = [
      { ...address('a.example', '192.0.2.1'), ttl: 20 },
      { ...address('a.example', '192.0.2.2'), ttl: 10 },
    ];
    answer(question!, { answers });
    made.run(2);
    const [early] = ask(4000, 2, 'A.example').map(dnsOf);
    expect(early).toMatchObject({ id: 2, response: true, recursionAvailable: true, authoritative: false });
    expect(early!.answers.map(({ ttl }) => ttl)).toEqual([18, 8]);
    made.run(10);
    expect(ask(4000, 3, 'a.example').map(bytes => dnsOf(bytes).answers.map(({ ttl }) => ttl))).toEqual([[8]]);
    made.run(8);
    expect(ask(4000, 4, 'a.example').map(bytes => dnsOf(bytes).response)).toEqual([false]);
  });

  const authority: DnsRecord = {
    name: 'example',
    type: DNS_TYPE.soa,
    class: 1,
    ttl: 40,
    data: {
      kind: 'start-of-authority',
      primary: 'ns.example',
      mailbox: 'hostmaster.example',
      serial: 1,
      refresh: 1,
      retry: 1,
      expire: 1,
      minimum: 30,
    },
  };

  it('remembers that a name does not exist for every type, for the less of the SOA’s life and its minimum', () => {
    const { made, ask, answer } = forwarding();
    answer(ask(4000, 1, 'no.example')[0]!, { rcode: 3, authorities: [authority] });
    made.run(29);
    expect(ask(4000, 2, 'no.example', DNS_TYPE.aaaa).map(dnsOf)).toMatchObject([
      { response: true, rcode: 3, answers: [], authorities: [{ ttl: 11 }] },
    ]);
    made.run(1);
    expect(ask(4000, 3, 'no.example').map(bytes => dnsOf(bytes).response)).toEqual([false]);
  });

  it('remembers that a name has no record of a type for that type alone', () => {
    const { ask, answer } = forwarding();
    answer(ask(4000, 1, 'a.example', DNS_TYPE.aaaa)[0]!, { authorities: [authority] });
    expect(ask(4000, 2, 'a.example', DNS_TYPE.aaaa).map(dnsOf)).toMatchObject([
      { response: true, rcode: 0, answers: [], authorities: [{ type: DNS_TYPE.soa }] },
    ]);
    expect(ask(4000, 3, 'a.example').map(bytes => dnsOf(bytes).response)).toEqual([false]);
  });

  it.each<[string, Partial<DnsMessage>]>([
    ['a "no" without SOA', { rcode: 3 }],
    ['an answer that was cut', { truncated: true, answers: [address('a.example', '192.0.2.1')] }],
    ['a record of another name', { answers: [address('b.example', '192.0.2.1')] }],
    ['a record that lives for no time', { answers: [{ ...address('a.example', '192.0.2.1'), ttl: 0 }] }],
  ])('does not remember %s', (_what, more) => {
    const { ask, answer } = forwarding();
    answer(ask(4000, 1, 'a.example')[0]!, more);
    expect(ask(4000, 2, 'a.example').map(bytes => dnsOf(bytes).response)).toEqual([false]);
    expect(ask(4000, 3, 'b.example').map(bytes => dnsOf(bytes).response)).toEqual([false]);
  });
});

describe('server', () => {
  const made = bench();
  new DnsServer(made.stack).add('Web.Example', ip('192.0.2.1'));
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
