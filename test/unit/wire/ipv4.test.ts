import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4FromNumber, parseIpv4, type Ipv4Address } from '../../../src/net/ipv4-address';
import * as ipv4 from '../../../src/wire/ipv4';
import { bytesOf, hexOf, windowOf } from './bytes-of';

const address = (text: string): Ipv4Address => parseIpv4(text)!;

/** The header of an echo request from 10.0.2.15 to 10.0.2.2. */
const HEADER = '4500 0054 1c46 4000 4001 0653 0a00020f 0a000202';

describe('an IPv4 header', () => {
  it('is read field by field', () => {
    const b = bytesOf(HEADER);
    expect(ipv4.version(b, 0)).toBe(4);
    expect(ipv4.headerLength(b, 0)).toBe(20);
    expect(ipv4.typeOfService(b, 0)).toBe(0);
    expect(ipv4.totalLength(b, 0)).toBe(84);
    expect(ipv4.identification(b, 0)).toBe(0x1c46);
    expect(ipv4.dontFragment(b, 0)).toBe(true);
    expect(ipv4.moreFragments(b, 0)).toBe(false);
    expect(ipv4.fragmentOffset(b, 0)).toBe(0);
    expect(ipv4.timeToLive(b, 0)).toBe(64);
    expect(ipv4.protocol(b, 0)).toBe(ipv4.IP_PROTOCOL.icmp);
    expect(ipv4.headerChecksum(b, 0)).toBe(0x0653);
    expect(ipv4.sourceAddress(b, 0)).toBe(address('10.0.2.15'));
    expect(ipv4.destinationAddress(b, 0)).toBe(address('10.0.2.2'));
  });

  it('is written as it is read', () => {
    const b = new Uint8Array(20);
    ipv4.writeIpv4Header(b, 0, {
      totalLength: 84,
      identification: 0x1c46,
      dontFragment: true,
      timeToLive: 64,
      typeOfService: 0,
      protocol: 1,
      source: address('10.0.2.15'),
      destination: address('10.0.2.2'),
    });
    expect(hexOf(b)).toBe(hexOf(bytesOf(HEADER)));
  });

  it('shows the flags and the offset of a fragment', () => {
    const b = bytesOf('4500 05dc 0001 20b9 4001 0000 0a00020f 0a000202');
    expect(ipv4.moreFragments(b, 0)).toBe(true);
    expect(ipv4.dontFragment(b, 0)).toBe(false);
    expect(ipv4.fragmentOffset(b, 0)).toBe(1480);
    expect(ipv4.isFragment(b, 0)).toBe(true);
    expect(ipv4.isFragment(bytesOf(HEADER), 0)).toBe(false);
  });

  it('is judged by each rule of RFC 1122 3.2.1', () => {
    const changed = (at: number, value: number): Uint8Array => {
      const b = new Uint8Array(84);
      b.set(bytesOf(HEADER));
      b[at] = value;
      return b;
    };
    expect(ipv4.checkIpv4(changed(0, 0x45), 0, 84)).toBeUndefined();
    expect(ipv4.checkIpv4(changed(0, 0x45), 0, 100)).toBeUndefined();
    expect(ipv4.checkIpv4(changed(0, 0x45), 0, 83)).toBe('truncated');
    expect(ipv4.checkIpv4(changed(0, 0x45), 0, 19)).toBe('truncated');
    expect(ipv4.checkIpv4(changed(0, 0x65), 0, 84)).toBe('bad-version');
    expect(ipv4.checkIpv4(changed(0, 0x44), 0, 84)).toBe('bad-header-length');
    expect(ipv4.checkIpv4(changed(0, 0x4f), 0, 59)).toBe('truncated');
    expect(ipv4.checkIpv4(changed(3, 19), 0, 84)).toBe('bad-length');
    expect(ipv4.checkIpv4(changed(8, 63), 0, 84)).toBe('bad-checksum');
  });

  it('stays valid through the setters, whatever its fields', () => {
    const word = fc.nat(0xffffffff).map(ipv4FromNumber);
    const fields = fc.record({
      totalLength: fc.integer({ min: 20, max: 65535 }),
      identification: fc.nat(65535),
      dontFragment: fc.boolean(),
      timeToLive: fc.integer({ min: 1, max: 255 }),
      typeOfService: fc.nat(255),
      protocol: fc.nat(255),
      source: word,
      destination: word,
      moreFragments: fc.boolean(),
      fragmentOffset: fc.nat(8191).map(units => units * 8),
    });
    fc.assert(
      fc.property(fields, word, word, (wanted, source, destination) => {
        const { inside, untouched } = windowOf(new Uint8Array(20));
        ipv4.writeIpv4Header(inside, 0, wanted);
        ipv4.decrementTimeToLive(inside, 0);
        ipv4.setSourceAddress(inside, 0, source);
        ipv4.setDestinationAddress(inside, 0, destination);
        const recomputed = new Uint8Array(20);
        ipv4.writeIpv4Header(recomputed, 0, {
          ...wanted,
          source,
          destination,
          timeToLive: wanted.timeToLive - 1,
        });
        expect(hexOf(inside)).toBe(hexOf(recomputed));
        expect(ipv4.fragmentOffset(inside, 0)).toBe(wanted.fragmentOffset);
        expect(untouched()).toBe(true);
      }),
    );
  });

  it('never throws and reads no byte beyond the end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), bytes => {
        const inside = windowOf(bytes).inside;
        expect(ipv4.checkIpv4(inside, 0, inside.length)).toBe(ipv4.checkIpv4(bytes, 0, bytes.length));
      }),
    );
  });
});
