/**
 * Decides how the packets of a new connection are changed: its destination before routing (port forwards, mappings used from outside),
 * its source after (masquerade). Connections keep the decision; translation.ts carries it out.
 */
import type { Ipv4Address } from '../../../../net/ipv4-address';
import type { ResolvedSourceNat } from '../../../../topology/resolved';
import { IP_PROTOCOL } from '../../../../wire/ipv4';
import type { Refusal } from '../../../kernel/drop-reason';
import type { RandomStream } from '../../../kernel/random-stream';
import type { NetworkInterface } from '../../network-interface';
import type { Connection } from '../conntrack/connection';
import type { ConnectionTable } from '../conntrack/connection-table';
import { hasPorts, reversed, withDestination, withSource, type Tuple } from '../conntrack/tuple';
import { MappingTable, type Mapping } from './mapping-table';
import { natPolicyOf, type NatPolicy } from './nat-policy';
import { PortAllocator } from './port-allocation';
import { PortForwards } from './port-forwards';

const NO_ADDRESS: Refusal = { reason: 'interface-has-no-address' };
export const NO_PORT: Refusal = { reason: 'nat-ports-exhausted' };
export const FILTERED: Refusal = { reason: 'nat-filtered' };

export class Nat {
  readonly policy: NatPolicy;
  readonly forwards: PortForwards;
  private readonly mappings: MappingTable | undefined;
  private readonly ports: PortAllocator;

  constructor(
    config: ResolvedSourceNat,
    readonly outside: NetworkInterface,
    private readonly table: ConnectionTable,
    random: RandomStream,
    policy = natPolicyOf(config),
  ) {
    this.policy = policy;
    this.forwards = new PortForwards(config.forwards ?? []);
    this.mappings = policy.mapping === 'per-connection' ? undefined : new MappingTable(policy.mapping);
    this.ports = new PortAllocator(policy.portAllocation, random);
  }

  /** Whether the address is one that the inside has towards the outside. */
  isOutside(address: Ipv4Address): boolean {
    return this.outside.addresses.some(own => own.address === address);
  }

  /** Mappings held. */
  get mappingCount(): number {
    return this.mappings?.size ?? 0;
  }

  /** Before routing: where a new connection's packets lead to. */
  decideDestination(connection: Connection, on: NetworkInterface, now: number): Refusal | undefined {
    const { original } = connection;
    const fromInside = on !== this.outside;
    const forward = this.forwards.find(original, address => this.isOutside(address));
    if (forward !== undefined) {
      connection.hairpin = fromInside;
      translateDestination(connection, forward.address, forward.port);
      return undefined;
    }
    const { mappings, policy } = this;
    if (mappings === undefined || !this.isOutside(original.destination) || !hasPorts(original.protocol)) {
      return undefined;
    }
    if (fromInside && policy.hairpin !== 'outside-address') {
      return undefined;
    }
    const { protocol, destination, destinationPort } = original;
    const mapping = mappings.findOutside(protocol, destination, destinationPort, now);
    if (mapping === undefined) {
      return !fromInside && protocol === IP_PROTOCOL.tcp && policy.unsolicitedSynWait > 0
        ? FILTERED
        : undefined;
    }
    if (this.isOutside(mapping.insideAddress)) {
      // The NAT's own socket.
      return undefined;
    }
    const remote = fromInside ? this.addressFor(original.source) : original.source;
    if (!this.letsIn(mapping, remote, original.sourcePort)) {
      return FILTERED;
    }
    connection.hairpin = fromInside;
    translateDestination(connection, mapping.insideAddress, mapping.insidePort);
    connection.usesMapping(mapping.connections);
    return undefined;
  }

  /** After routing: whom a new connection's packets come from. */
  decideSource(connection: Connection, out: NetworkInterface, now: number): Refusal | undefined {
    if (connection.sourceDecided) {
      return undefined;
    }
    connection.sourceDecided = true;
    const { policy, outside, mappings } = this;
    const turnsBack = connection.hairpin && out !== outside;
    if (out !== outside && !(turnsBack && policy.hairpin !== 'none')) {
      return this.keepSource(connection, now);
    }
    if (mappings !== undefined && (!turnsBack || policy.hairpin === 'outside-address')) {
      return this.mapSource(mappings, connection, now);
    }
    const address = (turnsBack ? out : outside).primaryAddress;
    return address === undefined ? NO_ADDRESS : this.masquerade(connection, address, now);
  }

  /** Linux: any port that keeps the answers unambiguous; the one that the same inside port has towards others, if that will do. */
  private masquerade(connection: Connection, address: Ipv4Address, now: number): Refusal | undefined {
    const current = connection.translated;
    const isTaken = (port: number): boolean => this.isTaken(withSource(current, address, port), now);
    if (this.policy.portAllocation === 'preserving') {
      const known = this.portOfSource(current, address, now);
      if (known !== undefined && !isTaken(known)) {
        translateSource(connection, address, known);
        return undefined;
      }
    }
    return this.allocate(connection, address, isTaken, current);
  }

  /** Connections that need no translation still must not be confused with others (nf_nat_core.c, the null binding). */
  private keepSource(connection: Connection, now: number): Refusal | undefined {
    const current = connection.translated;
    if (!this.isTaken(current, now)) {
      return undefined;
    }
    const isTaken = (port: number): boolean => this.isTaken(withSource(current, current.source, port), now);
    return this.allocate(connection, current.source, isTaken, current);
  }

  private allocate(
    connection: Connection,
    address: Ipv4Address,
    isTaken: (port: number) => boolean,
    { protocol, sourcePort }: Tuple,
  ): Refusal | undefined {
    const isIcmpIdentifier = protocol === IP_PROTOCOL.icmp;
    // Of other protocols nothing but the addresses tells connections apart.
    const onlyPort = isTaken(0) ? undefined : 0;
    const port =
      hasPorts(protocol) || isIcmpIdentifier
        ? this.ports.allocate({ wanted: sourcePort, isIcmpIdentifier, isTaken })
        : onlyPort;
    if (port === undefined) {
      return NO_PORT;
    }
    translateSource(connection, address, port);
    return undefined;
  }

  /** The outside port of the newest connection from the same inside port (nf_nat_core.c, find_appropriate_src; measured). */
  private portOfSource(current: Tuple, address: Ipv4Address, now: number): number | undefined {
    const { protocol, source, sourcePort } = current;
    let port: number | undefined;
    for (const { translated, sourceTranslated } of this.table.from(protocol, source, sourcePort, now)) {
      if (sourceTranslated && translated.protocol === protocol && translated.source === address) {
        port = translated.sourcePort;
      }
    }
    return port;
  }

  /** RFC 4787: the outside port that belongs to the inside port. */
  private mapSource(mappings: MappingTable, connection: Connection, now: number): Refusal | undefined {
    const current = connection.translated;
    if (!isMapped(current)) {
      const address = this.addressFor(current.source);
      const isTaken = (port: number): boolean =>
        address !== undefined && this.isTaken(withSource(current, address, port), now);
      return address === undefined ? NO_ADDRESS : this.allocate(connection, address, isTaken, current);
    }
    const known = mappings.findInside(current, now);
    const mapping = known ?? this.addMapping(mappings, current, now);
    if ('reason' in mapping) {
      return mapping;
    }
    const { outsideAddress, outsidePort } = mapping;
    if (this.isTaken(withSource(current, outsideAddress, outsidePort), now)) {
      return NO_PORT;
    }
    mapping.connections.add(connection);
    connection.usesMapping(mapping.connections);
    translateSource(connection, outsideAddress, outsidePort);
    return undefined;
  }

  private addMapping(mappings: MappingTable, current: Tuple, now: number): Mapping | Refusal {
    const address = this.addressFor(current.source);
    if (address === undefined) {
      return NO_ADDRESS;
    }
    const { protocol, sourcePort: wanted } = current;
    const port = this.ports.allocate({
      wanted,
      isIcmpIdentifier: protocol === IP_PROTOCOL.icmp,
      isTaken: each =>
        mappings.findOutside(protocol, address, each, now) !== undefined ||
        this.forwards.find(withDestination(current, address, each), own => this.isOutside(own)) !== undefined,
      keepsParity: this.policy.keepsParity && protocol !== IP_PROTOCOL.icmp,
      isExhaustive: true,
    });
    return port === undefined ? NO_PORT : mappings.add(current, address, port);
  }

  /** The outside address of an inside host. */
  private addressFor(inside: Ipv4Address): Ipv4Address | undefined {
    const { addresses, primaryAddress } = this.outside;
    if (this.policy.pooling === 'primary' || addresses.length < 2 || this.isOutside(inside)) {
      return this.isOutside(inside) ? inside : primaryAddress;
    }
    return addresses[inside % addresses.length]?.address;
  }

  private letsIn(mapping: Mapping, remote: Ipv4Address | undefined, remotePort: number): boolean {
    const { filtering } = this.policy;
    if (filtering === 'endpoint-independent') {
      return true;
    }
    for (const { original } of mapping.connections) {
      if (
        original.source === mapping.insideAddress &&
        original.destination === remote &&
        (filtering === 'address-dependent' || original.destinationPort === remotePort)
      ) {
        return true;
      }
    }
    return false;
  }

  /** Whether answers to packets that leave like this would be ambiguous. */
  private isTaken(translated: Tuple, now: number): boolean {
    return this.table.find(reversed(translated), now) !== undefined;
  }
}

/** Whether a mapping can be made for it: it has a port or an identifier. */
function isMapped({ protocol }: Tuple): boolean {
  return hasPorts(protocol) || protocol === IP_PROTOCOL.icmp;
}

function translateSource(connection: Connection, address: Ipv4Address, port: number): void {
  const current = connection.translated;
  if (address !== current.source || port !== current.sourcePort) {
    connection.reply = reversed(withSource(current, address, port));
    connection.sourceTranslated = true;
  }
}

function translateDestination(connection: Connection, address: Ipv4Address, port: number): void {
  connection.reply = reversed(withDestination(connection.translated, address, port));
  connection.destinationTranslated = true;
}
