/**
 * Tells of each packet which connection it belongs to and what it is to it: new, established, related or invalid (netfilter's conntrack:
 * nf_conntrack_core.c and nf_conntrack_proto_*.c; measured on Linux 6.18).
 */
import { checkIcmp, icmpType } from '../../../../wire/icmp';
import { destinationAddress, IP_PROTOCOL, protocol, sourceAddress } from '../../../../wire/ipv4';
import {
  checkTcp,
  tcpAcknowledgment,
  tcpFlags,
  tcpHeaderLength,
  tcpSequence,
  TCP_FLAG,
} from '../../../../wire/tcp';
import { checkUdp } from '../../../../wire/udp';
import { IP_AT, payloadAt, payloadLength } from '../../ipv4/ip-packet';
import { Connection, INVALID, type ConnectionEnd, type PacketTrack } from './connection';
import type { ConnectionTable } from './connection-table';
import { endOf, isError, quotedTuple } from './quoted-packet';
import { refresh } from './refresh';
import {
  firstState,
  mayBeginAgain,
  nextState,
  segmentKind,
  TcpTracking,
  type TrackedSegment,
} from './tcp-tracking';
import type { ConnectionTimeouts } from './timeouts';
import { isIcmpQuery, reversed, sameTuple, tupleOf, type Tuple } from './tuple';

/** A packet came that would begin a connection, and the table has no room for it. */
export const TABLE_FULL = 'table-full';

export class ConnectionTracker {
  /** The connection that the packet on its way now would begin; answers that the machine itself gives to it belong to it already. */
  private pending: Connection | undefined;

  constructor(
    private readonly table: ConnectionTable,
    private readonly timeouts: ConnectionTimeouts,
  ) {}

  /**
   * @param fromOutside whether it came in by an interface: then its checksums are judged (net.netfilter.nf_conntrack_checksum 1)
   * @param refreshes whether it prolongs a connection without states of its own
   */
  track(
    bytes: Uint8Array,
    now: number,
    fromOutside: boolean,
    refreshes: boolean,
  ): PacketTrack | typeof TABLE_FULL {
    if (fromOutside) {
      this.pending = undefined;
    }
    if (isError(bytes)) {
      return this.trackError(bytes, now);
    }
    const tuple = tupleOf(bytes, IP_AT, endOf(bytes));
    if (tuple === undefined || !isSound(bytes, fromOutside)) {
      return INVALID;
    }
    const segment = tuple.protocol === IP_PROTOCOL.tcp ? segmentOf(bytes) : undefined;
    if (tuple.protocol === IP_PROTOCOL.tcp && segment === undefined) {
      return INVALID;
    }
    const end = this.find(tuple, now);
    const known = end && this.continue(end, segment, now, refreshes);
    return known ?? this.begin(tuple, segment, now);
  }

  /** Whether a packet belongs to a connection in the table. */
  isKnown(bytes: Uint8Array, now: number): boolean {
    const tuple = tupleOf(bytes, IP_AT, endOf(bytes));
    return tuple !== undefined && this.table.find(tuple, now) !== undefined;
  }

  /** Puts a connection into the table, once its first packet leaves or is delivered; false when its place is taken. */
  confirm({ connection, isReply }: ConnectionEnd, now: number): boolean {
    // An answer to a first packet that was refused makes no connection.
    return connection.confirmed || isReply || this.table.add(connection, now);
  }

  private find(tuple: Tuple, now: number): ConnectionEnd | undefined {
    const { pending } = this;
    const isAnswer = pending?.created === now && sameTuple(pending.reply, tuple);
    return this.table.find(tuple, now) ?? (isAnswer ? pending.replyEnd : undefined);
  }

  /** A packet of a known connection; undefined when it begins another one between the same ends. */
  private continue(
    end: ConnectionEnd,
    segment: TrackedSegment | undefined,
    now: number,
    refreshes: boolean,
  ): PacketTrack | undefined {
    const { connection, isReply } = end;
    const { tcp } = connection;
    let prolongs = refreshes;
    if (tcp !== undefined && segment !== undefined) {
      if (segment.kind === 'syn' && mayBeginAgain(tcp.state, isReply)) {
        this.table.remove(connection);
        return undefined;
      }
      const next = nextState(tcp.state, isReply, segment.kind);
      if (next === undefined) {
        return INVALID;
      }
      if (segment.kind === 'rst' && !connection.replied) {
        // Nothing came of it.
        this.table.remove(connection);
      }
      if (connection.replied && next === 'established' && isOpen(tcp.state)) {
        connection.assured = true;
      }
      prolongs = next !== 'same';
      if (next !== 'same') {
        tcp.state = next;
        tcp.note(segment, isReply);
      }
    }
    if (prolongs) {
      refresh(connection, this.timeouts, now);
    }
    if (isReply) {
      connection.answer();
    }
    return { state: connection.replied ? 'established' : 'new', end };
  }

  private begin(
    tuple: Tuple,
    segment: TrackedSegment | undefined,
    now: number,
  ): PacketTrack | typeof TABLE_FULL {
    const state = segment && firstState(segment.kind);
    if (segment !== undefined && state === undefined) {
      return INVALID;
    }
    if (tuple.protocol === IP_PROTOCOL.icmp && !isIcmpQuery(tuple.destinationPort >>> 8)) {
      return INVALID;
    }
    if (!this.table.makeRoom(now)) {
      return TABLE_FULL;
    }
    const tcp = state && new TcpTracking(state);
    if (segment !== undefined) {
      tcp?.note(segment, false);
    }
    const connection = new Connection(tuple, now, tcp);
    refresh(connection, this.timeouts, now);
    this.pending = connection;
    return { state: 'new', end: connection.originalEnd };
  }

  /** An error belongs to the connection of the packet that it quotes, and neither prolongs nor ends it (nf_conntrack_inet_error). */
  private trackError(bytes: Uint8Array, now: number): PacketTrack {
    const quoted = quotedTuple(bytes);
    // Whoever sent the quoted packet must be whom the error is for.
    const end =
      quoted?.source === destinationAddress(bytes, IP_AT) ? this.find(reversed(quoted), now) : undefined;
    return end === undefined ? INVALID : { state: 'related', end };
  }
}

function isOpen(state: TcpTracking['state']): boolean {
  return state === 'syn-recv' || state === 'established';
}

/** Whether lengths and, where they are judged, checksums are right. */
function isSound(bytes: Uint8Array, judged: boolean): boolean {
  const [at, length] = [payloadAt(bytes), payloadLength(bytes)];
  const [source, destination] = [sourceAddress(bytes, IP_AT), destinationAddress(bytes, IP_AT)];
  const problem = problemOf(bytes, at, length, source, destination);
  return problem === undefined || (problem === 'bad-checksum' && !judged);
}

function problemOf(
  bytes: Uint8Array,
  at: number,
  length: number,
  source: ReturnType<typeof sourceAddress>,
  destination: ReturnType<typeof sourceAddress>,
): string | undefined {
  switch (protocol(bytes, IP_AT)) {
    case IP_PROTOCOL.tcp:
      return checkTcp(bytes, at, length, source, destination);
    case IP_PROTOCOL.udp:
      return checkUdp(bytes, at, length, source, destination);
    case IP_PROTOCOL.icmp:
      return icmpType(bytes, at) > LAST_ICMP_TYPE ? 'unknown-type' : checkIcmp(bytes, at, length);
    default:
      return undefined;
  }
}

/** NR_ICMP_TYPES of include/uapi/linux/icmp.h: address mask reply. */
const LAST_ICMP_TYPE = 18;

/** What matters of a sound segment; undefined when its flags make no sense. */
function segmentOf(bytes: Uint8Array): TrackedSegment | undefined {
  const at = payloadAt(bytes);
  const flags = tcpFlags(bytes, at);
  const kind = segmentKind(flags);
  const data = payloadLength(bytes) - tcpHeaderLength(bytes, at);
  return (
    kind && {
      kind,
      sequence: tcpSequence(bytes, at),
      acknowledgment: tcpAcknowledgment(bytes, at),
      length: data + (flags & TCP_FLAG.syn ? 1 : 0) + (flags & TCP_FLAG.fin ? 1 : 0),
    }
  );
}
