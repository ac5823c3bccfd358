/** One connection that a machine knows of: what both directions look like, and what became of it so far. */
import type { TcpTracking } from './tcp-tracking';
import { reversed, type Tuple } from './tuple';

/** What a packet is to connection tracking, as a firewall rule's `states` names it. */
export type PacketState = 'new' | 'established' | 'related' | 'invalid';

/** One direction of a connection. */
export interface ConnectionEnd {
  readonly connection: Connection;
  /** Whether packets of this direction answer the one that began it. */
  readonly isReply: boolean;
}

/** What is known of a packet on its way through the machine. */
export interface PacketTrack {
  readonly state: PacketState;
  /** Undefined for invalid packets. */
  readonly end: ConnectionEnd | undefined;
}

/** A packet that belongs to nothing and begins nothing: it goes on as it is, also through a NAT (measured on Linux 6.18). */
export const INVALID: PacketTrack = { state: 'invalid', end: undefined };

export class Connection {
  /** Packets as whoever began it sends them. */
  readonly original: Tuple;

  /** Their answers as the other end sends them: where NAT changed nothing, the original reversed. */
  reply: Tuple;

  readonly originalEnd: ConnectionEnd = { connection: this, isReply: false };
  readonly replyEnd: ConnectionEnd = { connection: this, isReply: true };

  /** Whether NAT changes the source, or the destination, of packets in the original direction. */
  sourceTranslated = false;
  destinationTranslated = false;

  /** Whether it goes back to the side it came from by the NAT's outside address. */
  hairpin = false;

  /** Whether it is in the table; until its first packet leaves or is delivered it is not. */
  confirmed = false;

  /** Whether NAT has decided about its source. */
  sourceDecided = false;

  /** Whether a packet came back. */
  replied = false;

  /** Whether it is one to keep when the table is full. */
  assured = false;

  /** When it is forgotten unless another packet comes, in ns. */
  expires: number;

  readonly tcp: TcpTracking | undefined;

  constructor(
    original: Tuple,
    /** ns */
    readonly created: number,
    tcp?: TcpTracking,
  ) {
    this.original = original;
    this.reply = reversed(original);
    this.expires = created;
    this.tcp = tcp;
  }

  /** The connections of the NAT mapping that this one uses, which forget it when it ends. */
  private mapped: Set<Connection> | undefined;

  /** Joins a NAT mapping; one begun from outside holds the mapping only once the inside answered. */
  usesMapping(connections: Set<Connection>): void {
    this.mapped = connections;
  }

  /** Notes that a packet came back. */
  answer(): void {
    if (!this.replied) {
      this.replied = true;
      this.mapped?.add(this);
    }
  }

  /** Leaves its NAT mapping. */
  end(): void {
    this.mapped?.delete(this);
  }

  /** Packets of the original direction as they leave the machine, translated. */
  get translated(): Tuple {
    return reversed(this.reply);
  }

  isAlive(now: number): boolean {
    return this.expires > now;
  }
}
