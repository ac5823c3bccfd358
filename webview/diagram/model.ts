/** What there is to draw of a topology: devices, their ports, cables, and the NAT engines' use of their host's sockets. */
import { formatIp } from '../../src/net/ip-address';
import { formatIpv4 } from '../../src/net/ipv4-address';
import { formatInterfaceAddress, formatPrefix } from '../../src/net/ipv4-prefix';
import { formatIpv6InterfaceAddress, formatIpv6Prefix } from '../../src/net/ipv6-prefix';
import { formatMac } from '../../src/net/mac-address';
import type {
  ResolvedCable,
  ResolvedDevice,
  ResolvedInterface,
  ResolvedPort,
  ResolvedStackDevice,
  ResolvedTopology,
  TopologyPath,
} from '../../src/topology/resolved';
import { cableLabel } from './cable-label';
import { isBridge, withBridges } from './inner-bridges';
import { isPluggedIn } from './plugged';
import { ENGLISH_STRINGS, fill, type DiagramStrings } from './strings';

/**
 * Each has a shape of its own. A `network` is a segment that the file names only by its address plan, a `virtual-switch` one that
 * VirtualBox makes inside a host, a `bridge` one of the Linux kernel of a machine.
 */
export type NodeKind =
  | 'internet'
  | 'router'
  | 'network'
  | 'switch'
  | 'hub'
  | 'virtual-switch'
  | 'bridge'
  | 'host'
  | 'vm'
  | 'container'
  | 'nat'
  | 'dhcp'
  | 'tunnel';

export interface DiagramModel {
  readonly name: string;
  /** Containers before what is inside them. */
  readonly nodes: readonly DiagramNode[];
  readonly cables: readonly DiagramCable[];
}

export interface DiagramNode {
  /** The device's id, or the machine's and the bridge's name with a slash between. */
  readonly id: string;
  readonly kind: NodeKind;
  readonly label: string;
  /** Short lines under the label. */
  readonly details: readonly string[];
  /** The node this one is drawn in; never a circle. */
  readonly inside?: string;
  /** All of a machine's; of a switch or the internet, those with a cable. */
  readonly ports: readonly DiagramPort[];
  readonly source: TopologyPath;
  /** How many nodes are folded into this one. */
  readonly folded?: number;
}

export interface DiagramPort {
  /** See portId. */
  readonly id: string;
  /** The node it is drawn at: its device, or a bridge of it. */
  readonly device: string;
  /** Empty for the hidden end of a sockets relation, and for the only port of a tunnel. */
  readonly name: string;
  /** Hardware address as printed, empty for none. */
  readonly mac: string;
  /** What the file says about the address; empty for a port that has none. */
  readonly address: string;
  /** The widest address the port may come to show, for which the layout leaves room. */
  readonly widestAddress: string;
  /** The view tells no addresses, nor those that the port has now. */
  readonly hidesAddress?: true;
}

/**
 * `sockets` is no cable but a NAT engine or a tunnel that sends through its host's sockets, `member` a network card that belongs to a
 * bridge of its machine.
 */
export type CableKind = 'cable' | 'sockets' | 'member';

export interface DiagramCable {
  readonly id: string;
  readonly kind: CableKind;
  /** Port ids. */
  readonly ends: readonly [string, string];
  /** What is unusual about the cable, empty for nothing. */
  readonly label: string;
  readonly up: boolean;
}

/** How wide a leased address can get. */
const WIDEST_ADDRESS = '255.255.255.255/24';

/** Names a port in the whole drawing, as the packet list does. */
export function portId(device: string, port: string): string {
  return `${device}:${port}`;
}

/** The drawing's content; cables to ports that do not exist are left out. */
export function diagramModel(
  topology: ResolvedTopology,
  strings: DiagramStrings = ENGLISH_STRINGS,
): DiagramModel {
  const devices = new Map(topology.devices.map(device => [device.id, device]));
  const sockets = [...devices.values()].flatMap(device => socketsCable(device, devices, topology.cables));
  const containers = containersOf(devices);
  const plugged = new Set(
    topology.cables.flatMap(({ ends }) => ends.map(end => portId(end.device, end.port))),
  );
  const nodes = inContainerOrder([...devices.values()], containers).map(device => {
    const inside = containers.get(device.id);
    return {
      id: device.id,
      kind: kindOf(device),
      label: kindOf(device) === 'nat' ? strings.natLabel : device.label,
      details: detailsOf(device, strings),
      ...(inside === undefined ? {} : { inside }),
      ports: [
        ...device.ports
          .filter(port => isStackDevice(device) || plugged.has(portId(device.id, port.name)))
          .map(port => portOf(device, port, strings)),
        ...sockets.filter(cable => cable.ends[1] === socketsEnd(device.id)).map(() => hiddenPort(device.id)),
      ],
      source: device.source,
    };
  });
  const ports = new Set(nodes.flatMap(node => node.ports.map(port => port.id)));
  const cables = [
    ...topology.cables.map(cable => ({
      ...cableOf(cable, strings),
      up: isPluggedIn(cable, id => devices.get(id)),
    })),
    ...sockets,
  ];
  const model = {
    name: topology.name,
    nodes,
    cables: cables.filter(({ ends }) => ends[0] !== ends[1] && ends.every(end => ports.has(end))),
  };
  const machines = topology.devices.filter(isStackDevice).filter(device => device.interfaces.some(isBridge));
  return machines.length === 0 ? model : withBridges(model, machines, one => writtenAddress(one, strings));
}

/** What a port shows of the addresses it has. */
export function addressText(addresses: readonly string[], strings: DiagramStrings): string {
  const [first = '', ...others] = addresses;
  return others.length === 0 ? first : fill(strings.moreAddresses, first, others.length);
}

function kindOf(device: ResolvedDevice): NodeKind {
  switch (device.kind) {
    case 'switch':
      return device.role;
    case 'virtualbox-switch':
      return 'virtual-switch';
    case 'virtualbox-nat':
    case 'virtualbox-nat-network':
      return 'nat';
    case 'virtualbox-dhcp':
      return 'dhcp';
    case 'hub':
    case 'tunnel':
    case 'container':
    case 'host':
    case 'vm':
    case 'router':
    case 'internet':
      return device.kind;
  }
}

function detailsOf(device: ResolvedDevice, strings: DiagramStrings): string[] {
  switch (device.kind) {
    case 'switch': {
      const subnets = [
        ...(device.subnet === undefined ? [] : [formatPrefix(device.subnet)]),
        ...(device.subnet6 === undefined ? [] : [formatIpv6Prefix(device.subnet6)]),
      ];
      return subnets.length === 0 ? [] : [subnets.join(' · ')];
    }
    case 'virtualbox-nat':
    case 'virtualbox-nat-network':
      return [formatPrefix(device.network)];
    case 'virtualbox-switch':
      return [strings[device.role]];
    case 'virtualbox-dhcp':
      return [formatIpv4(device.server)];
    case 'tunnel':
      return [`${device.localPort} → ${formatIp(device.remote)}:${device.remotePort}`];
    case 'hub':
      return [];
    case 'internet': {
      const [first, ...others] = device.servers.map(server => server.name);
      return first === undefined
        ? []
        : [others.length === 0 ? first : fill(strings.andMore, first, others.length)];
    }
    case 'host':
    case 'vm':
    case 'router':
    case 'container':
      return [...stackDetails(device, strings), ...innerInterfaces(device, strings)];
  }
}

function stackDetails(device: ResolvedStackDevice, strings: DiagramStrings): string[] {
  if (device.sourceNat !== undefined) {
    return [fill(strings.masqueradesOn, device.sourceNat.outside)];
  }
  return device.forwarding && device.kind !== 'router' ? [strings.forwards] : [];
}

/** Interfaces without a port are nowhere on the border: VLANs, tunnels and the like. A bridge is a node of its own. */
const MOST_INNER_INTERFACES = 4;

function innerInterfaces(device: ResolvedStackDevice, strings: DiagramStrings): string[] {
  const ports = new Set(device.ports.map(({ name }) => name));
  const lines = device.interfaces
    .filter(one => !ports.has(one.name) && !isBridge(one))
    .map(one => `${one.name} ${writtenAddress(one, strings)}`.trimEnd());
  const shown = lines.slice(0, MOST_INNER_INTERFACES);
  const [last, more] = [shown.at(-1), lines.length - shown.length];
  return more === 0 || last === undefined
    ? shown
    : [...shown.slice(0, -1), fill(strings.andMore, last, more)];
}

/** What the file says about an interface's addresses. */
function writtenAddress({ addressing, ipv6 }: ResolvedInterface, strings: DiagramStrings): string {
  const written6 = (ipv6?.addresses ?? []).map(formatIpv6InterfaceAddress);
  switch (addressing.kind) {
    case 'none':
      return addressText(written6, strings);
    case 'dhcp':
      return strings.leasing;
    case 'static':
      return addressText([...addressing.addresses.map(formatInterfaceAddress), ...written6], strings);
  }
}

function portOf(device: ResolvedDevice, port: ResolvedPort, strings: DiagramStrings): DiagramPort {
  const mac = port.mac === undefined ? '' : formatMac(port.mac);
  // The one socket of a tunnel's process needs no name beside it.
  const name = device.kind === 'tunnel' ? '' : port.name;
  const own = interfaceOf(device, port.name);
  return own === undefined
    ? { id: portId(device.id, port.name), device: device.id, name, mac, address: '', widestAddress: '' }
    : { ...interfacePort(device, own, strings), mac };
}

/** An interface as a port, whether or not it has one. */
export function interfacePort(
  device: ResolvedDevice,
  one: ResolvedInterface,
  strings: DiagramStrings,
): DiagramPort {
  const address = writtenAddress(one, strings);
  return {
    id: portId(device.id, one.name),
    device: device.id,
    name: one.name,
    mac: formatMac(one.mac),
    address,
    widestAddress: one.addressing.kind === 'dhcp' ? WIDEST_ADDRESS : address,
  };
}

function interfaceOf(device: ResolvedDevice, port: string): ResolvedInterface | undefined {
  return isStackDevice(device) ? device.interfaces.find(one => one.name === port) : undefined;
}

export function isStackDevice(device: ResolvedDevice): device is ResolvedStackDevice {
  return 'interfaces' in device;
}

function cableOf(cable: ResolvedCable, strings: DiagramStrings): Omit<DiagramCable, 'up'> {
  const [one, other] = cable.ends;
  return {
    id: cable.id,
    kind: 'cable',
    ends: [portId(one.device, one.port), portId(other.device, other.port)],
    label: cableLabel(cable, strings),
  };
}

/** The dashed line from a NAT engine or a tunnel to the port by which its host reaches the outside. */
function socketsCable(
  device: ResolvedDevice,
  devices: ReadonlyMap<string, ResolvedDevice>,
  cables: readonly ResolvedCable[],
): DiagramCable[] {
  const host = 'host' in device ? devices.get(device.host) : undefined;
  const port = host === undefined ? undefined : outgoingPort(host, cables);
  if (host === undefined || port === undefined) {
    return [];
  }
  const ends = [portId(host.id, port), socketsEnd(device.id)] as const;
  return [{ id: `${device.id}~sockets`, kind: 'sockets', ends, label: '', up: true }];
}

/** The port of the default route, as far as the file tells: one with a gateway, else one with a lease, else one with a cable, else the first. */
function outgoingPort(host: ResolvedDevice, cables: readonly ResolvedCable[]): string | undefined {
  const plugged = (port: ResolvedPort): boolean =>
    cables.some(cable => cable.ends.some(end => end.device === host.id && end.port === port.name));
  const rank = (port: ResolvedPort): number => {
    const addressing = interfaceOf(host, port.name)?.addressing;
    if (addressing?.kind === 'static' && addressing.gateway !== undefined) {
      return 0;
    }
    return addressing?.kind === 'dhcp' && plugged(port) ? 1 : plugged(port) ? 2 : 3;
  };
  return [...host.ports].sort((one, other) => rank(one) - rank(other))[0]?.name;
}

/** The id of the hidden end of a sockets line. */
export function socketsEnd(device: string): string {
  return `${device}~sockets`;
}

export function hiddenPort(device: string): DiagramPort {
  return { id: socketsEnd(device), device, name: '', mac: '', address: '', widestAddress: '' };
}

/** The container of each node that has one; containers that do not exist or would hold themselves count for nothing. */
function containersOf(devices: ReadonlyMap<string, ResolvedDevice>): Map<string, string> {
  const containers = new Map<string, string>();
  for (const { id, inside } of devices.values()) {
    if (inside !== undefined && devices.has(inside) && !isWithin(inside, id, containers)) {
      containers.set(id, inside);
    }
  }
  return containers;
}

function isWithin(id: string, container: string, containers: ReadonlyMap<string, string>): boolean {
  for (let at: string | undefined = id; at !== undefined; at = containers.get(at)) {
    if (at === container) {
      return true;
    }
  }
  return false;
}

function inContainerOrder(
  devices: readonly ResolvedDevice[],
  containers: ReadonlyMap<string, string>,
): ResolvedDevice[] {
  const depth = (device: ResolvedDevice): number => {
    let levels = 0;
    for (let at = containers.get(device.id); at !== undefined; at = containers.get(at)) {
      levels++;
    }
    return levels;
  };
  return devices
    .map(device => ({ device, depth: depth(device) }))
    .sort((one, other) => one.depth - other.depth)
    .map(({ device }) => device);
}
