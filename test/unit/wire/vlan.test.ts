import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasVlanTag, setVlanId, vlanId, vlanTag, writeTagged, writeUntagged } from '../../../src/wire/vlan';
import { bytesOf, hexOf, windowOf } from './bytes-of';

/** An ARP request's first 20 bytes, and the same in VLAN 10 as a Linux guest's `eth0.10` sends it. */
const PLAIN = bytesOf('ffffffffffff 525400123456 0806 000108000604');
const TAGGED = bytesOf('ffffffffffff 525400123456 8100 000a 0806 000108000604');

const tags = fc.record({ priority: fc.nat(7), dropEligible: fc.boolean(), id: fc.nat(4095) });

describe('a VLAN tag', () => {
  it('stands between the source address and the EtherType', () => {
    const { inside, untouched } = windowOf(new Uint8Array(PLAIN.length + 4));
    writeTagged(PLAIN, { priority: 0, dropEligible: false, id: 10 }, inside);
    expect(hexOf(inside)).toBe(hexOf(TAGGED));
    expect(untouched()).toBe(true);
    expect([hasVlanTag(inside), hasVlanTag(PLAIN), vlanId(inside)]).toEqual([true, false, 10]);
  });

  it('has its fields where IEEE 802.1Q has them', () => {
    expect(vlanTag(bytesOf('ffffffffffff 525400123456 8100 b064 0806'))).toEqual({
      priority: 5,
      dropEligible: true,
      id: 100,
    });
  });

  it('is written as it is read, and taken off again leaves the frame as it was', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 14, maxLength: 80 }), tags, fc.nat(4095), (frame, tag, id) => {
        const tagged = new Uint8Array(frame.length + 4);
        writeTagged(frame, tag, tagged);
        expect(hasVlanTag(tagged)).toBe(true);
        expect(vlanTag(tagged)).toEqual(tag);
        setVlanId(tagged, id);
        expect(vlanTag(tagged)).toEqual({ ...tag, id });
        const { inside, untouched } = windowOf(new Uint8Array(frame.length));
        writeUntagged(tagged, inside);
        expect(hexOf(inside)).toBe(hexOf(frame));
        expect(untouched()).toBe(true);
      }),
    );
  });

  it('must be all there', () => {
    expect(hasVlanTag(TAGGED.subarray(0, 18))).toBe(true);
    expect(hasVlanTag(TAGGED.subarray(0, 17))).toBe(false);
    expect(hasVlanTag(bytesOf('ffffffffffff 525400123456 88a8 000a 0806'))).toBe(false);
  });
});
