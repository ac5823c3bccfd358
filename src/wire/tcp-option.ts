/** The options of a TCP header (RFC 9293 3.2). */
import { readUint16, readUint32 } from './bytes';
import { TCP_HEADER_BYTES, tcpHeaderLength } from './tcp';

/** IANA TCP option kinds. */
export const TCP_OPTION = {
  end: 0,
  noOperation: 1,
  maximumSegmentSize: 2,
  /** RFC 7323 2.2 */
  windowScale: 3,
  /** RFC 2018 2 */
  sackPermitted: 4,
  /** RFC 2018 3 */
  sack: 5,
  /** RFC 7323 3.2 */
  timestamps: 8,
} as const;

export type TcpOption =
  | { readonly kind: 'end' | 'no-operation' | 'sack-permitted' }
  | { readonly kind: 'maximum-segment-size'; readonly size: number }
  | { readonly kind: 'window-scale'; readonly shift: number }
  | { readonly kind: 'sack'; readonly blocks: readonly { readonly left: number; readonly right: number }[] }
  | { readonly kind: 'timestamps'; readonly value: number; readonly echo: number }
  | { readonly kind: 'other'; readonly number: number };

/** An option with where it lies. */
export interface TcpOptionAt {
  readonly option: TcpOption;
  /** Position of its kind byte. */
  readonly at: number;
  /** Kind, length and data, bytes. */
  readonly length: number;
}

/** The options of the header at `at`, up to the end of `b`; stops before an option that does not fit, and after an end of list. */
export function* tcpOptions(b: Uint8Array, at: number): Generator<TcpOptionAt> {
  const end = Math.min(at + tcpHeaderLength(b, at), b.length);
  let i = at + TCP_HEADER_BYTES;
  while (i < end) {
    const number = b[i] ?? 0;
    if (number === TCP_OPTION.end || number === TCP_OPTION.noOperation) {
      yield { option: { kind: number === TCP_OPTION.end ? 'end' : 'no-operation' }, at: i, length: 1 };
      if (number === TCP_OPTION.end) {
        return;
      }
      i += 1;
      continue;
    }
    const length = i + 1 < end ? (b[i + 1] ?? 0) : 0;
    if (length < 2 || i + length > end) {
      return;
    }
    yield { option: readOption(b, i, number, length), at: i, length };
    i += length;
  }
}

function readOption(b: Uint8Array, at: number, number: number, length: number): TcpOption {
  if (number === TCP_OPTION.maximumSegmentSize && length === 4) {
    return { kind: 'maximum-segment-size', size: readUint16(b, at + 2) };
  }
  if (number === TCP_OPTION.windowScale && length === 3) {
    return { kind: 'window-scale', shift: b[at + 2] ?? 0 };
  }
  if (number === TCP_OPTION.sackPermitted && length === 2) {
    return { kind: 'sack-permitted' };
  }
  if (number === TCP_OPTION.timestamps && length === 10) {
    return { kind: 'timestamps', value: readUint32(b, at + 2), echo: readUint32(b, at + 6) };
  }
  if (number === TCP_OPTION.sack && length >= 10 && (length - 2) % 8 === 0) {
    const blocks = [];
    for (let i = at + 2; i < at + length; i += 8) {
      blocks.push({ left: readUint32(b, i), right: readUint32(b, i + 4) });
    }
    return { kind: 'sack', blocks };
  }
  return { kind: 'other', number };
}
