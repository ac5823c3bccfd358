import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HOVER_TEXTS } from '../../../src/topology/hover-texts';
import { MESSAGES } from '../../../src/topology/messages';
import { FILE_SCHEMA } from '../../../src/topology/schema';

const ROOT = new URL('../../../', import.meta.url);
const bundle = JSON.parse(readFileSync(new URL('l10n/parts/topology.zh-cn.json', ROOT), 'utf8')) as Record<
  string,
  string
>;

/** Every sentence for a text that has not the right form. */
function patternSentences(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'patternErrorMessage' && typeof inner === 'string' ? [inner] : patternSentences(inner),
  );
}

/** The sentences that the editor's language features say themselves. */
function editorSentences(): string[] {
  const folder = new URL('src/editor/language/', ROOT);
  return readdirSync(folder).flatMap(name => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    return [...text.matchAll(/l10n\.t\(\s*'([^']+)'/g)].map(match => match[1] ?? '');
  });
}

const sentences = new Set([
  ...Object.values(MESSAGES),
  ...Object.values(HOVER_TEXTS),
  ...patternSentences(FILE_SCHEMA),
  ...Object.values(FILE_SCHEMA.properties ?? {}).map(({ description }) => description ?? ''),
  ...editorSentences(),
]);

describe('Simplified Chinese', () => {
  it('is there for every sentence of the topology language', () => {
    expect([...sentences].filter(sentence => !(sentence in bundle))).toEqual([]);
  });

  it('is there for nothing else', () => {
    expect(Object.keys(bundle).filter(sentence => !sentences.has(sentence))).toEqual([]);
  });

  it('has the same places for values', () => {
    const places = (text: string) => [...new Set(text.match(/\{\d+\}/g))].sort();
    for (const [english, chinese] of Object.entries(bundle)) {
      expect(places(chinese), english).toEqual(places(english));
    }
  });
});
