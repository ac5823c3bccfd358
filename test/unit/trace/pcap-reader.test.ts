import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockWriter, DIRECTION } from '../../../src/trace/pcapng-blocks';
import { readCapture } from '../../../src/trace/pcap-reader';

const FRAME = Uint8Array.of(1, 2, 3, 4, 5);

/** A pcap file with one packet at 1 s and `fraction` units. */
function pcap(little: boolean, magic: number, fraction: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(24 + 16 + FRAME.length));
  [magic, 0, 0, 0, 65535, 1, 1, fraction, FRAME.length, 60].forEach((value, index) => {
    view.setUint32(index * 4, value, little);
  });
  view.setUint16(4, 2, little);
  view.setUint16(6, 4, little);
  const file = new Uint8Array(view.buffer);
  file.set(FRAME, 40);
  return file;
}

/** A pcapng section of the other byte order, with one interface of this resolution and one packet. */
function bigEndianPcapng(resolution: number, ticks: number): Uint8Array {
  const words = [
    ...[0x0a0d0d0a, 28, 0x1a2b3c4d, 0x00010000, 0xffffffff, 0xffffffff, 28],
    ...[1, 32, 0x00010000, 0, 0x00090001, resolution * 0x1000000, 0, 32],
    ...[6, 40, 0, 0, ticks, FRAME.length, FRAME.length, 0x01020304, 0x05000000, 40],
  ];
  const view = new DataView(new ArrayBuffer(words.length * 4));
  words.forEach((word, index) => {
    view.setUint32(index * 4, word);
  });
  return new Uint8Array(view.buffer);
}

describe('reading captures', () => {
  it.each([
    ['little endian, microseconds', true, 0xa1b2c3d4, 250, 1_000_250_000n],
    ['big endian, microseconds', false, 0xa1b2c3d4, 250, 1_000_250_000n],
    ['little endian, nanoseconds', true, 0xa1b23c4d, 250, 1_000_000_250n],
    ['big endian, nanoseconds', false, 0xa1b23c4d, 250, 1_000_000_250n],
  ])('reads pcap: %s', (_, little, magic, fraction, time) => {
    const { interfaces, packets, problem } = readCapture(pcap(little, magic, fraction));
    expect(problem).toBeUndefined();
    expect(interfaces[0]?.linkType).toBe(1);
    expect(packets).toEqual([
      { interface: 0, time, bytes: FRAME, originalLength: 60, comments: [], direction: undefined },
    ]);
  });

  it('reads back what the writer wrote', () => {
    const writer = new BlockWriter();
    writer.sectionHeader('test');
    writer.interfaceDescription('vm1:enp0s3', 'a guest — 客户机');
    writer.interfaceDescription('vm2:enp0s3', '');
    const time = 12_345_678_901_234;
    writer.enhancedPacket(1, time, FRAME, DIRECTION.outbound, [new TextEncoder().encode('dropped: …')]);
    expect(readCapture(writer.take())).toEqual({
      format: 'pcapng',
      interfaces: [
        { name: 'vm1:enp0s3', description: 'a guest — 客户机', linkType: 1 },
        { name: 'vm2:enp0s3', description: '', linkType: 1 },
      ],
      packets: [
        {
          interface: 1,
          time: BigInt(time),
          bytes: FRAME,
          originalLength: 5,
          comments: ['dropped: …'],
          direction: 'outbound',
        },
      ],
    });
  });

  it.each([
    [6, 1_000_000],
    [9, 1_000_000_000],
    [0x80 | 10, 1024],
    [0, 1],
  ])('reads the other byte order and a resolution of %i', (resolution, ticks) => {
    const { packets, problem } = readCapture(bigEndianPcapng(resolution, ticks));
    expect(problem).toBeUndefined();
    expect(packets.map(({ time, bytes }) => [time, [...bytes]])).toEqual([[1_000_000_000n, [...FRAME]]]);
  });

  it('numbers interfaces through, over several sections', () => {
    const file = new Uint8Array([...bigEndianPcapng(9, 1), ...bigEndianPcapng(9, 2)]);
    const { interfaces, packets } = readCapture(file);
    expect(interfaces.length).toBe(2);
    expect(packets.map(packet => packet.interface)).toEqual([0, 1]);
  });

  it('says why it stopped', () => {
    expect(readCapture(new Uint8Array(0)).problem).toBe('not-a-capture');
    expect(readCapture(new Uint8Array(100)).problem).toBe('not-a-capture');
    expect(readCapture(pcap(true, 0xa1b2c3d4, 0).subarray(0, 44)).problem).toBe('truncated');
    expect(readCapture(bigEndianPcapng(9, 1).subarray(0, 90)).problem).toBe('truncated');
    expect(readCapture(pcap(true, 0xa1b2c3d4, 0), 0).problem).toBe('too-many-packets');
    const zeroLength = bigEndianPcapng(9, 1);
    zeroLength[35] = 0;
    expect(readCapture(zeroLength).problem).toBe('bad-block');
  });

  it('never throws, whatever the file holds', () => {
    const files = [pcap(true, 0xa1b2c3d4, 1), pcap(false, 0xa1b23c4d, 1), bigEndianPcapng(9, 1)];
    const broken = fc
      .tuple(fc.nat(2), fc.nat(110), fc.array(fc.tuple(fc.nat(105), fc.nat(255)), { maxLength: 4 }))
      .map(([index, cut, changes]) => {
        const file = files[index]!.slice(0, cut);
        for (const [at, value] of changes) {
          file[at] = value;
        }
        return file;
      });
    fc.assert(
      fc.property(fc.oneof(broken, fc.uint8Array({ maxLength: 200 })), file => {
        const { packets } = readCapture(file);
        expect(packets.every(packet => packet.bytes.length <= file.length)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
