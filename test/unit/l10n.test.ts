/** Whether every word a user sees is there in English and in Simplified Chinese. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { DROP_REASONS } from '../../src/engine/kernel/drop-reason';
import { HOVER_TEXTS } from '../../src/topology/hover-texts';
import { EDIT_MESSAGES } from '../../src/topology/edit/messages';
import { MESSAGES } from '../../src/topology/messages';
import { FILE_SCHEMA } from '../../src/topology/schema';
import { FILTER_MESSAGES, OPERATOR_WORDS } from '../../src/trace/filter/messages';
import { ENGLISH_STRINGS as DIAGRAM_STRINGS } from '../../webview/diagram/strings';
import { PANEL_STRINGS } from '../../webview/strings';

type Bundle = Readonly<Record<string, string>>;

const readBundle = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Bundle;

const english = readBundle('l10n/bundle.l10n.json');
const chinese = readBundle('l10n/bundle.l10n.zh-cn.json');

/** The places for values, `{0}`, in order of their numbers. */
const places = (text: string) => [...(text.match(/\{\d+\}/g) ?? [])].sort().join();

describe('the words of the code', () => {
  it('are all in the bundle, and nothing else is', () => {
    const used: string[] = [
      ...editorStrings(),
      ...templateTitles(),
      ...PANEL_STRINGS,
      ...Object.values(DIAGRAM_STRINGS),
      ...Object.values(MESSAGES),
      ...Object.values(EDIT_MESSAGES),
      ...Object.values(HOVER_TEXTS),
      ...schemaSentences(FILE_SCHEMA),
      ...Object.values(FILE_SCHEMA.properties ?? {}).map(({ description }) => description ?? ''),
      ...Object.values(DROP_REASONS),
      ...FILTER_MESSAGES,
      ...Object.values(OPERATOR_WORDS),
    ];
    expect(Object.keys(english).sort()).toEqual([...new Set(used)].sort());
  });

  it('stand for themselves in English', () => {
    expect(Object.entries(english).filter(([key, text]) => key !== text)).toEqual([]);
  });

  it('all have a Chinese translation, which has the same places for values', () => {
    expect(Object.keys(chinese).sort()).toEqual(Object.keys(english).sort());
    expect(Object.entries(chinese).filter(([, text]) => text.trim() === '')).toEqual([]);
    const wrong = Object.entries(chinese).filter(([key, text]) => places(key) !== places(text));
    expect(wrong).toEqual([]);
  });
});

describe('the words of the manifest', () => {
  const manifest = readFileSync('package.json', 'utf8');
  const inEnglish = readBundle('package.nls.json');
  const inChinese = readBundle('package.nls.zh-cn.json');

  it('are the same keys in both languages', () => {
    expect(Object.keys(inChinese).sort()).toEqual(Object.keys(inEnglish).sort());
  });

  it('are all used, and none is missing', () => {
    const used = [...manifest.matchAll(/"%([^%"]+)%"/g)].map(match => match[1]);
    expect(Object.keys(inEnglish).sort()).toEqual([...new Set(used)].sort());
  });
});

/** The first arguments of `l10n.t(…)` in src/editor that are literals. */
function editorStrings(): string[] {
  const found: string[] = [];
  for (const file of typescriptFiles('src/editor')) {
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && /\bl10n\.t$/.test(node.expression.getText())) {
        const [first] = node.arguments;
        if (first !== undefined && ts.isStringLiteralLike(first)) found.push(first.text);
      }
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true));
  }
  expect(found).not.toEqual([]);
  return found;
}

/** What the schema says of a text that has not the right form. */
function schemaSentences(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'patternErrorMessage' && typeof inner === 'string' ? [inner] : schemaSentences(inner),
  );
}

function typescriptFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => join(folder, name));
}

/** A template's title is the comment in its first line; the command for new files shows it in the user's language. */
function templateTitles(): string[] {
  const folder = 'media/templates';
  return readdirSync(folder).flatMap(name => {
    const title = /^#\s*(.+?)\s*\n/.exec(readFileSync(join(folder, name), 'utf8'))?.[1];
    return title === undefined ? [] : [title];
  });
}
