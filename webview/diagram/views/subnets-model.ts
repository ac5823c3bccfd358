/**
 * The network layer: machines with an address and the subnets they are in. Switches, hubs and bridges of one broadcast domain are one
 * segment, as in the drawing of a textbook; two machines with a cable of their own need none.
 */
import type {
  ResolvedDevice,
  ResolvedRoute,
  ResolvedStackDevice,
  ResolvedTopology,
} from '../../../src/topology/resolved';
import { formatIp, isIpv4Prefix } from '../../../src/net/ip-address';
import { formatPrefix } from '../../../src/net/ipv4-prefix';
import { formatIpv6Prefix } from '../../../src/net/ipv6-prefix';
import {
  diagramModel,
  hiddenPort,
  interfacePort,
  isStackDevice,
  portId,
  socketsEnd,
  type DiagramCable,
  type DiagramModel,
  type DiagramNode,
  type DiagramPort,
} from '../model';
import { fill, type DiagramStrings } from '../strings';
import { broadcastDomains, type BroadcastDomain } from './broadcast-domains';
import { domainName } from './domains-view';

/** Routes beyond these are counted. */
const MOST_ROUTES = 3;

export function subnetsModel(topology: ResolvedTopology, strings: DiagramStrings): DiagramModel {
  const cabling = diagramModel(topology, strings);
  const { domains, ofInterface } = broadcastDomains(topology);
  const nodes = new Map(cabling.nodes.map(node => [node.id, node]));
  const machines = topology.devices.flatMap((device): DiagramNode[] => {
    const node = nodes.get(device.id);
    const ports = node === undefined ? [] : portsOf(device, node, ofInterface, strings);
    if (node === undefined || ports.length === 0) {
      return [];
    }
    const { inside: _, ...free } = node;
    return [{ ...free, details: detailsOf(device, node, strings), ports }];
  });
  const present = new Set(machines.flatMap(({ ports }) => ports.map(port => port.id)));
  const segments: DiagramNode[] = [];
  const cables: DiagramCable[] = [];
  domains.forEach(domain => {
    const members = domain.interfaces.filter(id => present.has(id));
    const [one, other] = members;
    if (domain.segments.length === 0 && members.length === 2 && one !== undefined && other !== undefined) {
      cables.push({
        id: `${one} - ${other}`,
        kind: 'cable',
        ends: [one, other],
        label: domain.subnets[0] ?? '',
        up: true,
      });
    } else if (members.length > 0 && (domain.segments.length > 0 || members.length > 1)) {
      const segment = segmentOf(domain, members, cabling);
      segments.push(segment);
      members.forEach((id, index) => {
        const end = segment.ports[index]?.id ?? '';
        cables.push({ id: `${id} - ${segment.id}`, kind: 'cable', ends: [id, end], label: '', up: true });
      });
    }
  });
  const joined = withSockets(topology, machines);
  return {
    name: cabling.name,
    nodes: [...joined.machines, ...segments],
    cables: [...cables, ...joined.sockets],
  };
}

/** Interfaces with an address, and the plugs of services that have one. */
function portsOf(
  device: ResolvedDevice,
  node: DiagramNode,
  ofInterface: ReadonlyMap<string, number>,
  strings: DiagramStrings,
): DiagramPort[] {
  if (isStackDevice(device)) {
    return device.interfaces
      .filter(({ name }) => ofInterface.has(portId(device.id, name)))
      .map(one => interfacePort(device, one, strings));
  }
  switch (device.kind) {
    case 'internet':
    case 'virtualbox-nat':
    case 'virtualbox-nat-network':
    case 'tunnel':
      return node.ports.map(port => ({ ...port, device: node.id }));
    case 'switch':
    case 'hub':
    case 'virtualbox-switch':
    case 'virtualbox-dhcp':
      return [];
  }
}

function detailsOf(device: ResolvedDevice, node: DiagramNode, strings: DiagramStrings): readonly string[] {
  if (!isStackDevice(device)) {
    return node.details;
  }
  const nat = device.sourceNat === undefined ? [] : [fill(strings.masqueradesOn, device.sourceNat.outside)];
  const forwards =
    device.forwarding && device.kind !== 'router' && nat.length === 0 ? [strings.forwards] : [];
  return [...nat, ...forwards, ...routesOf(device, strings)];
}

function routesOf(device: ResolvedStackDevice, strings: DiagramStrings): string[] {
  const gateways = device.interfaces.flatMap(({ addressing, ipv6 }) => [
    ...(addressing.kind === 'static' && addressing.gateway !== undefined
      ? [formatIp(addressing.gateway)]
      : []),
    ...(ipv6?.gateway === undefined ? [] : [formatIp(ipv6.gateway)]),
  ]);
  const lines = [
    ...gateways.map(gateway => fill(strings.defaultRoute, gateway)),
    ...device.routes.map(route => routeText(route, strings)),
  ];
  const shown = lines.slice(0, MOST_ROUTES);
  const more = lines.length - shown.length;
  return more === 0 ? shown : [...shown.slice(0, -1), fill(strings.andMore, shown.at(-1) ?? '', more)];
}

function routeText({ to, via, interface: out, type }: ResolvedRoute, strings: DiagramStrings): string {
  const way = type ?? (via === undefined ? (out ?? '') : formatIp(via));
  if (to.length === 0) {
    return fill(strings.defaultRoute, way);
  }
  return `${isIpv4Prefix(to) ? formatPrefix(to) : formatIpv6Prefix(to)} → ${way}`;
}

function segmentOf(domain: BroadcastDomain, members: readonly string[], cabling: DiagramModel): DiagramNode {
  // By a name that stays when other parts of the file change.
  const id = `~${domain.segments[0] ?? members[0] ?? ''}~${domain.vlans.join()}`;
  const name = domainName(domain, cabling);
  const vlans = domain.vlans.length === 0 ? '' : ` (VLAN ${domain.vlans.join(', ')})`;
  const [subnet, ...more] = domain.subnets;
  return {
    id,
    kind: 'network',
    label: subnet ?? `${name}${vlans}`,
    details: subnet === undefined ? [] : [[...more, `${name}${vlans}`].join(' · ')],
    ports: members.map(member => ({
      id: `${id}~${member}`,
      device: id,
      name: '',
      mac: '',
      address: '',
      widestAddress: '',
    })),
    source: cabling.nodes.find(node => node.id === domain.segments[0])?.source ?? [],
  };
}

/** From a machine to each NAT engine and tunnel that uses its sockets: whichever way these go out is the machine's affair. */
function withSockets(
  topology: ResolvedTopology,
  machines: readonly DiagramNode[],
): { readonly machines: readonly DiagramNode[]; readonly sockets: readonly DiagramCable[] } {
  const sockets: DiagramCable[] = [];
  const hosts = new Set<string>();
  for (const device of topology.devices) {
    const host = 'host' in device ? machines.find(({ id }) => id === device.host) : undefined;
    const own = machines
      .find(({ id }) => id === device.id)
      ?.ports.find(({ id }) => id === socketsEnd(device.id));
    if (host !== undefined && own !== undefined) {
      hosts.add(host.id);
      const ends = [socketsEnd(host.id), own.id] as const;
      sockets.push({ id: `${device.id}~sockets`, kind: 'sockets', ends, label: '', up: true });
    }
  }
  return {
    sockets,
    machines: machines.map(node =>
      hosts.has(node.id) ? { ...node, ports: [...node.ports, hiddenPort(node.id)] } : node,
    ),
  };
}
