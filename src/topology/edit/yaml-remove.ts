/** Changes of a YAML text that take an entry of a map or an item of a list away. Comments on lines of their own stay. */
import type { SourceNode, Span } from '../source-tree';
import type { TextChange } from './edited-text';
import { dashOf, endOfEntry, endOfItem, nextLine, startOfLine, type YamlSource } from './yaml-places';

/** Takes one of the children of a map or list away; undefined where it is not found. An only child in a block leaves an empty value. */
export function withoutChild(
  { text }: YamlSource,
  parent: SourceNode,
  step: string | number,
): TextChange | undefined {
  const children = childSpans(text, parent);
  const index = parent.kind === 'map' ? [...parent.entries.keys()].indexOf(String(step)) : Number(step);
  const child = children[index];
  if (child === undefined || parent.kind === 'scalar') {
    return undefined;
  }
  const [start, end] = child;
  const next = children[index + 1];
  if (parent.flow) {
    const before = children[index - 1];
    return next !== undefined
      ? cut(start, next[0])
      : before !== undefined
        ? cut(before[1], end)
        : {
            offset: parent.span[0],
            length: parent.span[1] - parent.span[0],
            text: parent.kind === 'map' ? '{}' : '[]',
          };
  }
  const line = startOfLine(text, start);
  if (text.slice(line, start).trim() === '') {
    const stop = nextLine(text, end);
    // Without a line break at the end of the text, the one before goes.
    return stop === text.length && !text.endsWith('\n') && line > 0
      ? cut(line - (text[line - 2] === '\r' ? 2 : 1), stop)
      : cut(line, stop);
  }
  // The first key of a map on the line of its dash: the next one takes its place.
  return next === undefined ? undefined : cut(start, next[0]);
}

const cut = (from: number, to: number): TextChange => ({ offset: from, length: to - from, text: '' });

/** From the key, or the dash in a block, to the end of the value. */
function childSpans(text: string, parent: SourceNode): readonly Span[] {
  switch (parent.kind) {
    case 'map':
      return [...parent.entries.values()].map(entry => [entry.keySpan[0], endOfEntry(text, entry)]);
    case 'list':
      return parent.items.map((item, index) => {
        const start = parent.flow ? item.span[0] : (dashOf(text, item.span[0]) ?? item.span[0]);
        return [start, endOfItem(text, parent, index) ?? start];
      });
    case 'scalar':
      return [];
  }
}
