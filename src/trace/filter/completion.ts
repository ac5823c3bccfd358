/** What may come next in a display filter, at the place where somebody is typing: a field, an operator, or a value of the field. */
import type { FieldDeclaration } from '../dissect/field';
import { FIELDS } from '../dissect/registry';
import { ALIASES, allNames, labelOf, typeOfField } from './field-names';
import { tokens, type Token } from './lexer';
import { OPERATOR_WORDS } from './messages';
import { FilterError, FUNCTIONS } from './syntax';
import { domainOf, type Domain } from './values';

export interface Completion {
  /** Takes the place of what is typed. */
  readonly text: string;
  /** What it is, in Wireshark's words; empty where the text says it. */
  readonly detail: string;
}

export interface Completions {
  /** The part of the text that a completion replaces. */
  readonly at: number;
  readonly length: number;
  readonly kind: 'field' | 'operator' | 'value' | 'none';
  readonly items: readonly Completion[];
}

/** Values that occur in the network, such as addresses, for a field of this domain. */
export type KnownValues = (field: string, domain: Domain) => readonly Completion[];

/** Completions told at most. */
const MOST = 60;

const WORD_BEFORE = /[\p{L}\p{N}_.:/-]*$/u;
const WORD_BEHIND = /^[\p{L}\p{N}_.:/-]*/u;

const OPERATORS: readonly Completion[] = Object.entries(OPERATOR_WORDS).map(([text, detail]) => ({
  text,
  detail,
}));

const JOINTS: readonly Completion[] = OPERATORS.filter(({ text }) => text === '&&' || text === '||');

/** Words and signs after which a value comes. */
const BEFORE_VALUE: ReadonlySet<string> = new Set([
  ...['==', '!=', '===', '!==', '~=', '>', '<', '>=', '<=', 'eq', 'ne', 'gt', 'lt', 'ge', 'le'],
  ...['any_eq', 'all_eq', 'any_ne', 'all_ne', 'contains', 'matches', '~'],
]);

/** After these a field comes. */
const BEFORE_FIELD: ReadonlySet<string> = new Set([
  ...['(', '!', '&&', '||', 'and', 'or', 'not', 'any', 'all'],
]);

export function completionsAt(text: string, caret: number, known: KnownValues = () => []): Completions {
  const before = WORD_BEFORE.exec(text.slice(0, caret))?.[0] ?? '';
  const behind = WORD_BEHIND.exec(text.slice(caret))?.[0] ?? '';
  const at = caret - before.length;
  const length = before.length + behind.length;
  const read = tokensOf(text.slice(0, at));
  if (read === undefined) {
    return { at: caret, length: 0, kind: 'none', items: [] };
  }
  const { kind, items } = candidates(read, known);
  return { at, length, kind, items: fitting(items, before) };
}

/** Undefined inside a quotation. */
function tokensOf(text: string): readonly Token[] | undefined {
  try {
    return tokens(text);
  } catch (error) {
    if (error instanceof FilterError) {
      return undefined;
    }
    throw error;
  }
}

function candidates(read: readonly Token[], known: KnownValues): Pick<Completions, 'kind' | 'items'> {
  const last = read.at(-1);
  if (last === undefined || (last.kind !== 'string' && BEFORE_FIELD.has(last.text))) {
    return { kind: 'field', items: fieldNames() };
  }
  const field = fieldOfValue(read);
  if (field !== undefined) {
    return { kind: 'value', items: valuesOf(field, known) };
  }
  if (last.kind === 'word' && typeOfField(last.text) !== undefined) {
    return { kind: 'operator', items: OPERATORS };
  }
  return last.kind === 'sign' && last.text !== ')' && last.text !== '}' && last.text !== ']'
    ? { kind: 'none', items: [] }
    : { kind: 'operator', items: JOINTS };
}

/** The field that a value is compared with, where a value comes next: also inside a set. */
function fieldOfValue(read: readonly Token[]): string | undefined {
  let at = read.length - 1;
  const last = read[at]?.text ?? '';
  if (last === '{' || last === ',' || last === '..') {
    while (at >= 0 && read[at]?.text !== '{') {
      at--;
    }
    // `FIELD in {`
    return read[at - 1]?.text === 'in' ? nameAt(read, at - 2) : undefined;
  }
  return BEFORE_VALUE.has(last) ? nameAt(read, at - 1) : undefined;
}

function nameAt(read: readonly Token[], at: number): string | undefined {
  const name = read[at]?.text;
  return name !== undefined && typeOfField(name) !== undefined ? name : undefined;
}

let names: readonly Completion[] | undefined;

function fieldNames(): readonly Completion[] {
  names ??= [
    ...allNames().map(name => ({ text: name, detail: labelOf(name) })),
    ...FUNCTIONS.map(name => ({ text: `${name}(`, detail: '' })),
  ];
  return names;
}

function declarationOf(name: string): FieldDeclaration | undefined {
  return FIELDS.get(name);
}

function valuesOf(field: string, known: KnownValues): readonly Completion[] {
  const type = typeOfField(field);
  if (type === undefined) {
    return [];
  }
  const domain = domainOf(type);
  if (domain === 'boolean') {
    return [
      { text: 'True', detail: '' },
      { text: 'False', detail: '' },
    ];
  }
  const [first = field] = ALIASES.get(field) ?? [field];
  const named = Object.entries(declarationOf(first)?.names ?? {}).map(([value, detail]) => ({
    text: type === 'hex' ? `0x${Number(value).toString(16)}` : value,
    detail,
  }));
  return [...named, ...known(field, domain)];
}

/** Those that begin with what is typed, then those that have it inside, or in what they mean. */
function fitting(items: readonly Completion[], typed: string): readonly Completion[] {
  const wanted = typed.toLowerCase();
  const rank = ({ text, detail }: Completion): number => {
    const place = text.toLowerCase().indexOf(wanted);
    return place === 0 ? 0 : place > 0 ? 1 : detail.toLowerCase().includes(wanted) ? 2 : 3;
  };
  return items
    .map(item => ({ item, rank: rank(item) }))
    .filter(({ rank }) => rank < 3)
    .sort((one, other) => one.rank - other.rank)
    .slice(0, MOST)
    .map(({ item }) => item);
}
