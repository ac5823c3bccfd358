import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LINK_TYPE } from '../../../../src/trace/link-type';
import { PacketLines } from '../../../../src/trace/tcpdump/packet-line';

const STYLES = [true, false].flatMap(numeric => [true, false].map(linkHeader => ({ numeric, linkHeader })));

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

const ETHERNET = '020000000002 020000000001 ';
/** From 10.0.0.1 to 10.0.0.2. */
const ADDRESSES = '0a000001 0a000002 ';

describe('lines of tcpdump', () => {
  it.each([
    [
      'a segment with a selective acknowledgment',
      `${ETHERNET} 0800 4500 003c 0000 4000 4006 0000 ${ADDRESSES} c350 0050 0000 0001 0000 0002 a010 0200 0000 0000 01 01 050a 0000 0010 0000 0020 0101 0101 0101 0101`,
      'IP 10.0.0.1.50000 > 10.0.0.2.80: Flags [.], ack 2, win 512, options [nop,nop,sack 1 {16:32},nop,nop,nop,nop,nop,nop,nop,nop], length 0',
    ],
    [
      'an answer of DNS that does not exist',
      `${ETHERNET} 0800 4500 0031 0000 4000 4011 0000 ${ADDRESSES} 0035 c350 001d 0000 1234 8183 0001 0000 0000 0000 01 78 01 79 00 0001 0001`,
      'IP 10.0.0.1.53 > 10.0.0.2.50000: 4660 NXDomain 0/0/0 (21)',
    ],
    [
      'an error that needs fragments',
      `${ETHERNET} 0800 4500 0038 0000 0000 4001 0000 ${ADDRESSES} 0304 0000 0000 0578 4500 05dc 0000 4000 4011 0000 ${ADDRESSES} c350 0009 05c8 0000`,
      'IP 10.0.0.1 > 10.0.0.2: ICMP 10.0.0.2 unreachable - need to frag (mtu 1400), length 36',
    ],
    [
      'a later fragment',
      `${ETHERNET} 0800 4500 0018 0000 00b9 4011 0000 ${ADDRESSES} 0000 0000`,
      'IP 10.0.0.1 > 10.0.0.2: ip-proto-17',
    ],
    [
      'a packet that was cut',
      `${ETHERNET} 0800 4500 0028 0000 4000 4006 0000 ${ADDRESSES} c350`,
      'IP truncated-ip - 18 bytes missing! 10.0.0.1 > 10.0.0.2: [|tcp]',
    ],
    [
      'what nobody knows',
      `${ETHERNET} 88b5 4142 4300`,
      '02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype Unknown (0x88b5), length 18: \n\t0x0000:  4142 4300                                ABC.',
    ],
  ])('of %s', (_what, hex, line) => {
    expect(new PacketLines({ numeric: true, linkHeader: false }).line(bytes(hex), LINK_TYPE.ethernet)).toBe(
      line,
    );
  });

  it('counts from the beginning of a conversation in both directions', () => {
    const lines = new PacketLines({ numeric: true, linkHeader: false });
    const segment = (from: string, to: string, ports: string, sequence: string, flags: string): string =>
      lines.line(
        bytes(
          `${ETHERNET} 0800 4500 0028 0000 4000 4006 0000 ${from} ${to} ${ports} ${sequence} 50${flags} 0200 0000 0000`,
        ),
        LINK_TYPE.ethernet,
      );
    const [one, other] = ['0a000001', '0a000002'];
    expect(segment(one, other, 'c350 0050', '00000064 00000000', '02')).toContain('[S], seq 100, win');
    expect(segment(other, one, '0050 c350', '000003e8 00000065', '12')).toContain('[S.], seq 1000, ack 101,');
    expect(segment(one, other, 'c350 0050', '00000065 000003e9', '10')).toContain('[.], ack 1,');
    expect(segment(other, one, '0050 c350', '000003e9 00000065', '11')).toContain('[F.], seq 1, ack 1,');
  });

  it('prints something of any bytes', () => {
    const type = fc.constantFrom('0800', '86dd', '0806', '8100', '0026', '88cc');
    const frame = fc.tuple(type, fc.uint8Array({ maxLength: 120 })).map(([hex, rest]) => {
      const head = bytes(ETHERNET + hex);
      const version = hex === '0800' ? [0x45] : hex === '86dd' ? [0x60] : [];
      return Uint8Array.from([...head, ...version, ...rest]);
    });
    fc.assert(
      fc.property(frame, fc.constantFrom(LINK_TYPE.ethernet, LINK_TYPE.raw), (packet, linkType) => {
        for (const style of STYLES) {
          const lines = new PacketLines(style);
          expect(lines.line(packet, linkType)).toBe(new PacketLines(style).line(packet.slice(), linkType));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
