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
import { guestInterfaceName } from './guest-interface-name';
import type { Names } from './names';
import type { Segments } from './segments';

export interface Draft {
  readonly root: SourceNode;
  readonly source: FileSource;
  readonly report: Report;
  readonly names: Names;
  /** By the name of the network or the internet. */
  readonly plans: Map<string, AddressPlan>;
  /** Of all machines, by node and name, in the order of their ports. */
  readonly interfaces: Map<string, Map<string, InterfaceDraft>>;
  /** Of switches, networks and the internet, by device and name. */
  readonly ports: Map<string, Map<string, ResolvedPort>>;
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

/** The interfaces of a machine. */
export function interfacesOf(draft: Draft, node: string): readonly InterfaceDraft[] {
  return [...(draft.interfaces.get(node)?.values() ?? [])];
}

/** Every interface of every machine, in file order. */
export function allInterfaces(draft: Draft): readonly InterfaceDraft[] {
  return [...draft.interfaces.keys()].flatMap(node => interfacesOf(draft, node));
}

/** The interface of a machine by its name or its adapter's slot. */
export function findInterface(draft: Draft, node: string, name: string | number): InterfaceDraft | undefined {
  const interfaces = draft.interfaces.get(node);
  const bySlot = interfaces?.get(guestInterfaceName(Number(name)));
  return bySlot?.slot === Number(name) ? bySlot : interfaces?.get(String(name));
}

/** Adds an interface to a machine. */
export function addInterface(draft: Draft, one: InterfaceDraft): void {
  const interfaces = draft.interfaces.get(one.node) ?? new Map<string, InterfaceDraft>();
  draft.interfaces.set(one.node, interfaces.set(one.name, one));
}

/** The ports of a device that has no interfaces. */
export function portsOf(draft: Draft, device: string): readonly ResolvedPort[] {
  return [...(draft.ports.get(device)?.values() ?? [])];
}

/** Adds a port to such a device. */
export function addPort(draft: Draft, device: string, port: ResolvedPort): void {
  const ports = draft.ports.get(device) ?? new Map<string, ResolvedPort>();
  draft.ports.set(device, ports.set(port.name, port));
}
