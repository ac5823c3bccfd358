import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DnsForwarder } from '../../../../../src/engine/stack/dns/forwarder';
import { DnsZone, reverseName } from '../../../../../src/engine/stack/dns/zone';
import { createNetwork, type LookupResult } from '../../../../../src/engine/network';
import { parseIpv6 } from '../../../../../src/net/ipv6-address';
import { emitDns, parseDns } from '../../../../../src/wire/dns';
import { DNS_TYPE } from '../../../../../src/wire/dns-record';
import { PAYLOAD, udpFrame } from '../../packets';
import { Bench, SECOND } from '../../station';
import { cables, ip, machine, topology } from '../../topologies';
import { query } from '../../../wire/dns-query';

const SIX = parseIpv6('2001:db8::5')!;

function zone(): DnsZone {
  const made = new DnsZone();
  made.add({ type: 'A', name: 'Web.example', address: ip('192.0.2.1'), ttl: 60 });
  made.add({ type: 'A', name: 'second.example', address: ip('192.0.2.1'), ttl: 60 });
  made.add({ type: 'AAAA', name: 'six.example', address: SIX, ttl: 61 });
  made.add({ type: 'CNAME', name: 'www.example', value: 'alias.example', ttl: 62 });
  made.add({ type: 'CNAME', name: 'alias.example', value: 'web.example', ttl: 63 });
  made.add({ type: 'CNAME', name: 'dead.example', value: 'nobody.example', ttl: 64 });
  made.add({ type: 'CNAME', name: 'loop.example', value: 'loop.example', ttl: 65 });
  made.add({ type: 'TXT', name: 'text.example', value: 'a'.repeat(300), ttl: 66 });
  made.add({ type: 'A', name: 'named.example', address: ip('192.0.2.9'), ttl: 60 });
  made.add({ type: 'PTR', name: '9.2.0.192.in-addr.arpa', value: 'other.example', ttl: 67 });
  return made;
}

/** The code, each answer's name, type and life, and whether an SOA says how long "no" holds. */
function asked(name: string, type: number) {
  const { rcode, answers, authorities } = zone().answer(query(name, type));
  return [
    rcode,
    answers.map(record => `${record.name} ${record.type} ${record.ttl}`),
    authorities.map(({ data }) => data.kind),
  ];
}

const SOA = ['start-of-authority'];

describe('zone', () => {
  it.each<[string, number, ReturnType<typeof asked>]>([
    ['WEB.example', DNS_TYPE.a, [0, ['WEB.example 1 60'], []]],
    ['web.example', DNS_TYPE.aaaa, [0, [], SOA]],
    ['six.example', DNS_TYPE.aaaa, [0, ['six.example 28 61'], []]],
    ['six.example', DNS_TYPE.a, [0, [], SOA]],
    ['none.example', DNS_TYPE.a, [3, [], SOA]],
    ['www.example', DNS_TYPE.a, [0, ['www.example 5 62', 'alias.example 5 63', 'web.example 1 60'], []]],
    ['www.example', DNS_TYPE.cname, [0, ['www.example 5 62'], []]],
    ['www.example', DNS_TYPE.txt, [0, ['www.example 5 62', 'alias.example 5 63'], SOA]],
    ['dead.example', DNS_TYPE.a, [3, ['dead.example 5 64'], SOA]],
    ['loop.example', DNS_TYPE.a, [2, [], []]],
    ['1.2.0.192.in-addr.arpa', DNS_TYPE.ptr, [0, ['1.2.0.192.in-addr.arpa 12 60'], []]],
    ['9.2.0.192.in-addr.arpa', DNS_TYPE.ptr, [0, ['9.2.0.192.in-addr.arpa 12 67'], []]],
  ])('%s, type %i', (name, type, answer) => {
    expect(asked(name, type)).toEqual(answer);
  });

  it('text of more than 255 bytes travels in pieces', () => {
    const [record] = zone().answer(query('text.example', DNS_TYPE.txt)).answers;
    expect(record?.data.kind === 'text' && record.data.strings.map(({ length }) => length)).toEqual([
      255, 45,
    ]);
  });

  it('the name of an address is that which came first, unless a PTR record says otherwise', () => {
    const names = ['1.2.0.192.in-addr.arpa', '9.2.0.192.in-addr.arpa'].map(
      name => zone().answer(query(name, DNS_TYPE.ptr)).answers[0]?.data,
    );
    expect(names).toEqual([
      { kind: 'name', name: 'Web.example' },
      { kind: 'name', name: 'other.example' },
    ]);
    expect(reverseName(SIX)).toBe(`5.${'0.'.repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa`);
  });

  it('answers any question with something that can be read back', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('www.example', 'text.example', 'loop.example', 'x', 'six.example'),
        fc.integer({ min: 0, max: 0xffff }),
        (name, type) => {
          const answer = zone().answer(query(name, type));
          const bytes = emitDns(answer);
          expect(parseDns(bytes, 0, bytes.length)).toEqual(answer);
        },
      ),
    );
  });
});

it('a name service of a machine is served, by name and by alias', () => {
  const network = createNetwork(
    topology(
      [
        machine(
          'server',
          { eth0: { address: '10.0.0.1/24' } },
          {
            services: [
              {
                kind: 'dns',
                port: 53,
                records: [
                  { type: 'A', name: 'web.lab.test', address: ip('10.0.0.9'), ttl: 60 },
                  { type: 'CNAME', name: 'www.lab.test', value: 'web.lab.test', ttl: 60 },
                ],
                source: [],
              },
            ],
          },
        ),
        machine('client', { eth0: { address: '10.0.0.2/24' } }, { nameServers: [ip('10.0.0.1')] }),
      ],
      cables(['server:eth0 -- client:eth0']),
    ),
    { seed: 1 },
  );
  network.boot();
  const results: LookupResult[] = [];
  for (const name of ['web.lab.test', 'www.lab.test', 'no.lab.test']) {
    network.lookup('client', name, SECOND, result => results.push(result));
  }
  network.runUntil(5 * SECOND);
  const server = ip('10.0.0.1');
  expect(results).toEqual([
    { kind: 'answer', addresses: [ip('10.0.0.9')], server },
    { kind: 'answer', addresses: [ip('10.0.0.9')], server },
    { kind: 'nxdomain', server },
  ]);
});

it('a forwarder answers the names it knows itself, and passes on the others', () => {
  const bench = new Bench(['10.0.0.1/24']);
  bench.introduce();
  bench.station().answersArp = true;
  new DnsForwarder(bench.stack, () => [ip('10.0.0.2')], 'bench', zone());
  const ends = {
    fromMac: bench.station().mac,
    toMac: bench.on().mac,
    from: ip('10.0.0.2'),
    to: ip('10.0.0.1'),
  };
  const ask = (name: string, type: number = DNS_TYPE.a) => {
    bench.inject(udpFrame(ends, 4000, 53, emitDns(query(name, type))));
    const frames = bench.station().take();
    return frames
      .map(bytes => parseDns(bytes, PAYLOAD + 8, bytes.length - PAYLOAD - 8))
      .map(message => typeof message !== 'string' && [message.response, message.authoritative]);
  };
  // It is sure of what it was told itself (measured with dnsmasq 2.90).
  expect(ask('www.example')).toEqual([[true, true]]);
  expect(ask('far.example')).toEqual([[false, false]]);
  // Of a name that it knows it may not know everything.
  expect(ask('six.example', DNS_TYPE.txt)).toEqual([[false, false]]);
});
