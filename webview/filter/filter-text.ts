/** Filters made from what is on show: from a field of a packet, alone or added to the filter that is set. */
import { compileFilter } from '../../src/trace/filter/filter';
import { isField, typeOfField } from '../../src/trace/filter/field-names';
import type { PacketField } from '../../src/simulation/protocol';

/** How a new filter goes with the one that is set, as in Wireshark's "Apply as Filter". */
export const COMBINATIONS = ['selected', 'not', 'and', 'or', 'and-not', 'or-not'] as const;
export type Combination = (typeof COMBINATIONS)[number];

export function combine(set: string, expression: string, how: Combination): string {
  const before = set.trim();
  switch (how) {
    case 'selected':
      return expression;
    case 'not':
      return `!(${expression})`;
    case 'and':
      return before === '' ? expression : `(${before}) && (${expression})`;
    case 'or':
      return before === '' ? expression : `(${before}) || (${expression})`;
    case 'and-not':
      return before === '' ? `!(${expression})` : `(${before}) && !(${expression})`;
    case 'or-not':
      return before === '' ? `!(${expression})` : `(${before}) || !(${expression})`;
  }
}

/** Longest part of a frame that a filter spells out in bytes. */
const MOST_BYTES = 64;

/**
 * The filter for packets that say the same in this line: by its field, or by its bytes where it is none. Undefined for a line that has
 * neither.
 */
export function filterOfField(field: PacketField, bytes: Uint8Array): string | undefined {
  const { name, value, start, length } = field;
  const byName = isField(name) ? (value === undefined ? name : `${name} == ${literal(name, value)}`) : '';
  if (byName !== '' && !('problem' in compileFilter(byName))) {
    return byName;
  }
  if (length <= 0 || start + length > bytes.length) {
    return undefined;
  }
  const shown = bytes.subarray(start, start + Math.min(length, MOST_BYTES));
  const text = Array.from(shown, byte => byte.toString(16).padStart(2, '0')).join(':');
  return `frame[${start}:${shown.length}] == ${text}`;
}

function literal(name: string, value: string): string {
  if (typeOfField(name) === 'bytes') {
    return value.replace(/..(?=.)/g, '$&:');
  }
  return typeOfField(name) === 'text' ? quoted(value) : value;
}

/** A string as a display filter writes it. */
export function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}
