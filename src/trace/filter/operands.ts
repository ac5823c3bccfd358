/** Operands of a filter, made ready: what kind of values they have, and how a packet gives them. */
import { DERIVED_FIELDS, isLayer, typeOfField } from './field-names';
import type { PacketValues } from './packet-values';
import { plainReader } from './plain-fields';
import {
  FilterError,
  type BitsOperand,
  type FunctionOperand,
  type Operand,
  type SliceOperand,
  type SliceRange,
} from './syntax';
import { domainOf, fieldValue, latin, readLiteral, type Domain, type Value } from './values';

export interface ReadyOperand {
  readonly domain: Domain;
  /** The values in a packet, none where the field is not in it. */
  readonly values: (packet: PacketValues) => readonly Value[];
}

/** @throws FilterError for what has no values of its own: a literal stands for what the other side needs */
export function ready(operand: Operand): ReadyOperand {
  switch (operand.kind) {
    case 'field':
      return readyField(operand.name);
    case 'slice':
      return readySlice(operand);
    case 'function':
      return readyFunction(operand);
    case 'bits':
      return readyBits(operand);
    case 'literal':
      throw new FilterError('“{0}” is no field; one side must be.', operand, operand.text);
  }
}

function readyField(name: string): ReadyOperand {
  const type = typeOfField(name);
  if (type === undefined || isLayer(name)) {
    const values = (packet: PacketValues): Value[] =>
      packet.layer(name).map(bytes => ({ kind: 'bytes', bytes }));
    return { domain: 'bytes', values };
  }
  const domain = domainOf(type);
  if (Object.hasOwn(DERIVED_FIELDS, name)) {
    return { domain, values: packet => packet.derived(name).map(printed => fieldValue(printed, domain)) };
  }
  const plain = plainReader(name);
  const dissected = (packet: PacketValues): readonly Value[] =>
    packet
      .named(name)
      .flatMap(({ value, length }) => (value === undefined ? [] : [fieldValue(value, domain, length)]));
  return plain === undefined
    ? { domain, values: dissected }
    : { domain, values: packet => (packet.plain === undefined ? dissected(packet) : plain(packet.plain)) };
}

function readySlice(operand: SliceOperand): ReadyOperand {
  const inner = ready(operand.operand);
  if (inner.domain === 'number' || inner.domain === 'boolean') {
    throw new FilterError('A number has no bytes to take a part of.', operand);
  }
  return {
    domain: 'bytes',
    values: packet =>
      inner.values(packet).flatMap(value => {
        const bytes = sliceOf(bytesOf(value), operand.ranges);
        return bytes === undefined ? [] : [{ kind: 'bytes', bytes } as const];
      }),
  };
}

/** The ranges one behind the other; undefined when one of them is not in the bytes. */
function sliceOf(bytes: Uint8Array, ranges: readonly SliceRange[]): Uint8Array | undefined {
  const parts: number[] = [];
  for (const { from, length } of ranges) {
    const start = from < 0 ? bytes.length + from : from;
    const end = length === undefined ? bytes.length : start + length;
    if (start < 0 || start >= bytes.length || end > bytes.length) {
      return undefined;
    }
    parts.push(...bytes.subarray(start, end));
  }
  return Uint8Array.from(parts);
}

function readyFunction(operand: FunctionOperand): ReadyOperand {
  const inner = ready(operand.operand);
  const { name } = operand;
  switch (name) {
    case 'count':
      return {
        domain: 'number',
        values: packet => {
          const count = inner.values(packet).length;
          return count === 0 ? [] : [{ kind: 'number', number: count }];
        },
      };
    case 'len':
      return {
        domain: 'number',
        values: packet => inner.values(packet).map(value => ({ kind: 'number', number: lengthOf(value) })),
      };
    case 'upper':
    case 'lower':
      if (inner.domain !== 'text') {
        throw new FilterError('{0}() takes text.', operand, name);
      }
      return textFunction(inner, text => (name === 'upper' ? text.toUpperCase() : text.toLowerCase()));
    case 'string':
      if (inner.domain !== 'number') {
        throw new FilterError('string() takes a number.', operand);
      }
      return textFunction(inner, text => text);
  }
}

function textFunction(inner: ReadyOperand, change: (text: string) => string): ReadyOperand {
  return {
    domain: 'text',
    values: packet => inner.values(packet).map(value => ({ kind: 'text', text: change(textOf(value)) })),
  };
}

function readyBits(operand: BitsOperand): ReadyOperand {
  const inner = ready(operand.operand);
  if (inner.domain === 'bytes' || inner.domain === 'mac') {
    return maskedBytes(inner, operand);
  }
  if (inner.domain !== 'number' && inner.domain !== 'boolean') {
    throw new FilterError('& takes a number or bytes.', operand);
  }
  const mask = readLiteral(operand.mask, 'number');
  const bits = mask.kind === 'number' ? mask.number : 0;
  return {
    domain: 'number',
    values: packet =>
      inner.values(packet).map(value => ({
        kind: 'number',
        number: value.kind === 'number' ? (value.number & bits) >>> 0 : 0,
      })),
  };
}

function maskedBytes(inner: ReadyOperand, { mask }: BitsOperand): ReadyOperand {
  const bits = bytesOf(readLiteral(mask, 'bytes'));
  return {
    domain: 'bytes',
    values: packet =>
      inner.values(packet).map(value => ({
        kind: 'bytes',
        bytes: bytesOf(value).map((byte, index) => byte & (bits[index] ?? 0)),
      })),
  };
}

function lengthOf(value: Value): number {
  return value.kind === 'number' ? (value.size ?? 0) : bytesOf(value).length;
}

/** The bytes of a value; a number has none. */
export function bytesOf(value: Value): Uint8Array {
  switch (value.kind) {
    case 'bytes':
      return value.bytes;
    case 'text':
      return latin(value.text);
    case 'number':
      return new Uint8Array(0);
  }
}

export function textOf(value: Value): string {
  switch (value.kind) {
    case 'bytes':
      return String.fromCharCode(...value.bytes);
    case 'text':
      return value.text;
    case 'number':
      return String(value.number);
  }
}
