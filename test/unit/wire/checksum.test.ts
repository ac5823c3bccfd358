import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4FromNumber } from '../../../src/net/ipv4-address';
import {
  internetChecksum,
  onesComplementSum,
  patchUint16,
  pseudoHeaderSum,
  updateChecksum16,
  updateChecksum32,
} from '../../../src/wire/checksum';
import { writeUint16, writeUint32 } from '../../../src/wire/bytes';
import { bytesOf } from './bytes-of';

/** The sum as RFC 1071 section 1 defines it, a word at a time. */
function slowSum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) {
    sum += (bytes[i] ?? 0) * 256 + (bytes[i + 1] ?? 0);
    if (sum > 0xffff) {
      sum -= 0xffff;
    }
  }
  return sum;
}

describe('the Internet checksum', () => {
  it('gives the sum of RFC 1071 section 3', () => {
    expect(onesComplementSum(bytesOf('0001 f203 f4f5 f6f7'), 0, 8)).toBe(0xddf2);
    expect(internetChecksum(bytesOf('0001 f203 f4f5 f6f7'), 0, 8)).toBe(0x220d);
  });

  it('counts a last odd byte as the high half of a word', () => {
    expect(onesComplementSum(bytesOf('0001 f2'), 0, 3)).toBe(0xf201);
  });

  it('goes on from an initial sum and starts anywhere', () => {
    const whole = bytesOf('ffff 0001 f203 f4f5 f6f7');
    const first = onesComplementSum(whole, 2, 4);
    expect(onesComplementSum(whole, 6, 4, first)).toBe(0xddf2);
  });

  it('equals the word by word sum for any bytes, also long ones', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
        expect(onesComplementSum(bytes, 0, bytes.length)).toBe(slowSum(bytes));
      }),
    );
    const long = new Uint8Array(200_001).fill(0xff);
    expect(onesComplementSum(long, 0, long.length)).toBe(slowSum(long));
  });

  it('is changed as RFC 1624 section 4 shows: 0x5555 becomes 0x3285 under 0xdd2f', () => {
    expect(updateChecksum16(0xdd2f, 0x5555, 0x3285)).toBe(0x0000);
  });

  it('changed in place equals recomputed', () => {
    const words = fc.uint8Array({ minLength: 8, maxLength: 40 });
    fc.assert(
      fc.property(words, fc.nat(3), fc.nat(0xffff), fc.nat(0xffffffff), (bytes, at, word, value) => {
        // A zero checksum field in front, and a word that is never zero, since all-zero data has two representations of zero.
        const b = new Uint8Array(4 + (bytes.length & ~1));
        b.set(bytes.subarray(0, bytes.length & ~1), 4);
        b[3] = 1;
        writeUint16(b, 0, internetChecksum(b, 0, b.length));
        patchUint16(b, 4 + at * 2, word, 0);
        expect(onesComplementSum(b, 0, b.length)).toBe(0xffff);

        const before = ((b[0] ?? 0) << 8) | (b[1] ?? 0);
        const old = onesComplementSum(b, 4, 2) * 65536 + onesComplementSum(b, 6, 2);
        writeUint32(b, 4, value);
        writeUint16(b, 0, 0);
        expect(updateChecksum32(before, old, value)).toBe(internetChecksum(b, 0, b.length));
      }),
    );
  });

  it('sums the pseudo header', () => {
    const source = ipv4FromNumber(0x0a00020f);
    const destination = ipv4FromNumber(0xcb00710a);
    const header = bytesOf('0a00020f cb00710a 0011 0024');
    expect(pseudoHeaderSum(source, destination, 17, 0x24)).toBe(onesComplementSum(header, 0, 12));
  });
});
