/** The Internet checksum: RFC 1071, changed in place by RFC 1624. */
import type { Ipv4Address } from '../net/ipv4-address';
import { readUint16, writeUint16 } from './bytes';

/** Bytes summed before folding, so that the sum stays a small integer: 16384 words of 65535 are below 2^30. */
const FOLD_EVERY = 32768;

/** Folds the carries of a sum of 16-bit words back in (RFC 1071 section 2, "deferred carries"). */
function fold(sum: number): number {
  const once = (sum & 0xffff) + (sum >>> 16);
  return (once & 0xffff) + (once >>> 16);
}

/**
 * One's complement sum of the 16-bit words of `length` bytes, folded to 16 bits; a last odd byte counts as the high half of a word.
 * `initial` is a folded sum to go on from. Data with a right checksum inside sums to 0xffff.
 */
export function onesComplementSum(b: Uint8Array, at: number, length: number, initial = 0): number {
  const end = at + length;
  const lastPair = end - 1;
  let sum = initial;
  let i = at;
  while (i < lastPair) {
    const stop = Math.min(lastPair, i + FOLD_EVERY);
    for (; i < stop; i += 2) {
      sum += ((b[i] ?? 0) << 8) | (b[i + 1] ?? 0);
    }
    sum = fold(sum);
  }
  return i < end ? fold(sum + ((b[i] ?? 0) << 8)) : sum;
}

/** The value for a checksum field that lies, as zero, in these bytes (RFC 1071 section 1). */
export function internetChecksum(b: Uint8Array, at: number, length: number, initial = 0): number {
  return ~onesComplementSum(b, at, length, initial) & 0xffff;
}

/** The checksum after one 16-bit word of the data has changed (RFC 1624 equation 3). */
export function updateChecksum16(checksum: number, oldWord: number, newWord: number): number {
  return ~fold((~checksum & 0xffff) + (~oldWord & 0xffff) + (newWord & 0xffff)) & 0xffff;
}

/** The checksum after two adjacent words of the data, such as an address, have changed (RFC 1624 equation 3). */
export function updateChecksum32(checksum: number, oldValue: number, newValue: number): number {
  return (
    ~fold(
      (~checksum & 0xffff) +
        (~oldValue & 0xffff) +
        ((~oldValue >>> 16) & 0xffff) +
        (newValue & 0xffff) +
        ((newValue >>> 16) & 0xffff),
    ) & 0xffff
  );
}

/** Folded sum of the pseudo header of UDP and TCP over IPv4 (RFC 768, RFC 9293 3.1); `length` is of transport header and data. */
export function pseudoHeaderSum(
  source: Ipv4Address,
  destination: Ipv4Address,
  protocol: number,
  length: number,
): number {
  return fold(
    (source >>> 16) +
      (source & 0xffff) +
      (destination >>> 16) +
      (destination & 0xffff) +
      protocol +
      (length & 0xffff),
  );
}

/** Writes the 16-bit field at `at` and corrects the checksum field at `checksumAt`, which covers it. */
export function patchUint16(b: Uint8Array, at: number, value: number, checksumAt: number): void {
  writeUint16(b, checksumAt, updateChecksum16(readUint16(b, checksumAt), readUint16(b, at), value));
  writeUint16(b, at, value);
}
