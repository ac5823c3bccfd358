/** Rules that colour the rows of a packet list: in order, and the first whose filter a packet passes counts. */
import { compileFilter, type DisplayFilter, type FilterProblem } from '../filter/filter';

/** Colours that every theme of VS Code has; `none` leaves the row as it is, and the rules behind it unasked. */
export const ROW_COLOURS = ['red', 'orange', 'yellow', 'green', 'blue', 'purple', 'grey'] as const;
export type RowColour = (typeof ROW_COLOURS)[number] | 'none';

export interface ColourRule {
  readonly name: string;
  /** A display filter. */
  readonly filter: string;
  readonly colour: RowColour;
}

/** Rules used at most: more than anybody writes, and each row is held against each. */
export const MOST_RULES = 100;

/** Why a rule can't be used. */
export type RuleProblem =
  /** It is not the three texts that a rule is made of. */
  | { readonly kind: 'form' }
  | { readonly kind: 'filter'; readonly filter: string; readonly problem: FilterProblem }
  /** Its filter asks for numbers of streams, which are known only when all packets before were looked at. */
  | { readonly kind: 'streams' }
  | { readonly kind: 'too-many' };

/** A rule that can't be used, by its place from 0 and its name, where it has one. */
export interface WrongRule {
  readonly index: number;
  readonly name: string;
  readonly problem: RuleProblem;
}

/** The rules in what somebody wrote into a setting; the wrong ones are told and left out. */
export function readColourRules(value: unknown): {
  readonly rules: readonly ColourRule[];
  readonly wrong: readonly WrongRule[];
} {
  const rules: ColourRule[] = [];
  const wrong: WrongRule[] = [];
  const all: readonly unknown[] = Array.isArray(value) ? value : [];
  for (const [index, each] of all.slice(0, MOST_RULES + 1).entries()) {
    const { name, filter, colour } = (each ?? {}) as Partial<Record<keyof ColourRule, unknown>>;
    const called = typeof name === 'string' ? name : '';
    if (index === MOST_RULES) {
      wrong.push({ index, name: called, problem: { kind: 'too-many' } });
    } else if (typeof name !== 'string' || typeof filter !== 'string' || !isRowColour(colour)) {
      wrong.push({ index, name: called, problem: { kind: 'form' } });
    } else {
      const compiled = compileRule(filter);
      if ('kind' in compiled) {
        wrong.push({ index, name, problem: compiled });
      } else {
        rules.push({ name, filter, colour });
      }
    }
  }
  return { rules, wrong };
}

/** The filter of a rule, or why it is none. An empty one would colour everything by accident: it is no filter. */
export function compileRule(filter: string): DisplayFilter | RuleProblem {
  if (filter.trim() === '') {
    return { kind: 'form' };
  }
  const compiled = compileFilter(filter);
  if ('problem' in compiled) {
    return { kind: 'filter', filter, problem: compiled.problem };
  }
  return compiled.needsStreams ? { kind: 'streams' } : compiled;
}

function isRowColour(value: unknown): value is RowColour {
  return value === 'none' || ROW_COLOURS.some(colour => colour === value);
}
