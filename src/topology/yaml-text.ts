/** From the text of a file to a YAML syntax tree, within limits: exactly one problem when the text is not one. */
import { Composer, Lexer, Parser, type CST, type Document } from 'yaml';
import type { MessageId } from './messages';
import type { Span } from './source-tree';
import { ESCAPE_COST, MAXIMUM_BLANK_RUN, MAXIMUM_BYTES, MAXIMUM_DEPTH, MAXIMUM_LEXEMES } from './yaml-limits';

export interface TextProblem {
  readonly id: MessageId;
  readonly values: readonly (string | number)[];
  readonly span: Span;
  /** Replacing the span by this mends it. */
  readonly fix?: string;
}

export type YamlText =
  | { readonly document: Document.Parsed; readonly problem?: undefined }
  | { readonly document: undefined; readonly problem: TextProblem };

/** Counts what reading a text costs; tests bound it. */
export interface ReadingWork {
  lexemes: number;
}

/** Characters that YAML 1.2.2 (section 5.1, c-printable) does not allow in a text, and the byte order mark anywhere but first. */
const UNPRINTABLE = new RegExp(
  '[\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u0084\\u0086-\\u009F\\uFFFE\\uFFFF]|\\p{Cs}',
  'u',
);

/** Reads the first document of the text. */
export function readYaml(text: string, work: ReadingWork = { lexemes: 0 }): YamlText {
  const problem = textProblem(text);
  if (problem !== undefined) {
    return { document: undefined, problem };
  }
  const tokens: CST.Token[] = [];
  const tooMuch = tokenize(text, tokens, work);
  if (tooMuch !== undefined) {
    return { document: undefined, problem: tooMuch };
  }
  return compose(text, tokens);
}

/** The tree of a text that may be broken, as far as it can be told: for help while somebody types. */
export function readYamlAnyway(text: string): Document.Parsed | undefined {
  const tokens: CST.Token[] = [];
  if (textProblem(text) !== undefined || tokenize(text, tokens, { lexemes: 0 }) !== undefined) {
    return undefined;
  }
  const [first] = newComposer().compose(tokens, true, text.length);
  return first;
}

function textProblem(text: string): TextProblem | undefined {
  if (text.length > MAXIMUM_BYTES || utf8Length(text) > MAXIMUM_BYTES) {
    return { id: 'file-too-large', values: [MAXIMUM_BYTES / 1024 / 1024], span: [0, 0] };
  }
  const at = text.search(UNPRINTABLE);
  if (at !== -1) {
    const code = (text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return { id: 'not-text', values: [code], span: [at, at + 1] };
  }
  return undefined;
}

/** Bytes of the text in UTF-8. */
function utf8Length(text: string): number {
  if (text.length * 3 <= MAXIMUM_BYTES) {
    return text.length;
  }
  let bytes = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    // Each half of a surrogate pair counts 2 of the pair's 4 bytes.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3;
  }
  return bytes;
}

/** Splits the text into concrete syntax, stopping where a limit is passed. */
function tokenize(text: string, tokens: CST.Token[], work: ReadingWork): TextProblem | undefined {
  const parser = new Parser();
  let blank = 0;
  for (const lexeme of new Lexer().lex(text)) {
    work.lexemes += 1 + escapeCost(lexeme);
    const span: Span = [parser.offset, parser.offset + lexeme.length];
    blank = isBlank(lexeme) ? blank + 1 : isSpace(lexeme) ? blank : 0;
    if (work.lexemes > MAXIMUM_LEXEMES) {
      return { id: 'too-complex', values: [MAXIMUM_LEXEMES], span };
    }
    if (blank > MAXIMUM_BLANK_RUN) {
      return { id: 'too-complex/blank', values: [MAXIMUM_BLANK_RUN], span };
    }
    if (parser.stack.length > MAXIMUM_DEPTH) {
      return { id: 'too-complex/depth', values: [MAXIMUM_DEPTH], span };
    }
    tokens.push(...parser.next(lexeme));
  }
  tokens.push(...parser.end());
  return undefined;
}

/** Quoted text is one lexeme, but its escapes are looked at one by one. */
function escapeCost(lexeme: string): number {
  if (!lexeme.startsWith('"')) {
    return 0;
  }
  let cost = 0;
  for (let at = lexeme.indexOf('\\'); at !== -1; at = lexeme.indexOf('\\', at + 2)) {
    cost += ESCAPE_COST;
  }
  return cost;
}

const isBlank = (lexeme: string): boolean => /^(\r?\n|#)/.test(lexeme);
const isSpace = (lexeme: string): boolean => /^[ \t]+$/.test(lexeme);

// Duplicate keys are found while values are read: the library's own search compares each key with each other one.
const newComposer = (): Composer =>
  new Composer({ version: '1.2', schema: 'core', uniqueKeys: false, strict: true });

function compose(text: string, tokens: readonly CST.Token[]): YamlText {
  let document: Document.Parsed | undefined;
  for (const next of newComposer().compose(tokens, true, text.length)) {
    if (document !== undefined) {
      // A document may end with `...` and nothing after it.
      const start = text.lastIndexOf('---', next.range[0]);
      const at = start === -1 ? next.range[0] : start;
      const problem = firstProblem(document) ?? { id: 'several-documents', values: [], span: [at, at + 3] };
      return { document: undefined, problem };
    }
    document = next;
  }
  const problem = document && firstProblem(document);
  if (document === undefined || problem !== undefined) {
    return { document: undefined, problem: problem ?? { id: 'file-empty', values: [], span: [0, 0] } };
  }
  if (document.contents === null || text.trim() === '') {
    return { document: undefined, problem: { id: 'file-empty', values: [], span: [0, 0], fix: 'vnet: 1\n' } };
  }
  return { document };
}

/** The problem that stands first in the text; what follows a broken place is mostly an echo of it. */
function firstProblem(document: Document.Parsed): TextProblem | undefined {
  const all = [...document.errors, ...document.warnings].sort((one, other) => one.pos[0] - other.pos[0]);
  const first = all[0];
  if (first === undefined) {
    return undefined;
  }
  const [start, end] = first.pos;
  // One code of the library stands for a missing bracket and for a word that is no key.
  const isKey = first.code === 'MISSING_CHAR' && first.message.startsWith('Implicit');
  const id = isKey ? 'yaml-syntax/key' : SYNTAX_MESSAGES[first.code];
  return { id, values: [], span: [start, Math.max(start, end)] };
}

const SYNTAX_MESSAGES: Readonly<Record<Document.Parsed['errors'][number]['code'], MessageId>> = {
  ALIAS_PROPS: 'yaml-syntax/properties',
  BAD_ALIAS: 'yaml-syntax/unexpected',
  BAD_COLLECTION_TYPE: 'yaml-syntax/tag',
  BAD_DIRECTIVE: 'yaml-syntax/directive',
  BAD_DQ_ESCAPE: 'yaml-syntax/escape',
  BAD_INDENT: 'yaml-syntax/indent',
  BAD_PROP_ORDER: 'yaml-syntax/properties',
  BAD_SCALAR_START: 'yaml-syntax/value',
  BLOCK_AS_IMPLICIT_KEY: 'yaml-syntax/block',
  BLOCK_IN_FLOW: 'yaml-syntax/block',
  DUPLICATE_KEY: 'yaml-syntax',
  IMPOSSIBLE: 'yaml-syntax',
  KEY_OVER_1024_CHARS: 'yaml-syntax/key',
  MISSING_CHAR: 'yaml-syntax/missing',
  MULTILINE_IMPLICIT_KEY: 'yaml-syntax/key',
  MULTIPLE_ANCHORS: 'yaml-syntax/properties',
  MULTIPLE_DOCS: 'several-documents',
  MULTIPLE_TAGS: 'yaml-syntax/properties',
  NON_STRING_KEY: 'key-not-text',
  RESOURCE_EXHAUSTION: 'yaml-syntax',
  TAB_AS_INDENT: 'yaml-syntax/tab',
  TAG_RESOLVE_FAILED: 'yaml-syntax/tag',
  UNEXPECTED_TOKEN: 'yaml-syntax/unexpected',
};
