/** The interfaces of every machine: those the file lists, a VM's adapters, and the defaults of both. */
import { isGroupMac, parseMac, UNKNOWN_MAC } from '../../net/mac-address';
import type { AdapterSource, AddressingSource, MachineSource } from '../file-source';
import type { TopologyPath } from '../resolved';
import { addInterface, type Draft, type InterfaceDraft } from './draft';
import { guestInterfaceName } from './guest-interface-name';
import { findNode, keysInOrder } from './names';

/** VirtualBox's new VM: adapter 1 is attached to NAT, the others are not there. */
const NEW_VM: Readonly<Record<string, AdapterSource>> = { '1': { attach: 'nat' } };

/** An adapter that the guest sees. */
export interface AdapterDraft {
  readonly on: InterfaceDraft;
  readonly source: AdapterSource;
}

/** Makes the interfaces of all machines; returns the adapters among them. */
export function draftInterfaces(draft: Draft): readonly AdapterDraft[] {
  const adapters: AdapterDraft[] = [];
  for (const [name, node] of draft.names.nodes) {
    if (node.kind === 'vm') {
      adapters.push(...draftAdapters(draft, name, node));
      refusePhysical(draft, name, node);
    } else if (node.kind === 'host' || node.kind === 'router') {
      for (const key of keysInOrder(draft.root, ['nodes', name, 'interfaces'])) {
        const source = node.interfaces?.[key] ?? {};
        if ((source.type ?? 'physical') === 'physical') {
          const path = ['nodes', name, 'interfaces', key];
          draftInterface(draft, name, key, path, source, source.up ?? true);
        }
      }
    }
  }
  return adapters;
}

/** Adds one interface to a machine. */
export function draftInterface(
  draft: Draft,
  node: string,
  name: string,
  path: TopologyPath,
  source: AddressingSource,
  up: boolean,
  slot?: number,
): InterfaceDraft {
  const made: InterfaceDraft = {
    node,
    name,
    ...(slot !== undefined && { slot }),
    path,
    source,
    up,
    addressing: { kind: 'none' },
    mac: writtenMac(draft, path, source) ?? UNKNOWN_MAC,
  };
  addInterface(draft, made);
  return made;
}

function draftAdapters(draft: Draft, name: string, node: MachineSource): AdapterDraft[] {
  const written = node.adapters ?? undefined;
  const adapters: AdapterDraft[] = [];
  for (const [slot, source] of Object.entries(written ?? NEW_VM)) {
    if (source.attach !== 'none') {
      const path = written === undefined ? ['nodes', name] : ['nodes', name, 'adapters', slot];
      const up = source.cable ?? true;
      const guestName = guestInterfaceName(Number(slot));
      adapters.push({ on: draftInterface(draft, name, guestName, path, source, up, Number(slot)), source });
    }
  }
  return adapters;
}

/** A VM's cards are its adapters; what else its guest makes is not simulated yet. */
function refusePhysical(draft: Draft, name: string, node: MachineSource): void {
  for (const [key, source] of Object.entries(node.interfaces ?? {})) {
    if ((source?.type ?? 'physical') === 'physical') {
      draft.report.add('wrong-kind/physical', { key: ['nodes', name, 'interfaces', key] }, []);
    }
  }
}

function writtenMac(draft: Draft, path: TopologyPath, source: AddressingSource) {
  const mac = source.mac === undefined ? undefined : parseMac(source.mac);
  if (mac !== undefined && (isGroupMac(mac) || mac === UNKNOWN_MAC)) {
    draft.report.add('bad-mac', [...path, 'mac'], [source.mac ?? '']);
    return undefined;
  }
  return mac;
}

/** The host of each VM that names one which is a host. */
export function readHosts(draft: Pick<Draft, 'names' | 'report'>): Map<string, string> {
  const { names, report } = draft;
  const hosts = new Map<string, string>();
  const candidates = [...names.nodes].filter(([, { kind }]) => kind === 'host').map(([name]) => name);
  for (const [name, node] of names.nodes) {
    if (node.kind !== 'vm') {
      continue;
    }
    const place = ['nodes', name, 'on'];
    if (node.on === undefined) {
      const only = candidates.length === 1 ? candidates[0] : undefined;
      const id = only === undefined ? 'vm-without-host' : 'vm-without-host/suggestion';
      report.add(id, { key: ['nodes', name] }, only === undefined ? [name] : [name, only]);
      continue;
    }
    const host = names.networks.has(node.on) ? undefined : findNode(names, node.on, place, report);
    if (host?.kind === 'host') {
      hosts.set(name, node.on);
    } else if (host !== undefined || names.networks.has(node.on)) {
      report.add('wrong-kind/host', place, [node.on, host?.kind ?? 'network']);
    }
  }
  return hosts;
}
