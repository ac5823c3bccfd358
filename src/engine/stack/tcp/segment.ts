/** A TCP segment as a value, read from bytes and written to them; options in the places where Linux puts them (tcp_options_write). */
import { writeUint16, writeUint32 } from '../../../wire/bytes';
import {
  TCP_FLAG,
  TCP_HEADER_BYTES,
  tcpAcknowledgment,
  tcpDestinationPort,
  tcpFlags,
  tcpHeaderLength,
  tcpSequence,
  tcpSourcePort,
  tcpWindow,
} from '../../../wire/tcp';
import { TCP_OPTION, tcpOptions } from '../../../wire/tcp-option';

/** Received data from `left` up to but not including `right` (RFC 2018 3). */
export interface SackBlock {
  readonly left: number;
  readonly right: number;
}

export interface Segment {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly acknowledgment: number;
  /** TCP_FLAG bits. */
  readonly flags: number;
  /** As written, before scaling. */
  readonly window: number;
  readonly maximumSegmentSize?: number;
  /** 0 to 255 as written; more than 14 counts as 14 (RFC 7323 2.3). */
  readonly windowScale?: number;
  readonly sackPermitted?: boolean;
  readonly timestamps?: { readonly value: number; readonly echo: number };
  readonly sackBlocks?: readonly SackBlock[];
  /** A view that must not be kept. */
  readonly data: Uint8Array;
}

/** Bytes of all options of one header at most: the data offset has four bits. */
export const OPTION_BYTES = 40;

/** Timestamps with the two paddings in front of them. */
export const TIMESTAMP_BYTES = 12;

/** The sequence numbers that a segment takes: its data, SYN and FIN (RFC 9293 3.4). */
export function sequenceLength(segment: Pick<Segment, 'flags' | 'data'>): number {
  const { flags, data } = segment;
  return data.length + ((flags & TCP_FLAG.syn) === 0 ? 0 : 1) + ((flags & TCP_FLAG.fin) === 0 ? 0 : 1);
}

/** The segment in `length` bytes that `checkTcp` found right. Options of a wrong length are passed over (RFC 9293 3.1). */
export function readSegment(b: Uint8Array, at: number, length: number): Segment {
  const header = tcpHeaderLength(b, at);
  let segment: Segment = {
    sourcePort: tcpSourcePort(b, at),
    destinationPort: tcpDestinationPort(b, at),
    sequence: tcpSequence(b, at),
    acknowledgment: tcpAcknowledgment(b, at),
    flags: tcpFlags(b, at),
    window: tcpWindow(b, at),
    data: b.subarray(at + header, at + length),
  };
  if (header === TCP_HEADER_BYTES) {
    return segment;
  }
  for (const { option } of tcpOptions(b, at)) {
    switch (option.kind) {
      case 'maximum-segment-size':
        segment = { ...segment, maximumSegmentSize: option.size };
        break;
      case 'window-scale':
        segment = { ...segment, windowScale: option.shift };
        break;
      case 'sack-permitted':
        segment = { ...segment, sackPermitted: true };
        break;
      case 'timestamps':
        segment = { ...segment, timestamps: { value: option.value, echo: option.echo } };
        break;
      case 'sack':
        segment = { ...segment, sackBlocks: option.blocks };
        break;
      case 'end':
      case 'no-operation':
      case 'other':
        break;
    }
  }
  return segment;
}

/** Bytes of the options of a segment. */
export function optionLength(segment: Segment): number {
  const blocks = segment.sackBlocks?.length ?? 0;
  const permittedAlone = segment.sackPermitted === true && segment.timestamps === undefined;
  return (
    (segment.maximumSegmentSize === undefined ? 0 : 4) +
    (segment.timestamps === undefined ? 0 : TIMESTAMP_BYTES) +
    (permittedAlone ? 4 : 0) +
    (segment.windowScale === undefined ? 0 : 4) +
    (blocks === 0 ? 0 : 4 + 8 * blocks)
  );
}

/** Writes the options and returns the position behind them. */
export function writeOptions(b: Uint8Array, start: number, segment: Segment): number {
  const { maximumSegmentSize, timestamps, windowScale, sackBlocks = [] } = segment;
  let at = start;
  if (maximumSegmentSize !== undefined) {
    b[at] = TCP_OPTION.maximumSegmentSize;
    b[at + 1] = 4;
    writeUint16(b, at + 2, maximumSegmentSize);
    at += 4;
  }
  if (timestamps !== undefined || segment.sackPermitted === true) {
    // SACK permitted takes the place of the two bytes of padding.
    b[at] = segment.sackPermitted === true && timestamps !== undefined ? TCP_OPTION.sackPermitted : 1;
    b[at + 1] = segment.sackPermitted === true && timestamps !== undefined ? 2 : 1;
    if (timestamps === undefined) {
      b[at + 2] = TCP_OPTION.sackPermitted;
      b[at + 3] = 2;
      at += 4;
    } else {
      b[at + 2] = TCP_OPTION.timestamps;
      b[at + 3] = 10;
      writeUint32(b, at + 4, timestamps.value);
      writeUint32(b, at + 8, timestamps.echo);
      at += TIMESTAMP_BYTES;
    }
  }
  if (windowScale !== undefined) {
    b[at] = TCP_OPTION.noOperation;
    b[at + 1] = TCP_OPTION.windowScale;
    b[at + 2] = 3;
    b[at + 3] = windowScale;
    at += 4;
  }
  if (sackBlocks.length > 0) {
    b[at] = TCP_OPTION.noOperation;
    b[at + 1] = TCP_OPTION.noOperation;
    b[at + 2] = TCP_OPTION.sack;
    b[at + 3] = 2 + 8 * sackBlocks.length;
    at += 4;
    for (const { left, right } of sackBlocks) {
      writeUint32(b, at, left);
      writeUint32(b, at + 4, right);
      at += 8;
    }
  }
  return at;
}
