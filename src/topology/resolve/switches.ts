/** Switches, hubs and the unmanaged switch that each network is. */
import type { HubSource, SwitchSource } from '../file-source';
import { nearest } from '../suggestion';
import type { ResolvedHub, ResolvedSwitch, TopologyPath } from '../resolved';
import { portsOf, type Draft } from './draft';
import { generateMac } from './hardware-addresses';
import { DEFAULT_AGEING_SECONDS, readAgeing, readSpanningTree } from './spanning-tree';
import { portDomain, readTrunk, type PortVlans } from './vlans';

/** A network's switch; none where only VLANs elsewhere have its addresses. */
export function resolveNetwork(draft: Draft, name: string): readonly ResolvedSwitch[] {
  const ports = portsOf(draft, name);
  const vlan = draft.names.networks.get(name)?.vlan;
  if (ports.length === 0 && vlan !== undefined) {
    return [];
  }
  const { subnet, subnet6 } = draft.plans.get(name) ?? {};
  const vlanAware =
    vlan !== undefined || ports.some(port => port.accessVlan !== undefined || port.trunk !== undefined);
  return [
    {
      kind: 'switch',
      role: 'network',
      id: name,
      label: name,
      source: ['networks', name],
      ports,
      ...(subnet && { subnet }),
      ...(subnet6 && { subnet6 }),
      ageingSeconds: DEFAULT_AGEING_SECONDS,
      ...(vlanAware && { vlanAware }),
    },
  ];
}

export function resolveSwitch(draft: Draft, name: string, source: SwitchSource): ResolvedSwitch {
  const path = ['nodes', name];
  checkPorts(draft, name, source);
  const spanningTree = readSpanningTree(source.stp, [...path, 'stp'], draft.report);
  const vlanAware = isVlanAware(source);
  return {
    kind: 'switch',
    role: 'switch',
    id: name,
    label: name,
    source: path,
    ports: portsOf(draft, name),
    ageingSeconds: readAgeing(source.ageing, [...path, 'ageing'], draft.report),
    ...(vlanAware && { vlanAware }),
    ...(spanningTree && { spanningTree, mac: generateMac('local', `${name}/`, new Set()) }),
  };
}

export function resolveHub(draft: Draft, name: string): ResolvedHub {
  return { kind: 'hub', id: name, label: name, source: ['nodes', name], ports: portsOf(draft, name) };
}

/** Asked for each cable of a switch, and found by looking at all of its ports: once is enough. */
const VLAN_AWARE = new WeakMap<SwitchSource, boolean>();

/** Told so, or by what its ports say. */
function isVlanAware(source: SwitchSource): boolean {
  const { vlan, ports } = source;
  const told = (): boolean =>
    Object.values(typeof ports === 'object' ? ports : {}).some(
      port => port?.vlan !== undefined || port?.trunk !== undefined,
    );
  const aware = VLAN_AWARE.get(source) ?? vlan ?? told();
  VLAN_AWARE.set(source, aware);
  return aware;
}

/** What a switch says of one of its ports, and the broadcast domain it is in. */
export function switchPort(
  draft: Draft,
  name: string,
  source: SwitchSource | HubSource,
  port: string,
): { readonly vlans: PortVlans; readonly domain: string | undefined } {
  if (source.kind === 'hub') {
    return { vlans: {}, domain: name };
  }
  const written = typeof source.ports === 'object' ? source.ports[port] : undefined;
  const path: TopologyPath = ['nodes', name, 'ports', port];
  const trunk = readTrunk(written?.trunk, [...path, 'trunk'], draft.report);
  const vlans: PortVlans = {
    ...(written?.vlan !== undefined && { accessVlan: written.vlan }),
    ...(trunk !== undefined && { trunk }),
    ...(written?.mirror !== undefined && { mirrorOf: String(written.mirror) }),
  };
  return { vlans, domain: portDomain(name, isVlanAware(source) ? 1 : undefined, vlans) };
}

/** Checks what the ports say besides their own form. */
function checkPorts(draft: Draft, name: string, source: SwitchSource): void {
  if (typeof source.ports !== 'object') {
    return;
  }
  const known = Object.keys(source.ports);
  for (const [port, written] of Object.entries(source.ports)) {
    const path = ['nodes', name, 'ports', port];
    if (source.vlan === false && (written?.vlan !== undefined || written?.trunk !== undefined)) {
      const key = written.vlan === undefined ? 'trunk' : 'vlan';
      draft.report.add('vlan-off', { key: [...path, key] }, [key, name]);
    }
    const mirrored = written?.mirror === undefined ? undefined : String(written.mirror);
    if (mirrored === undefined) {
      continue;
    }
    const place = [...path, 'mirror'];
    if (mirrored === port) {
      draft.report.add('mirror-itself', place, [port]);
    } else if (!known.includes(mirrored)) {
      const suggestion = draft.report.full ? undefined : nearest(mirrored, known);
      if (suggestion === undefined) {
        draft.report.add('unknown-interface', place, [name, mirrored]);
      } else {
        const options = { replacement: suggestion };
        draft.report.add('unknown-interface/suggestion', place, [name, mirrored, suggestion], options);
      }
    }
  }
}
