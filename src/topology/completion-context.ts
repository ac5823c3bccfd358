/** Where the caret stands in a text that is being written: the path, the word, and whether a key or a value goes there. */
import { scalarText, type SourceNode } from './source-tree';
import { readYamlAnyway } from './yaml-text';
import { readValues } from './yaml-values';

export interface CompletionContext {
  /** The file with the word at the caret in it. */
  readonly root: SourceNode | undefined;
  /** The path of the map or list the word is in. */
  readonly parent: readonly (string | number)[];
  /** The path of the value the word is or would be. */
  readonly path: readonly (string | number)[];
  /** The word as it stands in `root`, with a mark in it. */
  readonly word: string;
  /** The word's place in the text. */
  readonly start: number;
  readonly end: number;
  readonly mayBeKey: boolean;
  readonly mayBeValue: boolean;
  /** A colon follows the word already. */
  readonly hasColon: boolean;
  /** Spaces before the word's own line of the map. */
  readonly indent: number;
  readonly flow: boolean;
  readonly json: boolean;
}

/** Letters that no file holds, to find the caret again after parsing. */
const MARK = 'vnetcaret\u2038';

/** Reads the text as if the word at the caret were complete; undefined in comments and where nothing can be told. */
export function completionContext(text: string, offset: number): CompletionContext | undefined {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(lineStart, offset);
  if (/(^|\s)#/.test(before)) {
    return undefined;
  }
  const rest = /^[^\r\n]*/.exec(text.slice(offset))?.[0] ?? '';
  const aloneOnLine =
    /^[ ]*(- +)*[^\s{}[\],"']*$/.test(before) && !/:\s/.test(`${before} `) && /^\s*(#.*)?$/.test(rest);
  // Alone on its line a word is read as a key, since without a colon it would swallow the next line.
  const inserted = aloneOnLine ? `${MARK}:` : MARK;
  const document = readYamlAnyway(text.slice(0, offset) + inserted + text.slice(offset));
  const root = document && readValues(document).root;
  const found = root && findMark(root, []);
  if (found === undefined) {
    return undefined;
  }
  const tail = /^[^\s:,{}[\]#"']*/.exec(rest)?.[0] ?? '';
  const quote = text[found.start] === '"' || text[found.start] === "'" ? 1 : 0;
  const closing = quote === 1 && rest[tail.length] === text[found.start] ? 1 : 0;
  return {
    root,
    parent: found.parent,
    path: aloneOnLine ? found.parent : found.path,
    word: found.word,
    start: found.start,
    end: offset + tail.length + closing,
    mayBeKey: found.isKey,
    mayBeValue: !found.isKey || (aloneOnLine && found.siblings === 1),
    hasColon: /^\s*:/.test(rest.slice(tail.length + closing)),
    indent: found.isKey ? found.start - (text.lastIndexOf('\n', found.start - 1) + 1) : 0,
    flow: found.flow,
    json: /^\s*\{/.test(text),
  };
}

interface Found {
  readonly parent: (string | number)[];
  readonly path: (string | number)[];
  readonly word: string;
  readonly start: number;
  readonly isKey: boolean;
  readonly flow: boolean;
  /** Entries of the map that the key is in, itself counted. */
  readonly siblings: number;
}

function findMark(node: SourceNode, path: (string | number)[]): Found | undefined {
  switch (node.kind) {
    case 'scalar': {
      const word = scalarText(node);
      const parent = path.slice(0, -1);
      return word.includes(MARK) && !/\s/.test(word)
        ? { parent, path, word, start: node.span[0], isKey: false, flow: false, siblings: 0 }
        : undefined;
    }
    case 'list':
      for (const [index, item] of node.items.entries()) {
        const found = findMark(item, [...path, index]);
        if (found !== undefined) {
          return found;
        }
      }
      return undefined;
    case 'map':
      for (const { key, keySpan, node: child } of node.entries.values()) {
        if (key.includes(MARK)) {
          const { flow, entries } = node;
          return {
            parent: path,
            path: [...path, key],
            word: key,
            start: keySpan[0],
            isKey: true,
            flow,
            siblings: entries.size,
          };
        }
        const found = findMark(child, [...path, key]);
        if (found !== undefined) {
          return found;
        }
      }
      return undefined;
  }
}
