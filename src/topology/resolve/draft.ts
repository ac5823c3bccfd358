/** What the steps of resolving hand to each other: devices half done. */
import type { Ipv4Address } from '../../net/ipv4-address';
import type { Ipv4Prefix } from '../../net/ipv4-prefix';
import type { MacAddress } from '../../net/mac-address';
import type { AddressingSource, FileSource } from '../file-source';
import type { Report } from '../report';
import type {
  ResolvedAddressing,
  ResolvedCable,
  ResolvedDhcpServer,
  ResolvedPort,
  ResolvedVirtualBoxNat,
  TopologyPath,
} from '../resolved';
import type { SourceNode } from '../source-tree';
import type { Names } from './names';
import type { Segments } from './segments';

export interface Draft {
  readonly root: SourceNode;
  readonly source: FileSource;
  readonly report: Report;
  readonly names: Names;
  /** By the name of the network or the internet. */
  readonly plans: Map<string, AddressPlan>;
  /** Of all machines, by node, in the order of their ports. */
  readonly interfaces: Map<string, InterfaceDraft[]>;
  /** Of switches, networks and the internet, by device. */
  readonly ports: Map<string, ResolvedPort[]>;
  readonly cables: ResolvedCable[];
  readonly segments: Segments;
  /** NAT engines by the VM they belong to. */
  readonly natEngines: Map<string, ResolvedVirtualBoxNat[]>;
  readonly dhcpServers: Map<string, ResolvedDhcpServer[]>;
  /** The host of each VM that has one. */
  readonly hosts: ReadonlyMap<string, string>;
}

/** The addresses of one segment. */
export interface AddressPlan {
  /** As a sentence names it. */
  readonly name: string;
  /** Where it stands. */
  readonly path: TopologyPath;
  readonly subnet?: Ipv4Prefix;
  readonly gateway?: Ipv4Address;
  readonly nameServers: readonly Ipv4Address[];
  readonly mtu?: number;
  /** Leased addresses, first and last: not given to interfaces that ask for `auto`. */
  readonly leased?: readonly [Ipv4Address, Ipv4Address];
  /** Addresses that devices of the segment have by nature, with their owner. */
  readonly fixed: readonly { readonly address: Ipv4Address; readonly owner: string }[];
}

/** An interface of a machine. */
export interface InterfaceDraft {
  readonly node: string;
  readonly name: string;
  /** A VM's adapter. */
  readonly slot?: number;
  /** Where it is written, or the nearest place to that. */
  readonly path: TopologyPath;
  readonly source: AddressingSource;
  /** Switched on, and its virtual cable plugged in. */
  readonly up: boolean;
  plan?: AddressPlan;
  /** Where the cable in it is written. */
  pluggedAt?: TopologyPath;
  /** The segment its cable leads to. */
  segment?: string;
  addressing: ResolvedAddressing;
  mac: MacAddress;
}

/** `node:interface`, as people name it. */
export const interfaceLabel = (one: InterfaceDraft): string => `${one.node}:${one.slot ?? one.name}`;

export function interfacesOf(draft: Draft, node: string): InterfaceDraft[] {
  const known = draft.interfaces.get(node) ?? [];
  draft.interfaces.set(node, known);
  return known;
}

/** Every interface of every machine, in file order. */
export function allInterfaces(draft: Draft): InterfaceDraft[] {
  return [...draft.interfaces.values()].flat();
}

/** The interface of a machine by its name or its adapter's slot. */
export function findInterface(draft: Draft, node: string, name: string | number): InterfaceDraft | undefined {
  const text = String(name);
  return draft.interfaces.get(node)?.find(one => one.name === text || String(one.slot) === text);
}

/** Adds a port to a device that has no interfaces. */
export function addPort(draft: Draft, device: string, port: ResolvedPort): void {
  draft.ports.set(device, [...(draft.ports.get(device) ?? []), port]);
}
