/** Small changes of YAML: the values are as asked for, every other character is as it was. */
import { readFileSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { Lexer, parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { applyChanges, EditedText } from '../../../../src/topology/edit/edited-text';
import { flowText, type PlainValue } from '../../../../src/topology/edit/flow-text';
import { YamlEditor, type YamlPath } from '../../../../src/topology/edit/yaml-editor';

const files = ['media/samples', 'media/templates'].flatMap(folder =>
  readdirSync(folder)
    .filter(name => name.endsWith('.yaml'))
    .map(name => readFileSync(`${folder}/${name}`, 'utf8')),
);

/** The same file as people also write it. */
const texts = files.flatMap(text => [
  text,
  text.replaceAll('\n', '\r\n'),
  JSON.stringify(parse(text), null, 2),
  JSON.stringify(parse(text)),
  text.trimEnd(),
]);

type Plain = { [key: string]: Plain } | Plain[] | string | number | boolean | null;

const valueOf = (text: string): Plain => parse(text, { uniqueKeys: false }) as Plain;

/** All paths of a value: to maps, lists and scalars. */
function pathsOf(value: Plain, path: YamlPath = []): YamlPath[] {
  const children: [string | number, Plain][] =
    value === null || typeof value !== 'object'
      ? []
      : Array.isArray(value)
        ? value.map((item, index) => [index, item])
        : Object.entries(value);
  return [path, ...children.flatMap(([step, child]) => pathsOf(child, [...path, step]))];
}

function at(value: Plain, path: YamlPath): Plain | undefined {
  return path.reduce<Plain | undefined>(
    (inner, step) => (inner as Record<string | number, Plain> | null | undefined)?.[step],
    value,
  );
}

const commentsOf = (text: string) => [...new Lexer().lex(text)].filter(lexeme => lexeme.startsWith('#'));

/** Changes that go back. */
function inverse(before: string, editor: YamlEditor): { offset: number; length: number; text: string }[] {
  let shift = 0;
  return editor.changes.map(({ offset, length, text }) => {
    const back = { offset: offset + shift, length: text.length, text: before.slice(offset, offset + length) };
    shift += text.length - length;
    return back;
  });
}

const textIn = fc.constantFrom(...texts);
const number = fc.nat(10_000);
const plain: fc.Arbitrary<PlainValue> = fc.letrec<{ value: PlainValue }>(tie => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.constantFrom(
      'dhcp',
      'no',
      '1e3',
      '10.0.0.1/24',
      'a: b',
      'x #y',
      "it's",
      '',
      ' ',
      'tcp 2222 -> 22',
      '[',
      '中文',
      '0x1f',
      '-',
      '12:30:45',
    ),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9-]{0,6}$/), tie('value'), { maxKeys: 3 }),
  ),
})).value;

describe('a value on one line', () => {
  it('is read back as it was', () => {
    fc.assert(
      fc.property(plain, fc.boolean(), (value, json) => {
        expect(parse(flowText(value, json))).toEqual(value);
        expect(parse(`{ a: ${flowText(value, json)}, b: 1 }`)).toEqual({ a: value, b: 1 });
        expect(flowText(value, json)).not.toContain('\n');
      }),
    );
  });

  it('has no quotes where none are needed', () => {
    expect(flowText({ network: 'lan', address: '10.0.0.2/24', 1: 'pc1:eth0' }, false)).toBe(
      '{ 1: pc1:eth0, network: lan, address: 10.0.0.2/24 }',
    );
    expect(flowText(['tcp 2222 -> 22', 'on', 'fd00::1/64'], false)).toBe(
      "['tcp 2222 -> 22', 'on', fd00::1/64]",
    );
  });
});

describe('an edited text', () => {
  it('knows what led to it, whatever the changes were', () => {
    const change = fc.record({ at: number, length: fc.nat(8), text: fc.string({ maxLength: 6 }) });
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.array(change, { maxLength: 8 }), (before, changes) => {
        const edited = new EditedText(before);
        let now = before;
        for (const { at: place, length, text } of changes) {
          const offset = place % (now.length + 1);
          const taken = Math.min(length, now.length - offset);
          edited.replace(offset, taken, text);
          now = now.slice(0, offset) + text + now.slice(offset + taken);
        }
        expect(edited.text).toBe(now);
        expect(applyChanges(before, edited.changes)).toBe(now);
      }),
    );
  });
});

describe('putting a value', () => {
  it('makes it so, keeps every comment and all other values, and can be undone', () => {
    fc.assert(
      fc.property(
        textIn,
        number,
        fc.option(fc.stringMatching(/^[a-z]{3,9}$/)),
        plain,
        (text, which, added, value) => {
          const before = valueOf(text);
          const paths = pathsOf(before).filter(path => path.length > 0);
          const path = paths[which % paths.length]!;
          const target = added === null ? path : [...path, `new-${added}`];
          const editor = new YamlEditor(text);
          editor.put(target, value);
          const parent = at(before, target.slice(0, -1));
          const fits =
            parent === null || (typeof parent === 'object' && !Array.isArray(parent)) || added === null;
          expect(editor.failed).toBe(!fits);
          if (fits) {
            const after = valueOf(editor.text);
            expect(at(after, target)).toEqual(value);
            expect(applyChanges(text, editor.changes)).toBe(editor.text);
            expect(applyChanges(editor.text, inverse(text, editor))).toBe(text);
            const others = pathsOf(before).filter(one => !isWithin(one, target) && !isWithin(target, one));
            expect(
              others.filter(one => JSON.stringify(at(before, one)) !== JSON.stringify(at(after, one))),
            ).toEqual([]);
            if (added !== null) {
              expect(commentsOf(editor.text)).toEqual(commentsOf(text));
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

const isWithin = (path: YamlPath, outer: YamlPath): boolean =>
  outer.every((step, index) => path[index] === step);

describe('appending an item', () => {
  it('puts it at the end of the list', () => {
    fc.assert(
      fc.property(textIn, number, plain, (text, which, item) => {
        const before = valueOf(text);
        const lists = pathsOf(before).filter(path => Array.isArray(at(before, path)));
        const path = lists[which % Math.max(1, lists.length)] ?? ['links'];
        const editor = new YamlEditor(text);
        editor.append(path, item);
        expect(editor.failed).toBe(false);
        expect(at(valueOf(editor.text), path)).toEqual([
          ...((at(before, path) as Plain[] | undefined) ?? []),
          item,
        ]);
        expect(commentsOf(editor.text)).toEqual(commentsOf(text));
        expect(applyChanges(editor.text, inverse(text, editor))).toBe(text);
      }),
      { numRuns: 200 },
    );
  });
});

describe('removing a value', () => {
  it('takes it and nothing else, and no comment that has a line of its own', () => {
    fc.assert(
      fc.property(textIn, number, (text, which) => {
        const before = valueOf(text);
        const paths = pathsOf(before).filter(path => path.length > 0 && path[0] !== 'vnet');
        const path = paths[which % paths.length]!;
        const editor = new YamlEditor(text);
        editor.remove(path);
        expect(editor.failed).toBe(false);
        let gone = path;
        while (gone.length > 1 && Object.keys(at(before, gone.slice(0, -1)) as object).length === 1) {
          gone = gone.slice(0, -1);
        }
        const expected = structuredClone(before);
        const parent = at(expected, gone.slice(0, -1));
        if (Array.isArray(parent)) {
          parent.splice(Number(gone.at(-1)), 1);
        } else {
          Reflect.deleteProperty(parent as object, gone.at(-1)!);
        }
        expect(valueOf(editor.text)).toEqual(expected);
        expect(applyChanges(editor.text, inverse(text, editor))).toBe(text);
        const removedLines = editor.changes
          .map(({ offset, length }) => text.slice(offset, offset + length))
          .join('\n');
        const kept = commentsOf(text).length - commentsOf(removedLines).length;
        expect(commentsOf(editor.text)).toHaveLength(kept);
      }),
      { numRuns: 300 },
    );
  });
});
