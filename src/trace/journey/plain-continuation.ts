/** What continuation.ts says of two frames, without dissecting them, where both are plain: by far the most. */
import { readUint16 } from '../../wire/bytes';
import { tcpHeaderLength } from '../../wire/tcp';
import { UDP_HEADER_BYTES } from '../../wire/udp';
import type { PlainFrame } from '../filter/plain-frame';
import { carries, sameBytes } from './continuation';

/** Whether `after`, which `before` caused, is the packet of `before` on its next hop. */
export function continuesPlainly(before: PlainFrame, after: PlainFrame): boolean {
  if (sameBytes(before.bytes, after.bytes)) {
    return true;
  }
  if (isAnswer(before, after)) {
    return false;
  }
  const from = restOf(before);
  const to = restOf(after);
  if (before.transport === after.transport) {
    if (before.transport === undefined || headerOf(before) !== headerOf(after)) {
      return before.transport === undefined && (sameBytes(from, to) || holds(before, after, from, to));
    }
    return sameBytes(from, to);
  }
  return holds(before, after, from, to);
}

function holds(before: PlainFrame, after: PlainFrame, from: Uint8Array, to: Uint8Array): boolean {
  return carries(after.bytes, from) || carries(before.bytes, to);
}

/** What no router and no NAT changes of a transport header, as one number. */
function headerOf({ bytes, transport, transportAt: at }: PlainFrame): number {
  switch (transport) {
    case 'tcp':
      return readUint16(bytes, at + 12) & 0x0fff;
    case 'udp':
      return readUint16(bytes, at + 4);
    case 'icmp':
      return readUint16(bytes, at) * 0x10000 + (hasSequence(bytes[at] ?? 0) ? readUint16(bytes, at + 6) : 0);
    case 'icmpv6':
      return readUint16(bytes, at);
    case undefined:
      return 0;
  }
}

/** Types of ICMP whose messages are counted (RFC 792, RFC 950). */
function hasSequence(type: number): boolean {
  return type === 0 || type === 8 || (type >= 13 && type <= 18);
}

/** What lies behind it, up to the end of the frame. */
function restOf({ bytes, transport, transportAt, networkAt }: PlainFrame): Uint8Array {
  switch (transport) {
    case 'tcp':
      return bytes.subarray(transportAt + tcpHeaderLength(bytes, transportAt));
    case 'udp':
    case 'icmp':
    case 'icmpv6':
      return bytes.subarray(transportAt + UDP_HEADER_BYTES);
    case undefined:
      return bytes.subarray(networkAt);
  }
}

/** Where source and destination lie, from the start of the layer. */
const ENDS = {
  arp: { source: 14, destination: 24, length: 4 },
  ip: { source: 12, destination: 16, length: 4 },
  ipv6: { source: 8, destination: 24, length: 16 },
} as const;

/** Whether it goes back to where the other came from. */
function isAnswer(before: PlainFrame, after: PlainFrame): boolean {
  const one = ENDS[before.network];
  const other = ENDS[after.network];
  if (one.length !== other.length) {
    return false;
  }
  for (let i = 0; i < one.length; i++) {
    const from = before.bytes[before.networkAt + one.source + i];
    if (from !== after.bytes[after.networkAt + other.destination + i]) {
      return false;
    }
  }
  return true;
}
