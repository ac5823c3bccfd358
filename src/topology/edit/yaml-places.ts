/** Where the values of a YAML text begin and end, for those who add to them or take them away. */
import type { SourceEntry, SourceList, SourceNode, Span } from '../source-tree';

/** A text with the tree of its values. */
export interface YamlSource {
  readonly text: string;
  readonly root: SourceNode;
}

/** Whether the value is only named here and stands elsewhere, after `&`. */
export function isAliasEntry({ keySpan, node }: SourceEntry): boolean {
  return node.span[0] < keySpan[1];
}

/** The offset just after the last character that belongs to an entry; comments and blank lines after it don't. */
export function endOfEntry(text: string, entry: SourceEntry): number {
  if (isAliasEntry(entry)) {
    const alias = /^\s*:\s*\*[^\s,\]}]+/.exec(text.slice(entry.keySpan[1]));
    return entry.keySpan[1] + (alias?.[0].length ?? 0);
  }
  return isEmpty(entry.node) ? afterColon(text, entry) : endOfNode(text, entry.node);
}

/** The offset just after the colon of an entry. */
export function afterColon(text: string, { keySpan }: SourceEntry): number {
  const colon = /^\s*:/.exec(text.slice(keySpan[1]));
  return keySpan[1] + (colon?.[0].length ?? 0);
}

/** Nothing is written: the value after `key:` alone. */
export function isEmpty({ kind, span }: SourceNode): boolean {
  return kind === 'scalar' && span[0] === span[1];
}

/** The offset just after the last character of a value. */
export function endOfNode(text: string, node: SourceNode): number {
  if (node.kind === 'scalar' || node.flow) {
    const [start, end] = node.span;
    // A block scalar ends with its line break.
    return start + text.slice(start, end).trimEnd().length;
  }
  if (node.kind === 'map') {
    const last = [...node.entries.values()].at(-1);
    return last === undefined ? node.span[1] : endOfEntry(text, last);
  }
  const last = node.items.at(-1);
  return last === undefined || last.span[0] < node.span[0]
    ? trimmedEnd(text, node.span)
    : endOfNode(text, last);
}

function trimmedEnd(text: string, [start, end]: Span): number {
  return start + text.slice(start, end).trimEnd().length;
}

/** Columns from the start of the line, in UTF-16 code units. */
export function columnOf(text: string, offset: number): number {
  return offset - startOfLine(text, offset);
}

/** The offset of the first character of the line. */
export function startOfLine(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** The offset of the line's end, before its line break: a comment behind what ends at `offset` is passed over. */
export function endOfLine(text: string, offset: number): number {
  const next = text.indexOf('\n', offset);
  const end = next === -1 ? text.length : next;
  return text[end - 1] === '\r' && end > offset ? end - 1 : end;
}

/** The offset where the next line begins, or where the text ends. */
export function nextLine(text: string, offset: number): number {
  const next = text.indexOf('\n', offset);
  return next === -1 ? text.length : next + 1;
}

/** How this text ends its lines. */
export function lineBreakOf(text: string): '\r\n' | '\n' {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** The offset just after an item of a list; undefined where it is an alias, whose value stands elsewhere, or none. */
export function endOfItem(text: string, list: SourceList, index: number): number | undefined {
  const item = list.items[index];
  return item === undefined || item.span[0] < list.span[0] ? undefined : endOfNode(text, item);
}

/** The offset of the dash before an item of a list in block style. */
export function dashOf(text: string, item: number): number | undefined {
  const before = /-(?:\s+(?:[&!]\S*|#.*))*\s+$/.exec(text.slice(Math.max(0, item - DASH_REACH), item));
  return before === null ? undefined : item - before[0].length;
}

/** An item stands no farther from its dash, with an anchor or a comment between them. */
const DASH_REACH = 200;
