/** One connection that a machine knows of: what both directions look like, and what became of it so far. */
import type { IpAddress } from '../../../../net/ip-address';
import type { Ipv4Address } from '../../../../net/ipv4-address';
import { NO_CAUSE } from '../../../kernel/traffic-observer';
import type { TcpTracking } from './tcp-tracking';
import { reversed, type Tuple } from './tuple';

/** What a packet is to connection tracking, as a firewall rule's `states` names it. */
export type PacketState = 'new' | 'established' | 'related' | 'invalid' | 'untracked';

/** One direction of a connection. */
export interface ConnectionEnd<Address extends IpAddress = Ipv4Address> {
  readonly connection: Connection<Address>;
  /** Whether packets of this direction answer the one that began it. */
  readonly isReply: boolean;
}

/** What is known of a packet on its way through the machine. */
export interface PacketTrack<Address extends IpAddress = Ipv4Address> {
  readonly state: PacketState;
  /** Undefined for packets of no connection: invalid and untracked ones. */
  readonly end: ConnectionEnd<Address> | undefined;
}

/** A packet that belongs to nothing and begins nothing: it goes on as it is, also through a NAT (measured on Linux 6.18). */
export const INVALID: PacketTrack<never> = { state: 'invalid', end: undefined };

/** A packet that is never tracked: neighbour and multicast listener discovery (nf_conntrack_proto_icmpv6.c, noct_valid_new). */
export const UNTRACKED: PacketTrack<never> = { state: 'untracked', end: undefined };

export class Connection<Address extends IpAddress = Ipv4Address> {
  /** Packets as whoever began it sends them. */
  readonly original: Tuple<Address>;

  /** Their answers as the other end sends them: where NAT changed nothing, the original reversed. */
  reply: Tuple<Address>;

  readonly originalEnd: ConnectionEnd<Address> = { connection: this, isReply: false };
  readonly replyEnd: ConnectionEnd<Address> = { connection: this, isReply: true };

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

  /** The record of its last packet; NO_CAUSE where the machine itself sent it. */
  cause = NO_CAUSE;

  /** When it is forgotten unless another packet comes, in ns. */
  expires: number;

  readonly tcp: TcpTracking | undefined;

  constructor(
    original: Tuple<Address>,
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
  private mapped: Set<Connection<Address>> | undefined;

  /** Joins a NAT mapping; one begun from outside holds the mapping only once the inside answered. */
  usesMapping(connections: Set<Connection<Address>>): void {
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
  get translated(): Tuple<Address> {
    return reversed(this.reply);
  }

  isAlive(now: number): boolean {
    return this.expires > now;
  }
}
