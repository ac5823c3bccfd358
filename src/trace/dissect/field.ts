/** Fields as each protocol declares them, and the line of the tree that a value makes. Names and labels are Wireshark's. */
import { formatIpv4, ipv4FromNumber } from '../../net/ipv4-address';
import { formatMac, macFromNumber } from '../../net/mac-address';
import { readUint32, readUint48 } from '../../wire/bytes';
import { formatIpv6 } from './ipv6-text';
import type { PacketField } from './packet-field';

/** How a value is read from the bytes and printed. */
export type FieldType =
  /** Decimal: `84`, with a name `UDP (17)`. */
  | 'number'
  /** `0x0653` with as many digits as the field has, with a name `IPv4 (0x0800)`. */
  | 'hex'
  /** `0x1c46 (7238)` */
  | 'hex-number'
  /** One bit: `Set` or `Not set`, or its names. */
  | 'boolean'
  | 'mac'
  | 'ipv4'
  | 'ipv6'
  | 'bytes'
  | 'text';

export interface FieldDeclaration {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  /** Bits of the field that hold the value; all when left out. The line then shows them: `.1.. .... = `. */
  readonly mask?: number;
  /** What values mean. */
  readonly names?: Readonly<Record<number, string>>;
}

/** Parts of a line that its declaration can't know. */
export interface LineExtras {
  /** Stands in the text instead of the printed value. */
  readonly shown?: string;
  /** Appended to the text. */
  readonly suffix?: string;
  readonly children?: readonly PacketField[];
  readonly problem?: string | undefined;
}

/** Bytes printed of a long value in a line; Wireshark cuts there too. */
const SHOWN_BYTES = 36;

/** The line for a number that lies in `length` bytes at `start`, before its mask. */
export function numberLine(
  field: FieldDeclaration,
  start: number,
  length: number,
  whole: number,
  extras: LineExtras = {},
): PacketField {
  const value = masked(whole, field.mask);
  const isHex = field.type === 'hex' || field.type === 'hex-number';
  const printed = isHex ? hex(value, length * 2) : value.toString();
  const pattern = field.mask === undefined ? '' : `${bitPattern(whole, field.mask, length)} = `;
  const meaning = field.names?.[value];
  return line(
    field,
    start,
    length,
    `${pattern}${field.label}: ${extras.shown ?? explain(field, meaning, value, length)}`,
    printed,
    extras,
  );
}

/** The line for a value that is no number, read from its bytes. */
export function bytesLine(
  field: FieldDeclaration,
  b: Uint8Array,
  start: number,
  length: number,
  extras: LineExtras = {},
): PacketField {
  const value = printBytes(field.type, b, start, length);
  const shown =
    field.type === 'bytes' && length > SHOWN_BYTES ? `${value.slice(0, SHOWN_BYTES * 2)}…` : value;
  return line(field, start, length, `${field.label}: ${shown}`, value, extras);
}

/** The line for text that was made from the bytes: a domain name. */
export function textLine(
  field: FieldDeclaration,
  start: number,
  length: number,
  value: string,
  extras: LineExtras = {},
): PacketField {
  return line(field, start, length, `${field.label}: ${value}`, value, extras);
}

/** A line that groups others, or says something that has no value. */
export function groupLine(
  name: string,
  start: number,
  length: number,
  text: string,
  extras: LineExtras = {},
): PacketField {
  return { name, text: text + (extras.suffix ?? ''), start, length, ...given(extras) };
}

function line(
  field: FieldDeclaration,
  start: number,
  length: number,
  text: string,
  value: string,
  extras: LineExtras,
): PacketField {
  return { name: field.name, text: text + (extras.suffix ?? ''), start, length, value, ...given(extras) };
}

function given(extras: LineExtras): Pick<PacketField, 'children' | 'problem'> {
  return {
    ...(extras.children === undefined ? {} : { children: extras.children }),
    ...(extras.problem === undefined ? {} : { problem: extras.problem }),
  };
}

function masked(whole: number, mask: number | undefined): number {
  if (mask === undefined) {
    return whole;
  }
  const lowest = 31 - Math.clz32(mask & -mask);
  return (whole & mask) >>> lowest;
}

/** `0x` and at least so many digits. */
export function hex(value: number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, '0')}`;
}

function explain(
  field: FieldDeclaration,
  meaning: string | undefined,
  value: number,
  length: number,
): string {
  if (field.type === 'boolean') {
    return meaning ?? (value === 0 ? 'Not set' : 'Set');
  }
  const isHex = field.type === 'hex' || field.type === 'hex-number';
  const printed = isHex ? hex(value, hexDigitsOf(field.mask, length)) : value.toString();
  if (field.type === 'hex-number') {
    return `${printed} (${value})`;
  }
  return field.names === undefined ? printed : `${meaning ?? 'Unknown'} (${printed})`;
}

/** As many digits as the bits under the mask need, or the bytes of the field. */
function hexDigitsOf(mask: number | undefined, length: number): number {
  if (mask === undefined) {
    return length * 2;
  }
  const lowest = 31 - Math.clz32(mask & -mask);
  return Math.ceil((32 - Math.clz32(mask >>> lowest)) / 4);
}

/** `.1.. ....`: the bits under the mask, dots for the others, in groups of four. */
function bitPattern(whole: number, mask: number, length: number): string {
  let pattern = '';
  for (let bit = length * 8 - 1; bit >= 0; bit -= 1) {
    const covered = ((mask >>> bit) & 1) === 1;
    pattern += covered ? ((whole >>> bit) & 1).toString() : '.';
    pattern += bit % 4 === 0 && bit > 0 ? ' ' : '';
  }
  return pattern;
}

function printBytes(type: FieldType, b: Uint8Array, start: number, length: number): string {
  switch (type) {
    case 'mac':
      return formatMac(macFromNumber(readUint48(b, start)));
    case 'ipv4':
      return formatIpv4(ipv4FromNumber(readUint32(b, start)));
    case 'ipv6':
      return formatIpv6(b, start);
    case 'text':
      return printable(b, start, length);
    case 'number':
    case 'hex':
    case 'hex-number':
    case 'boolean':
    case 'bytes':
      return hexDigits(b, start, length);
  }
}

/** Lower-case hexadecimal without separators. */
export function hexDigits(b: Uint8Array, start: number, length: number): string {
  let digits = '';
  for (let i = start; i < Math.min(start + length, b.length); i += 1) {
    digits += (b[i] ?? 0).toString(16).padStart(2, '0');
  }
  return digits;
}

/** Text up to its first NUL. */
function printable(b: Uint8Array, start: number, length: number): string {
  const bytes = b.subarray(start, start + length);
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}
