/** The connections a NAT knows, found from either side (netfilter's conntrack; RFC 3022 2). */
import type { Ipv4Address } from '../../../net/ipv4-address';

/** One direction of a connection as it appears on one side of the NAT. For ICMP echo the port is the identifier at both ends. */
export interface Tuple {
  readonly protocol: number;
  readonly source: Ipv4Address;
  readonly sourcePort: number;
  readonly destination: Ipv4Address;
  readonly destinationPort: number;
}

export interface Connection {
  /** As the inside sends it. */
  readonly original: Tuple;
  /** What its source becomes outside. */
  readonly outsideAddress: Ipv4Address;
  readonly outsidePort: number;
  readonly created: number;
  /** When it is forgotten unless another packet comes, in ns. */
  expires: number;
  replied: boolean;
}

/** net.netfilter.nf_conntrack_max on a machine with 4 GB and more: 262144; smaller here, and said when full. */
export const MAXIMUM_CONNECTIONS = 65536;

export class ConnectionTable {
  private readonly fromInside = new TupleMap();
  private readonly fromOutside = new TupleMap();
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** The connection that this packet from inside belongs to. */
  findOriginal(tuple: Tuple, now: number): Connection | undefined {
    return this.alive(
      this.fromInside.get(
        tuple.protocol,
        tuple.source,
        tuple.sourcePort,
        tuple.destination,
        tuple.destinationPort,
      ),
      now,
    );
  }

  /** The connection that this packet from outside answers. */
  findReply(tuple: Tuple, now: number): Connection | undefined {
    return this.alive(
      this.fromOutside.get(
        tuple.protocol,
        tuple.source,
        tuple.sourcePort,
        tuple.destination,
        tuple.destinationPort,
      ),
      now,
    );
  }

  /** Whether answers from this remote end to this outside port would be ambiguous. */
  isTaken(original: Tuple, outsideAddress: Ipv4Address, outsidePort: number, now: number): boolean {
    const reply = this.fromOutside.get(
      original.protocol,
      original.destination,
      remotePort(original, outsidePort),
      outsideAddress,
      outsidePort,
    );
    return this.alive(reply, now) !== undefined;
  }

  /** Remembers a connection; false when the table is full of live ones. */
  add(connection: Connection, now: number): boolean {
    if (this.count >= MAXIMUM_CONNECTIONS) {
      this.sweep(now);
      if (this.count >= MAXIMUM_CONNECTIONS) {
        return false;
      }
    }
    const { original, outsideAddress, outsidePort } = connection;
    this.fromInside.set(
      original.protocol,
      original.source,
      original.sourcePort,
      original.destination,
      original.destinationPort,
      connection,
    );
    this.fromOutside.set(
      original.protocol,
      original.destination,
      remotePort(original, outsidePort),
      outsideAddress,
      outsidePort,
      connection,
    );
    this.count++;
    return true;
  }

  /** The connections alive at `now`, oldest first. */
  *live(now: number): IterableIterator<Connection> {
    for (const connection of this.fromInside.values()) {
      if (connection.expires > now) {
        yield connection;
      }
    }
  }

  /** Expired connections go when they are next met, or all at once when room is needed; no timer runs for them. */
  private alive(connection: Connection | undefined, now: number): Connection | undefined {
    if (connection !== undefined && connection.expires <= now) {
      this.remove(connection);
      return undefined;
    }
    return connection;
  }

  private sweep(now: number): void {
    for (const connection of [...this.fromInside.values()]) {
      if (connection.expires <= now) {
        this.remove(connection);
      }
    }
  }

  private remove(connection: Connection): void {
    const { original, outsideAddress, outsidePort } = connection;
    this.fromInside.delete(
      original.protocol,
      original.source,
      original.sourcePort,
      original.destination,
      original.destinationPort,
    );
    this.fromOutside.delete(
      original.protocol,
      original.destination,
      remotePort(original, outsidePort),
      outsideAddress,
      outsidePort,
    );
    this.count--;
  }
}

/** The remote end's port as answers carry it: an echo's answer carries the translated identifier. */
function remotePort(original: Tuple, outsidePort: number): number {
  return original.protocol === ICMP ? outsidePort : original.destinationPort;
}

/** IP protocol number of ICMP, whose tuples have one identifier instead of two ports. */
const ICMP = 1;

/** Connections by both ends: two levels of maps keyed by exact integers, so that no key is built as text. */
class TupleMap {
  private readonly ends = new Map<number, Map<number, Connection>>();

  get(
    protocol: number,
    source: Ipv4Address,
    sourcePort: number,
    destination: Ipv4Address,
    destinationPort: number,
  ): Connection | undefined {
    return this.ends
      .get(endKey(protocol & 31, source, sourcePort))
      ?.get(endKey(0, destination, destinationPort));
  }

  set(
    protocol: number,
    source: Ipv4Address,
    sourcePort: number,
    destination: Ipv4Address,
    destinationPort: number,
    connection: Connection,
  ): void {
    const key = endKey(protocol & 31, source, sourcePort);
    let others = this.ends.get(key);
    if (others === undefined) {
      others = new Map();
      this.ends.set(key, others);
    }
    others.set(endKey(0, destination, destinationPort), connection);
  }

  delete(
    protocol: number,
    source: Ipv4Address,
    sourcePort: number,
    destination: Ipv4Address,
    destinationPort: number,
  ): void {
    const key = endKey(protocol & 31, source, sourcePort);
    const others = this.ends.get(key);
    others?.delete(endKey(0, destination, destinationPort));
    if (others?.size === 0) {
      this.ends.delete(key);
    }
  }

  *values(): IterableIterator<Connection> {
    for (const others of this.ends.values()) {
      yield* others.values();
    }
  }
}

/** 5 bits of protocol (1, 6 and 17 differ in these), 32 of address, 16 of port: 53 bits, exact in a double. */
function endKey(protocolBits: number, address: Ipv4Address, port: number): number {
  return (protocolBits * 2 ** 32 + address) * 65536 + port;
}
