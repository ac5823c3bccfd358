/** Cuts a display filter into words, strings and signs. */
import { FilterError, type Span } from './syntax';

export interface Token extends Span {
  readonly kind: 'word' | 'string' | 'character' | 'sign';
  /** A string's or character's text is without quotes and escapes. */
  readonly text: string;
}

/** Longer filters are refused. */
const LONGEST = 10_000;

/** Longest first, so that `===` is not taken for `==`. */
const SIGNS = [
  '===',
  '!==',
  '==',
  '!=',
  '~=',
  '>=',
  '<=',
  '&&',
  '||',
  '..',
  '>',
  '<',
  '!',
  '~',
  '&',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  '#',
];

/** Names, numbers, addresses, prefixes and byte strings; two dots end a word, since they are the sign of a range. */
const WORD = /(?:[\p{L}\p{N}_:/-]|\.(?!\.))+/uy;

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** @throws FilterError */
export function tokens(text: string): readonly Token[] {
  if (text.length > LONGEST) {
    const place = { at: LONGEST, length: 1 };
    throw new FilterError('A filter has at most {0} characters.', place, String(LONGEST));
  }
  const found: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    const token = quoted(text, at) ?? word(text, at) ?? sign(text, at);
    if (token === undefined) {
      throw new FilterError('“{0}” means nothing here.', { at, length: 1 }, text.charAt(at));
    }
    found.push(token);
    at += token.length;
  }
  return found;
}

function word(text: string, at: number): Token | undefined {
  WORD.lastIndex = at;
  const match = WORD.exec(text);
  return match === null ? undefined : { kind: 'word', text: match[0], at, length: match[0].length };
}

function sign(text: string, at: number): Token | undefined {
  const found = SIGNS.find(each => text.startsWith(each, at));
  return found === undefined ? undefined : { kind: 'sign', text: found, at, length: found.length };
}

/** `"text"`, `r"text without escapes"` or `'c'`. */
function quoted(text: string, at: number): Token | undefined {
  const raw = /^[rR]"/.test(text.slice(at, at + 2));
  const open = raw ? at + 1 : at;
  const quote = text.charAt(open);
  if (quote !== '"' && quote !== "'") {
    return undefined;
  }
  let value = '';
  for (let i = open + 1; i < text.length; i += 1) {
    const character = text.charAt(i);
    if (character === quote) {
      return { kind: quote === '"' ? 'string' : 'character', text: value, at, length: i + 1 - at };
    }
    if (character !== '\\' || (raw && text.charAt(i + 1) !== '"')) {
      value += character;
      continue;
    }
    const code = /^\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)/su.exec(text.slice(i))?.[1] ?? '';
    const meaning = raw ? `\\${code}` : unescaped(code);
    if (meaning === undefined) {
      const place = { at: i, length: 1 + code.length };
      throw new FilterError(
        '“{0}” is no escape sequence; write a backslash as “\\\\”, or r"…".',
        place,
        `\\${code}`,
      );
    }
    value += meaning;
    i += code.length;
  }
  throw new FilterError('The quotation has no end.', { at, length: text.length - at });
}

function unescaped(code: string): string | undefined {
  if (code.startsWith('x') && code.length > 1) {
    return String.fromCharCode(parseInt(code.slice(1), 16));
  }
  return /^[0-7]+$/.test(code) ? String.fromCharCode(parseInt(code, 8) & 255) : ESCAPES[code];
}
