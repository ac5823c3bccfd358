import { describe, expect, it } from 'vitest';
import {
  recordDataText,
  recordTypeName,
  recordTypeNumber,
  zoneDataText,
} from '../../../../../src/engine/stack/dns/record-words';
import type { DnsData, DnsRecord } from '../../../../../src/wire/dns-record';

function record(type: number, data: DnsData): DnsRecord {
  return { name: 'x', type, class: 1, ttl: 0, data };
}

describe('records of DNS in words', () => {
  it.each<[string, DnsRecord, string]>([
    ['CNAME', record(5, { kind: 'name', name: 'www.example' }), 'www.example.'],
    ['the root', record(2, { kind: 'name', name: '' }), '.'],
    ['MX', record(15, { kind: 'mail-exchange', preference: 10, name: 'mail.example' }), '10 mail.example.'],
    [
      'TXT',
      record(16, { kind: 'text', strings: [Uint8Array.of(0x61, 0x22, 0x5c, 0x0a, 0xff)] }),
      '"a\\"\\\\\\010\\255"',
    ],
    [
      'SRV',
      record(33, { kind: 'raw', bytes: Uint8Array.of(0, 1, 0, 2, 0x13, 0xc4, 1, 0x73, 0) }),
      '1 2 5060 s.',
    ],
    ['SRV that is cut', record(33, { kind: 'raw', bytes: Uint8Array.of(0, 1) }), '\\# 2 0001'],
    ['what is unknown', record(4711, { kind: 'raw', bytes: Uint8Array.of(0xca, 0xfe) }), '\\# 2 CAFE'],
    ['nothing', record(4711, { kind: 'raw', bytes: new Uint8Array(0) }), '\\# 0'],
  ])('writes %s as a zone file has it', (_what, one, text) => {
    expect(zoneDataText(one)).toBe(text);
  });

  it('writes names without the dot of the root where nobody asks for it', () => {
    const data: DnsData = {
      kind: 'start-of-authority',
      primary: 'ns.example',
      mailbox: 'root.example',
      serial: 1,
      refresh: 2,
      retry: 3,
      expire: 4,
      minimum: 5,
    };
    expect(recordDataText(record(6, data))).toBe('ns.example root.example 1 2 3 4 5');
    expect(zoneDataText(record(6, data))).toBe('ns.example. root.example. 1 2 3 4 5');
  });

  it('knows types by name and by number', () => {
    expect(recordTypeNumber('aaaa')).toBe(28);
    expect(recordTypeNumber('TYPE4711')).toBe(4711);
    expect(recordTypeNumber('TYPE70000')).toBeUndefined();
    expect(recordTypeNumber('OPT')).toBeUndefined();
    expect(recordTypeNumber('example')).toBeUndefined();
    expect(recordTypeName(65)).toBe('HTTPS');
    expect(recordTypeName(4711)).toBe('4711');
  });
});
