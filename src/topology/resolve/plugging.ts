/** Cables: interfaces join networks, links join ends, and each NAT adapter gets its engine. */
import { addressAt, formatPrefix, prefixOf, type Ipv4Prefix } from '../../net/ipv4-prefix';
import { ipv4FromNumber } from '../../net/ipv4-address';
import { macFromNumber, type MacAddress } from '../../net/mac-address';
import type { InterfaceSource } from '../file-source';
import type { ResolvedVirtualBoxNat, VirtualBoxVersion } from '../resolved';
import { readPrefix } from './addresses';
import { cableBetween, DEFAULT_CABLE } from './cable-properties';
import { addPort, allInterfaces, type Draft, type InterfaceDraft } from './draft';
import { generateMac } from './hardware-addresses';
import type { AdapterDraft } from './interfaces';
import { reportUnknown } from './names';

/** Plugs each interface that names a network into the next port of that network. */
export function joinNetworks(draft: Draft): void {
  for (const one of allInterfaces(draft)) {
    const network = one.slot === undefined ? (one.source as InterfaceSource).network : undefined;
    if (network !== undefined) {
      joinNetwork(draft, one, network);
    }
  }
}

function joinNetwork(draft: Draft, one: InterfaceDraft, network: string): void {
  const { names, plans, report } = draft;
  const place = [...one.path, 'network'];
  const plan = plans.get(network);
  if (plan === undefined) {
    const node = names.nodes.get(network);
    if (node === undefined) {
      const internets = [...names.nodes].filter(([, { kind }]) => kind === 'internet').map(([name]) => name);
      reportUnknown('unknown-network', network, [...names.networks.keys(), ...internets], place, report);
    } else {
      report.add('wrong-kind/network', place, [network, node.kind]);
    }
    return;
  }
  const port = String((draft.ports.get(network)?.size ?? 0) + 1);
  addNetworkPort(draft, network, port, place);
  one.plan = plan;
  one.pluggedAt = place;
  one.segment = network;
  const ends = [
    { device: one.node, port: one.name },
    { device: network, port },
  ] as const;
  draft.cables.push(cableBetween(ends, { ...DEFAULT_CABLE, up: one.up }, place));
}

/** The first port of the internet is that of the provider's router and has its hardware address; the rest lead into the same segment. */
export function addNetworkPort(
  draft: Draft,
  device: string,
  name: string,
  source: readonly (string | number)[],
): void {
  const first = !draft.ports.has(device) && draft.names.nodes.get(device)?.kind === 'internet';
  addPort(draft, device, {
    name,
    ...(first && { mac: generateMac('local', `${device}/`, new Set()) }),
    source,
  });
}

/** Gives every adapter attached to NAT an engine of its own. */
export function attachNat(draft: Draft, adapters: readonly AdapterDraft[]): void {
  for (const { on, source } of adapters) {
    const host = draft.hosts.get(on.node);
    if (source.attach === 'nat' && host !== undefined && on.slot !== undefined) {
      const network = engineNetwork(draft, on, source.network);
      if (network !== undefined) {
        attachEngine(draft, on, on.slot, host, network, source['localhost-reachable'] ?? false);
      }
    }
  }
}

/** 10.0.(slot+1).0/24 (ConsoleImpl2.cpp), or what the adapter says, at most a /27 (slirp_init keeps 5 host bits). */
function engineNetwork(
  draft: Draft,
  on: InterfaceDraft,
  written: string | undefined,
): Ipv4Prefix | undefined {
  if (written === undefined) {
    return prefixOf(ipv4FromNumber(0x0a000000 + (((on.slot ?? 1) + 1) << 8)), 24);
  }
  const place = [...on.path, 'network'];
  const prefix = readPrefix(written, place, draft.report);
  if (prefix !== undefined && prefix.length > 27) {
    draft.report.add('subnet-too-small', place, [formatPrefix(prefix), 'VirtualBox NAT', 27]);
    return undefined;
  }
  return prefix;
}

function attachEngine(
  draft: Draft,
  on: InterfaceDraft,
  slot: number,
  host: string,
  network: Ipv4Prefix,
  localhostReachable: boolean,
): void {
  const hostNode = draft.names.nodes.get(host);
  const version = (hostNode?.kind === 'host' ? hostNode.virtualbox?.version : undefined) ?? '7.2';
  const id = `${on.node}:${slot}/nat`;
  const gateway = addressAt(network, 2);
  const engine: ResolvedVirtualBoxNat = {
    kind: 'virtualbox-nat',
    id,
    label: 'NAT',
    inside: host,
    source: on.path,
    ports: [{ name: 'guest', mac: engineMac(version, gateway), source: on.path }],
    version,
    network,
    host,
    vmName: on.node,
    localhostReachable,
  };
  draft.natEngines.set(on.node, [...(draft.natEngines.get(on.node) ?? []), engine]);
  on.plan = {
    name: `${on.node} NAT`,
    path: on.path,
    subnet: network,
    gateway,
    nameServers: [],
    fixed: [2, 3].map(offset => ({ address: addressAt(network, offset), owner: 'NAT' })),
  };
  on.pluggedAt = on.path;
  on.segment = id;
  const ends = [
    { device: on.node, port: on.name },
    { device: id, port: 'guest' },
  ] as const;
  draft.cables.push(cableBetween(ends, { ...DEFAULT_CABLE, up: on.up }, on.path));
}

/** Up to 7.0 the old engine's fixed address; since 7.1 libslirp's: 52:55 and the gateway's IPv4 address (libslirp `slirp.c`). */
function engineMac(version: VirtualBoxVersion, gateway: number): MacAddress {
  switch (version) {
    case '6.1':
    case '7.0':
      return macFromNumber(0x52_54_00_12_35_02);
    case '7.1':
    case '7.2':
      return macFromNumber(0x52_55 * 2 ** 32 + gateway);
  }
}
