/** What the steps of resolving hand to each other: devices half done. */
import type { Ipv4Address } from '../../net/ipv4-address';
import type { Ipv4Prefix } from '../../net/ipv4-prefix';
import type { Ipv6Address } from '../../net/ipv6-address';
import type { Ipv6Prefix } from '../../net/ipv6-prefix';
import type { MacAddress } from '../../net/mac-address';
import type {
  AddressingSource,
  FileSource,
  InterfaceSource,
  MachineSource,
  NodeSource,
} from '../file-source';
import type { Report } from '../report';
import type {
  ResolvedAddressing,
  ResolvedCable,
  ResolvedDevice,
  ResolvedDhcpRelay,
  ResolvedDhcpServer,
  ResolvedIpv6Addressing,
  ResolvedLink,
  ResolvedSwitchPort,
  TopologyPath,
} from '../resolved';
import type { SourceNode } from '../source-tree';
import { guestInterfaceName } from './guest-interface-name';
import type { Names } from './names';
import type { Segments } from './segments';
import type { VirtualBoxNetwork } from './virtualbox/network';

export interface Draft {
  readonly root: SourceNode;
  readonly source: FileSource;
  readonly report: Report;
  readonly names: Names;
  /** Whether the file says anything of IPv6: only then the internet has it. */
  readonly ipv6: boolean;
  /** By the segment they are of: a network, the internet, a NAT engine, a network of VirtualBox. */
  readonly plans: Map<string, AddressPlan>;
  /** Of all machines, by node and name, in the order of their ports. */
  readonly interfaces: Map<string, Map<string, InterfaceDraft>>;
  /** The bridge of each member, by `node:interface`. */
  readonly bridges: Map<string, string>;
  /** Of switches, networks and the internet, by device and name. */
  readonly ports: Map<string, Map<string, ResolvedSwitchPort>>;
  readonly cables: ResolvedCable[];
  /** Which ends are in one broadcast domain; VLANs apart. */
  readonly segments: Segments;
  /** Which ends are joined by cables and switches without a spanning tree: what finds rings. */
  readonly rings: Segments;
  /** Devices that a node brings along, by node: NAT engines, tunnels. Made when all addresses are known. */
  readonly parts: Map<string, (() => ResolvedDevice | undefined)[]>;
  /** By `host/network`. */
  readonly virtualBoxNetworks: Map<string, VirtualBoxNetwork>;
  readonly dhcpServers: Map<string, ResolvedDhcpServer[]>;
  readonly dhcpRelays: Map<string, ResolvedDhcpRelay[]>;
  /** The machine that each VM and container is inside. */
  readonly hosts: ReadonlyMap<string, string>;
}

/** The addresses of one segment. */
export interface AddressPlan {
  /** As a sentence names it. */
  readonly name: string;
  /** Where it stands. */
  readonly path: TopologyPath;
  readonly subnet?: Ipv4Prefix;
  readonly subnet6?: Ipv6Prefix;
  readonly gateway?: Ipv4Address;
  readonly gateway6?: Ipv6Address;
  readonly nameServers: readonly Ipv4Address[];
  readonly nameServers6?: readonly Ipv6Address[];
  readonly mtu?: number;
  /** The number that VLAN interfaces of this segment have. */
  readonly vlan?: number;
  /** Leased addresses, first and last: not given to interfaces that ask for `auto`. */
  readonly leased?: readonly [Ipv4Address, Ipv4Address];
  /** Addresses that devices of the segment have by nature, with their owner. */
  readonly fixed: readonly { readonly address: Ipv4Address; readonly owner: string }[];
  /** The provider's side of the internet: a router takes an IPv6 address from it as any customer. */
  readonly provider?: boolean;
}

/** An interface of a machine. */
export interface InterfaceDraft {
  readonly node: string;
  readonly name: string;
  /** A VM's adapter. */
  readonly slot?: number;
  /** Where it is written, or the nearest place to that. */
  readonly path: TopologyPath;
  readonly source: InterfaceSource & AddressingSource;
  /** Switched on, and its virtual cable plugged in. */
  readonly up: boolean;
  link: ResolvedLink;
  /** The bridge of the same machine that it is a member of. */
  readonly bridge?: string;
  plan?: AddressPlan;
  /** Where the cable in it is written. */
  pluggedAt?: TopologyPath;
  addressing: ResolvedAddressing;
  ipv6?: ResolvedIpv6Addressing;
  mac: MacAddress;
}

/** `node:interface`, as people name it. */
export const interfaceLabel = (one: InterfaceDraft): string => `${one.node}:${one.slot ?? one.name}`;

/** The broadcast domain that an interface's end is in; a member shares its bridge's. */
export const domainOf = (one: InterfaceDraft): string => `${one.node}:${one.bridge ?? one.name}`;

/** Whether the interface has a port that a cable can be plugged into. */
export function hasPort({ link }: InterfaceDraft): boolean {
  return link.kind === 'port' || link.kind === 'tap' || link.kind === 'tun';
}

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
export function portsOf(draft: Draft, device: string): readonly ResolvedSwitchPort[] {
  return [...(draft.ports.get(device)?.values() ?? [])];
}

/** Adds a port to such a device. */
export function addPort(draft: Draft, device: string, port: ResolvedSwitchPort): void {
  const ports = draft.ports.get(device) ?? new Map<string, ResolvedSwitchPort>();
  draft.ports.set(device, ports.set(port.name, port));
}

/** Adds a device that comes right after a node. */
export function addPart(draft: Draft, node: string, make: () => ResolvedDevice | undefined): void {
  draft.parts.set(node, [...(draft.parts.get(node) ?? []), make]);
}

/** A node that has a TCP/IP stack. */
export function isMachine(node: NodeSource | undefined): node is MachineSource {
  return (
    node?.kind === 'host' || node?.kind === 'vm' || node?.kind === 'router' || node?.kind === 'container'
  );
}

/** One text or a list of them, as a list. */
export function listOf(texts: string | readonly string[] | undefined): readonly string[] {
  return typeof texts === 'string' ? [texts] : (texts ?? []);
}

/** The place of one text of a list, or of the only one. */
export function placeOf(
  texts: string | readonly string[] | undefined,
  path: TopologyPath,
  index: number,
): TopologyPath {
  return typeof texts === 'string' ? path : [...path, index];
}
