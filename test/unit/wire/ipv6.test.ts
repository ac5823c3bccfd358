import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv6FromBigInt, parseIpv6, type Ipv6Address } from '../../../src/net/ipv6-address';
import * as icmpv6 from '../../../src/wire/icmpv6';
import * as ipv6 from '../../../src/wire/ipv6';
import * as extension from '../../../src/wire/ipv6-extension';
import { pseudoHeaderSumOf } from '../../../src/wire/pseudo-header';
import { checkUdp, writeUdp } from '../../../src/wire/udp';
import { bytesOf, hexOf, windowOf } from './bytes-of';

const address = (text: string): Ipv6Address => parseIpv6(text)!;
const anyAddress = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }).map(ipv6FromBigInt);

/** A router solicitation of a Linux 6.18 host, captured; from the IPv6 header on. */
const SOLICITATION = `6000 0000 0010 3aff fe80 0000 0000 0000 0000 00ff fe00 0042 ff02 0000 0000 0000 0000 0000 0000 0002
  8500 7aaa 0000 0000 0101 0200 0000 0042`;

/** A listener report of the same host: hop-by-hop options in front of ICMPv6. */
const REPORT = `6000 0000 0024 0001 fe80 0000 0000 0000 0000 00ff fe00 0042 ff02 0000 0000 0000 0000 0000 0000 0016
  3a00 0502 0000 0100 8f00 7185 0000 0001 0400 0000 ff02 0000 0000 0000 0000 0001 ff00 0042`;

describe('an IPv6 header', () => {
  it('is read field by field', () => {
    const b = bytesOf(SOLICITATION);
    expect(ipv6.ipv6Version(b, 0)).toBe(6);
    expect(ipv6.trafficClass(b, 0)).toBe(0);
    expect(ipv6.flowLabel(b, 0)).toBe(0);
    expect(ipv6.ipv6PayloadLength(b, 0)).toBe(16);
    expect(ipv6.nextHeader(b, 0)).toBe(58);
    expect(ipv6.hopLimit(b, 0)).toBe(255);
    expect(ipv6.ipv6Source(b, 0)).toBe(address('fe80::ff:fe00:42'));
    expect(ipv6.ipv6Destination(b, 0)).toBe(address('ff02::2'));
  });

  it('is written as it is read, whatever its fields', () => {
    const fields = fc.record({
      trafficClass: fc.nat(255),
      flowLabel: fc.nat(0xfffff),
      payloadLength: fc.nat(65535),
      nextHeader: fc.nat(255),
      hopLimit: fc.integer({ min: 1, max: 255 }),
      source: anyAddress,
      destination: anyAddress,
    });
    fc.assert(
      fc.property(fields, wanted => {
        const { inside, untouched } = windowOf(new Uint8Array(40));
        ipv6.writeIpv6Header(inside, 0, wanted);
        expect({
          trafficClass: ipv6.trafficClass(inside, 0),
          flowLabel: ipv6.flowLabel(inside, 0),
          payloadLength: ipv6.ipv6PayloadLength(inside, 0),
          nextHeader: ipv6.nextHeader(inside, 0),
          hopLimit: ipv6.hopLimit(inside, 0),
          source: ipv6.ipv6Source(inside, 0),
          destination: ipv6.ipv6Destination(inside, 0),
        }).toEqual(wanted);
        ipv6.decrementHopLimit(inside, 0);
        expect(ipv6.hopLimit(inside, 0)).toBe(wanted.hopLimit - 1);
        expect(untouched()).toBe(true);
      }),
    );
  });

  it('is judged by its version and its lengths', () => {
    const b = bytesOf(SOLICITATION);
    expect(ipv6.checkIpv6(b, 0, b.length)).toBeUndefined();
    expect(ipv6.checkIpv6(b, 0, b.length + 4)).toBeUndefined();
    expect(ipv6.checkIpv6(b, 0, b.length - 1)).toBe('truncated');
    expect(ipv6.checkIpv6(b, 0, 39)).toBe('truncated');
    b[0] = 0x45;
    expect(ipv6.checkIpv6(b, 0, b.length)).toBe('bad-version');
  });
});

describe('the pseudo header', () => {
  it('gives the checksums of captured messages', () => {
    const solicitation = bytesOf(SOLICITATION);
    expect(icmpv6.checkIcmpv6(solicitation, 40, 16, 0)).toBeUndefined();
    const report = bytesOf(REPORT);
    expect(icmpv6.checkIcmpv6(report, 48, 28, 0)).toBeUndefined();
    icmpv6.finishIcmpv6(report, 48, 28, 0);
    expect(hexOf(report)).toBe(hexOf(bytesOf(REPORT)));
    report[60]! ^= 1;
    expect(icmpv6.checkIcmpv6(report, 48, 28, 0)).toBe('bad-checksum');
  });

  it('sums the same from addresses as from the header', () => {
    fc.assert(
      fc.property(anyAddress, anyAddress, fc.nat(255), fc.nat(65535), (source, destination, next, length) => {
        const header = new Uint8Array(40);
        ipv6.writeIpv6Header(header, 0, {
          trafficClass: 0,
          flowLabel: 0,
          payloadLength: 0,
          nextHeader: 0,
          hopLimit: 0,
          source,
          destination,
        });
        expect(pseudoHeaderSumOf(source, destination, next, length) % 0xffff).toBe(
          ipv6.ipv6PseudoHeaderSum(header, 0, next, length) % 0xffff,
        );
      }),
    );
  });

  it('covers UDP, which may not go without a checksum (RFC 8200 8.1)', () => {
    fc.assert(
      fc.property(anyAddress, anyAddress, fc.uint8Array({ maxLength: 40 }), (source, destination, data) => {
        const b = new Uint8Array(8 + data.length);
        b.set(data, 8);
        writeUdp(b, 0, source, destination, 5353, 53, data.length);
        expect(checkUdp(b, 0, b.length, source, destination)).toBeUndefined();
        b[6] = 0;
        b[7] = 0;
        expect(checkUdp(b, 0, b.length, source, destination)).toBe('bad-checksum');
      }),
    );
  });
});

describe('the chain of extension headers', () => {
  /** An IPv6 header whose payload is these bytes. */
  const packet = (next: number, payload: string): Uint8Array => {
    const body = bytesOf(payload);
    const b = new Uint8Array(40 + body.length);
    b.set(body, 40);
    b[0] = 0x60;
    b[5] = body.length;
    b[6] = next;
    return b;
  };
  const follow = (b: Uint8Array): extension.UpperLayer | undefined =>
    extension.findUpperLayer(b, 0, b.length);

  it('leads to the upper layer', () => {
    expect(follow(bytesOf(SOLICITATION))).toEqual({ protocol: 58, at: 40, inLaterFragment: false });
    expect(follow(bytesOf(REPORT))).toEqual({ protocol: 58, at: 48, inLaterFragment: false });
    const three = packet(
      0,
      '3c00 0104 0000 0000 2b00 0104 0000 0000 1100 0000 0000 0000 0035 0035 0008 0000',
    );
    expect(follow(three)).toEqual({ protocol: 17, at: 64, inLaterFragment: false });
  });

  it('ends at a later fragment, whose bytes are no header', () => {
    expect(follow(packet(44, '1100 0001 0000 0001 0035 0035 0010 0000'))).toEqual({
      protocol: 17,
      at: 48,
      inLaterFragment: false,
    });
    expect(follow(packet(44, '3a00 05a9 0000 0001 0000'))).toMatchObject({ inLaterFragment: true });
  });

  it('leads nowhere when it says so, is cut, or is too long', () => {
    expect(follow(packet(59, ''))).toBeUndefined();
    expect(follow(packet(0, '3a01 0000'))).toBeUndefined();
    expect(follow(packet(60, '3c00 0104 0000 0000'.repeat(20)))).toBeUndefined();
  });

  it('has fragment headers that are read as written', () => {
    fc.assert(
      fc.property(fc.nat(255), fc.nat(8191), fc.boolean(), fc.nat(0xffffffff), (next, units, more, id) => {
        const b = new Uint8Array(8);
        extension.writeFragmentHeader(b, 0, next, units * 8, more, id);
        expect(b[0]).toBe(next);
        expect(extension.ipv6FragmentOffset(b, 0)).toBe(units * 8);
        expect(extension.ipv6MoreFragments(b, 0)).toBe(more);
        expect(extension.fragmentIdentification(b, 0)).toBe(id);
      }),
    );
  });

  it('is followed without a throw and without a look beyond the end, in any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), bytes => {
        const { inside } = windowOf(bytes);
        expect(follow(inside)).toEqual(follow(bytes));
        expect(ipv6.checkIpv6(inside, 0, inside.length)).toBe(ipv6.checkIpv6(bytes, 0, bytes.length));
      }),
    );
  });
});
