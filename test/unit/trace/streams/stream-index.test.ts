import { describe, expect, it } from 'vitest';
import { StreamIndex } from '../../../../src/trace/streams/stream-index';
import { LINK_TYPE } from '../../../../src/trace/link-type';

const A = [10, 0, 0, 1];
const B = [10, 0, 0, 2];

const SYN = 0x02;
const SYN_ACK = 0x12;
const ACK = 0x10;
const FIN_ACK = 0x11;

const word = (value: number) => [value >>> 8, value & 255];
const long = (value: number) => [...word(value >>> 16), ...word(value & 0xffff)];

function ip(from: number[], to: number[], protocol: number, payload: number[]): number[] {
  return [0x45, 0, ...word(20 + payload.length), 0, 0, 0, 0, 64, protocol, 0, 0, ...from, ...to, ...payload];
}

function tcp(from: number, to: number, sequence: number, acknowledgment: number, flags: number): number[] {
  return [
    ...word(from),
    ...word(to),
    ...long(sequence),
    ...long(acknowledgment),
    0x50,
    flags,
    1,
    0,
    0,
    0,
    0,
    0,
  ];
}

const udp = (from: number, to: number, data: number[] = [1]) => [
  ...word(from),
  ...word(to),
  ...word(8 + data.length),
  ...[0, 0, ...data],
];

const quoting = (packet: number[]) => ip(B, A, 1, [3, 1, 0, 0, 0, 0, 0, 0, ...packet]);

/** The numbers of the streams of each packet in turn. */
function numbersOf(packets: readonly number[][]): number[][] {
  const index = new StreamIndex();
  const bytes = packets.map(packet => Uint8Array.from(packet));
  bytes.forEach((each, record) => index.add(record, each, LINK_TYPE.raw));
  return bytes.map((each, record) =>
    index.streamsOf(record, each, LINK_TYPE.raw).map(({ stream }) => stream),
  );
}

const there = (port: number, sequence: number, acknowledgment: number, flags: number) =>
  ip(A, B, 6, tcp(port, 80, sequence, acknowledgment, flags));
const back = (port: number, sequence: number, acknowledgment: number, flags: number) =>
  ip(B, A, 6, tcp(80, port, sequence, acknowledgment, flags));

describe('the numbers of streams', () => {
  // Each row was asked of Wireshark 4.0.
  it.each<[string, number[][], number[]]>([
    [
      'one for both directions',
      [there(1, 1, 0, SYN), back(1, 5, 2, SYN_ACK), there(1, 2, 6, ACK)],
      [0, 0, 0],
    ],
    ['a repeated SYN is in the same one', [there(1, 1, 0, SYN), there(1, 1, 0, SYN)], [0, 0]],
    [
      'a SYN with another number begins one',
      [there(1, 1, 0, SYN), there(1, 9, 0, SYN), back(1, 5, 10, ACK)],
      [0, 1, 1],
    ],
    [
      'another SYN-ACK does not',
      [there(1, 1, 0, SYN), back(1, 5, 2, SYN_ACK), back(1, 6, 2, SYN_ACK)],
      [0, 0, 0],
    ],
    ['the SYN before what was seen does not', [there(1, 900, 3, ACK), there(1, 899, 0, SYN)], [0, 0]],
    ['the SYN before an end does not', [there(1, 900, 3, FIN_ACK), there(1, 899, 0, SYN)], [0, 0]],
    ['any other SYN after data does', [there(1, 900, 3, ACK), there(1, 900, 0, SYN)], [0, 1]],
    [
      'what was acknowledged tells the other side’s',
      [there(1, 1, 50, ACK), back(1, 49, 0, SYN), back(1, 50, 0, SYN)],
      [0, 0, 1],
    ],
    [
      'a SYN-ACK counts as the newest number',
      [there(1, 1, 0, SYN), there(1, 2, 0, SYN_ACK), there(1, 1, 0, SYN)],
      [0, 0, 1],
    ],
    [
      'a quoted SYN begins one, but is not remembered',
      [there(1, 1, 0, SYN), quoting(there(1, 7, 0, SYN)), there(1, 1, 0, SYN), there(1, 7, 0, SYN)],
      [0, 1, 1, 2],
    ],
    [
      'eight quoted bytes of TCP have none',
      [quoting(there(1, 1, 0, SYN).slice(0, 28)), there(2, 1, 0, SYN)],
      [-1, 0],
    ],
    [
      'UDP has numbers of its own',
      [there(1, 1, 0, SYN), ip(A, B, 17, udp(5, 6)), ip(B, A, 17, udp(6, 5)), ip(A, B, 17, udp(5, 7))],
      [0, 0, 0, 1],
    ],
    [
      'a quoted datagram is in its stream',
      [ip(A, B, 17, udp(5, 6)), quoting(ip(A, B, 17, udp(5, 6)))],
      [0, 0],
    ],
  ])('%s', (_, packets, expected) => {
    expect(numbersOf(packets).map(([first = -1]) => first)).toEqual(expected);
  });

  it('go through a tunnel, outer first', () => {
    const frame = [...Array<number>(12).fill(2), 8, 0, ...ip(A, B, 17, udp(7, 7))];
    const tunnelled = ip(A, B, 17, udp(9, 4789, [8, 0, 0, 0, 0, 0, 5, 0, ...frame]));
    expect(numbersOf([tunnelled, ip(B, A, 17, udp(7, 7))])).toEqual([[0, 1], [1]]);
  });
});
