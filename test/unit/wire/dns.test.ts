import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4FromNumber, parseIpv4 } from '../../../src/net/ipv4-address';
import { emitDns, parseDns, type DnsMessage } from '../../../src/wire/dns';
import { dnsLabels, readDnsName, sameDnsName } from '../../../src/wire/dns-name';
import { DNS_CLASS, DNS_TYPE, type DnsData, type DnsRecord } from '../../../src/wire/dns-record';
import { bytesOf, hexOf, windowOf } from './bytes-of';
import { query } from './dns-query';

const QUERY = query('web.example');

const ANSWER: DnsRecord = {
  name: 'web.example',
  type: DNS_TYPE.a,
  class: DNS_CLASS.internet,
  ttl: 3600,
  data: { kind: 'ipv4', address: parseIpv4('203.0.113.10')! },
};

const QUERY_BYTES = '1234 0100 0001 0000 0000 0000 03776562 076578616d706c65 00 0001 0001';
const ANSWER_BYTES =
  '1234 8180 0001 0001 0000 0000 03776562 076578616d706c65 00 0001 0001 c00c 0001 0001 00000e10 0004 cb00710a';

const labelCharacter = fc.constantFrom(...'abcXYZ019-_.\\ é');
const label = fc
  .array(labelCharacter, { minLength: 1, maxLength: 12 })
  .map(characters => characters.join(''))
  .map(text => text.replace(/[.\\]/g, '\\$&').replace(/ /g, '\\032').replace(/é/g, '\\195\\169'));
const name = fc.array(label, { maxLength: 5 }).map(labels => labels.join('.'));
const uint32 = fc.nat(0xffffffff);
const bytes = fc.uint8Array({ maxLength: 40 });

const typed: fc.Arbitrary<{ type: number; data: DnsData }> = fc.oneof(
  uint32.map(value => ({
    type: DNS_TYPE.a,
    data: { kind: 'ipv4' as const, address: ipv4FromNumber(value) },
  })),
  fc
    .uint8Array({ minLength: 16, maxLength: 16 })
    .map(address => ({ type: DNS_TYPE.aaaa, data: { kind: 'ipv6' as const, address } })),
  fc
    .tuple(fc.constantFrom(DNS_TYPE.cname, DNS_TYPE.ns, DNS_TYPE.ptr), name)
    .map(([type, target]) => ({ type, data: { kind: 'name' as const, name: target } })),
  fc.tuple(fc.nat(65535), name).map(([preference, exchange]) => ({
    type: DNS_TYPE.mx,
    data: { kind: 'mail-exchange' as const, preference, name: exchange },
  })),
  fc
    .record({
      kind: fc.constant('start-of-authority' as const),
      primary: name,
      mailbox: name,
      serial: uint32,
      refresh: uint32,
      retry: uint32,
      expire: uint32,
      minimum: uint32,
    })
    .map(data => ({ type: DNS_TYPE.soa, data })),
  fc
    .array(bytes, { minLength: 1, maxLength: 3 })
    .map(strings => ({ type: DNS_TYPE.txt, data: { kind: 'text' as const, strings } })),
  bytes.map(raw => ({ type: DNS_TYPE.opt, data: { kind: 'raw' as const, bytes: raw } })),
);

const records = fc.array(
  fc.tuple(name, fc.nat(65535), uint32, typed).map(([owner, dnsClass, ttl, { type, data }]): DnsRecord => ({
    name: owner,
    type,
    class: dnsClass,
    ttl,
    data,
  })),
  { maxLength: 4 },
);

const MESSAGE: fc.Arbitrary<DnsMessage> = fc.record({
  id: fc.nat(65535),
  response: fc.boolean(),
  opcode: fc.nat(15),
  authoritative: fc.boolean(),
  truncated: fc.boolean(),
  recursionDesired: fc.boolean(),
  recursionAvailable: fc.boolean(),
  rcode: fc.nat(15),
  questions: fc.array(fc.record({ name, type: fc.nat(65535), class: fc.nat(65535) }), { maxLength: 2 }),
  answers: records,
  authorities: records,
  additionals: records,
});

describe('DNS', () => {
  it('emits and parses a question', () => {
    expect(hexOf(emitDns(QUERY))).toBe(hexOf(bytesOf(QUERY_BYTES)));
    const b = bytesOf(QUERY_BYTES);
    expect(parseDns(b, 0, b.length)).toEqual(QUERY);
  });

  it('emits and parses an answer whose name is a pointer', () => {
    const answer = { ...QUERY, response: true, recursionAvailable: true, answers: [ANSWER] };
    expect(hexOf(emitDns(answer))).toBe(hexOf(bytesOf(ANSWER_BYTES)));
    const b = bytesOf(`ffff ${ANSWER_BYTES}`);
    expect(parseDns(b, 2, b.length - 2)).toEqual(answer);
  });

  it('writes names in the data of records whole where it is asked to, as dnsmasq does', () => {
    const record = (name: string, alias: string) => ({
      ...ANSWER,
      name,
      type: DNS_TYPE.cname,
      data: { kind: 'name', name: alias } as const,
    });
    const answers = [record('www.lab.test', 'web.lab.test'), { ...ANSWER, name: 'web.lab.test' }];
    const question = { ...QUERY.questions[0]!, name: 'www.lab.test' };
    const message = { ...QUERY, response: true, questions: [question], answers };
    const whole = Buffer.from(emitDns(message, { wholeNamesInData: true }));
    const short = Buffer.from(emitDns(message));
    const written = Buffer.from('\x03web\x03lab\x04test\x00', 'latin1');
    expect(whole.includes(written)).toBe(true);
    expect(short.includes(written)).toBe(false);
    // The address that follows is of the name in the data, by a pointer to it.
    expect(whole.readUInt16BE(whole.indexOf(written) + written.length)).toBe(0xc000 | whole.indexOf(written));
    expect(parseDns(whole, 0, whole.length)).toEqual(parseDns(short, 0, short.length));
  });

  it('leaves out records that do not fit and says so', () => {
    const answers = Array.from({ length: 40 }, () => ANSWER);
    const b = emitDns({ ...QUERY, response: true, answers }, { maximumBytes: 512 });
    expect(b.length).toBeLessThanOrEqual(512);
    const parsed = parseDns(b, 0, b.length);
    expect(parsed).toMatchObject({ truncated: true });
    expect(typeof parsed === 'string' ? 0 : parsed.answers.length).toBe(30);
  });

  it('comes back as emitted, whatever it says', () => {
    fc.assert(
      fc.property(MESSAGE, message => {
        const { inside } = windowOf(emitDns(message));
        expect(parseDns(inside, 0, inside.length)).toEqual(message);
      }),
    );
  });

  it('never throws, and sees no byte beyond the end', () => {
    fc.assert(
      fc.property(MESSAGE, fc.nat(300), fc.nat(300), fc.nat(255), (message, cut, at, value) => {
        const b = emitDns(message).slice(0, cut);
        b[at] = value;
        const { inside } = windowOf(b);
        expect(parseDns(inside, 0, inside.length)).toEqual(parseDns(b, 0, b.length));
      }),
      { numRuns: 500 },
    );
  });

  it('refuses pointers that loop or point forwards, and stops at the end', () => {
    const header = '1234 0100 0001 0000 0000 0000';
    const problem = (hex: string) => {
      const b = bytesOf(`${header} ${hex}`);
      return parseDns(b, 0, b.length);
    };
    expect(problem('c00c 0001 0001')).toBe('bad-name');
    expect(problem('0161 c00c 0001 0001')).toBe('bad-name');
    expect(problem('c020 0001 0001')).toBe('bad-name');
    expect(problem('40 0001 0001')).toBe('bad-name');
    expect(problem('0361')).toBe('truncated');
    expect(problem('c0')).toBe('truncated');
    expect(problem('00 0001')).toBe('truncated');
    expect(parseDns(bytesOf(header), 0, 11)).toBe('truncated');
  });

  it('follows only so many pointers as an honest name can have', () => {
    // A root, then pointers each to the one before.
    const b = new Uint8Array(602);
    for (let at = 2; at < b.length; at += 2) {
      b[at] = 0xc0 | ((at - 2) >>> 8);
      b[at + 1] = (at - 2) & 0xff;
    }
    expect(readDnsName(b, 0, b.length, 256)).toEqual({ name: '', next: 258 });
    expect(readDnsName(b, 0, b.length, 600)).toBe('bad-name');
  });

  it('bounds names at 255 bytes', () => {
    const long = Array.from({ length: 4 }, () => 'a'.repeat(63)).join('.');
    expect(dnsLabels(long)).toBeUndefined();
    expect(dnsLabels(long.slice(2))?.length).toBe(4);
    const b = bytesOf(`${`3f${'61'.repeat(63)}`.repeat(4)}00`);
    expect(readDnsName(b, 0, b.length, 0)).toBe('bad-name');
  });

  it('takes names as people write them', () => {
    expect(dnsLabels('')).toEqual([]);
    expect(dnsLabels('.')).toEqual([]);
    expect(dnsLabels('web.example.')?.length).toBe(2);
    expect(dnsLabels('web..example')).toBeUndefined();
    expect(sameDnsName('Web.Example', 'web.example')).toBe(true);
    expect(sameDnsName('web.example', 'web.example.org')).toBe(false);
  });
});
