/**
 * The mappings of a NAT that gives an inside port an outside port of its own (RFC 4787 4.1). A mapping lives as long as one of its
 * connections; no two share an outside port.
 */
import type { Ipv4Address } from '../../../../net/ipv4-address';
import type { NatBehaviour } from '../../../../topology/resolved';
import type { Connection } from '../conntrack/connection';
import type { Tuple } from '../conntrack/tuple';

export interface Mapping {
  readonly protocol: number;
  readonly insideAddress: Ipv4Address;
  readonly insidePort: number;
  readonly outsideAddress: Ipv4Address;
  readonly outsidePort: number;
  readonly key: string;
  /** Those that use it; ended ones go when they are next met. */
  readonly connections: Set<Connection>;
}

export class MappingTable {
  private readonly byInside = new Map<string, Mapping>();
  private readonly byOutside = new Map<string, Mapping>();

  constructor(private readonly mapping: NatBehaviour) {}

  get size(): number {
    return this.byOutside.size;
  }

  /** The mapping that a packet from inside to outside uses. */
  findInside(tuple: Tuple, now: number): Mapping | undefined {
    return this.alive(this.byInside.get(this.keyOf(tuple)), now);
  }

  /** The mapping that owns an outside port. */
  findOutside(protocol: number, address: Ipv4Address, port: number, now: number): Mapping | undefined {
    return this.alive(this.byOutside.get(outsideKey(protocol, address, port)), now);
  }

  /** Makes the mapping for a packet from inside. */
  add(tuple: Tuple, outsideAddress: Ipv4Address, outsidePort: number): Mapping {
    const mapping: Mapping = {
      protocol: tuple.protocol,
      insideAddress: tuple.source,
      insidePort: tuple.sourcePort,
      outsideAddress,
      outsidePort,
      key: this.keyOf(tuple),
      connections: new Set(),
    };
    this.byInside.set(mapping.key, mapping);
    this.byOutside.set(outsideKey(tuple.protocol, outsideAddress, outsidePort), mapping);
    return mapping;
  }

  private alive(mapping: Mapping | undefined, now: number): Mapping | undefined {
    for (const connection of mapping?.connections ?? []) {
      if (connection.isAlive(now)) {
        return mapping;
      }
      mapping?.connections.delete(connection);
    }
    if (mapping !== undefined) {
      this.byInside.delete(mapping.key);
      this.byOutside.delete(outsideKey(mapping.protocol, mapping.outsideAddress, mapping.outsidePort));
    }
    return undefined;
  }

  private keyOf(tuple: Tuple): string {
    const inside = outsideKey(tuple.protocol, tuple.source, tuple.sourcePort);
    switch (this.mapping) {
      case 'endpoint-independent':
        return inside;
      case 'address-dependent':
        return `${inside}>${tuple.destination}`;
      case 'address-and-port-dependent':
        return `${inside}>${tuple.destination}:${tuple.destinationPort}`;
    }
  }
}

function outsideKey(protocol: number, address: Ipv4Address, port: number): string {
  return `${protocol} ${address}:${port}`;
}
