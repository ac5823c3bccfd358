/** Lists of domain names without compression, as router advertisements and DHCPv6 carry them (RFC 8106 5.2, RFC 8415 10). */
import { dnsLabels, readDnsName } from './dns-name';
import type { WireProblem } from './problem';

const POINTER = 0xc0;

/** Reads the names from `at` to `end`; a name of no labels is padding (RFC 8106 5.2). */
export function readDnsNames(b: Uint8Array, at: number, end: number): readonly string[] | WireProblem {
  const names: string[] = [];
  for (let position = at; position < end;) {
    const read = readDnsName(b, at, end, position);
    if (typeof read === 'string') {
      return read;
    }
    if (isCompressed(b, position, read.next)) {
      return 'bad-name';
    }
    if (read.name !== '') {
      names.push(read.name);
    }
    position = read.next;
  }
  return names;
}

/** The bytes of the names, one behind the other; a name that cannot be written is left out. */
export function dnsNamesBytes(names: readonly string[]): Uint8Array {
  return Uint8Array.from(
    names.flatMap(name => {
      const labels = dnsLabels(name) ?? [];
      return labels.length === 0 ? [] : [...labels.flatMap(label => [label.length, ...label]), 0];
    }),
  );
}

/** A name that ended in a pointer: its last byte is no root label, or it is jumped over. */
function isCompressed(b: Uint8Array, at: number, next: number): boolean {
  for (let position = at; position < next;) {
    const length = b[position] ?? 0;
    if ((length & POINTER) === POINTER) {
      return true;
    }
    position += length + 1;
  }
  return false;
}
