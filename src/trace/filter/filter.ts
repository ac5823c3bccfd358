/** Display filters in Wireshark's language (wireshark-filter(4), as of 4.0): compiled once, asked of each packet. */
import { isLayer } from './field-names';
import { fieldsOf } from './field-use';
import type { FilteredPacket } from './packet-values';
import { PacketValues } from './packet-values';
import { bytesOf, ready, textOf, type ReadyOperand } from './operands';
import { parseFilter } from './parser';
import {
  FilterError,
  type Comparison,
  type Expression,
  type FilterProblem,
  type Literal,
  type Operand,
  type SetElement,
} from './syntax';
import { order, readLiteral, type Domain, type Value } from './values';

export type { FilteredPacket } from './packet-values';
export type { FilterProblem } from './syntax';

export interface DisplayFilter {
  /** Whether it asks for the numbers of streams, which whoever asks about packets must then tell. */
  readonly needsStreams: boolean;
  matches(packet: FilteredPacket): boolean;
}

type Test = (packet: PacketValues) => boolean;

/** Reads a filter, or says what is wrong with it and where. An empty one lets everything pass. */
export function compileFilter(text: string): DisplayFilter | { readonly problem: FilterProblem } {
  if (text.trim() === '') {
    return { needsStreams: false, matches: () => true };
  }
  try {
    const expression = parseFilter(text);
    const test = compile(expression);
    const fields = fieldsOf(expression);
    return {
      needsStreams: fields.has('tcp.stream') || fields.has('udp.stream'),
      matches: packet => test(new PacketValues(packet)),
    };
  } catch (error) {
    if (error instanceof FilterError) {
      return { problem: error.problem };
    }
    throw error;
  }
}

function compile(expression: Expression): Test {
  switch (expression.kind) {
    case 'and': {
      const [left, right] = [compile(expression.left), compile(expression.right)];
      return packet => left(packet) && right(packet);
    }
    case 'or': {
      const [left, right] = [compile(expression.left), compile(expression.right)];
      return packet => left(packet) || right(packet);
    }
    case 'not': {
      const test = compile(expression.operand);
      return packet => !test(packet);
    }
    case 'exists':
      return exists(expression.operand);
    case 'compare':
      return compare(expression.comparison, expression.quantifier, expression.left, expression.right);
    case 'in':
      return isIn(expression.quantifier, expression.operand, expression.set);
  }
}

function exists(operand: Operand): Test {
  if (operand.kind === 'field') {
    // Also lines without a value count: a layer, or a group of others.
    const { name } = operand;
    return packet => name === 'frame' || packet.has(name);
  }
  const { values } = ready(operand);
  return operand.kind === 'bits'
    ? packet =>
        values(packet).some(value =>
          value.kind === 'number' ? value.number !== 0 : bytesOf(value).some(byte => byte !== 0),
        )
    : packet => values(packet).length > 0;
}

/** Both sides as operands of one kind: a literal is read as what the other side is. */
function bothSides(left: Operand, right: Operand): readonly [ReadyOperand, ReadyOperand] {
  const one = ready(left);
  if (right.kind === 'literal') {
    return [one, constant(right, one.domain)];
  }
  const other = ready(right);
  if (kindOf(one.domain) !== kindOf(other.domain)) {
    throw new FilterError('The two sides are not of one kind.', right);
  }
  return [one, other];
}

function constant(literal: Literal, domain: Domain): ReadyOperand {
  const values = [readLiteral(literal, domain)];
  return { domain, values: () => values };
}

/** Values of these kinds may be compared with each other. */
function kindOf(domain: Domain): Value['kind'] {
  switch (domain) {
    case 'number':
    case 'boolean':
      return 'number';
    case 'text':
      return 'text';
    case 'ipv4':
    case 'ipv6':
    case 'mac':
    case 'bytes':
      return 'bytes';
  }
}

function compare(
  comparison: Comparison,
  quantifier: 'any' | 'all' | undefined,
  left: Operand,
  right: Operand,
): Test {
  switch (comparison) {
    case 'contains':
      return contains(left, right, quantifier);
    case 'matches':
      return matches(left, right, quantifier);
    case 'any-eq':
      return pairs(left, right, quantifier ?? 'any', difference => difference === 0);
    case 'all-eq':
      return pairs(left, right, 'all', difference => difference === 0);
    case 'all-ne':
      return pairs(left, right, quantifier ?? 'all', difference => difference !== 0);
    case 'any-ne':
      return pairs(left, right, 'any', difference => difference !== 0);
    case 'gt':
      return pairs(left, right, quantifier ?? 'any', difference => difference > 0);
    case 'lt':
      return pairs(left, right, quantifier ?? 'any', difference => difference < 0);
    case 'ge':
      return pairs(left, right, quantifier ?? 'any', difference => difference >= 0);
    case 'le':
      return pairs(left, right, quantifier ?? 'any', difference => difference <= 0);
  }
}

/** Whether any or all pairs of values stand so to each other; never where one side has none. */
function pairs(
  left: Operand,
  right: Operand,
  quantifier: 'any' | 'all',
  holds: (difference: number) => boolean,
): Test {
  const [one, other] = bothSides(left, right);
  const test = (a: Value, b: Value): boolean => {
    const difference = order(a, b);
    return difference !== undefined && holds(difference);
  };
  return packet => {
    const lefts = one.values(packet);
    const rights = other.values(packet);
    if (lefts.length === 0 || rights.length === 0) {
      return false;
    }
    return quantifier === 'any'
      ? lefts.some(a => rights.some(b => test(a, b)))
      : lefts.every(a => rights.every(b => test(a, b)));
  };
}

/** A search in a protocol looks at its header and at all that it carries, as Wireshark does. */
function searched(operand: Operand): ReadyOperand {
  if (operand.kind === 'field' && isLayer(operand.name)) {
    const { name } = operand;
    return {
      domain: 'bytes',
      values: packet => packet.layer(name, 'all').map(bytes => ({ kind: 'bytes', bytes })),
    };
  }
  return ready(operand);
}

function contains(left: Operand, right: Operand, quantifier: 'any' | 'all' | undefined): Test {
  const one = searched(left);
  if (kindOf(one.domain) === 'number') {
    throw new FilterError('A number contains nothing.', left);
  }
  const within: Domain = one.domain === 'text' ? 'text' : 'bytes';
  const other = right.kind === 'literal' ? constant(right, within) : ready(right);
  return quantified(one, quantifier, (value, packet) =>
    other.values(packet).some(part => indexOf(bytesOf(value), bytesOf(part)) >= 0),
  );
}

function matches(left: Operand, right: Operand, quantifier: 'any' | 'all' | undefined): Test {
  const one = searched(left);
  if (kindOf(one.domain) === 'number') {
    throw new FilterError('A number has no text to match.', left);
  }
  if (right.kind !== 'literal' || right.form !== 'string') {
    throw new FilterError('matches takes a regular expression in double quotes.', right);
  }
  const pattern = regularExpression(right);
  return quantified(one, quantifier, value => pattern.test(textOf(value)));
}

/** Without regard to case, as Wireshark has it. */
function regularExpression(literal: Literal): RegExp {
  try {
    return new RegExp(literal.text, 'is');
  } catch {
    throw new FilterError('This is no regular expression.', literal);
  }
}

function quantified(
  { values }: ReadyOperand,
  quantifier: 'any' | 'all' | undefined,
  holds: (value: Value, packet: PacketValues) => boolean,
): Test {
  return packet => {
    const all = values(packet);
    return quantifier === 'all'
      ? all.length > 0 && all.every(value => holds(value, packet))
      : all.some(value => holds(value, packet));
  };
}

function isIn(quantifier: 'any' | 'all', operand: Operand, set: readonly SetElement[]): Test {
  const { domain, values } = ready(operand);
  const elements = set.map(({ first, last }) => ({
    first: readLiteral(first, domain),
    last: readLiteral(last ?? first, domain),
    isRange: last !== undefined,
  }));
  const fits = (value: Value): boolean =>
    elements.some(({ first, last, isRange }) =>
      isRange
        ? (order(value, first) ?? -1) >= 0 && (order(value, last) ?? 1) <= 0
        : order(value, first) === 0,
    );
  return quantified({ domain, values }, quantifier, fits);
}

/** Where a part begins in a whole; -1 where it is not in it. */
function indexOf(whole: Uint8Array, part: Uint8Array): number {
  for (let at = 0; at + part.length <= whole.length; at += 1) {
    let same = 0;
    while (same < part.length && whole[at + same] === part[same]) {
      same += 1;
    }
    if (same === part.length) {
      return at;
    }
  }
  return -1;
}
