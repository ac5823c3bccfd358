/**
 * From a file that has the right shape to the network it describes: every default filled in, every implied device and cable spelled out.
 * Each step is a file beside this one; this one says their order.
 */
import type { FileSource, NodeSource } from '../file-source';
import type { Report } from '../report';
import type { ResolvedDevice, ResolvedTopology } from '../resolved';
import type { SourceNode } from '../source-tree';
import { parseDuration } from '../units';
import { assignAddresses } from './addressing';
import { placeDhcpServers } from './dhcp';
import { allInterfaces, portsOf, type Draft } from './draft';
import { assignMacs } from './hardware-addresses';
import { draftInterfaces, readHosts } from './interfaces';
import { resolveInternet } from './internet';
import { plugLinks } from './links';
import { resolveMachine } from './machines';
import { readNames } from './names';
import { readPlans, reportOverlaps } from './plans';
import { attachNat, joinNetworks } from './plugging';
import { resolveScenarios } from './scenarios';
import { checkSegments } from './segment-check';
import { Segments } from './segments';

/** IEEE 802.1D-2004 table 7-5. */
const DEFAULT_AGEING_SECONDS = 300;

/** IEEE 802.1D-2004 table 7-5 lets ageing be 10 s to 1 000 000 s. */
const AGEING_SECONDS = { least: 10, most: 1_000_000 };

/** Resolves a file; undefined when something in it is an error, which then is in the report. */
export function resolveTopology(
  root: SourceNode,
  source: FileSource,
  report: Report,
): ResolvedTopology | undefined {
  const names = readNames(root, source, report);
  const draft: Draft = {
    root,
    source,
    report,
    names,
    plans: readPlans(names, report),
    interfaces: new Map(),
    ports: new Map(),
    cables: [],
    segments: new Segments(),
    natEngines: new Map(),
    dhcpServers: new Map(),
    hosts: readHosts({ names, report }),
  };
  const adapters = draftInterfaces(draft);
  joinNetworks(draft);
  plugLinks(draft);
  attachNat(draft, adapters);
  assignAddresses(draft);
  assignMacs(draft);
  placeDhcpServers(draft);
  checkSegments(draft);
  reportOverlaps(draft.plans, sharedNode(draft), report);
  const devices = resolveDevices(draft);
  const scenarios = resolveScenarios(draft);
  if (report.errors > 0) {
    return undefined;
  }
  return { name: source.name ?? '', devices, cables: draft.cables, scenarios };
}

/** Networks, then nodes, both in file order; a host comes before what runs inside it. */
function resolveDevices(draft: Draft): ResolvedDevice[] {
  const devices: ResolvedDevice[] = [];
  const done = new Set<string>();
  for (const name of draft.names.networks.keys()) {
    const subnet = draft.plans.get(name)?.subnet;
    devices.push({
      kind: 'switch',
      role: 'network',
      id: name,
      label: name,
      source: ['networks', name],
      ports: portsOf(draft, name),
      ...(subnet && { subnet }),
      ageingSeconds: DEFAULT_AGEING_SECONDS,
    });
  }
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
    devices.push(...resolveNode(draft, name, node));
  };
  [...draft.names.nodes.keys()].forEach(add);
  return devices;
}

function resolveNode(draft: Draft, name: string, node: NodeSource): readonly ResolvedDevice[] {
  switch (node.kind) {
    case 'host':
    case 'router':
      return [resolveMachine(draft, name, node)];
    case 'vm':
      return [resolveMachine(draft, name, node), ...(draft.natEngines.get(name) ?? [])];
    case 'internet':
      return [resolveInternet(draft, name, node)];
    case 'switch': {
      const { least, most } = AGEING_SECONDS;
      const written = node.ageing === undefined ? undefined : parseDuration(node.ageing);
      const seconds = Math.round((written ?? DEFAULT_AGEING_SECONDS * 1e9) / 1e9);
      if (seconds < least || seconds > most) {
        const place = ['nodes', name, 'ageing'];
        draft.report.add('out-of-range', place, ['ageing', `${least}s`, `${most}s`]);
      }
      return [
        {
          kind: 'switch',
          role: 'switch',
          id: name,
          label: name,
          source: ['nodes', name],
          ports: portsOf(draft, name),
          ageingSeconds: seconds,
        },
      ];
    }
    case 'container':
    case 'hub':
      return [];
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
