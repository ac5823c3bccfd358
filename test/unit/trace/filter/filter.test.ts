import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dissect } from '../../../../src/trace/dissect/dissect';
import { allNames } from '../../../../src/trace/filter/field-names';
import { compileFilter } from '../../../../src/trace/filter/filter';
import { sampleFrames } from '../sample-frames';

const frames = sampleFrames();
const packets = Object.values(frames).map(bytes => ({ bytes, layers: dissect(bytes).layers }));

function passing(text: string): string[] {
  const filter = compileFilter(text);
  if ('problem' in filter) {
    throw new Error(filter.problem.message);
  }
  return Object.keys(frames).filter((_, index) => filter.matches(packets[index]!));
}

describe('a display filter', () => {
  it('that is empty lets everything pass', () => {
    expect(passing('  ')).toEqual(Object.keys(frames));
  });

  it('finds packets by protocol, field and value', () => {
    expect(passing('dns.flags.response == 0')).toContain('dns query');
    expect(passing('dns.flags.response == 1')).not.toContain('dns query');
    expect(passing('ip && !ip')).toEqual([]);
  });

  it('binds && closer than ||, and ! closest', () => {
    expect(passing('arp || ip && dns')).toEqual(passing('arp || (ip && dns)'));
    expect(passing('!arp && ip')).toEqual(passing('(!arp) && ip'));
  });

  it.each<[string, string, string]>([
    ['ip.src == 10.0.0.300', '10.0.0.300', 'IPv4 address'],
    ['tcp.port == 80 && nosuch', 'nosuch', 'not a valid protocol'],
    ['ip.ttl contains 6', 'ip.ttl', 'number'],
    ['dns.qry.name == "web', '"web', 'no end'],
    ['frame[x] == 00', 'x', 'range of bytes'],
    ['ip)', ')', 'not expected'],
  ])('“%s” is refused at “%s”', (text, place, words) => {
    const filter = compileFilter(text);
    expect('problem' in filter).toBe(true);
    if ('problem' in filter) {
      const { at, length, message } = filter.problem;
      expect(text.slice(at, at + length)).toBe(place);
      expect(message).toContain(words);
    }
  });

  it('never throws, whatever the text, and never changes its mind about a packet', () => {
    const names = fc.constantFrom(...allNames());
    const signs = fc.constantFrom(
      ...[
        '==',
        '!=',
        '&&',
        '||',
        '!',
        '(',
        ')',
        '[',
        ']',
        '{',
        '}',
        '..',
        ',',
        '&',
        'in',
        'contains',
        'matches',
      ],
      ...[
        '10.0.0.1',
        '0x10',
        '"a"',
        "'a'",
        'len(',
        'count(',
        'any',
        'all',
        '1:2',
        '08:00',
        'ff02::1',
        '10.0.0.0/8',
      ],
    );
    const part = fc.oneof(names, signs, fc.string({ maxLength: 4 }));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 14 }), parts => {
        const text = parts.join(' ');
        const filter = compileFilter(text);
        if ('problem' in filter) {
          expect(filter.problem.message.length).toBeGreaterThan(0);
          expect(filter.problem.at).toBeLessThanOrEqual(text.length);
          return;
        }
        for (const packet of packets) {
          expect(filter.matches(packet)).toBe(filter.matches(packet));
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('refuses what is nested too deeply or too long', () => {
    expect(compileFilter(`${'('.repeat(5000)}ip${')'.repeat(5000)}`)).toHaveProperty('problem');
    expect(compileFilter(`${'!'.repeat(500)}ip`)).toHaveProperty('problem');
    expect(compileFilter('ip && '.repeat(3000))).toHaveProperty('problem');
  });
});
