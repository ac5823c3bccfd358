import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIp } from '../../../../src/net/ip-address';
import { parseCaptureFilter } from '../../../../src/trace/capture-filter/capture-filter';
import { LINK_TYPE } from '../../../../src/trace/link-type';

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

const MACS = 'ffffffffffff 020000000001 ';
/** A datagram from 10.0.0.1 port 68 to 10.0.0.2 port 53. */
const DATAGRAM = '4500 001c 0000 4000 4011 0000 0a000001 0a000002 0044 0035 0008 0000';
const UNTAGGED = bytes(`${MACS} 0800 ${DATAGRAM}`);
const TAGGED = bytes(`${MACS} 8100 000a 0800 ${DATAGRAM}`);

function matches(filter: string, frame = UNTAGGED, direction?: 'in' | 'out'): boolean | string {
  const hosts = (name: string) => (name === 'nas' ? [parseIp('10.0.0.1')!, parseIp('2001:db8::1')!] : []);
  const parsed = parseCaptureFilter(filter, hosts);
  return typeof parsed === 'string' ? parsed : parsed(frame, LINK_TYPE.ethernet, direction);
}

describe('capture filters', () => {
  it.each<[string, boolean]>([
    ['', true],
    ['udp', true],
    ['udp port 53 and src host nas', true],
    ['dst host nas', false],
    ['src port 53 or 68', true],
    ['dst port (67 or 68)', false],
    ['not (tcp or icmp) and ip', true],
    ['! udp || ether broadcast', true],
    ['ip[6] & 0x40 != 0 and udp[0:2] = 68', true],
    ['not udp[100] = 1', false],
    ['not tcp[0] = 1', true],
    ['src net 10.0.0.0/31', true],
    ['ip and not ip6 and len == 42', true],
    ['src and dst port 53', false],
  ])('%s', (filter, match) => {
    expect(matches(filter)).toBe(match);
  });

  it('looks behind the tag of a frame, which the kernel takes off', () => {
    expect(matches('udp port 53', TAGGED)).toBe(true);
    expect(matches('vlan 10 and udp', TAGGED)).toBe(true);
    expect(matches('vlan 20', TAGGED)).toBe(false);
    expect(matches('vlan')).toBe(false);
  });

  it('knows which way a packet goes', () => {
    expect(matches('inbound', UNTAGGED, 'in')).toBe(true);
    expect(matches('outbound', UNTAGGED, 'in')).toBe(false);
  });

  it.each([
    ['tcp port', "can't parse filter expression: syntax error"],
    ['host nobody', "unknown host 'nobody'"],
    ['port 70000', 'illegal port number 70000 > 65535'],
    [`${'('.repeat(5000)}tcp`, "can't parse filter expression: syntax error"],
    [`${'not '.repeat(5000)}tcp`, "can't parse filter expression: syntax error"],
  ])('says what is wrong with %s', (filter, said) => {
    expect(matches(filter)).toBe(said);
  });

  it('takes any words, and any bytes', () => {
    const word = fc.constantFrom(
      ...[
        'src',
        'dst',
        'host',
        'net',
        'port',
        'portrange',
        'proto',
        'tcp',
        'ip',
        'ip6',
        'ether',
        'arp',
        'vlan',
        'and',
        'or',
      ],
      ...[
        'not',
        '(',
        ')',
        '[',
        ']',
        ':',
        '&',
        '=',
        '+',
        '/',
        '10.0.0.1',
        '10.0.0.0/8',
        '::1',
        '80',
        '0x10',
        'len',
        'icmp',
        'udp',
      ],
      ...['1-5', 'multicast', 'less', 'mask', '-', '\\tcp', 'tcpflags', 'nas', '\u00e4'],
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), fc.uint8Array({ maxLength: 80 }), (words, frame) => {
        expect(['boolean', 'string']).toContain(typeof matches(words.join(' '), frame));
      }),
      { numRuns: 3000 },
    );
  });
});
