/** The syntax tree of a display filter, with the place of each part in the text. */

import type { FilterMessage } from './messages';

/** Where in the text something stands, in UTF-16 code units. */
export interface Span {
  readonly at: number;
  readonly length: number;
}

/** What is wrong with a filter, and where. */
export interface FilterProblem extends Span {
  /** In English. */
  readonly message: string;
  /** The same before its places `{0}` were filled with the values. */
  readonly sentence: FilterMessage;
  readonly values: readonly string[];
}

export class FilterError extends Error {
  readonly problem: FilterProblem;

  constructor(sentence: FilterMessage, { at, length }: Span, ...values: readonly string[]) {
    const message = sentence.replace(/\{(\d+)\}/g, (place, index: string) => values[Number(index)] ?? place);
    super(message);
    this.problem = { message, sentence, values, at, length };
  }
}

export type Comparison =
  'any-eq' | 'all-eq' | 'any-ne' | 'all-ne' | 'gt' | 'lt' | 'ge' | 'le' | 'contains' | 'matches';

export type Expression =
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'not'; readonly operand: Expression }
  /** True where the operand has a value at all, or, for bits, one that is not 0. */
  | { readonly kind: 'exists'; readonly operand: Operand }
  | {
      readonly kind: 'compare';
      readonly comparison: Comparison;
      readonly quantifier: 'any' | 'all' | undefined;
      readonly left: Operand;
      readonly right: Operand;
    }
  | {
      readonly kind: 'in';
      readonly quantifier: 'any' | 'all';
      readonly operand: Operand;
      readonly set: readonly SetElement[];
    };

/** One value, or a range with both ends. */
export interface SetElement {
  readonly first: Literal;
  readonly last: Literal | undefined;
}

export type Operand = FieldOperand | Literal | SliceOperand | FunctionOperand | BitsOperand;

export interface FieldOperand extends Span {
  readonly kind: 'field';
  readonly name: string;
}

export interface Literal extends Span {
  readonly kind: 'literal';
  /** `word`: as it stands, to be read as the other side needs it. */
  readonly form: 'word' | 'string' | 'character';
  readonly text: string;
}

export interface SliceOperand extends Span {
  readonly kind: 'slice';
  readonly operand: Operand;
  readonly ranges: readonly SliceRange[];
}

/** Bytes from `from`, counted from the end where negative; `length` undefined to the end. */
export interface SliceRange {
  readonly from: number;
  readonly length: number | undefined;
}

export interface FunctionOperand extends Span {
  readonly kind: 'function';
  readonly name: FunctionName;
  readonly operand: Operand;
}

export const FUNCTIONS = ['len', 'count', 'upper', 'lower', 'string'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

export interface BitsOperand extends Span {
  readonly kind: 'bits';
  readonly operand: Operand;
  readonly mask: Literal;
}
