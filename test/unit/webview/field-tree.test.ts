import { expect, test } from 'vitest';
import type { PacketField } from '../../../src/simulation/protocol';
import { fieldAt, hasProblem, parentPath, pathOfByte, visibleLines } from '../../../webview/trace/field-tree';

const field = (name: string, start: number, length: number, ...children: PacketField[]): PacketField => ({
  name,
  text: name,
  start,
  length,
  ...(children.length > 0 ? { children } : {}),
});

const LAYERS = [
  field('eth', 0, 14, field('eth.dst', 0, 6), field('eth.src', 6, 6), field('eth.type', 12, 2)),
  field('ip', 14, 20, field('ip.flags', 20, 1, field('ip.flags.df', 20, 1)), field('ip.frag', 20, 2)),
];

test('closed layers are one line each', () => {
  expect(visibleLines(LAYERS, () => false).map(({ path, expanded }) => [path, expanded])).toEqual([
    ['0', false],
    ['1', false],
  ]);
});

test('open fields are followed by what is in them, with their place for assistive technology', () => {
  const lines = visibleLines(LAYERS, path => path.startsWith('1'));
  expect(
    lines.map(({ path, level, position, siblings, expanded }) => [path, level, position, siblings, expanded]),
  ).toEqual([
    ['0', 1, 1, 2, false],
    ['1', 1, 2, 2, true],
    ['1/0', 2, 1, 2, true],
    ['1/0/0', 3, 1, 1, undefined],
    ['1/1', 2, 2, 2, undefined],
  ]);
});

test('a byte belongs to the deepest field, and the narrowest of those', () => {
  expect(pathOfByte(LAYERS, 7)).toBe('0/1');
  expect(pathOfByte(LAYERS, 20)).toBe('1/0/0');
  expect(pathOfByte(LAYERS, 21)).toBe('1/1');
  expect(pathOfByte(LAYERS, 33)).toBe('1');
  expect(pathOfByte(LAYERS, 99)).toBeUndefined();
});

test('paths lead to fields and upwards', () => {
  expect(fieldAt(LAYERS, '1/0/0')?.name).toBe('ip.flags.df');
  expect(fieldAt(LAYERS, '5/1')).toBeUndefined();
  expect(parentPath('1/0/0')).toBe('1/0');
  expect(parentPath('1')).toBeUndefined();
});

test('a problem shows at every level above it', () => {
  const wrong = { ...field('ip.checksum', 24, 2), problem: 'should be 0' };
  expect(hasProblem(field('ip', 14, 20, field('ip.more', 20, 6, wrong)))).toBe(true);
  expect(hasProblem(field('ip', 14, 20))).toBe(false);
});

test('nesting without end is cut off', () => {
  let deep = field('deepest', 0, 1);
  for (let level = 0; level < 10_000; level++) {
    deep = field(`level ${level}`, 0, 1, deep);
  }
  expect(visibleLines([deep], () => true).length).toBeLessThan(100);
  expect(pathOfByte([deep], 0)).toBeDefined();
});
