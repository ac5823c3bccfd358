/** Where VMs and containers run. */
import type { MachineSource } from '../file-source';
import { isMachine, type Draft } from './draft';
import { findNode } from './names';

/** The machine of each VM and container that names one which can run it. A VM runs on a host and a container on no container: no rings. */
export function readHosts(draft: Pick<Draft, 'names' | 'report'>): Map<string, string> {
  const hosts = new Map<string, string>();
  for (const [name, node] of draft.names.nodes) {
    if (node.kind === 'vm' || node.kind === 'container') {
      const host = readHost(draft, name, node);
      if (host !== undefined) {
        hosts.set(name, host);
      }
    }
  }
  return hosts;
}

function readHost(
  draft: Pick<Draft, 'names' | 'report'>,
  name: string,
  node: MachineSource,
): string | undefined {
  const { names, report } = draft;
  const vm = node.kind === 'vm';
  if (node.on === undefined) {
    const candidates = [...names.nodes].filter(([, { kind }]) => kind === 'host').map(([one]) => one);
    const only = candidates.length === 1 ? candidates[0] : undefined;
    const id = only === undefined ? 'vm-without-host' : 'vm-without-host/suggestion';
    report.add(id, { key: ['nodes', name] }, only === undefined ? [name] : [name, only]);
    return undefined;
  }
  const place = ['nodes', name, 'on'];
  const host = names.networks.has(node.on) ? undefined : findNode(names, node.on, place, report);
  if (host === undefined && !names.networks.has(node.on)) {
    return undefined;
  }
  const fits = vm ? host?.kind === 'host' : isMachine(host) && host.kind !== 'container';
  if (!fits) {
    const id = vm ? 'wrong-kind/host' : 'wrong-kind/container-host';
    report.add(id, place, [node.on, host?.kind ?? 'network']);
    return undefined;
  }
  return node.on;
}
