/** From a display filter's text to its syntax tree: precedence as in Wireshark, `!` before `&&` before `||`. */
import { isField } from './field-names';
import { tokens, type Token } from './lexer';
import {
  FilterError,
  FUNCTIONS,
  type Comparison,
  type Expression,
  type FunctionName,
  type Literal,
  type Operand,
  type SetElement,
  type SliceRange,
  type Span,
} from './syntax';

/** Deeper nesting is refused. */
const DEEPEST = 100;

const COMPARISONS: ReadonlyMap<string, Comparison> = new Map([
  ['==', 'any-eq'],
  ['eq', 'any-eq'],
  ['any_eq', 'any-eq'],
  ['===', 'all-eq'],
  ['all_eq', 'all-eq'],
  ['!=', 'all-ne'],
  ['ne', 'all-ne'],
  ['all_ne', 'all-ne'],
  ['~=', 'any-ne'],
  ['!==', 'any-ne'],
  ['any_ne', 'any-ne'],
  ['>', 'gt'],
  ['gt', 'gt'],
  ['<', 'lt'],
  ['lt', 'lt'],
  ['>=', 'ge'],
  ['ge', 'ge'],
  ['<=', 'le'],
  ['le', 'le'],
  ['contains', 'contains'],
  ['matches', 'matches'],
  ['~', 'matches'],
]);

/** @throws FilterError */
export function parseFilter(text: string): Expression {
  return new Parser(tokens(text), text.length).parse();
}

class Parser {
  private next = 0;
  private depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly end: number,
  ) {}

  parse(): Expression {
    const expression = this.or();
    const rest = this.tokens[this.next];
    if (rest !== undefined) {
      throw new FilterError('“{0}” was not expected here.', rest, rest.text);
    }
    return expression;
  }

  private or(): Expression {
    return this.chain('or', ['||', 'or'], () => this.chain('and', ['&&', 'and'], () => this.not()));
  }

  private chain(kind: 'and' | 'or', signs: readonly string[], operand: () => Expression): Expression {
    let left = operand();
    while (this.take(...signs) !== undefined) {
      left = { kind, left, right: operand() };
    }
    return left;
  }

  private not(): Expression {
    if (++this.depth > DEEPEST) {
      throw new FilterError('The filter is nested too deeply.', this.here);
    }
    const negated = this.take('!', 'not') !== undefined;
    const expression: Expression = negated ? { kind: 'not', operand: this.not() } : this.test();
    this.depth -= 1;
    return expression;
  }

  private test(): Expression {
    if (this.take('(') !== undefined) {
      const expression = this.or();
      this.expect(')');
      return expression;
    }
    const word = this.take('any', 'all')?.text;
    const quantifier = word === 'any' || word === 'all' ? word : undefined;
    const first = this.operand();
    if (this.take('in') !== undefined) {
      return { kind: 'in', quantifier: quantifier ?? 'any', operand: first, set: this.set() };
    }
    let left = first;
    let result: Expression | undefined;
    for (;;) {
      const comparison = this.comparison();
      if (comparison === undefined) {
        break;
      }
      if (left.kind === 'literal') {
        throw new FilterError('A field must stand left of a comparison, not “{0}”.', left, left.text);
      }
      const right = this.compared(comparison);
      const compare: Expression = { kind: 'compare', comparison, quantifier, left, right };
      // `ip.src == ip.dst == 10.0.0.1` means both.
      result = result === undefined ? compare : { kind: 'and', left: result, right: compare };
      left = right;
    }
    if (result !== undefined) {
      return result;
    }
    if (first.kind === 'literal') {
      throw new FilterError('“{0}” is not a valid protocol or protocol field.', first, first.text);
    }
    return { kind: 'exists', operand: first };
  }

  /** What stands right of a comparison; Wireshark takes one value in braces too. */
  private compared(comparison: Comparison): Operand {
    if (comparison === 'contains' || comparison === 'matches' || this.take('{') === undefined) {
      return this.operand();
    }
    const literal = this.literal();
    this.expect('}');
    return literal;
  }

  private comparison(): Comparison | undefined {
    const token = this.tokens[this.next];
    const comparison =
      token?.kind === 'sign' || token?.kind === 'word' ? COMPARISONS.get(token.text) : undefined;
    if (comparison !== undefined) {
      this.next += 1;
    }
    return comparison;
  }

  private operand(): Operand {
    let operand = this.primary();
    for (;;) {
      const open = this.take('[');
      if (open === undefined) {
        break;
      }
      const ranges = this.slice();
      const close = this.expect(']');
      operand = { kind: 'slice', operand, ranges, at: operand.at, length: close.at + 1 - operand.at };
    }
    const sign = this.take('&');
    if (sign !== undefined) {
      const mask = this.literal();
      return { kind: 'bits', operand, mask, at: operand.at, length: mask.at + mask.length - operand.at };
    }
    return operand;
  }

  private primary(): Operand {
    const token = this.tokens[this.next];
    const name = FUNCTIONS.find(each => each === token?.text);
    if (token?.kind === 'word' && name !== undefined && this.tokens[this.next + 1]?.text === '(') {
      return this.call(name, token);
    }
    if (token?.kind === 'word') {
      // A dot in front says that a word is a field and nothing else.
      const name = token.text.startsWith('.') ? token.text.slice(1) : token.text;
      if (isField(name)) {
        this.next += 1;
        return { kind: 'field', name, at: token.at, length: token.length };
      }
      if (name !== token.text) {
        throw new FilterError('“{0}” is not a valid protocol or protocol field.', token, name);
      }
    }
    return this.literal();
  }

  private call(name: FunctionName, { at }: Token): Operand {
    this.next += 2;
    const operand = this.operand();
    const close = this.expect(')');
    return { kind: 'function', name, operand, at, length: close.at + 1 - at };
  }

  private literal(): Literal {
    const token = this.tokens[this.next];
    if (token === undefined || token.kind === 'sign' || COMPARISONS.has(token.text)) {
      throw token === undefined
        ? new FilterError('The filter ends too early.', this.here)
        : new FilterError('“{0}” was not expected here.', token, token.text);
    }
    this.next += 1;
    return { kind: 'literal', form: token.kind, text: token.text, at: token.at, length: token.length };
  }

  private set(): SetElement[] {
    this.expect('{');
    const elements: SetElement[] = [];
    do {
      const first = this.literal();
      const last = this.take('..') === undefined ? undefined : this.literal();
      elements.push({ first, last });
    } while (this.take(',') !== undefined);
    this.expect('}');
    return elements;
  }

  /** `3`, `0:6`, `0-5`, `:4`, `-4:`, several with commas; the sign of a range may be part of a word. */
  private slice(): SliceRange[] {
    const ranges: SliceRange[] = [];
    do {
      const from = this.here;
      let text = '';
      for (let token = this.tokens[this.next]; token?.kind === 'word'; token = this.tokens[this.next]) {
        text += token.text;
        this.next += 1;
      }
      const range = readRange(text);
      if (range === undefined) {
        const place = { at: from.at, length: Math.max(1, text.length) };
        throw new FilterError('“{0}” is no range of bytes.', place, text);
      }
      ranges.push(range);
    } while (this.take(',') !== undefined);
    return ranges;
  }

  private take(...texts: readonly string[]): Token | undefined {
    const token = this.tokens[this.next];
    if (
      token === undefined ||
      token.kind === 'string' ||
      token.kind === 'character' ||
      !texts.includes(token.text)
    ) {
      return undefined;
    }
    this.next += 1;
    return token;
  }

  private expect(sign: string): Token {
    const token = this.take(sign);
    if (token === undefined) {
      throw new FilterError('“{0}” is missing.', this.here, sign);
    }
    return token;
  }

  private get here(): Span {
    return this.tokens[this.next] ?? { at: this.end, length: 1 };
  }
}

function readRange(text: string): SliceRange | undefined {
  const colon = /^(-?\d+)?:(\d+)?$/.exec(text);
  if (colon !== null) {
    const [, from = '0', length] = colon;
    return { from: Number(from), length: length === undefined ? undefined : Number(length) };
  }
  const dash = /^(\d+)-(\d+)$/.exec(text);
  if (dash !== null) {
    const [, from = '', to = ''] = dash;
    return Number(to) < Number(from)
      ? undefined
      : { from: Number(from), length: Number(to) - Number(from) + 1 };
  }
  return /^-?\d+$/.test(text) ? { from: Number(text), length: 1 } : undefined;
}
