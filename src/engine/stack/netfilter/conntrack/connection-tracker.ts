/**
 * Tells of each packet which connection it belongs to and what it is to it: new, established, related or invalid (netfilter's conntrack:
 * nf_conntrack_core.c and nf_conntrack_proto_*.c; measured on Linux 6.18).
 */
import type { IpAddress } from '../../../../net/ip-address';
import type { Ipv4Address } from '../../../../net/ipv4-address';
import { IP_PROTOCOL } from '../../../../wire/ipv4';
import { Connection, INVALID, UNTRACKED, type ConnectionEnd, type PacketTrack } from './connection';
import type { ConnectionTable } from './connection-table';
import { isSound, segmentOf, type PacketReader } from './packet-reader';
import { refresh } from './refresh';
import { firstState, mayBeginAgain, nextState, TcpTracking, type TrackedSegment } from './tcp-tracking';
import type { ConnectionTimeouts } from './timeouts';
import { reversed, sameTuple, type Tuple } from './tuple';

/** A packet came that would begin a connection, and the table has no room for it. */
export const TABLE_FULL = 'table-full';

export class ConnectionTracker<Address extends IpAddress = Ipv4Address> {
  /** The connection that the packet on its way now would begin; answers that the machine itself gives to it belong to it already. */
  private pending: Connection<Address> | undefined;

  constructor(
    private readonly reader: PacketReader<Address>,
    private readonly table: ConnectionTable<Address>,
    private readonly timeouts: ConnectionTimeouts,
  ) {}

  /**
   * @param fromOutside whether it came in by an interface: then its checksums are judged (net.netfilter.nf_conntrack_checksum 1)
   * @param refreshes whether it prolongs a connection without states of its own
   * @param cause the record that the packet came in, or that made the machine send it
   */
  track(
    bytes: Uint8Array,
    now: number,
    fromOutside: boolean,
    refreshes: boolean,
    cause: number,
  ): PacketTrack<Address> | typeof TABLE_FULL {
    if (fromOutside) {
      this.pending = undefined;
    }
    const { reader } = this;
    if (reader.isUntracked(bytes)) {
      return UNTRACKED;
    }
    if (reader.isError(bytes)) {
      return this.trackError(bytes, now);
    }
    const tuple = reader.tuple(bytes);
    if (tuple === undefined || !isSound(reader, bytes, fromOutside)) {
      return INVALID;
    }
    const segment = tuple.protocol === IP_PROTOCOL.tcp ? segmentOf(reader, bytes) : undefined;
    if (tuple.protocol === IP_PROTOCOL.tcp && segment === undefined) {
      return INVALID;
    }
    const end = this.find(tuple, now);
    const known = end && this.continue(end, segment, now, refreshes);
    const track = known ?? this.begin(tuple, segment, now);
    if (track !== TABLE_FULL && track.end !== undefined) {
      track.end.connection.cause = cause;
    }
    return track;
  }

  /** Whether a packet belongs to a connection in the table. */
  isKnown(bytes: Uint8Array, now: number): boolean {
    const tuple = this.reader.tuple(bytes);
    return tuple !== undefined && this.table.find(tuple, now) !== undefined;
  }

  /** Puts a connection into the table, once its first packet leaves or is delivered; false when its place is taken. */
  confirm({ connection, isReply }: ConnectionEnd<Address>, now: number): boolean {
    // An answer to a first packet that was refused makes no connection.
    return connection.confirmed || isReply || this.table.add(connection, now);
  }

  private find(tuple: Tuple<Address>, now: number): ConnectionEnd<Address> | undefined {
    const { pending } = this;
    const isAnswer = pending?.created === now && sameTuple(pending.reply, tuple);
    return this.table.find(tuple, now) ?? (isAnswer ? pending.replyEnd : undefined);
  }

  /** A packet of a known connection; undefined when it begins another one between the same ends. */
  private continue(
    end: ConnectionEnd<Address>,
    segment: TrackedSegment | undefined,
    now: number,
    refreshes: boolean,
  ): PacketTrack<Address> | undefined {
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
    tuple: Tuple<Address>,
    segment: TrackedSegment | undefined,
    now: number,
  ): PacketTrack<Address> | typeof TABLE_FULL {
    const state = segment && firstState(segment.kind);
    if (segment !== undefined && state === undefined) {
      return INVALID;
    }
    if (!this.reader.mayBegin(tuple)) {
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
  private trackError(bytes: Uint8Array, now: number): PacketTrack<Address> {
    const quoted = this.reader.quotedTuple(bytes);
    // Whoever sent the quoted packet must be whom the error is for.
    const end =
      quoted?.source === this.reader.destination(bytes) ? this.find(reversed(quoted), now) : undefined;
    return end === undefined ? INVALID : { state: 'related', end };
  }
}

function isOpen(state: TcpTracking['state']): boolean {
  return state === 'syn-recv' || state === 'established';
}
