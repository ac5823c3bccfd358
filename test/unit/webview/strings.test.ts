import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { DROP_REASONS } from '../../../src/engine/kernel/drop-reason';
import { parsePanelData } from '../../../webview/panel-data';
import { PANEL_STRINGS, setTranslations, t, translate } from '../../../webview/strings';

const CHINESE = JSON.parse(
  readFileSync(new URL('../../../l10n/bundle.l10n.zh-cn.json', import.meta.url), 'utf8'),
) as Record<string, string>;

/** The places `{0}`, `{1}` … of a text, in order of their number. */
const places = (text: string): string[] => [...(text.match(/\{\d+\}/g) ?? [])].sort();

afterEach(() => setTranslations({}));

test('without translations texts are English, and values take their places', () => {
  expect(t('Play')).toBe('Play');
  expect(t('From {0} to {1}', 'a:1', 'b:2')).toBe('From a:1 to b:2');
});

test('a place without a value stays visible, so that the mistake is', () => {
  expect(t('From {0} to {1}', 'a:1')).toBe('From a:1 to {1}');
});

test('a value that looks like a place is not filled again', () => {
  expect(t('From {0} to {1}', '{1}', 'b')).toBe('From {1} to b');
});

test('translations of the editor are used, and only its own', () => {
  setTranslations({ Play: '播放' });
  expect(t('Play')).toBe('播放');
  expect(t('Pause')).toBe('Pause');
  expect(translate('toString')).toBe('toString');
});

test('no English text is listed twice', () => {
  expect(new Set(PANEL_STRINGS).size).toBe(PANEL_STRINGS.length);
});

test('every text is there in Chinese, with the same places', () => {
  const texts = [...PANEL_STRINGS, ...Object.values(DROP_REASONS)];
  expect(texts.filter(text => !CHINESE[text])).toEqual([]);
  for (const text of texts) {
    expect(places(CHINESE[text] ?? '')).toEqual(places(text));
  }
});

test('data of the page is read leniently', () => {
  expect(parsePanelData('{"uri":"file:///a.vnet.yaml","strings":{"Play":"播放","Pause":3}}')).toEqual({
    uri: 'file:///a.vnet.yaml',
    strings: { Play: '播放' },
  });
  for (const text of [undefined, null, '', '{', '[]', '3', 'null', '{"strings":null,"uri":[]}']) {
    expect(parsePanelData(text)).toEqual({ uri: '', strings: {} });
  }
});
