/** Pins within the topology file itself, under `diagram: pinned:`. Only that block is written; every other character stays. */
import { isMap, isScalar, parseDocument, type Pair, type YAMLMap } from 'yaml';
import { pinsOf, type Pins } from './sidecar';

export interface TextEdit {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** None where the text has errors. */
export function parsePins(text: string): Pins {
  const document = parseDocument(text, { logLevel: 'silent' });
  const pinned: unknown = document.errors.length > 0 ? undefined : document.getIn(['diagram', 'pinned']);
  return isMap(pinned) ? pinsOf(pinned.toJSON()) : {};
}

/**
 * What makes the file say these pins; undefined where it can't be done without rewriting more: a text with errors, JSON, or a `diagram:` in
 * braces that says other things.
 */
export function pinsEdit(text: string, pins: Pins): TextEdit | undefined {
  const document = parseDocument(text, { logLevel: 'silent' });
  const root = document.contents;
  if (document.errors.length > 0 || !isMap(root) || root.flow === true) {
    return undefined;
  }
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const diagram = pairOf(root, 'diagram');
  if (diagram === undefined) {
    const start = text.length;
    const lead = text === '' || text.endsWith('\n') ? '' : newline;
    return Object.keys(pins).length === 0
      ? { offset: start, length: 0, text: '' }
      : { offset: start, length: 0, text: `${lead}${newline}diagram:${newline}${block(pins, newline)}` };
  }
  const map = isMap(diagram.value) ? diagram.value : undefined;
  const others = map?.items.filter(item => nameOf(item) !== 'pinned') ?? [];
  if (others.length === 0) {
    // The whole block is ours.
    const range = rangeOf(diagram, text);
    const content = Object.keys(pins).length === 0 ? '' : `diagram:${newline}${block(pins, newline)}`;
    return range === undefined ? undefined : { ...range, text: content };
  }
  if (map === undefined || map.flow === true) {
    return undefined;
  }
  const pinned = pairOf(map, 'pinned');
  const text2 = Object.keys(pins).length === 0 ? '' : block(pins, newline);
  if (pinned !== undefined) {
    const range = rangeOf(pinned, text);
    return range === undefined ? undefined : { ...range, text: text2 };
  }
  const last = others.at(-1);
  const range = last === undefined ? undefined : rangeOf(last, text);
  return range === undefined ? undefined : { offset: range.offset + range.length, length: 0, text: text2 };
}

function pairOf(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find(item => nameOf(item) === name);
}

function nameOf({ key }: Pair): unknown {
  return isScalar(key) ? key.value : undefined;
}

/** Whole lines from the key to the end of the value. */
function rangeOf(
  { key, value }: Pair,
  text: string,
): { readonly offset: number; readonly length: number } | undefined {
  const from = isScalar(key) ? key.range?.[0] : undefined;
  const value2 = value as { readonly range?: readonly [number, number, number] } | null;
  const to = value2?.range?.[1] ?? (isScalar(key) ? key.range?.[1] : undefined);
  if (from === undefined || to === undefined) {
    return undefined;
  }
  const offset = text.lastIndexOf('\n', from - 1) + 1;
  const lineEnd = text.indexOf('\n', Math.max(offset, to - 1));
  const end = lineEnd === -1 ? text.length : lineEnd + 1;
  return { offset, length: end - offset };
}

function block(pins: Pins, newline: string): string {
  const lines = Object.entries(pins)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([id, { x, y }]) => `    ${/^[\w.-]+$/.test(id) ? id : JSON.stringify(id)}: { x: ${x}, y: ${y} }`);
  return [`  pinned:`, ...lines, ''].join(newline);
}
