/** The identification field of IPv4 (RFC 6864; Linux `__ip_select_ident`): counters that start at random, one for each peer and protocol. */
import type { Ipv4Address } from '../../net/ipv4-address';
import type { RandomStream } from '../kernel/random-stream';

/** Peers remembered; Linux hashes all peers into a table as well. */
const COUNTERS = 2048;

export class PacketIdentification {
  private readonly counters = new Map<number, number>();

  constructor(private readonly random: RandomStream) {}

  next(destination: Ipv4Address, protocol: number): number {
    const bucket = (Math.imul(destination ^ (protocol << 24), 0x9e3779b1) >>> 0) % COUNTERS;
    const value = ((this.counters.get(bucket) ?? this.random.word()) + 1) & 0xffff;
    this.counters.set(bucket, value);
    return value;
  }
}
