/** The bytes of a packet as tcpdump looks at them: whoever looks behind their end is told that the packet was cut. */
import { formatIp } from '../../net/ip-address';
import { formatIpv4, ipv4FromNumber } from '../../net/ipv4-address';
import { formatMac, macFromNumber } from '../../net/mac-address';
import { readUint16, readUint32, readUint48 } from '../../wire/bytes';
import { readIpv6Address } from '../../wire/ipv6';

/** Thrown, and caught where the line is made: what is there is printed, and then `[|tcp]`. */
export class CutShort extends Error {}

export class PacketBytes {
  constructor(private readonly bytes: Uint8Array) {}

  get length(): number {
    return this.bytes.length;
  }

  u8(at: number): number {
    return this.need(at, 1)[at] ?? 0;
  }

  u16(at: number): number {
    return readUint16(this.need(at, 2), at);
  }

  u32(at: number): number {
    return readUint32(this.need(at, 4), at);
  }

  mac(at: number): string {
    return formatMac(macFromNumber(readUint48(this.need(at, 6), at)));
  }

  ipv4(at: number): string {
    return formatIpv4(ipv4FromNumber(this.u32(at)));
  }

  ipv6(at: number): string {
    return formatIp(readIpv6Address(this.need(at, 16), at));
  }

  slice(at: number, end: number): Uint8Array {
    return this.need(at, end - at).subarray(at, end);
  }

  /** Only what is there of it. */
  upTo(at: number, end: number): Uint8Array {
    return this.bytes.subarray(at, Math.min(end, this.bytes.length));
  }

  private need(at: number, count: number): Uint8Array {
    if (at + count > this.bytes.length) {
      throw new CutShort();
    }
    return this.bytes;
  }
}

/** What decides how a line is written. */
export interface LineStyle {
  /** `-n`: ports stay numbers. */
  readonly numeric: boolean;
  /** `-e`: with the header of the link. */
  readonly linkHeader: boolean;
}
