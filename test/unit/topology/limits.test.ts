import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { completionsAt } from '../../../src/topology/completion';
import { hoverAt } from '../../../src/topology/hover';
import { occurrencesIn } from '../../../src/topology/occurrences';
import { outlineOf } from '../../../src/topology/outline';
import { readTopology } from '../../../src/topology/topology-file';
import { MAXIMUM_BYTES, MAXIMUM_LEXEMES } from '../../../src/topology/yaml-limits';
import { problemsOf } from './reading';

const full = (piece: string): string => piece.repeat(Math.floor((MAXIMUM_BYTES - 16) / piece.length));

/** Texts of nearly the largest size that try to make reading costly. */
const HOSTILE: Readonly<Record<string, string>> = {
  'open brackets': full('['),
  'open braces': full('{'),
  'lists in lists': full('- '),
  'explicit keys': full('? '),
  colons: full(': '),
  quotes: full('"'),
  'a quote without an end': `"${full('a\n')}`,
  'wrong escapes': `"${full('\\x')}"`,
  words: full('a '),
  'blank lines': full('\n'),
  comments: full('#\n'),
  anchors: full('&a '),
  aliases: full('*a '),
  tags: full('!a '),
  'block texts': full('|\n'),
  documents: full('---\n'),
  commas: `[${full(',')}`,
  keys: Array.from({ length: 120_000 }, (_, index) => `k${index}: 1\n`).join(''),
};

describe('hostile files', { timeout: 60_000 }, () => {
  it.each(Object.entries(HOSTILE))(
    'of %s cost a bounded number of steps and end in one problem',
    (_title, text) => {
      const work = { lexemes: 0 };
      const { topology, diagnostics } = readTopology(text, work);
      expect(work.lexemes).toBeLessThanOrEqual(Math.max(MAXIMUM_LEXEMES + 1, 4 * text.length));
      expect(topology).toBeUndefined();
      expect(diagnostics).toHaveLength(1);
    },
  );

  it('larger than the limit are not read', () => {
    const work = { lexemes: 0 };
    const [problem] = readTopology(`vnet: 1 # ${'é'.repeat(MAXIMUM_BYTES / 2)}`, work).diagnostics;
    expect(problem!.code).toBe('file-too-large');
    expect(work.lexemes).toBe(0);
  });

  it('of aliases that stand for billions of values are refused', () => {
    const lines = Array.from(
      { length: 12 },
      (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at}, `.repeat(9)}*a${at}]`,
    );
    const problems = problemsOf(`vnet: 1\na0: &a0 [x]\n${lines.join('\n')}\n`);
    expect(problems).toEqual([
      expect.stringMatching(
        /With its aliases written out, the file has more than 200000 values\. \[too-complex\]$/,
      ),
    ]);
  });

  it('of more nodes than can be drawn are refused', () => {
    const nodes = Array.from({ length: 3001 }, (_, at) => `  n${at}: {kind: host}\n`).join('');
    expect(problemsOf(`vnet: 1\nnodes:\n${nodes}`)).toEqual([
      '2:1: error: More than 3000 networks and nodes. [too-complex]',
    ]);
  });

  it('nested too deeply are refused where that happens', () => {
    expect(problemsOf(`vnet: 1\nname: ${'['.repeat(60)}`)[0]).toMatch(
      /^2:5\d: error: Nested deeper than 48 levels\./,
    );
  });
});

const MEDIA = new URL('../../../media/', import.meta.url);
const samples = ['samples', 'templates'].flatMap(folder =>
  readdirSync(new URL(`${folder}/`, MEDIA)).map(name =>
    readFileSync(new URL(`${folder}/${name}`, MEDIA), 'utf8'),
  ),
);

/** Everything that reads a text, at one place of it. */
function readEverything(text: string, offset: number): void {
  const file = readTopology(text);
  const errors = file.diagnostics.filter(({ severity }) => severity === 'error');
  expect(file.topology === undefined).toBe(errors.length > 0);
  for (const { range, fix, related = [] } of file.diagnostics) {
    for (const place of [range, ...related.map(one => one.range), ...(fix ? [fix.range] : [])]) {
      expect(place.start.offset).toBeLessThanOrEqual(place.end.offset);
      expect(place.end.offset).toBeLessThanOrEqual(text.length);
      expect(Math.min(place.start.line, place.start.column)).toBeGreaterThanOrEqual(1);
    }
  }
  for (const { source } of file.topology?.devices ?? []) {
    expect(file.locate(source)).toBeDefined();
  }
  file.deviceAt(offset);
  hoverAt(file, offset);
  outlineOf(file);
  occurrencesIn(file, text);
  completionsAt(text, offset);
}

// Generous, since many tests may share the machine.
describe('any text', { timeout: 60_000 }, () => {
  it('is read without an exception', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.nat(200), (text, offset) =>
        readEverything(text, Math.min(offset, text.length)),
      ),
      { numRuns: 300 },
    );
  });

  it('of YAML signs is read without an exception', () => {
    const signs = fc.constantFrom(
      ...'[]{}:,-?&*!|>#"\'\n \tab10'.split(''),
      'vnet: 1\n',
      'nodes:',
      'kind: host',
      '  ',
    );
    fc.assert(
      fc.property(fc.array(signs, { maxLength: 60 }), fc.nat(60), (pieces, offset) => {
        const text = pieces.join('');
        readEverything(text, Math.min(offset, text.length));
      }),
      { numRuns: 300 },
    );
  });

  it('that was a good file before somebody typed in it is read without an exception', () => {
    const edits = fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        remove: fc.nat(12),
        insert: fc.oneof(
          fc.constantFrom(
            '',
            '\n',
            ': ',
            '{',
            '}',
            '[',
            ']',
            '"',
            '*a',
            '&a ',
            '- ',
            'null',
            '0',
            '-1',
            '1e999',
            '~',
          ),
          fc.string({ maxLength: 4 }),
        ),
      }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(fc.constantFrom(...samples), edits, (sample, changes) => {
        let text = sample;
        let offset = 0;
        for (const { at, remove, insert } of changes) {
          offset = Math.floor(at * text.length);
          text = text.slice(0, offset) + insert + text.slice(offset + remove);
        }
        readEverything(text, Math.min(offset, text.length));
      }),
      { numRuns: 150 },
    );
  });

  it('whose values are replaced by others of any kind is read without an exception', () => {
    const json = fc.json({ maxDepth: 2 });
    const scalars = samples.flatMap(sample =>
      [...sample.matchAll(/: ([^\s{}[\],#][^\n{}[\],#]*)/g)].map(match => ({ sample, match })),
    );
    fc.assert(
      fc.property(fc.constantFrom(...scalars), json, ({ sample, match }, value) => {
        const at = match.index + 2;
        readEverything(sample.slice(0, at) + value + sample.slice(match.index + match[0].length), at);
      }),
      { numRuns: 150 },
    );
  });
});
