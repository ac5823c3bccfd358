import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseTunPacketInformation,
  TUN_PACKET_INFORMATION_BYTES,
  writeTunPacketInformation,
} from '../../../src/wire/tun-packet-information';

describe('packet information of TUN and TAP devices', () => {
  it('is what the kernel gives for an IPv4 packet', () => {
    const bytes = new Uint8Array(4).fill(0xff);
    writeTunPacketInformation(bytes, 0, 0x0800);
    expect([...bytes]).toEqual([0, 0, 8, 0]);
  });

  it('reads back what was written, anywhere', () => {
    fc.assert(
      fc.property(fc.nat(0xffff), fc.nat(20), (type, at) => {
        const bytes = new Uint8Array(at + TUN_PACKET_INFORMATION_BYTES);
        writeTunPacketInformation(bytes, at, type);
        expect(parseTunPacketInformation(bytes, at)).toBe(type);
      }),
    );
  });

  it('is nothing where there are fewer than four bytes', () => {
    for (let length = 0; length < 4; length++) {
      expect(parseTunPacketInformation(new Uint8Array(length), 0)).toBeUndefined();
    }
  });
});
