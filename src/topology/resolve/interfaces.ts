/** The interfaces of every machine: those the file lists, a VM's adapters, a container's, and the defaults of all. */
import { isGroupMac, parseMac, UNKNOWN_MAC } from '../../net/mac-address';
import type { AdapterSource, AddressingSource, InterfaceSource, MachineSource } from '../file-source';
import type { ResolvedLink, TopologyPath } from '../resolved';
import { addInterface, isMachine, type Draft, type InterfaceDraft } from './draft';
import { guestInterfaceName } from './guest-interface-name';
import { keysInOrder } from './names';
import { readSpanningTree, readAgeing } from './spanning-tree';

/** VirtualBox's new VM: adapter 1 is attached to NAT, the others are not there. */
const NEW_VM: Readonly<Record<string, AdapterSource>> = { '1': { attach: 'nat' } };

/** A container as `docker run` makes it: one interface on the bridge. */
const NEW_CONTAINER: Readonly<Record<string, InterfaceSource>> = { eth0: {} };

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
    }
    if (isMachine(node)) {
      draftWritten(draft, name, node);
    }
  }
  return adapters;
}

function draftWritten(draft: Draft, name: string, node: MachineSource): void {
  const written = node.interfaces ?? undefined;
  if (written === undefined && node.kind === 'container') {
    for (const [key, source] of Object.entries(NEW_CONTAINER)) {
      draftInterface(draft, name, key, ['nodes', name], source, true);
    }
  }
  for (const key of keysInOrder(draft.root, ['nodes', name, 'interfaces'])) {
    const source = written?.[key] ?? {};
    const path = ['nodes', name, 'interfaces', key];
    if (node.kind === 'vm' && (source.type ?? 'physical') === 'physical') {
      draft.report.add('wrong-kind/physical', { key: path }, []);
    } else if (draft.interfaces.get(name)?.has(key) === true) {
      draft.report.add('interface-is-adapter', { key: path }, [key]);
    } else {
      draftInterface(draft, name, key, path, source, source.up ?? true);
    }
  }
}

/** Adds one interface to a machine. */
export function draftInterface(
  draft: Draft,
  node: string,
  name: string,
  path: TopologyPath,
  source: InterfaceSource & AddressingSource,
  up: boolean,
  slot?: number,
): InterfaceDraft {
  const bridge = draft.bridges.get(`${node}:${name}`);
  const made: InterfaceDraft = {
    node,
    name,
    ...(slot !== undefined && { slot }),
    path,
    source,
    up,
    link: readLink(draft, source, path),
    ...(bridge !== undefined && { bridge }),
    addressing: { kind: 'none' },
    mac: writtenMac(draft, path, source, slot !== undefined) ?? UNKNOWN_MAC,
  };
  addInterface(draft, made);
  return made;
}

/** What an interface is made of; the names in it are looked up when all interfaces are there (see link-types.ts). */
function readLink(draft: Draft, source: InterfaceSource, path: TopologyPath): ResolvedLink {
  switch (source.type ?? 'physical') {
    case 'physical':
    case 'veth':
      return { kind: 'port' };
    case 'tap':
      return { kind: 'tap' };
    case 'tun':
      return { kind: 'tun' };
    case 'bridge': {
      const spanningTree = readSpanningTree(source.stp, [...path, 'stp'], draft.report);
      const ageingSeconds = readAgeing(source.ageing, [...path, 'ageing'], draft.report);
      return { kind: 'bridge', ageingSeconds, ...(spanningTree && { spanningTree }) };
    }
    case 'vlan':
      return { kind: 'vlan', parent: '', id: 0 };
    case 'vxlan':
      return { kind: 'vxlan', id: 0, remotes: [], port: 0 };
    case 'loopback':
      return { kind: 'loopback' };
    case 'dummy':
      return { kind: 'dummy' };
  }
}

function draftAdapters(draft: Draft, name: string, node: MachineSource): AdapterDraft[] {
  const written = node.adapters ?? undefined;
  const adapters: AdapterDraft[] = [];
  for (const [slot, source] of Object.entries(written ?? NEW_VM)) {
    if (source.attach !== 'none') {
      const path = written === undefined ? ['nodes', name] : ['nodes', name, 'adapters', slot];
      const { address, gateway, mac, mtu, groups } = source;
      const own: AddressingSource = {
        ...(address !== undefined && { address }),
        ...(gateway !== undefined && { gateway }),
        ...(mac !== undefined && { mac }),
        ...(mtu !== undefined && { mtu }),
        ...(groups !== undefined && { groups }),
      };
      const up = source.cable ?? true;
      const guestName = guestInterfaceName(Number(slot));
      adapters.push({ on: draftInterface(draft, name, guestName, path, own, up, Number(slot)), source });
    }
  }
  return adapters;
}

function writtenMac(draft: Draft, path: TopologyPath, source: AddressingSource, adapter: boolean) {
  const mac = source.mac === undefined ? undefined : parseMac(source.mac);
  if (mac !== undefined && (isGroupMac(mac) || mac === UNKNOWN_MAC)) {
    // VirtualBox refuses it too: NetworkAdapterImpl.cpp wants an even second digit.
    draft.report.add(adapter ? 'bad-mac/adapter' : 'bad-mac', [...path, 'mac'], [source.mac ?? '']);
    return undefined;
  }
  return mac;
}
