/** Veth pairs: those that the file writes, and those by which containers join a bridge of the machine that they run on. */
import {
  isMachine,
  interfaceLabel,
  interfacesOf,
  findInterface,
  type Draft,
  type InterfaceDraft,
} from './draft';
import { draftInterface } from './interfaces';
import { reportUnknownInterface } from './bridges';
import { findNode } from './names';
import { plugPair } from './plugging';

/** IFNAMSIZ less the final zero (linux/if.h). */
const LONGEST_NAME = 15;

/** Plugs every pair together; the ends that nobody wrote are made. */
export function plugVethPairs(draft: Draft): void {
  for (const [name, node] of draft.names.nodes) {
    for (const one of isMachine(node) ? interfacesOf(draft, name) : []) {
      const type = one.source.type ?? (node.kind === 'container' ? 'veth' : 'physical');
      if (node.kind === 'container' && type === 'physical') {
        draft.report.add('container-physical', [...one.path, 'type'], []);
      } else if (type === 'veth' && one.source.peer !== undefined) {
        plugWritten(draft, one, one.source.peer);
      } else if (type === 'veth' && node.kind === 'container' && one.pluggedAt === undefined) {
        joinBridge(draft, one);
      }
    }
  }
}

/** `peer: host:veth0` */
function plugWritten(draft: Draft, one: InterfaceDraft, peer: string): void {
  const { report, names } = draft;
  const place = [...one.path, 'peer'];
  const other = peerOf(draft, peer, place);
  if (other === undefined) {
    return;
  }
  const own = interfaceLabel(one);
  const isVeth =
    (other.source.type ?? (names.nodes.get(other.node)?.kind === 'container' ? 'veth' : '')) === 'veth';
  if (machineOf(draft, one.node) !== machineOf(draft, other.node)) {
    report.add('peer/apart', place, [one.node, other.node]);
  } else if (!isVeth || other === one) {
    report.add('peer/type', place, [interfaceLabel(other), 'veth']);
  } else if (other.source.peer !== undefined && other.source.peer !== own) {
    const related = { id: 'first-place', place: [...other.path, 'peer'] } as const;
    report.add('peer/other', place, [interfaceLabel(other), other.source.peer], { related });
  } else if (one.pluggedAt === undefined && other.pluggedAt === undefined) {
    plugPair(draft, one, other, place);
  } else if (other.source.peer === undefined) {
    report.add('interface-in-use', place, [interfaceLabel(other)]);
  }
}

/** The interface that a peer names; one of a pair that only one end writes is made. */
function peerOf(draft: Draft, peer: string, place: readonly (string | number)[]): InterfaceDraft | undefined {
  const colon = peer.indexOf(':');
  const device = peer.slice(0, colon);
  const name = peer.slice(colon + 1);
  const node = findNode(draft.names, device, place, draft.report);
  if (node === undefined) {
    return undefined;
  }
  if (!isMachine(node)) {
    draft.report.add('wrong-kind/machine', place, [device, node.kind]);
    return undefined;
  }
  return (
    findInterface(draft, device, name) ?? draftInterface(draft, device, name, place, { type: 'veth' }, true)
  );
}

/** The machine whose kernel holds both ends: a container's is that of the machine it runs on. */
function machineOf(draft: Draft, node: string): string {
  return draft.names.nodes.get(node)?.kind === 'container' ? (draft.hosts.get(node) ?? node) : node;
}

function joinBridge(draft: Draft, one: InterfaceDraft): void {
  const host = draft.hosts.get(one.node);
  if (host === undefined) {
    return;
  }
  const bridges = interfacesOf(draft, host).filter(({ link }) => link.kind === 'bridge');
  const [only, another] = bridges;
  const written = one.source.bridge;
  const found =
    written === undefined
      ? another === undefined
        ? only
        : undefined
      : bridges.find(({ name }) => name === written);
  if (found === undefined) {
    reportNoBridge(draft, one, host, bridges, written);
    return;
  }
  const name = freeName(draft, host, one);
  draft.bridges.set(`${host}:${name}`, found.name);
  const end = draftInterface(draft, host, name, one.path, { type: 'veth', address: 'none' }, true);
  plugPair(draft, one, end, one.path);
}

function reportNoBridge(
  draft: Draft,
  one: InterfaceDraft,
  host: string,
  bridges: readonly InterfaceDraft[],
  written: string | undefined,
): void {
  if (written !== undefined) {
    reportUnknownInterface(draft, host, written, [...one.path, 'bridge']);
  } else if (bridges.length === 0) {
    draft.report.add('container-without-bridge', { key: one.path }, [host]);
  } else {
    const names = bridges.map(({ name }) => name).join(', ');
    draft.report.add('container-without-bridge/choice', { key: one.path }, [host, names]);
  }
}

/** `veth-c1`, with a number where that is taken or too long. */
function freeName(draft: Draft, host: string, one: InterfaceDraft): string {
  for (let attempt = 0; ; attempt++) {
    const suffix = attempt === 0 ? '' : String(attempt);
    const name = `veth-${one.node}`.replace(/[\s/:]/g, '').slice(0, LONGEST_NAME - suffix.length) + suffix;
    if (draft.interfaces.get(host)?.has(name) !== true) {
      return name;
    }
  }
}
