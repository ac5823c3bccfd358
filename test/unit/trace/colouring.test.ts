import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  compileRule,
  MOST_RULES,
  readColourRules,
  ROW_COLOURS,
  type ColourRule,
} from '../../../src/trace/colouring/colour-rule';
import { Colouring } from '../../../src/trace/colouring/colouring';
import { DEFAULT_RULES } from '../../../src/trace/colouring/default-rules';
import { dissect } from '../../../src/trace/dissect/dissect';
import type { FilteredPacket } from '../../../src/trace/filter/filter';
import { LINK_TYPE } from '../../../src/trace/link-type';
import { sampleFrames } from './sample-frames';

const frames = sampleFrames();
const packet = (name: keyof typeof frames, extras: Partial<FilteredPacket> = {}): FilteredPacket => {
  const bytes = frames[name];
  return { bytes, layers: dissect(bytes).layers, linkType: LINK_TYPE.ethernet, ...extras };
};

/** A copy with one byte changed. */
function altered({ bytes }: FilteredPacket, at: number, value: number): FilteredPacket {
  const copy = bytes.slice();
  copy[at] = value;
  return { bytes: copy, layers: dissect(copy).layers, linkType: LINK_TYPE.ethernet };
}

describe('the rules of the extension', () => {
  const rules = new Colouring(DEFAULT_RULES);

  it('can all be used', () => {
    expect(readColourRules(DEFAULT_RULES).wrong).toEqual([]);
  });

  it('single out what is worth a look before what is only a protocol', () => {
    const query = packet('dns query');
    expect(rules.of(query)).toEqual({ rule: 'UDP', colour: 'blue' });
    expect(rules.of({ ...query, drop: { reason: 'no-route', everyday: false } })?.rule).toBe('Dropped');
    expect(rules.of({ ...query, drop: { reason: 'same-port', everyday: true } })?.rule).toBe('UDP');
    expect(rules.of(altered(query, 24, (query.bytes[24] ?? 0) ^ 1))?.rule).toBe('Wrong checksum');
    expect(rules.of(packet('time exceeded'))?.rule).toBe('ICMP error');
    expect(rules.of(packet('arp request'))?.rule).toBe('ARP');
    expect(rules.of(packet('ipv6 echo'))?.rule).toBe('ICMP');
    expect(rules.of(packet('tcp syn'))?.rule).toBe('TCP begins or ends');
    const data = packet('tcp data');
    expect(rules.of(data)?.rule).toBe('TCP');
    expect(rules.of({ ...data, isRetransmission: true })?.rule).toBe('Bad TCP');
    expect(rules.of(altered(query, query.bytes.length - 1, 0x77))?.rule).toBe('Wrong checksum');
  });
});

describe('colour rules', () => {
  it('count in order, and one of no colour leaves the row as it is', () => {
    const rules: ColourRule[] = [
      { name: 'quiet', filter: 'dns.id == 0', colour: 'none' },
      { name: 'names', filter: 'dns', colour: 'purple' },
      { name: 'wrong', filter: 'dns ==', colour: 'red' },
      { name: 'all', filter: 'frame', colour: 'grey' },
    ];
    expect(new Colouring(rules).of(packet('dns query'))).toEqual({ rule: 'names', colour: 'purple' });
    const quiet = [{ ...rules[0]!, filter: 'udp' }, ...rules];
    expect(new Colouring(quiet).of(packet('dns query'))).toEqual({ rule: 'quiet', colour: 'none' });
    expect(new Colouring([]).of(packet('dns query'))).toBeUndefined();
  });

  it('are read from whatever stands in the setting, and say what is wrong and where', () => {
    const good = { name: 'names', filter: 'dns', colour: 'purple' };
    const { rules, wrong } = readColourRules([
      good,
      { name: 'half', filter: 'ip.addr == ', colour: 'red' },
      { name: 'unknown', filter: 'frobnicate', colour: 'red' },
      { name: 'streams', filter: 'tcp.stream == 3', colour: 'red' },
      { name: 'empty', filter: ' ', colour: 'red' },
      { name: 'pink', filter: 'dns', colour: 'pink' },
      null,
      'dns',
    ]);
    expect(rules).toEqual([good]);
    expect(wrong.map(({ index, name, problem }) => [index, name, problem.kind])).toEqual([
      [1, 'half', 'filter'],
      [2, 'unknown', 'filter'],
      [3, 'streams', 'streams'],
      [4, 'empty', 'form'],
      [5, 'pink', 'form'],
      [6, '', 'form'],
      [7, '', 'form'],
    ]);
    const [, unknown] = wrong;
    expect(unknown?.problem).toMatchObject({ problem: { at: 0, length: 10 } });
    for (const value of [undefined, null, {}, 'dns', 3]) {
      expect(readColourRules(value)).toEqual({ rules: [], wrong: [] });
    }
    const many = readColourRules(Array.from({ length: MOST_RULES + 50 }, () => good));
    expect(many.rules).toHaveLength(MOST_RULES);
    expect(many.wrong).toMatchObject([{ index: MOST_RULES, problem: { kind: 'too-many' } }]);
    expect(compileRule('dns')).toHaveProperty('matches');
  });

  it('are declared to VS Code as they are read', () => {
    const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
      contributes: {
        configuration: {
          properties: Record<
            string,
            { maxItems: number; items: { properties: { colour: { enum: string[] } } } }
          >;
        };
      };
    };
    const setting = manifest.contributes.configuration.properties['vnet.packets.colourRules']!;
    expect(setting.maxItems).toBe(MOST_RULES);
    expect(setting.items.properties.colour.enum).toEqual([...ROW_COLOURS, 'none']);
  });
});
