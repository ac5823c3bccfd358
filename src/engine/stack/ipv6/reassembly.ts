/** Puts fragments together (RFC 8200 4.5). Overlapping ones end the whole packet (RFC 5722), atomic ones never wait (RFC 6946). */
import { ETHERNET_HEADER_BYTES } from '../../../wire/ethernet';
import { PARAMETER_PROBLEM_CODE } from '../../../wire/icmpv6';
import { writeUint16 } from '../../../wire/bytes';
import {
  IPV6_HEADER_BYTES,
  IPV6_MAXIMUM_PAYLOAD,
  ipv6Destination,
  ipv6PayloadLength,
  ipv6Source,
} from '../../../wire/ipv6';
import {
  FRAGMENT_HEADER_BYTES,
  fragmentIdentification,
  ipv6FragmentOffset,
  ipv6MoreFragments,
} from '../../../wire/ipv6-extension';
import type { Frame } from '../../kernel/frame';
import type { Simulator } from '../../kernel/simulator';
import { Timer, type TimerOwner } from '../../kernel/timer';
import type { NetworkInterface } from '../network-interface';
import type { CutPlace } from './fragmentation';
import { LINUX_IPV6 } from './linux-ipv6-policy';

/** Where the IPv6 header of a frame begins. */
const IP_AT = ETHERNET_HEADER_BYTES;

/** How a packet was cut: where, and into fragments of at most so many bytes, IPv6 header included. */
export interface CutPacket extends CutPlace {
  readonly largest: number;
}

export type ReassemblyOutcome =
  /** The whole packet, as a frame without the fragment header. */
  | { readonly kind: 'whole'; readonly bytes: Uint8Array; readonly cut: CutPacket }
  /** The fragment is kept, or it was there already. */
  | { readonly kind: 'kept' }
  | { readonly kind: 'repeated' }
  | { readonly kind: 'overlap' }
  | { readonly kind: 'no-room' }
  /** A fragment that breaks the rules: code and pointer of a parameter problem. */
  | { readonly kind: 'problem'; readonly code: number; readonly pointer: number };

/** Hears of packets whose fragments did not all come in time. */
export interface ReassemblyListener {
  /**
   * @param frames the fragments that waited
   * @param first the one with the beginning of the packet, if it came
   */
  incomplete(frames: readonly Frame[], first: Frame | undefined, on: NetworkInterface): void;
}

interface Piece {
  readonly frame: Frame;
  /** Where its part begins in the frame, and in the whole. */
  readonly at: number;
  readonly offset: number;
  readonly length: number;
}

interface PartialPacket {
  /** Source, destination and identification. */
  readonly key: string;
  readonly on: NetworkInterface;
  readonly deadline: number;
  /** By offset. */
  pieces: readonly Piece[];
  /** Length of the whole fragmentable part, once the last fragment came. */
  total: number | undefined;
  /** Where the fragment header of the first fragment is, and the field that names it. */
  firstAt: number;
  firstNamedAt: number;
}

export class Ipv6Reassembly implements TimerOwner {
  /** Oldest first. */
  private readonly packets = new Map<string, PartialPacket>();
  private bytes = 0;
  private readonly timer: Timer;

  constructor(
    private readonly simulator: Simulator,
    private readonly listener: ReassemblyListener,
  ) {
    this.timer = new Timer(simulator, this);
  }

  /** Takes a fragment whose fragment header is at `at`, named by the field at `namedAt`. */
  add(frame: Frame, at: number, namedAt: number, on: NetworkInterface): ReassemblyOutcome {
    const { bytes } = frame;
    const offset = ipv6FragmentOffset(bytes, at);
    const more = ipv6MoreFragments(bytes, at);
    const partAt = at + FRAGMENT_HEADER_BYTES;
    const length = IP_AT + IPV6_HEADER_BYTES + ipv6PayloadLength(bytes, IP_AT) - partAt;
    if (more && length % 8 !== 0) {
      return { kind: 'problem', code: PARAMETER_PROBLEM_CODE.erroneousField, pointer: 4 };
    }
    const headers = at - IP_AT - IPV6_HEADER_BYTES;
    if (headers + offset + length > IPV6_MAXIMUM_PAYLOAD) {
      return { kind: 'problem', code: PARAMETER_PROBLEM_CODE.erroneousField, pointer: at + 2 - IP_AT };
    }
    if (offset === 0 && !more) {
      return this.whole(bytes, at, namedAt, [{ frame, at: partAt, offset, length }]);
    }
    const key = `${ipv6Source(bytes, IP_AT)} ${ipv6Destination(bytes, IP_AT)} ${fragmentIdentification(bytes, at)}`;
    const packet = this.packets.get(key) ?? this.begin(key, at, on);
    return this.place(packet, { frame, at: partAt, offset, length }, more, at, namedAt);
  }

  timerExpired(): void {
    const { now } = this.simulator;
    for (const packet of this.packets.values()) {
      if (packet.deadline > now) {
        break;
      }
      this.forget(packet);
      const frames = packet.pieces.map(({ frame }) => frame);
      const first = packet.pieces.find(({ offset }) => offset === 0);
      this.listener.incomplete(frames, first?.frame, packet.on);
    }
    this.rearm();
  }

  private place(
    packet: PartialPacket,
    piece: Piece,
    more: boolean,
    at: number,
    namedAt: number,
  ): ReassemblyOutcome {
    const end = piece.offset + piece.length;
    const repeated = packet.pieces.some(
      ({ offset, length }) => offset === piece.offset && length === piece.length,
    );
    if (repeated) {
      return { kind: 'repeated' };
    }
    const overlaps = packet.pieces.some(
      ({ offset, length }) => piece.offset < offset + length && offset < end,
    );
    const { total } = packet;
    const contradicts = total !== undefined && (end > total || (!more && end !== total));
    const tooShort = !more && packet.pieces.some(({ offset, length }) => offset + length > end);
    if (overlaps || contradicts || tooShort) {
      this.forget(packet);
      this.rearm();
      return { kind: 'overlap' };
    }
    if (this.bytes + piece.frame.bytes.length > LINUX_IPV6.reassemblyBytes) {
      return { kind: 'no-room' };
    }
    this.bytes += piece.frame.bytes.length;
    packet.pieces = [...packet.pieces, piece].sort((a, b) => a.offset - b.offset);
    if (!more) {
      packet.total = end;
    }
    if (piece.offset === 0) {
      packet.firstAt = at;
      packet.firstNamedAt = namedAt;
    }
    return this.finish(packet);
  }

  private finish(packet: PartialPacket): ReassemblyOutcome {
    const present = packet.pieces.reduce((sum, { length }) => sum + length, 0);
    const [first] = packet.pieces;
    // Pieces never overlap, so what is as long as the whole has no gap.
    if (packet.total !== present || first?.offset !== 0) {
      return { kind: 'kept' };
    }
    this.forget(packet);
    this.rearm();
    return this.whole(first.frame.bytes, packet.firstAt, packet.firstNamedAt, packet.pieces);
  }

  private whole(
    first: Uint8Array,
    partAt: number,
    namedAt: number,
    pieces: readonly Piece[],
  ): Extract<ReassemblyOutcome, { kind: 'whole' }> {
    const largest = pieces.reduce((most, { frame }) => {
      return Math.max(most, IPV6_HEADER_BYTES + ipv6PayloadLength(frame.bytes, IP_AT));
    }, 0);
    return {
      kind: 'whole',
      bytes: this.join(first, partAt, namedAt, pieces),
      cut: { partAt, namedAt, largest },
    };
  }

  /** The headers of the first fragment up to its fragment header, then every part. */
  private join(first: Uint8Array, at: number, namedAt: number, pieces: readonly Piece[]): Uint8Array {
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const whole = this.simulator.pool.allocate(at + length);
    whole.set(first.subarray(0, at));
    for (const piece of pieces) {
      whole.set(piece.frame.bytes.subarray(piece.at, piece.at + piece.length), at + piece.offset);
    }
    whole[namedAt] = first[at] ?? 0;
    writeUint16(whole, IP_AT + 4, at + length - IP_AT - IPV6_HEADER_BYTES);
    return whole;
  }

  private begin(key: string, at: number, on: NetworkInterface): PartialPacket {
    const packet: PartialPacket = {
      key,
      on,
      deadline: this.simulator.now + LINUX_IPV6.reassemblyTime,
      pieces: [],
      total: undefined,
      firstAt: at,
      firstNamedAt: 0,
    };
    this.packets.set(key, packet);
    this.rearm();
    return packet;
  }

  private forget(packet: PartialPacket): void {
    this.packets.delete(packet.key);
    this.bytes -= packet.pieces.reduce((sum, { frame }) => sum + frame.bytes.length, 0);
  }

  private rearm(): void {
    for (const oldest of this.packets.values()) {
      this.timer.arm(oldest.deadline - this.simulator.now);
      return;
    }
    this.timer.cancel();
  }
}
