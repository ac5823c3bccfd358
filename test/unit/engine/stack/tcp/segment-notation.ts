/** Segments in packetdrill's notation: read for what a test sends, and written for what it got. */
import { writeTcp, tcpHeaderLength } from '../../../../../src/wire/tcp';
import type { Ipv4Address } from '../../../../../src/net/ipv4-address';
import { pattern, long, word } from '../../packets';

/** What relative numbers count from: each side's first sequence number, and our TSval at the first segment. */
export interface Numbers {
  own: number | undefined;
  readonly peer: number;
  ownClock: number | undefined;
}

export interface NotedSegment {
  readonly flags: number;
  readonly sequence: number;
  readonly acknowledgment: number;
  readonly window: number;
  readonly options: Uint8Array;
  readonly data: Uint8Array;
}

const FLAGS: readonly (readonly [string, number])[] = [
  ['F', 1],
  ['S', 2],
  ['R', 4],
  ['P', 8],
  ['.', 16],
  ['U', 32],
  ['E', 64],
  ['W', 128],
];

const LINE = /^([FSRPUEW.]*) ?(-?\d+):(-?\d+)\((\d+)\)(?: ack (-?\d+))?(?: win (\d+))?(?: <(.*)>)?\s*$/;

/** Reads a line of the peer: its sequence numbers count from its own first, acknowledgments and SACK from ours. */
export function readLine(line: string, numbers: Numbers): NotedSegment {
  const parts = LINE.exec(line);
  if (parts === null) {
    throw new Error(`not a segment: ${line}`);
  }
  const [, flags = '', start, , length, ack, win, options = ''] = parts;
  const bits = FLAGS.reduce((sum, [letter, bit]) => sum + (flags.includes(letter) ? bit : 0), 0);
  const own = numbers.own ?? 0;
  return {
    flags: bits,
    sequence: (numbers.peer + Number(start)) >>> 0,
    acknowledgment: ack === undefined ? 0 : (own + Number(ack)) >>> 0,
    window: Number(win ?? 0),
    options: optionBytes(options, own, numbers.ownClock ?? 0),
    data: pattern(Number(length)),
  };
}

export function wireBytes(
  { options, data, ...fields }: NotedSegment,
  sourcePort: number,
  destinationPort: number,
  source: Ipv4Address,
  destination: Ipv4Address,
): Uint8Array {
  const bytes = new Uint8Array(20 + options.length + data.length);
  bytes.set(data, 20 + options.length);
  writeTcp(bytes, 0, source, destination, { sourcePort, destinationPort, options, ...fields }, data.length);
  return bytes;
}

/** `TS 100 0`: our echo counts from our clock's first value, and 0 stays 0. */
function optionBytes(text: string, own: number, ownClock: number): Uint8Array {
  const bytes: number[] = [];
  const quad = (value: number) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
  for (const option of text.split(',').filter(Boolean)) {
    const [name, ...values] = option.trim().split(/[ :]/);
    const numbers = values.map(Number);
    switch (name) {
      case 'mss':
        bytes.push(2, 4, numbers[0]! >>> 8, numbers[0]! & 255);
        break;
      case 'sackOK':
        bytes.push(4, 2);
        break;
      case 'nop':
        bytes.push(1);
        break;
      case 'wscale':
        bytes.push(3, 3, numbers[0]!);
        break;
      case 'TS':
        bytes.push(8, 10, ...quad(numbers[0]!), ...quad((ownClock + numbers[1]!) >>> 0));
        break;
      case 'sack':
        bytes.push(5, 2 + 4 * numbers.length, ...numbers.flatMap(value => quad((own + value) >>> 0)));
        break;
      default:
        throw new Error(`not an option: ${option}`);
    }
  }
  while (bytes.length % 4 !== 0) {
    bytes.push(bytes.length % 4 === 0 ? 0 : 1);
  }
  return Uint8Array.from(bytes);
}

/** Writes a segment of ours; the first one sets what its numbers count from. TSval counts from its first value, TSecr is the peer's. */
export function segmentLine(bytes: Uint8Array, numbers: Numbers): string {
  const flags = bytes[13]!;
  const sequence = long(bytes, 4);
  // A RST in answer to a SYN has no sequence number of its own.
  numbers.own ??= flags === 0x14 ? undefined : sequence;
  const start = numbers.own === undefined ? sequence : (sequence - numbers.own) | 0;
  const header = tcpHeaderLength(bytes, 0);
  const length = bytes.length - header;
  const letters = FLAGS.map(([letter, bit]) => ((flags & bit) === 0 ? '' : letter)).join('');
  const acknowledgment = (flags & 16) === 0 ? '' : ` ack ${(long(bytes, 8) - numbers.peer) | 0}`;
  const options = optionText(bytes.subarray(20, header), numbers);
  return `${letters} ${start}:${start + length}(${length})${acknowledgment} win ${word(bytes, 14)}${options}`;
}

function optionText(bytes: Uint8Array, numbers: Numbers): string {
  const texts: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const kind = bytes[at]!;
    const length = kind < 2 ? 1 : bytes[at + 1]!;
    switch (kind) {
      case 1:
        texts.push('nop');
        break;
      case 2:
        texts.push(`mss ${word(bytes, at + 2)}`);
        break;
      case 3:
        texts.push(`wscale ${bytes[at + 2]!}`);
        break;
      case 4:
        texts.push('sackOK');
        break;
      case 5: {
        const blocks = [];
        for (let block = at + 2; block < at + length; block += 8) {
          blocks.push(
            `${(long(bytes, block) - numbers.peer) | 0}:${(long(bytes, block + 4) - numbers.peer) | 0}`,
          );
        }
        texts.push(`sack ${blocks.join(' ')}`);
        break;
      }
      case 8: {
        const value = long(bytes, at + 2);
        numbers.ownClock ??= value;
        texts.push(`TS ${(value - numbers.ownClock) | 0} ${long(bytes, at + 6)}`);
        break;
      }
      default:
        texts.push(`option ${kind}`);
    }
    at += Math.max(1, length);
  }
  return texts.length === 0 ? '' : ` <${texts.join(',')}>`;
}
