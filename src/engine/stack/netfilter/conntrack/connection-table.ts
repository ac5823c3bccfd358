/** The connections a machine knows, found by either direction (netfilter's conntrack; `conntrack -L`). Bounded, and without timers. */
import type { IpAddress } from '../../../../net/ip-address';
import type { Ipv4Address } from '../../../../net/ipv4-address';
import type { Ipv6Address } from '../../../../net/ipv6-address';
import type { Connection, ConnectionEnd } from './connection';
import type { Tuple } from './tuple';

/**
 * net.netfilter.nf_conntrack_max of a machine with 1 GB: as many as nf_conntrack_buckets, 65536 (nf_conntrack_core.c; 262144 above 4 GB).
 */
export const MAXIMUM_CONNECTIONS = 65536;

/** How many of the oldest are looked at for one to give up when the table is full (early_drop looks at 8 hash chains). */
const EVICTION_RANGE = 8;

/** Room for connections, which both versions of IP have in common. */
export class ConnectionRoom {
  used = 0;

  constructor(readonly maximum = MAXIMUM_CONNECTIONS) {}

  isFull(): boolean {
    return this.used >= this.maximum;
  }
}

export class ConnectionTable<Address extends IpAddress = Ipv4Address> {
  /** The connections in the order they were made. */
  private readonly all = new Set<Connection<Address>>();

  constructor(
    private readonly ends: TupleMap<Address>,
    private readonly room: ConnectionRoom,
  ) {}

  /** Connections held, some of them ended without having been met since. */
  get size(): number {
    return this.all.size;
  }

  /** The direction of a connection that a packet belongs to. */
  find(tuple: Tuple<Address>, now: number): ConnectionEnd<Address> | undefined {
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
    source: Address,
    sourcePort: number,
    now: number,
  ): IterableIterator<Connection<Address>> {
    for (const { connection, isReply } of this.ends.withSource(protocol, source, sourcePort)) {
      if (!isReply && connection.isAlive(now)) {
        yield connection;
      }
    }
  }

  /** Whether one more has room: ended ones go, and if need be the oldest that never came to anything (nf_conntrack_core.c, early_drop). */
  makeRoom(now: number): boolean {
    if (!this.room.isFull()) {
      return true;
    }
    this.sweep(now);
    if (!this.room.isFull()) {
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
  add(connection: Connection<Address>, now: number): boolean {
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
    this.room.used++;
    connection.confirmed = true;
    return true;
  }

  remove(connection: Connection<Address>): void {
    if (this.all.delete(connection)) {
      this.room.used--;
      this.ends.delete(connection.original);
      this.ends.delete(connection.reply);
      connection.end();
    }
  }

  /** The connections alive at `now`, oldest first. */
  *live(now: number): IterableIterator<Connection<Address>> {
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

/** Directions by both ends. */
interface TupleMap<Address extends IpAddress> {
  get(tuple: Tuple<Address>): ConnectionEnd<Address> | undefined;
  set(tuple: Tuple<Address>, end: ConnectionEnd<Address>): void;
  delete(tuple: Tuple<Address>): void;
  /** All with this source end; the low bits of the protocol are enough to tell apart those that have ports. */
  withSource(protocol: number, source: Address, sourcePort: number): Iterable<ConnectionEnd<Address>>;
}

/** A table of IPv4 connections; alone in its room where none is given. */
export function ipv4Connections(room = new ConnectionRoom()): ConnectionTable {
  return new ConnectionTable(new EndMap(ipv4Key), room);
}

/** A table of IPv6 connections. */
export function ipv6Connections(room: ConnectionRoom): ConnectionTable<Ipv6Address> {
  return new ConnectionTable(new EndMap(ipv6Key), room);
}

/** Two levels of maps keyed by exact integers, so that no key is built as text. */
class EndMap<Address extends IpAddress, Key extends number | bigint> implements TupleMap<Address> {
  private readonly bySource = new Map<Key, Map<Key, ConnectionEnd<Address>>>();

  /** @param keyOf one integer for some bits of the protocol, an address and a port */
  constructor(private readonly keyOf: (protocolBits: number, address: Address, port: number) => Key) {}

  get(tuple: Tuple<Address>): ConnectionEnd<Address> | undefined {
    return this.bySource.get(this.sourceKey(tuple))?.get(this.destinationKey(tuple));
  }

  set(tuple: Tuple<Address>, end: ConnectionEnd<Address>): void {
    const key = this.sourceKey(tuple);
    let others = this.bySource.get(key);
    if (others === undefined) {
      others = new Map();
      this.bySource.set(key, others);
    }
    others.set(this.destinationKey(tuple), end);
  }

  delete(tuple: Tuple<Address>): void {
    const key = this.sourceKey(tuple);
    const others = this.bySource.get(key);
    others?.delete(this.destinationKey(tuple));
    if (others?.size === 0) {
      this.bySource.delete(key);
    }
  }

  withSource(protocol: number, source: Address, sourcePort: number): Iterable<ConnectionEnd<Address>> {
    return this.bySource.get(this.keyOf(protocol & 31, source, sourcePort))?.values() ?? [];
  }

  /** With 5 bits of the protocol. */
  private sourceKey({ protocol, source, sourcePort }: Tuple<Address>): Key {
    return this.keyOf(protocol & 31, source, sourcePort);
  }

  /** With the protocol's other 3 bits. */
  private destinationKey({ protocol, destination, destinationPort }: Tuple<Address>): Key {
    return this.keyOf(protocol >>> 5, destination, destinationPort);
  }
}

/** 5 bits of the protocol, 32 of address and 16 of port: 53 bits, exact in a double. */
function ipv4Key(protocolBits: number, address: Ipv4Address, port: number): number {
  return (protocolBits * 2 ** 32 + address) * 65536 + port;
}

function ipv6Key(protocolBits: number, address: Ipv6Address, port: number): bigint {
  return (address << 21n) | BigInt(protocolBits * 65536 + port);
}
