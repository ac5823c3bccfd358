/** `vnet dissect CAPTURE`: reads a capture file with the extension's own dissector, and says what Wireshark would. */
import { readFileSync, statSync } from 'node:fs';
import { dissect as dissectPacket } from '../trace/dissect/dissect';
import { packetJson, seconds, type NumberedPacket } from '../trace/dissect/packet-json';
import { compileFilter, type DisplayFilter } from '../trace/filter/filter';
import {
  readCapture,
  type CapturedPacket,
  type CaptureFile,
  type CaptureInterface,
} from '../trace/pcap-reader';
import { StreamIndex, type NumberedFlow } from '../trace/streams/stream-index';
import { UsageError, type CommandIo, type ExitStatus } from './command-io';
import { systemProblem } from './system-problem';

export const FORMATS = ['text', 'json'] as const;

export interface DissectOptions {
  /** A display filter. */
  readonly filter?: string;
  readonly format: (typeof FORMATS)[number];
}

/** Larger files are not read into memory: 1 GiB. */
const MOST_BYTES = 2 ** 30;

/** Lines or objects written at once. */
const AT_ONCE = 1000;

/** Widths of the columns as tshark has them. */
const WIDTH = { number: 5, time: 10, address: 12 } as const;

const PROBLEMS: Record<NonNullable<CaptureFile['problem']>, string> = {
  'not-a-capture': 'this is neither a pcap nor a pcapng file',
  truncated: 'the file ends in the middle of a packet',
  'bad-block': 'a block does not fit the format',
  'too-many-packets': 'the file has more packets than are read',
};

export function dissect(path: string, { format, filter }: DissectOptions, io: CommandIo): ExitStatus {
  const passes = filter === undefined ? undefined : readFilter(filter);
  const capture = readCapture(readFile(path));
  if (capture.problem === 'not-a-capture') {
    throw new UsageError(`${path}: ${PROBLEMS[capture.problem]}`);
  }
  switch (format) {
    case 'json':
      writeJson(capture, passes, io);
      break;
    case 'text':
      writeText(capture, passes, io);
      break;
  }
  if (capture.problem === undefined) {
    return 0;
  }
  io.error(`vnet: ${path}: ${PROBLEMS[capture.problem]}; ${capture.packets.length} packets were read\n`);
  return 1;
}

function readFile(path: string): Uint8Array {
  try {
    const { size } = statSync(path);
    if (size > MOST_BYTES) {
      throw new UsageError(`${path}: larger than ${MOST_BYTES / 2 ** 20} MiB`);
    }
    return readFileSync(path);
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(`${path}: ${systemProblem(error)}`);
  }
}

/** Wrong use where the filter can't be read, with a mark below the place. */
function readFilter(text: string): DisplayFilter {
  const filter = compileFilter(text);
  if ('problem' in filter) {
    const { message, at, length } = filter.problem;
    throw new UsageError(
      `-Y: ${message}\n    ${text}\n    ${' '.repeat(at)}${'^'.repeat(Math.max(1, length))}`,
    );
  }
  return filter;
}

/** The packets that pass, with the numbers they have in the file. */
function* numbered(
  { format, packets, interfaces }: CaptureFile,
  filter: DisplayFilter | undefined,
): Generator<NumberedPacket> {
  const first = packets[0]?.time ?? 0n;
  let previous = first;
  const streams = filter?.needsStreams === true ? new StreamIndex() : undefined;
  for (const [index, packet] of packets.entries()) {
    const from = interfaces[packet.interface];
    streams?.add(index, packet.bytes, from?.linkType);
    const flows = streams?.streamsOf(index, packet.bytes, from?.linkType);
    if (from !== undefined && passes(filter, packet, from, index + 1, flows)) {
      const times = { sincePrevious: packet.time - previous, sinceFirst: packet.time - first };
      yield { number: index + 1, packet, from, numbersInterfaces: format === 'pcapng', ...times };
    }
    previous = packet.time;
  }
}

function passes(
  filter: DisplayFilter | undefined,
  { bytes, comments }: CapturedPacket,
  { name, linkType }: CaptureInterface,
  number: number,
  flows: readonly NumberedFlow[] = [],
): boolean {
  if (filter === undefined) {
    return true;
  }
  const { layers } = dissectPacket(bytes, linkType);
  const comment = comments.length === 0 ? undefined : comments.join('\n');
  return filter.matches({ bytes, layers, number, interfaceName: name, comment, flows });
}

function writeText(capture: CaptureFile, filter: DisplayFilter | undefined, io: CommandIo): void {
  // As tshark: nanoseconds only where the file has them.
  const digits = capture.packets.some(({ time }) => time % 1000n !== 0n) ? 9 : 6;
  let lines: string[] = [];
  for (const packet of numbered(capture, filter)) {
    lines.push(`${textLine(packet, digits)}\n`);
    if (lines.length === AT_ONCE) {
      io.out(lines.join(''));
      lines = [];
    }
  }
  io.out(lines.join(''));
}

function textLine({ number, packet, from, sinceFirst }: NumberedPacket, digits: number): string {
  const { source, destination, protocol, info } = dissectPacket(packet.bytes, from.linkType).columns;
  const time = seconds(sinceFirst);
  return [
    String(number).padStart(WIDTH.number),
    time.slice(0, time.length - 9 + digits).padStart(WIDTH.time),
    source.padStart(WIDTH.address),
    '→',
    destination.padEnd(WIDTH.address),
    protocol,
    packet.originalLength,
    info,
  ]
    .join(' ')
    .trimEnd();
}

function writeJson(capture: CaptureFile, filter: DisplayFilter | undefined, io: CommandIo): void {
  let separator = '[\n';
  for (const packet of numbered(capture, filter)) {
    io.out(`${separator}${indented(JSON.stringify(packetJson(packet), undefined, 2))}`);
    separator = ',\n';
  }
  io.out(separator === '[\n' ? '[]\n' : '\n]\n');
}

function indented(text: string): string {
  return `  ${text.replaceAll('\n', '\n  ')}`;
}
