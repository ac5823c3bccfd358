import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIpv4, type Ipv4Address } from '../../../src/net/ipv4-address';
import { BROADCAST_MAC, parseMac, UNKNOWN_MAC, type MacAddress } from '../../../src/net/mac-address';
import { ARP_BYTES, ARP_OPERATION, emitArp, parseArp } from '../../../src/wire/arp';
import {
  readUint16,
  readUint32,
  readUint48,
  writeUint16,
  writeUint32,
  writeUint48,
} from '../../../src/wire/bytes';
import * as ethernet from '../../../src/wire/ethernet';
import { bytesOf, hexOf, windowOf } from './bytes-of';

const mac = (text: string): MacAddress => parseMac(text)!;
const ip = (text: string): Ipv4Address => parseIpv4(text)!;

describe('integers', () => {
  it('come back as written, most significant byte first', () => {
    fc.assert(
      fc.property(fc.nat(0xffff), fc.nat(0xffffffff), fc.nat(2 ** 48 - 1), (small, middle, large) => {
        const { inside, untouched } = windowOf(new Uint8Array(12));
        writeUint16(inside, 0, small);
        writeUint32(inside, 2, middle);
        writeUint48(inside, 6, large);
        expect(readUint16(inside, 0)).toBe(small);
        expect(readUint32(inside, 2)).toBe(middle);
        expect(readUint48(inside, 6)).toBe(large);
        expect(untouched()).toBe(true);
      }),
    );
    expect(readUint48(bytesOf('ffffffffffff'), 0)).toBe(BROADCAST_MAC);
  });

  it('read as zeros past the end', () => {
    expect(readUint32(bytesOf('0102'), 0)).toBe(0x01020000);
    expect(readUint48(bytesOf(''), 3)).toBe(0);
  });
});

describe('an Ethernet header', () => {
  it('is written as it is read', () => {
    const b = new Uint8Array(14);
    ethernet.writeEthernetHeader(b, BROADCAST_MAC, mac('08:00:27:00:00:01'), ethernet.ETHERTYPE.arp);
    expect(hexOf(b)).toBe('ffffffffffff0800270000010806');
    expect(ethernet.destinationMac(b)).toBe(BROADCAST_MAC);
    expect(ethernet.sourceMac(b)).toBe(mac('08:00:27:00:00:01'));
    expect(ethernet.etherType(b)).toBe(0x0806);
  });
});

describe('ARP', () => {
  const BYTES = bytesOf('0001 0800 06 04 0001 080027000001 0a00020f 000000000000 0a000202');
  const REQUEST = {
    operation: ARP_OPERATION.request,
    senderMac: mac('08:00:27:00:00:01'),
    senderIp: ip('10.0.2.15'),
    targetMac: UNKNOWN_MAC,
    targetIp: ip('10.0.2.2'),
  };

  it('is parsed and emitted', () => {
    expect(parseArp(BYTES, 0, ARP_BYTES)).toEqual(REQUEST);
    const b = new Uint8Array(ARP_BYTES);
    emitArp(REQUEST, b, 0);
    expect(hexOf(b)).toBe(hexOf(BYTES));
  });

  it('bears padding, and refuses what is short or not for IPv4 over Ethernet', () => {
    const padded = new Uint8Array(50);
    padded.set(BYTES);
    expect(parseArp(padded, 0, 50)).toEqual(REQUEST);
    expect(parseArp(BYTES, 0, 27)).toBe('truncated');
    for (const at of [1, 3, 4, 5]) {
      const other = BYTES.slice();
      other[at] = 9;
      expect(parseArp(other, 0, ARP_BYTES)).toBe('unsupported-address-type');
    }
  });
});
