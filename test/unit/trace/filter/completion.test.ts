import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completionsAt, type KnownValues } from '../../../../src/trace/filter/completion';
import { allNames, labelOf } from '../../../../src/trace/filter/field-names';

const known: KnownValues = (_, domain) =>
  domain === 'ipv4'
    ? [
        { text: '10.0.0.1', detail: 'a:eth0' },
        { text: '10.0.0.2', detail: 'b:eth0' },
      ]
    : [];

/** What is offered at the bar. */
function offered(marked: string): { kind: string; texts: string[]; replaced: string } {
  const caret = marked.indexOf('|');
  const text = marked.replace('|', '');
  const { kind, items, at, length } = completionsAt(text, caret, known);
  return { kind, texts: items.map(item => item.text), replaced: text.slice(at, at + length) };
}

describe('what may come next in a filter', () => {
  it('is a field at the beginning and after a joint, those that begin so first', () => {
    expect(offered('tcp.po|').texts[0]).toBe('tcp.port');
    expect(offered('arp or (udp.dst|').texts).toEqual(['udp.dstport']);
    expect(offered('!vlan.i|').texts).toEqual(['vlan.id']);
    expect(offered('ttl|').texts).toContain('ip.ttl');
    // Also by what the field is called.
    expect(offered('hop limit|').kind).not.toBe('field');
    expect(offered('lease|').texts).toContain('dhcp.option.ip_address_lease_time');
  });

  it('is an operator after a field, and a joint after a value', () => {
    expect(offered('ip.ttl |').texts).toEqual(expect.arrayContaining(['==', 'in', '&&']));
    expect(offered('ip.ttl == 64 |')).toMatchObject({ kind: 'operator', texts: ['&&', '||'] });
    expect(offered('dns.qry.name con|').texts).toEqual(['contains']);
  });

  it('is a value after a comparison: named ones, those of the network, and in sets', () => {
    expect(offered('ip.addr == |').texts).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(offered('ip.src == b|').texts).toEqual(['10.0.0.2']);
    expect(offered('ip.dst in {10.0.0.1, |').texts).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(offered('tcp.flags.syn == |').texts).toEqual(['True', 'False']);
    expect(offered('arp.opcode == re|').texts).toContain('1');
    expect(offered('eth.type == ipv6|').texts).toEqual(['0x86dd']);
  });

  it('replaces the whole word, and nothing inside a quotation', () => {
    expect(offered('tcp.p|ort == 80').replaced).toBe('tcp.port');
    expect(offered('http.host contains "we|b"')).toEqual({ kind: 'none', texts: [], replaced: '' });
  });

  it('never throws, and always replaces a part of the text', () => {
    const part = fc.oneof(
      fc.constantFrom(...allNames(), '==', 'in', '{', '}', '..', '(', '"', '&&', '[', '64', ','),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), fc.nat(60), (parts, at) => {
        const text = parts.join(' ');
        const caret = Math.min(at, text.length);
        const completions = completionsAt(text, caret, known);
        expect(completions.at).toBeLessThanOrEqual(caret);
        expect(completions.at + completions.length).toBeLessThanOrEqual(text.length);
        expect(completions.items.length).toBeLessThanOrEqual(60);
      }),
    );
  });

  it('says what most names stand for', () => {
    const unsaid = allNames().filter(name => labelOf(name) === '');
    expect(unsaid).toEqual(['null', 'sll']);
  });
});
