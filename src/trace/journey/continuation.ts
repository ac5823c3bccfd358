/**
 * Whether a frame is the same packet as the one that caused it, passed on, rewritten, wrapped or in part: or something new, such as an
 * answer. Told by the bytes alone, since a device may do anything.
 */
import type { PacketField } from '../dissect/packet-field';

export interface SeenFrame {
  readonly bytes: Uint8Array;
  readonly layers: readonly PacketField[];
}

/** Bytes that must be found in the other frame for one to carry the other: fewer could be there by chance. */
const FEWEST_CARRIED = 8;

/** Types of ICMP (RFC 792) and ICMPv6 (RFC 4443) messages that quote the packet they are about: none carries it. */
const QUOTING: Readonly<Record<string, readonly string[]>> = {
  icmp: ['3', '4', '5', '11', '12'],
  icmpv6: ['1', '2', '3', '4', '137'],
};

/** Whether `after`, which `before` caused, is the packet of `before` on its next hop. */
export function continues(before: SeenFrame, after: SeenFrame): boolean {
  // An announcement has its sender at both ends, and is no answer to itself.
  if (sameBytes(before.bytes, after.bytes)) {
    return true;
  }
  if (isAnswer(before, after)) {
    return false;
  }
  const from = essence(before);
  const to = essence(after);
  if (from.kind === to.kind && from.header === to.header && sameBytes(from.rest, to.rest)) {
    return true;
  }
  if (from.quotes || to.quotes) {
    return from.quotes && to.quotes && from.header === to.header && from.rest.length === to.rest.length;
  }
  return (
    (to.kind !== from.kind || from.header === '' || to.header === '') &&
    (carries(after.bytes, from.rest) || carries(before.bytes, to.rest))
  );
}

/** What of a packet no router and no NAT changes. */
interface Essence {
  /** The protocol above IP, or above Ethernet where there is no IP. */
  readonly kind: string;
  readonly header: string;
  readonly rest: Uint8Array;
  readonly quotes: boolean;
}

function essence({ bytes, layers }: SeenFrame): Essence {
  const at = layers.findLastIndex(({ name }) => ['ip', 'ipv6', 'arp', 'llc', 'stp'].includes(name));
  const top = at < 0 ? layers.at(-1) : (layers[at + 1] ?? layers[at]);
  if (top === undefined) {
    return { kind: '', header: '', rest: bytes, quotes: false };
  }
  const value = (name: string): string => valueOf(top, name) ?? '';
  const behind = bytes.subarray(top.start + top.length);
  switch (top.name) {
    case 'tcp':
      return { kind: 'tcp', header: value('tcp.flags'), rest: behind, quotes: false };
    case 'udp':
      return { kind: 'udp', header: value('udp.length'), rest: behind, quotes: false };
    case 'icmp':
    case 'icmpv6': {
      const type = value(`${top.name}.type`);
      const quotes = QUOTING[top.name]?.includes(type) ?? false;
      const header = `${type}/${value(`${top.name}.code`)}/${value('icmp.seq')}`;
      return { kind: top.name, header, rest: bytes.subarray(top.start + 8), quotes };
    }
    default:
      return { kind: top.name, header: '', rest: bytes.subarray(top.start), quotes: false };
  }
}

/** Whether it goes back to where the other came from. */
function isAnswer(before: SeenFrame, after: SeenFrame): boolean {
  const [source] = ends(before);
  const [, destination] = ends(after);
  return source !== undefined && source === destination;
}

function ends({ layers }: SeenFrame): readonly [source: string | undefined, destination: string | undefined] {
  const layer = layers.findLast(({ name }) => name === 'ip' || name === 'ipv6' || name === 'arp');
  switch (layer?.name) {
    case 'ip':
      return [valueOf(layer, 'ip.src'), valueOf(layer, 'ip.dst')];
    case 'ipv6':
      return [valueOf(layer, 'ipv6.src'), valueOf(layer, 'ipv6.dst')];
    case 'arp':
      return [valueOf(layer, 'arp.src.proto_ipv4'), valueOf(layer, 'arp.dst.proto_ipv4')];
    default:
      return [undefined, undefined];
  }
}

/** The value of the first field of this name within a layer. */
export function valueOf(layer: PacketField, name: string): string | undefined {
  if (layer.name === name && layer.value !== undefined) {
    return layer.value;
  }
  for (const child of layer.children ?? []) {
    const value = valueOf(child, name);
    if (value !== undefined) {
      return value;
    }
  }
  return undefined;
}

export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

/** Whether the bytes hold this part. */
export function carries(bytes: Uint8Array, part: Uint8Array): boolean {
  if (part.length < FEWEST_CARRIED) {
    return false;
  }
  const first = part[0];
  for (let at = bytes.indexOf(first ?? 0); at >= 0; at = bytes.indexOf(first ?? 0, at + 1)) {
    if (at + part.length > bytes.length) {
      return false;
    }
    if (sameBytes(bytes.subarray(at, at + part.length), part)) {
      return true;
    }
  }
  return false;
}
