/** Domain names as DNS messages hold them: labels and compression pointers (RFC 1035 3.1, 4.1.4). */
import type { WireProblem } from './problem';

/** Bytes of the longest label, and of the longest name with its length bytes (RFC 1035 2.3.4). */
export const DNS_LABEL_BYTES = 63;
export const DNS_NAME_BYTES = 255;

/** Pointers followed for one name: no honest name has more than labels, 127. */
const POINTERS = 128;

const POINTER = 0xc0;
const POINTER_REACH = 0x3fff;

/** A name and where the bytes behind it begin. */
export interface DnsNameAt {
  /** Labels joined by dots, no final dot, '' for the root; a dot or backslash in a label as `\.`, other bytes as `\DDD` (RFC 1035 5.1). */
  readonly name: string;
  readonly next: number;
}

/**
 * Reads the name at `at` of a message that lies from `start` to `end`. Each pointer must lead to before the part it ends, so a loop
 * can't be, and no more than POINTERS are followed.
 */
export function readDnsName(b: Uint8Array, start: number, end: number, at: number): DnsNameAt | WireProblem {
  const labels: string[] = [];
  let bytes = 1;
  let pointers = 0;
  let i = at;
  let partBegin = at;
  let next = -1;
  for (;;) {
    if (i >= end) {
      return 'truncated';
    }
    const length = b[i] ?? 0;
    if (length === 0) {
      return { name: labels.join('.'), next: next < 0 ? i + 1 : next };
    }
    if ((length & POINTER) === POINTER) {
      if (i + 1 >= end) {
        return 'truncated';
      }
      next = next < 0 ? i + 2 : next;
      const target = start + (((length << 8) | (b[i + 1] ?? 0)) & POINTER_REACH);
      pointers += 1;
      if (target >= partBegin || pointers > POINTERS) {
        return 'bad-name';
      }
      i = target;
      partBegin = target;
      continue;
    }
    bytes += length + 1;
    if (length > DNS_LABEL_BYTES || bytes > DNS_NAME_BYTES) {
      return 'bad-name';
    }
    if (i + 1 + length > end) {
      return 'truncated';
    }
    labels.push(labelText(b, i + 1, length));
    i += 1 + length;
  }
}

function labelText(b: Uint8Array, at: number, length: number): string {
  let text = '';
  for (let i = at; i < at + length; i += 1) {
    const byte = b[i] ?? 0;
    const character = String.fromCharCode(byte);
    if (character === '.' || character === '\\') {
      text += `\\${character}`;
    } else if (byte > 0x20 && byte < 0x7f) {
      text += character;
    } else {
      text += `\\${byte.toString().padStart(3, '0')}`;
    }
  }
  return text;
}

/** The labels of a name in the form that readDnsName gives; undefined when one is empty or too long, or the whole is. A final dot is allowed. */
export function dnsLabels(name: string): readonly Uint8Array[] | undefined {
  if (name === '' || name === '.') {
    return [];
  }
  const labels: number[][] = [[]];
  const parts = name.replace(/(^|[^\\])\.$/, '$1').match(/\\\d{3}|\\.|[^\\]/gsu) ?? [];
  for (const part of parts) {
    if (part === '.') {
      labels.push([]);
      continue;
    }
    const label = labels[labels.length - 1];
    if (part.length === 4 && part.startsWith('\\')) {
      label?.push(Number(part.slice(1)) & 0xff);
    } else {
      label?.push(...new TextEncoder().encode(part.startsWith('\\') ? part.slice(1) : part));
    }
  }
  const bytes = labels.reduce((sum, label) => sum + label.length + 1, 1);
  const valid = labels.every(label => label.length > 0 && label.length <= DNS_LABEL_BYTES);
  return valid && bytes <= DNS_NAME_BYTES ? labels.map(label => Uint8Array.from(label)) : undefined;
}

/** Whether two names are the same: letters compare without case (RFC 4343). */
export function sameDnsName(one: string, other: string): boolean {
  return one === other || one.toLowerCase() === other.toLowerCase();
}

/** Appends names to a message under construction and remembers where each suffix lies. */
export class DnsNameWriter {
  readonly #suffixes = new Map<string, number>();

  /** @param wholeInData names in the data of records are never shortened */
  constructor(
    private readonly out: number[],
    private readonly wholeInData = false,
  ) {}

  /** Appends a name in the data of a record. */
  writeInData(name: string): void {
    this.append(name, !this.wholeInData);
  }

  /** Appends the name, shortened by a pointer where a suffix was written before; a name that can't be written becomes the root. */
  write(name: string): void {
    this.append(name, true);
  }

  private append(name: string, shortens: boolean): void {
    const labels = dnsLabels(name) ?? [];
    for (let i = 0; i < labels.length; i += 1) {
      const suffix = labels
        .slice(i)
        .map(label => label.join(' '))
        .join('.');
      const seen = this.#suffixes.get(suffix);
      if (seen !== undefined && shortens) {
        this.out.push(POINTER | (seen >>> 8), seen & 0xff);
        return;
      }
      if (seen === undefined && this.out.length <= POINTER_REACH) {
        this.#suffixes.set(suffix, this.out.length);
      }
      const label = labels[i] ?? new Uint8Array(0);
      this.out.push(label.length, ...label);
    }
    this.out.push(0);
  }

  /** Forgets what lies at or behind `length`, when the message is cut there. */
  cut(length: number): void {
    this.out.length = length;
    for (const [suffix, at] of this.#suffixes) {
      if (at >= length) {
        this.#suffixes.delete(suffix);
      }
    }
  }
}
