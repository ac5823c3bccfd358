/** The values that a filter compares, and how a literal is read as one of them. */
import { parseIpv4 } from '../../net/ipv4-address';
import { parseIpv6 } from '../../net/ipv6-address';
import { parseMac } from '../../net/mac-address';
import type { FieldType } from '../dissect/field';
import type { FilterMessage } from './messages';
import { FilterError, type Literal } from './syntax';

/** A number of any kind, text, or bytes; addresses are bytes with, for a network, how many bits of them count. */
export type Value =
  /** `size` bytes long in the packet, where it stands there. */
  | { readonly kind: 'number'; readonly number: number; readonly size?: number }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly prefix?: number };

/** What values of a field are compared as. */
export type Domain = 'number' | 'boolean' | 'text' | 'ipv4' | 'ipv6' | 'mac' | 'bytes';

export function domainOf(type: FieldType): Domain {
  switch (type) {
    case 'number':
    case 'hex':
    case 'hex-number':
      return 'number';
    case 'boolean':
    case 'text':
    case 'ipv4':
    case 'ipv6':
    case 'mac':
    case 'bytes':
      return type;
  }
}

/** The value of a field as the dissector prints it. */
export function fieldValue(printed: string, domain: Domain, size = 0): Value {
  switch (domain) {
    case 'number':
    case 'boolean':
      return { kind: 'number', number: Number(printed), size };
    case 'text':
      return { kind: 'text', text: printed };
    case 'ipv4':
      return { kind: 'bytes', bytes: Uint8Array.from(printed.split('.').map(Number)) };
    case 'ipv6':
      return { kind: 'bytes', bytes: ipv6Bytes(printed) ?? new Uint8Array(16) };
    case 'mac':
    case 'bytes':
      return { kind: 'bytes', bytes: hexBytes(printed.replaceAll(':', '')) };
  }
}

/** @throws FilterError when the literal is no such value */
export function readLiteral(literal: Literal, domain: Domain): Value {
  const value = literalAs(literal, domain);
  if (value === undefined) {
    throw new FilterError(NOT_IN_DOMAIN[domain], literal, literal.text);
  }
  return value;
}

const NOT_IN_DOMAIN: Record<Domain, FilterMessage> = {
  number: '“{0}” is not a number.',
  boolean: '“{0}” is not True, False or a number.',
  text: '“{0}” is not text.',
  ipv4: '“{0}” is not an IPv4 address.',
  ipv6: '“{0}” is not an IPv6 address.',
  mac: '“{0}” is not a hardware address.',
  bytes: '“{0}” is not a sequence of bytes.',
};

function literalAs({ form, text }: Literal, domain: Domain): Value | undefined {
  if (form === 'character') {
    const code = text.length === 1 ? text.charCodeAt(0) : undefined;
    return domain === 'number' && code !== undefined ? { kind: 'number', number: code } : undefined;
  }
  switch (domain) {
    case 'number':
      return form === 'word' ? numberFrom(text) : undefined;
    case 'boolean':
      return booleanFrom(text) ?? numberFrom(text);
    case 'text':
      return { kind: 'text', text };
    case 'ipv4':
      return form === 'word' ? addressFrom(text, ipv4Bytes, 32) : undefined;
    case 'ipv6':
      return form === 'word' ? addressFrom(text, ipv6Bytes, 128) : undefined;
    case 'mac':
      return form === 'word' ? macFrom(text) : undefined;
    case 'bytes':
      return form === 'word' ? bytesFrom(text) : { kind: 'bytes', bytes: latin(text) };
  }
}

function numberFrom(text: string): Value | undefined {
  const digits = /^-?(0[xX][0-9a-fA-F]+|0[bB][01]+|\d+)$/.exec(text);
  if (digits === null) {
    return undefined;
  }
  const negative = text.startsWith('-');
  const plain = negative ? text.slice(1) : text;
  // A leading 0 means octal, as in C.
  const number = /^0[0-7]+$/.test(plain) ? parseInt(plain, 8) : Number(plain);
  return { kind: 'number', number: negative ? -number : number };
}

function booleanFrom(text: string): Value | undefined {
  return /^(True|TRUE|False|FALSE)$/.test(text)
    ? { kind: 'number', number: text.startsWith('T') ? 1 : 0 }
    : undefined;
}

function addressFrom(
  text: string,
  read: (address: string) => Uint8Array | undefined,
  bits: number,
): Value | undefined {
  const [address = '', length, more] = text.split('/');
  const bytes = read(address);
  if (bytes === undefined || more !== undefined) {
    return undefined;
  }
  if (length === undefined) {
    return { kind: 'bytes', bytes };
  }
  const prefix = /^\d+$/.test(length) ? Number(length) : bits + 1;
  return prefix > bits ? undefined : { kind: 'bytes', bytes, prefix };
}

function ipv4Bytes(text: string): Uint8Array | undefined {
  return parseIpv4(text) === undefined ? undefined : Uint8Array.from(text.split('.').map(Number));
}

function ipv6Bytes(text: string): Uint8Array | undefined {
  const address = parseIpv6(text);
  return address === undefined ? undefined : hexBytes(address.toString(16).padStart(32, '0'));
}

function macFrom(text: string): Value | undefined {
  const mac = parseMac(text);
  return mac === undefined
    ? undefined
    : { kind: 'bytes', bytes: hexBytes(mac.toString(16).padStart(12, '0')) };
}

/** `aa:bb`, `aa-bb`, `aa.bb`, `aabb`; one byte may be `0xaa`, or a digit. A colon in front says that it is bytes and nothing else. */
function bytesFrom(word: string): Value | undefined {
  const text = /^:[0-9a-fA-F]/.test(word) ? word.slice(1) : word;
  const separated = /^[0-9a-fA-F]{1,2}([:.-][0-9a-fA-F]{1,2})+:?$/;
  if (separated.test(text)) {
    const parts = text.split(/[:.-]/).filter(part => part !== '');
    return { kind: 'bytes', bytes: Uint8Array.from(parts.map(part => parseInt(part, 16))) };
  }
  if (/^(0[xX][0-9a-fA-F]{1,2}|\d)$/.test(text)) {
    return { kind: 'bytes', bytes: Uint8Array.of(Number(text)) };
  }
  if (/^([0-9a-fA-F]{2})+$/.test(text)) {
    return { kind: 'bytes', bytes: hexBytes(text) };
  }
  return undefined;
}

export function hexBytes(digits: string): Uint8Array {
  return Uint8Array.from({ length: digits.length >>> 1 }, (_, index) =>
    parseInt(digits.slice(index * 2, index * 2 + 2), 16),
  );
}

/** One byte for each character, as captures hold text. */
export function latin(text: string): Uint8Array {
  return Uint8Array.from(text, character => character.charCodeAt(0) & 255);
}

/** How one value stands to another of its kind: below 0, 0, or above; undefined where they can't be compared. */
export function order(one: Value, other: Value): number | undefined {
  if (one.kind === 'number' && other.kind === 'number') {
    return one.number - other.number;
  }
  if (one.kind === 'text' && other.kind === 'text') {
    return one.text < other.text ? -1 : one.text > other.text ? 1 : 0;
  }
  if (one.kind === 'bytes' && other.kind === 'bytes') {
    return orderBytes(one.bytes, other.bytes, other.prefix ?? one.prefix);
  }
  return undefined;
}

function orderBytes(one: Uint8Array, other: Uint8Array, prefix: number | undefined): number {
  const bits = prefix ?? Math.max(one.length, other.length) * 8;
  for (let at = 0; at * 8 < bits; at += 1) {
    const left = bits - at * 8;
    const mask = left >= 8 ? 255 : (0xff00 >>> left) & 255;
    if (prefix === undefined && (at >= one.length || at >= other.length)) {
      return one.length - other.length;
    }
    const difference = ((one[at] ?? 0) & mask) - ((other[at] ?? 0) & mask);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}
