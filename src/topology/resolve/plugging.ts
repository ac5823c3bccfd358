/** Cables: interfaces join networks, and what a cable joins becomes one broadcast domain. */
import type { ResolvedCableEnd, ResolvedSwitchPort, TopologyPath } from '../resolved';
import { cableBetween, DEFAULT_CABLE, type CableProperties } from './cable-properties';
import { addPort, allInterfaces, domainOf, type Draft, type InterfaceDraft } from './draft';
import { generateMac } from './hardware-addresses';
import { reportUnknown } from './names';
import { deviceOfDomain, portDomain, readTrunk, type PortVlans } from './vlans';

/** Plugs each interface that names a network into the next port of that network. */
export function joinNetworks(draft: Draft): void {
  for (const one of allInterfaces(draft)) {
    if (one.source.network !== undefined) {
      joinNetwork(draft, one, one.source.network);
    } else if (one.source.vlan !== undefined || one.source.trunk !== undefined) {
      const key = one.source.vlan === undefined ? 'trunk' : 'vlan';
      draft.report.add('vlan-without-network', { key: [...one.path, key] }, [key]);
    }
  }
}

function joinNetwork(draft: Draft, one: InterfaceDraft, network: string): void {
  const { names, plans, report } = draft;
  const place = [...one.path, 'network'];
  const node = names.nodes.get(network);
  const plan = node === undefined || node.kind === 'internet' ? plans.get(network) : undefined;
  if (plan === undefined) {
    if (node === undefined) {
      const internets = [...names.nodes].filter(([, { kind }]) => kind === 'internet').map(([name]) => name);
      reportUnknown('unknown-network', network, [...names.networks.keys(), ...internets], place, report);
    } else {
      report.add('wrong-kind/network', place, [network, node.kind]);
    }
    return;
  }
  switch (one.source.type ?? (names.nodes.get(one.node)?.kind === 'container' ? 'veth' : 'physical')) {
    case 'vlan':
    case 'vxlan':
      // Frames get there by the parent or the tunnel; here only the addresses are the network's.
      one.plan = plan;
      return;
    case 'physical':
      break;
    case 'veth':
      report.add('network-without-port/veth', place, []);
      return;
    case 'bridge':
      report.add('network-without-port/bridge', place, []);
      return;
    default:
      report.add('network-without-port', place, [one.source.type ?? '']);
      return;
  }
  const port = String((draft.ports.get(network)?.size ?? 0) + 1);
  const vlans = networkPortVlans(draft, one, network);
  const domain = portDomain(network, names.networks.get(network)?.vlan ?? 1, vlans);
  addNetworkPort(draft, network, { name: port, ...vlans, source: place });
  if (domain === network) {
    one.plan = plan;
  }
  const end = { device: network, port };
  plugTogether(draft, one, end, domain, place, DEFAULT_CABLE);
}

/** What the port of a network's switch is told of VLANs. */
function networkPortVlans(draft: Draft, one: InterfaceDraft, network: string): PortVlans {
  const { vlan, trunk } = one.source;
  const usual = draft.names.networks.get(network)?.vlan;
  if (vlan !== undefined && draft.names.nodes.has(network)) {
    draft.report.add('vlan-without-network', { key: [...one.path, 'vlan'] }, ['vlan']);
  }
  const carried = readTrunk(trunk, [...one.path, 'trunk'], draft.report);
  const access = vlan ?? (carried === undefined ? usual : undefined);
  return {
    ...(access !== undefined && { accessVlan: access }),
    ...(carried !== undefined && { trunk: carried }),
  };
}

/**
 * Plugs a cable between an interface and a port of something else.
 * @param domain the broadcast domain of that port, undefined for a trunk, which is in several
 */
export function plugTogether(
  draft: Draft,
  one: InterfaceDraft,
  other: ResolvedCableEnd,
  domain: string | undefined,
  source: TopologyPath,
  properties: CableProperties,
): void {
  one.pluggedAt = source;
  if (domain !== undefined) {
    draft.segments.join(domain, domainOf(one));
    joinRing(draft, domain, domainOf(one), source);
  }
  const ends = [{ device: one.node, port: one.name }, other] as const;
  draft.cables.push(cableBetween(ends, properties, source));
}

/** Two interfaces with a cable of their own between them: a veth pair, or a VM's adapter at a TAP device. */
export function plugPair(
  draft: Draft,
  one: InterfaceDraft,
  other: InterfaceDraft,
  source: TopologyPath,
): void {
  other.pluggedAt = source;
  // A VM's cable can be pulled; an interface that is down is so at its machine.
  const up = [one, other].every(end => end.slot === undefined || end.up);
  const end = { device: other.node, port: other.name };
  plugTogether(draft, one, end, domainOf(other), source, { ...DEFAULT_CABLE, up });
}

/** Says where a cable closes a ring in which frames would circle. */
export function joinRing(draft: Draft, one: string, other: string, source: TopologyPath): void {
  if (!hasSpanningTree(draft, one) && !hasSpanningTree(draft, other) && !draft.rings.join(one, other)) {
    draft.report.add('switching-loop', source, [], { severity: 'warning' });
  }
}

/** Whether what is at the end breaks rings: a switch `sw1`, or a bridge `host:br0`. */
function hasSpanningTree(draft: Draft, domain: string): boolean {
  const colon = domain.indexOf(':');
  if (colon === -1) {
    const node = draft.names.nodes.get(deviceOfDomain(domain));
    return node?.kind === 'switch' && node.stp !== undefined && node.stp !== false;
  }
  const bridge = draft.interfaces.get(domain.slice(0, colon))?.get(domain.slice(colon + 1));
  return bridge?.link.kind === 'bridge' && bridge.link.spanningTree !== undefined;
}

/** The first port of the internet is that of the provider's router and has its hardware address; the rest lead into the same segment. */
export function addNetworkPort(draft: Draft, device: string, port: ResolvedSwitchPort): void {
  const first = !draft.ports.has(device) && draft.names.nodes.get(device)?.kind === 'internet';
  addPort(draft, device, {
    ...port,
    ...(first && { mac: generateMac('local', `${device}/`, new Set()) }),
  });
}

/** Gives each interface that is not on a network itself the address plan of its segment, where there is one alone. */
export function spreadPlans(draft: Draft): void {
  const found = new Map<string, string[]>();
  for (const [segment] of draft.plans) {
    const root = draft.segments.rootOf(segment);
    found.set(root, [...(found.get(root) ?? []), segment]);
  }
  for (const one of allInterfaces(draft)) {
    const segments = found.get(draft.segments.rootOf(domainOf(one))) ?? [];
    const [only, another] = segments;
    const plan = only === undefined || another !== undefined ? undefined : draft.plans.get(only);
    if (one.plan === undefined && plan !== undefined) {
      one.plan = plan;
    }
  }
}
