import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkVxlan,
  LAST_VNI,
  VXLAN_HEADER_BYTES,
  vxlanNetworkIdentifier,
  writeVxlan,
} from '../../../src/wire/vxlan';

describe('VXLAN headers', () => {
  it('are those of figure 1 of RFC 7348: flag I, the VNI, and zeros between', () => {
    const bytes = new Uint8Array(8).fill(0xff);
    writeVxlan(bytes, 0, 42);
    expect([...bytes]).toEqual([0x08, 0, 0, 0, 0, 0, 42, 0]);
    writeVxlan(bytes, 0, 0xabcdef);
    expect([...bytes]).toEqual([0x08, 0, 0, 0, 0xab, 0xcd, 0xef, 0]);
  });

  it('read back as they were written, anywhere', () => {
    fc.assert(
      fc.property(fc.nat(LAST_VNI), fc.nat(20), (identifier, at) => {
        const bytes = new Uint8Array(at + VXLAN_HEADER_BYTES);
        writeVxlan(bytes, at, identifier);
        expect(checkVxlan(bytes, at, VXLAN_HEADER_BYTES)).toBeUndefined();
        expect(vxlanNetworkIdentifier(bytes, at)).toBe(identifier);
      }),
    );
  });

  it('are refused without the flag I and with any reserved bit, as Linux refuses them', () => {
    for (let bit = 0; bit < 64; bit++) {
      const bytes = new Uint8Array(8);
      writeVxlan(bytes, 0, 0);
      bytes[bit >> 3]! ^= 0x80 >> (bit & 7);
      const inIdentifier = bit >= 32 && bit < 56;
      expect(checkVxlan(bytes, 0, 8)).toBe(inIdentifier ? undefined : 'bad-value');
    }
  });

  it('say why any other bytes are none, and never read past the end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 16 }), bytes => {
        const problem = checkVxlan(bytes, 0, bytes.length);
        expect(problem === 'truncated').toBe(bytes.length < VXLAN_HEADER_BYTES);
      }),
    );
  });
});
