/** The connections a machine knows, found by either direction (netfilter's conntrack; `conntrack -L`). Bounded, and without timers. */
import type { Ipv4Address } from '../../../../net/ipv4-address';
import type { Connection, ConnectionEnd } from './connection';
import type { Tuple } from './tuple';

/**
 * net.netfilter.nf_conntrack_max of a machine with 1 GB: as many as nf_conntrack_buckets, 65536 (nf_conntrack_core.c; 262144 above 4 GB).
 */
export const MAXIMUM_CONNECTIONS = 65536;

/** How many of the oldest are looked at for one to give up when the table is full (early_drop looks at 8 hash chains). */
const EVICTION_RANGE = 8;

export class ConnectionTable {
  private readonly ends = new TupleMap();
  /** The connections in the order they were made. */
  private readonly all = new Set<Connection>();

  constructor(readonly maximum = MAXIMUM_CONNECTIONS) {}

  /** Connections held, some of them ended without having been met since. */
  get size(): number {
    return this.all.size;
  }

  /** The direction of a connection that a packet belongs to. */
  find(tuple: Tuple, now: number): ConnectionEnd | undefined {
    const end = this.ends.get(tuple);
    if (end !== undefined && !end.connection.isAlive(now)) {
      this.remove(end.connection);
      return undefined;
    }
    return end;
  }

  /** The connections that this source end began, oldest first. */
  *from(
    protocol: number,
    source: Ipv4Address,
    sourcePort: number,
    now: number,
  ): IterableIterator<Connection> {
    for (const { connection, isReply } of this.ends.withSource(protocol, source, sourcePort)) {
      if (!isReply && connection.isAlive(now)) {
        yield connection;
      }
    }
  }

  /** Whether one more has room: ended ones go, and if need be the oldest that never came to anything (nf_conntrack_core.c, early_drop). */
  makeRoom(now: number): boolean {
    if (this.all.size < this.maximum) {
      return true;
    }
    this.sweep(now);
    if (this.all.size < this.maximum) {
      return true;
    }
    let looked = 0;
    for (const connection of this.all) {
      if (!connection.assured) {
        this.remove(connection);
        return true;
      }
      if (++looked === EVICTION_RANGE) {
        break;
      }
    }
    return false;
  }

  /** Remembers a connection for which there is room; false when one of its directions is taken by now. */
  add(connection: Connection, now: number): boolean {
    if (
      this.find(connection.original, now) !== undefined ||
      this.find(connection.reply, now) !== undefined ||
      !this.makeRoom(now)
    ) {
      return false;
    }
    this.ends.set(connection.original, connection.originalEnd);
    this.ends.set(connection.reply, connection.replyEnd);
    this.all.add(connection);
    connection.confirmed = true;
    return true;
  }

  remove(connection: Connection): void {
    if (this.all.delete(connection)) {
      this.ends.delete(connection.original);
      this.ends.delete(connection.reply);
      connection.end();
    }
  }

  /** The connections alive at `now`, oldest first. */
  *live(now: number): IterableIterator<Connection> {
    for (const connection of this.all) {
      if (connection.isAlive(now)) {
        yield connection;
      }
    }
  }

  /** Ended connections go when they are next met, or all at once when room is needed; no timer runs for them. */
  private sweep(now: number): void {
    for (const connection of this.all) {
      if (!connection.isAlive(now)) {
        this.remove(connection);
      }
    }
  }
}

/** Directions by both ends: two levels of maps keyed by exact integers, so that no key is built as text. */
class TupleMap {
  private readonly bySource = new Map<number, Map<number, ConnectionEnd>>();

  get(tuple: Tuple): ConnectionEnd | undefined {
    return this.bySource.get(sourceKey(tuple))?.get(destinationKey(tuple));
  }

  set(tuple: Tuple, end: ConnectionEnd): void {
    const key = sourceKey(tuple);
    let others = this.bySource.get(key);
    if (others === undefined) {
      others = new Map();
      this.bySource.set(key, others);
    }
    others.set(destinationKey(tuple), end);
  }

  delete(tuple: Tuple): void {
    const key = sourceKey(tuple);
    const others = this.bySource.get(key);
    others?.delete(destinationKey(tuple));
    if (others?.size === 0) {
      this.bySource.delete(key);
    }
  }

  /** All with this source end; the low bits of the protocol are enough to tell apart those that have ports. */
  withSource(protocol: number, source: Ipv4Address, sourcePort: number): Iterable<ConnectionEnd> {
    return this.bySource.get(endKey(protocol & 31, source, sourcePort))?.values() ?? [];
  }
}

/** With 5 bits of the protocol, 32 of address and 16 of port: 53 bits, exact in a double. */
function sourceKey({ protocol, source, sourcePort }: Tuple): number {
  return endKey(protocol & 31, source, sourcePort);
}

/** With the protocol's other 3 bits. */
function destinationKey({ protocol, destination, destinationPort }: Tuple): number {
  return endKey(protocol >>> 5, destination, destinationPort);
}

function endKey(protocolBits: number, address: Ipv4Address, port: number): number {
  return (protocolBits * 2 ** 32 + address) * 65536 + port;
}
