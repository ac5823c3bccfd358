/**
 * From a file that has the right shape to the network it describes: every default filled in, every implied device and cable spelled out.
 * Each step is a file beside this one; this one says their order.
 */
import type { FileSource, NodeSource } from '../file-source';
import type { Report } from '../report';
import type { ResolvedDevice, ResolvedTopology } from '../resolved';
import type { SourceNode } from '../source-tree';
import { assignAddresses } from './addressing';
import { checkBridges, readBridges } from './bridges';
import { placeDhcpServers } from './dhcp';
import { allInterfaces, type Draft } from './draft';
import { assignMacs } from './hardware-addresses';
import { readHosts } from './hosts';
import { draftInterfaces } from './interfaces';
import { resolveInternet } from './internet';
import { completeLinks } from './link-types';
import { plugLinks } from './links';
import { resolveMachine } from './machines';
import { namesIpv6 } from './names-ipv6';
import { readNames } from './names';
import { readPlans, reportOverlaps } from './plans';
import { joinNetworks, spreadPlans } from './plugging';
import { resolveScenarios } from './scenarios/scenarios';
import { checkSegments } from './segment-check';
import { Segments } from './segments';
import { resolveHub, resolveNetwork, resolveSwitch } from './switches';
import { plugTunnels } from './tunnels';
import { plugVethPairs } from './veth-pairs';
import { attachAdapters } from './virtualbox/adapters';
import { virtualBoxDevices } from './virtualbox/network';

/** Resolves a file; undefined when something in it is an error, which then is in the report. */
export function resolveTopology(
  root: SourceNode,
  source: FileSource,
  report: Report,
): ResolvedTopology | undefined {
  const names = readNames(root, source, report);
  const ipv6 = namesIpv6(root);
  const draft: Draft = {
    root,
    source,
    report,
    names,
    ipv6,
    plans: readPlans(names, ipv6, report),
    interfaces: new Map(),
    bridges: readBridges(names),
    ports: new Map(),
    cables: [],
    segments: new Segments(),
    rings: new Segments(),
    parts: new Map(),
    virtualBoxNetworks: new Map(),
    dhcpServers: new Map(),
    dhcpRelays: new Map(),
    hosts: readHosts({ names, report }),
  };
  const adapters = draftInterfaces(draft);
  joinNetworks(draft);
  plugLinks(draft);
  plugVethPairs(draft);
  completeLinks(draft);
  checkBridges(draft);
  attachAdapters(draft, adapters);
  plugTunnels(draft);
  spreadPlans(draft);
  assignAddresses(draft);
  assignMacs(draft);
  placeDhcpServers(draft);
  checkSegments(draft);
  reportOverlaps(draft.plans, sharedNode(draft), report);
  const devices = resolveDevices(draft);
  const scenarios = resolveScenarios(draft, devices);
  if (report.errors > 0) {
    return undefined;
  }
  return { name: source.name ?? '', devices, cables: draft.cables, scenarios };
}

/** Networks, then nodes, both in file order; a machine comes before what runs inside it. */
function resolveDevices(draft: Draft): ResolvedDevice[] {
  const devices: ResolvedDevice[] = [...draft.names.networks.keys()].flatMap(name =>
    resolveNetwork(draft, name),
  );
  const done = new Set<string>();
  const add = (name: string): void => {
    const node = draft.names.nodes.get(name);
    if (node === undefined || done.has(name)) {
      return;
    }
    done.add(name);
    const host = draft.hosts.get(name);
    if (host !== undefined) {
      add(host);
    }
    devices.push(resolveNode(draft, name, node));
    devices.push(...(draft.parts.get(name) ?? []).flatMap(make => make() ?? []));
    devices.push(...virtualBoxDevices(draft, name));
  };
  [...draft.names.nodes.keys()].forEach(add);
  return devices;
}

function resolveNode(draft: Draft, name: string, node: NodeSource): ResolvedDevice {
  switch (node.kind) {
    case 'host':
    case 'router':
    case 'vm':
    case 'container':
      return resolveMachine(draft, name, node);
    case 'internet':
      return resolveInternet(draft, name, node);
    case 'switch':
      return resolveSwitch(draft, name, node);
    case 'hub':
      return resolveHub(draft, name);
  }
}

/** Finds a machine with an interface on both of two networks. */
function sharedNode(draft: Draft): (one: string, other: string) => string | undefined {
  const members = new Map<string, Set<string>>();
  for (const { plan, node } of allInterfaces(draft)) {
    if (plan !== undefined) {
      members.set(plan.name, (members.get(plan.name) ?? new Set()).add(node));
    }
  }
  return (one, other) => [...(members.get(one) ?? [])].find(node => members.get(other)?.has(node));
}
