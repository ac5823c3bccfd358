import { describe, expect, it } from 'vitest';
import { dissect } from '../../../../src/trace/dissect/dissect';
import { compileFilter } from '../../../../src/trace/filter/filter';
import type { PacketField } from '../../../../src/simulation/protocol';
import { COMBINATIONS, combine, filterOfField } from '../../../../webview/filter/filter-text';
import { chosen, moved, withRecent, type Suggestions } from '../../../../webview/filter/suggestions';
import { sampleFrames } from '../../trace/sample-frames';

describe('a filter made from a line of the details', () => {
  const flat = (fields: readonly PacketField[]): PacketField[] =>
    fields.flatMap(field => [field, ...flat(field.children ?? [])]);

  it.each(Object.entries(sampleFrames()))('lets “%s” itself pass, whatever the line', (_, bytes) => {
    const { layers } = dissect(bytes);
    for (const field of flat(layers)) {
      const text = filterOfField(field, bytes);
      if (text === undefined) {
        expect(field.length, field.name).toBe(0);
        continue;
      }
      const filter = compileFilter(text);
      expect('problem' in filter ? filter.problem.message : '', text).toBe('');
      expect('matches' in filter && filter.matches({ bytes, layers }), text).toBe(true);
    }
  });

  it('goes with the one that is set as the user says', () => {
    expect(COMBINATIONS.map(how => combine('tcp', 'ip.ttl == 1', how))).toEqual([
      'ip.ttl == 1',
      '!(ip.ttl == 1)',
      '(tcp) && (ip.ttl == 1)',
      '(tcp) || (ip.ttl == 1)',
      '(tcp) && !(ip.ttl == 1)',
      '(tcp) || !(ip.ttl == 1)',
    ]);
    expect(COMBINATIONS.map(how => combine(' ', 'arp', how))).toEqual([
      ...['arp', '!(arp)', 'arp', 'arp', '!(arp)', '!(arp)'],
    ]);
  });
});

describe('suggestions', () => {
  const some: Suggestions = {
    kind: 'completions',
    at: 4,
    length: 3,
    items: [
      { text: 'tcp.port', detail: '' },
      { text: 'len(', detail: '' },
    ],
    active: -1,
  };

  it('are gone through with the arrow keys, round and round', () => {
    expect(moved(some, 1).active).toBe(0);
    expect(moved(some, -1).active).toBe(1);
    expect(moved(moved(some, -1), 1).active).toBe(0);
  });

  it('take the place of what is typed', () => {
    expect(chosen('ip &tcp', some, 0)).toEqual({ text: 'ip &tcp.port ', caret: 13 });
    expect(chosen('not tcp == 1', some, 0)).toEqual({ text: 'not tcp.port == 1', caret: 12 });
    expect(chosen('not tcp', some, 1)).toEqual({ text: 'not len(', caret: 8 });
    expect(chosen('not tcp', some, 2)).toBeUndefined();
  });

  it('of before are the newest first, each once', () => {
    expect(withRecent(['arp', 'ip'], ' ip ')).toEqual(['ip', 'arp']);
    expect(withRecent(['arp'], '  ')).toEqual(['arp']);
    expect(
      withRecent(
        Array.from({ length: 30 }, (_, n) => `ip.ttl == ${n}`),
        'arp',
      ),
    ).toHaveLength(20);
  });
});
