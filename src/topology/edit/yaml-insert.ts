/** Changes of a YAML text that add to a map or a list, in the style of what is there. */
import type { SourceList, SourceMap } from '../source-tree';
import type { TextChange } from './edited-text';
import { flowText, keyText, type PlainValue } from './flow-text';
import {
  columnOf,
  dashOf,
  endOfEntry,
  endOfItem,
  endOfLine,
  lineBreakOf,
  type YamlSource,
} from './yaml-places';

/** The sections of a topology in the order in which people write them. */
const SECTIONS = ['vnet', 'name', 'networks', 'nodes', 'links', 'scenarios', 'diagram'];

/** An entry after the last one of a map that has some. */
export function addEntry(
  { text }: YamlSource,
  map: SourceMap,
  key: string,
  value: PlainValue,
  json: boolean,
): TextChange {
  const entries = [...map.entries.values()];
  const last = entries.at(-1);
  const line = `${keyText(key, json)}: ${flowText(value, json)}`;
  if (last === undefined) {
    return { offset: map.span[0], length: map.span[1] - map.span[0], text: `{ ${line} }` };
  }
  const end = endOfEntry(text, last);
  if (map.flow) {
    // One entry a line where the others stand so.
    const before = entries.at(-2);
    const from = before === undefined ? map.span[0] + 1 : endOfEntry(text, before) + 1;
    return { offset: end, length: 0, text: `,${spaceAfter(text, from, last.keySpan[0])}${line}` };
  }
  const indent = ' '.repeat(columnOf(text, last.keySpan[0]));
  return { offset: endOfLine(text, end), length: 0, text: `${lineBreakOf(text)}${indent}${line}` };
}

/** An item after the last one of a list that has some; undefined where no dash is found. */
export function addItem(
  { text }: YamlSource,
  list: SourceList,
  item: PlainValue,
  json: boolean,
): TextChange | undefined {
  const last = list.items.length - 1;
  const node = list.items[last];
  const end = endOfItem(text, list, last);
  const line = flowText(item, json);
  if (node === undefined || end === undefined) {
    return undefined;
  }
  if (list.flow) {
    const before = endOfItem(text, list, last - 1);
    const from = before === undefined ? list.span[0] + 1 : before + 1;
    return { offset: end, length: 0, text: `,${spaceAfter(text, from, node.span[0])}${line}` };
  }
  const dash = dashOf(text, node.span[0]);
  return dash === undefined
    ? undefined
    : {
        offset: endOfLine(text, end),
        length: 0,
        text: `${lineBreakOf(text)}${' '.repeat(columnOf(text, dash))}- ${line}`,
      };
}

/** The white space between two values in brackets: one space, or a line break with what indents the second. */
function spaceAfter(text: string, from: number, to: number): string {
  const found = /\r?\n[ \t]*$/.exec(text.slice(from, to));
  return found?.[0] ?? ' ';
}

/** A section with its first content, at its place among the others of a file in block style. */
export function addSection({ text, root }: YamlSource, section: string, content: string): TextChange {
  const entries = root.kind === 'map' ? [...root.entries.values()] : [];
  const rank = SECTIONS.indexOf(section);
  const before = entries.filter(({ key }) => rank === -1 || SECTIONS.indexOf(key) < rank).at(-1);
  const lineBreak = lineBreakOf(text);
  // Sections are apart where the file has them apart.
  const gap = /\n\r?\n/.test(text) ? lineBreak : '';
  const written = `${section}:${lineBreak}  ${content}`;
  if (before === undefined) {
    const offset = entries[0]?.keySpan[0] ?? 0;
    return { offset, length: 0, text: `${written}${lineBreak}${gap}` };
  }
  return {
    offset: endOfLine(text, endOfEntry(text, before)),
    length: 0,
    text: `${lineBreak}${gap}${written}`,
  };
}
