/**
 * Puts fragments together again (RFC 791 3.2, RFC 815) as Linux does since 4.20: fragments that contradict each other end their packet,
 * exact copies are ignored, and what is too old or too much is given up (net/ipv4/ip_fragment.c, net/ipv4/inet_fragment.c). Knows bytes
 * only: whoever owns it says what a fragment is to him, and hears what became of each.
 */
import type { Ipv4Address } from '../../../net/ipv4-address';
import {
  destinationAddress,
  dontFragment,
  fragmentOffset,
  headerLength,
  identification,
  IPV4_MAXIMUM_BYTES,
  moreFragments,
  protocol,
  setFragmentFields,
  sourceAddress,
  totalLength,
} from '../../../wire/ipv4';
import { congestionOf, wholeCongestion } from './fragment-congestion';

/** What one place of reassembly keeps at most. */
export interface ReassemblyLimits {
  /** ns from a packet's first fragment to arrive until the rest is given up. */
  readonly time: number;
  /** Bytes that fragments may occupy before fragments of further packets are refused. */
  readonly memory: number;
  /** Fragments of one source that may come between two of the same packet; 0 for any number. */
  readonly distance: number;
}

/** Why fragments are given up. */
export type ReassemblyFailure =
  | 'fragments-overlap'
  | 'fragment-repeated'
  /** Together longer than a packet can be. */
  | 'malformed'
  | 'reassembly-full'
  | 'reassembly-overtaken'
  | 'fragments-missing';

/** Fragments that will not become a packet. */
export interface Discarded<T> {
  readonly reason: ReassemblyFailure;
  readonly fragments: readonly T[];
}

export interface Reassembled {
  /** The whole packet behind what was in front of its first fragment. */
  readonly bytes: Uint8Array;
  /** IP length of the largest fragment: no link on the way carried more, as far as it shows. */
  readonly largestFragment: number;
}

export interface ReassemblyStep<T> {
  readonly whole?: Reassembled;
  readonly discarded?: Discarded<T>;
}

/** A packet whose time ran out. */
export interface ExpiredPacket<T> extends Discarded<T> {
  /** What came of the packet's beginning, for whoever tells the sender (RFC 792); undefined when it never came. */
  readonly first: T | undefined;
}

/** Bookkeeping beside the bytes of each fragment: struct sk_buff and struct skb_shared_info on a 64-bit machine. */
const FRAGMENT_OVERHEAD_BYTES = 576;

interface Piece<T> {
  readonly from: number;
  readonly to: number;
  readonly bytes: Uint8Array;
  readonly payloadAt: number;
  readonly fragment: T;
}

interface Source {
  fragments: number;
  packets: number;
}

interface Packet<T> {
  readonly key: string;
  readonly sourceAddress: Ipv4Address;
  readonly source: Source;
  /** In order of place, without overlap. */
  pieces: Piece<T>[];
  deadline: number;
  /** Bytes of payload as far as known, and whether that is all. */
  length: number;
  ended: boolean;
  held: number;
  memory: number;
  congestion: number;
  largest: number;
  largestUncuttable: number;
  /** How many fragments its source had sent when its latest one came. */
  seen: number;
}

export class Reassembly<T> {
  private readonly packets = new Map<string, Packet<T>>();
  private readonly sources = new Map<Ipv4Address, Source>();
  private memory = 0;

  constructor(private readonly limits: ReassemblyLimits) {}

  /** When the oldest packet's time runs out in ns; undefined when none waits. */
  get deadline(): number | undefined {
    for (const packet of this.packets.values()) {
      return packet.deadline;
    }
    return undefined;
  }

  /** Packets that wait for fragments. */
  get waiting(): number {
    return this.packets.size;
  }

  /**
   * Takes one fragment with a valid header.
   * @param at where its IP header begins in `bytes`, which must not change any more
   * @param fragment what to call it in what is discarded
   */
  add(bytes: Uint8Array, at: number, fragment: T, now: number): ReassemblyStep<T> {
    const key = keyOf(bytes, at);
    let packet = this.packets.get(key);
    if (packet === undefined) {
      if (this.memory > this.limits.memory) {
        return { discarded: { reason: 'reassembly-full', fragments: [fragment] } };
      }
      packet = this.open(key, sourceAddress(bytes, at), now);
    }
    const overtaken = this.isOvertaken(packet) ? this.restart(packet, now) : undefined;
    const refused = this.insert(packet, bytes, at, fragment);
    if (refused !== undefined) {
      return { discarded: refused };
    }
    const whole = packet.ended && packet.held === packet.length ? this.assemble(packet, at) : undefined;
    if (typeof whole === 'string') {
      return { discarded: this.giveUp(packet, whole) };
    }
    return { ...(whole && { whole }), ...(overtaken && { discarded: overtaken }) };
  }

  /** Gives up every packet whose time has run out by now. */
  expire(now: number): ExpiredPacket<T>[] {
    const expired: ExpiredPacket<T>[] = [];
    for (const packet of this.packets.values()) {
      if (packet.deadline > now) {
        break;
      }
      const [first] = packet.pieces;
      expired.push({
        ...this.giveUp(packet, 'fragments-missing'),
        first: first?.from === 0 ? first.fragment : undefined,
      });
    }
    return expired;
  }

  private open(key: string, address: Ipv4Address, now: number): Packet<T> {
    const source = this.sources.get(address) ?? { fragments: 0, packets: 0 };
    source.packets++;
    this.sources.set(address, source);
    const packet: Packet<T> = {
      key,
      sourceAddress: address,
      source,
      pieces: [],
      deadline: now + this.limits.time,
      length: 0,
      ended: false,
      held: 0,
      memory: 0,
      congestion: 0,
      largest: 0,
      largestUncuttable: 0,
      seen: source.fragments,
    };
    this.packets.set(key, packet);
    return packet;
  }

  /** Linux `ip_frag_too_far`: so many others since, that its identification may be another packet's by now. */
  private isOvertaken(packet: Packet<T>): boolean {
    const before = packet.seen;
    packet.seen = ++packet.source.fragments;
    const { distance } = this.limits;
    return distance > 0 && packet.pieces.length > 0 && packet.seen - before > distance;
  }

  private restart(packet: Packet<T>, now: number): Discarded<T> {
    const { seen } = packet;
    const discarded = this.giveUp(packet, 'reassembly-overtaken');
    this.packets.set(packet.key, packet);
    this.sources.set(packet.sourceAddress, packet.source);
    packet.source.packets++;
    Object.assign(packet, {
      pieces: [],
      deadline: now + this.limits.time,
      length: 0,
      ended: false,
      held: 0,
      memory: 0,
      congestion: 0,
      largest: 0,
      largestUncuttable: 0,
      seen,
    });
    return discarded;
  }

  /** Linux `ip_frag_queue`: keeps the fragment, or gives up it or the packet. */
  private insert(packet: Packet<T>, bytes: Uint8Array, at: number, fragment: T): Discarded<T> | undefined {
    const payloadAt = at + headerLength(bytes, at);
    const from = fragmentOffset(bytes, at);
    const last = !moreFragments(bytes, at);
    const size = at + totalLength(bytes, at) - payloadAt;
    // Only the last fragment may end between two multiples of eight.
    const to = from + (last ? size : size & ~7);
    const contradictsEnd = last
      ? to < packet.length || (packet.ended && to !== packet.length)
      : packet.ended && to > packet.length;
    const place = this.placeOf(packet, from, to);
    if (place === 'duplicate' && !contradictsEnd && to > from) {
      return { reason: 'fragment-repeated', fragments: [fragment] };
    }
    if (contradictsEnd || to === from || typeof place === 'string') {
      const { reason, fragments } = this.giveUp(packet, 'fragments-overlap');
      return { reason, fragments: [...fragments, fragment] };
    }
    packet.pieces.splice(place, 0, { from, to, bytes, payloadAt, fragment });
    packet.length = Math.max(packet.length, to);
    packet.ended ||= last;
    packet.held += to - from;
    packet.congestion |= congestionOf(bytes, at);
    const length = totalLength(bytes, at);
    packet.largest = Math.max(packet.largest, length);
    if (dontFragment(bytes, at)) {
      packet.largestUncuttable = Math.max(packet.largestUncuttable, length);
    }
    const memory = bytes.length + FRAGMENT_OVERHEAD_BYTES;
    packet.memory += memory;
    this.memory += memory;
    return undefined;
  }

  /** Where among the pieces the range belongs, if it is free. Linux joins pieces that touch into runs: a copy is what lies within a run. */
  private placeOf(packet: Packet<T>, from: number, to: number): number | 'duplicate' | 'overlap' {
    const { pieces } = packet;
    // Fragments mostly come in order.
    const latest = pieces.at(-1);
    if (latest === undefined || from >= latest.to) {
      return pieces.length;
    }
    const place = pieces.findIndex(piece => piece.to > from);
    const next = pieces[place];
    if (next === undefined || to <= next.from) {
      return place;
    }
    if (from < next.from) {
      return 'overlap';
    }
    let runEnd = next.to;
    for (let index = place + 1; pieces[index]?.from === runEnd; index++) {
      runEnd = pieces[index]?.to ?? runEnd;
    }
    return to <= runEnd ? 'duplicate' : 'overlap';
  }

  /** Linux `ip_frag_reasm`. */
  private assemble(packet: Packet<T>, at: number): Reassembled | ReassemblyFailure {
    const [first] = packet.pieces;
    const congestion = wholeCongestion(packet.congestion);
    if (first === undefined || congestion === undefined) {
      return 'fragments-overlap';
    }
    const header = first.payloadAt - at;
    if (header + packet.length > IPV4_MAXIMUM_BYTES) {
      return 'malformed';
    }
    const bytes = new Uint8Array(first.payloadAt + packet.length);
    bytes.set(first.bytes.subarray(0, first.payloadAt));
    for (const piece of packet.pieces) {
      const length = piece.to - piece.from;
      bytes.set(
        piece.bytes.subarray(piece.payloadAt, piece.payloadAt + length),
        first.payloadAt + piece.from,
      );
    }
    bytes[at + 1] = (bytes[at + 1] ?? 0) | congestion;
    setFragmentFields(bytes, at, {
      totalLength: header + packet.length,
      // A packet whose largest fragment may not be cut is one whose sender looks for the path's MTU (IPSKB_FRAG_PMTU).
      dontFragment: packet.largestUncuttable === packet.largest,
      moreFragments: false,
      fragmentOffset: 0,
    });
    this.forget(packet);
    return { bytes, largestFragment: packet.largest };
  }

  private giveUp(packet: Packet<T>, reason: ReassemblyFailure): Discarded<T> {
    this.forget(packet);
    return { reason, fragments: packet.pieces.map(({ fragment }) => fragment) };
  }

  private forget(packet: Packet<T>): void {
    this.packets.delete(packet.key);
    this.memory -= packet.memory;
    if (--packet.source.packets === 0) {
      this.sources.delete(packet.sourceAddress);
    }
  }
}

/** What fragments of one packet share (RFC 791 3.2). */
function keyOf(bytes: Uint8Array, at: number): string {
  const ends = `${sourceAddress(bytes, at)} ${destinationAddress(bytes, at)}`;
  return `${ends} ${protocol(bytes, at)} ${identification(bytes, at)}`;
}
