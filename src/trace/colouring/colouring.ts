/** Rules ready to be asked about packets. */
import type { DisplayFilter, FilteredPacket } from '../filter/filter';
import { compileRule, MOST_RULES, type ColourRule, type RowColour } from './colour-rule';

/** What a rule says of a row. */
export interface RowColouring {
  /** The rule's name. */
  readonly rule: string;
  readonly colour: RowColour;
}

export class Colouring {
  readonly #rules: readonly { readonly filter: DisplayFilter; readonly colouring: RowColouring }[];

  /** Rules that can't be used are passed over. */
  constructor(rules: readonly ColourRule[]) {
    this.#rules = rules.slice(0, MOST_RULES).flatMap(({ name, filter, colour }) => {
      const compiled = compileRule(filter);
      return 'kind' in compiled ? [] : [{ filter: compiled, colouring: { rule: name, colour } }];
    });
  }

  /** Undefined where no rule is for it. */
  of(packet: FilteredPacket): RowColouring | undefined {
    return this.#rules.find(({ filter }) => filter.matches(packet))?.colouring;
  }
}
