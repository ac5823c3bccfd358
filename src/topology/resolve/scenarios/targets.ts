/** Who acts in a step, and on whom: nodes, interfaces, addresses, names and URLs. */
import { parseIp } from '../../../net/ip-address';
import type { ResolvedTarget, TopologyPath } from '../../resolved';
import { parseDuration } from '../../units';
import { reportUnknownInterface } from '../bridges';
import { findInterface, isMachine, type Draft } from '../draft';
import { findNode, reportUnknown } from '../names';
import { namesOfDnsServices } from '../services';

/**
 * How long a step waits, in ns: Linux ping's 10 seconds (iputils `MAXWAIT`), which is also what the resolver takes in all: two tries of 5
 * seconds (resolv.conf(5), `attempts` and `timeout`).
 */
const DEFAULT_WITHIN = 10e9;

export const withinOf = (text: string | undefined): number =>
  (text === undefined ? undefined : parseDuration(text)) ?? DEFAULT_WITHIN;

/** The device that acts; `internet` is the node of that kind, whatever it is called. */
export function actorOf(draft: Draft, name: string, place: TopologyPath): string | undefined {
  const named = draft.names.nodes.get(name);
  const internet = [...draft.names.nodes].find(([, { kind }]) => kind === 'internet')?.[0];
  if (named === undefined && name === 'internet' && internet !== undefined) {
    return internet;
  }
  const node = findNode(draft.names, name, place, draft.report);
  if (node === undefined || isMachine(node) || node.kind === 'internet') {
    return node && name;
  }
  draft.report.add('wrong-kind/machine', place, [name, node.kind]);
  return undefined;
}

/** A machine, which has an address to lease and tables to look into. */
export function machineNamed(draft: Draft, name: string, place: TopologyPath): string | undefined {
  const node = findNode(draft.names, name, place, draft.report);
  if (node === undefined || isMachine(node)) {
    return node && name;
  }
  draft.report.add('wrong-kind/machine', place, [name, node.kind]);
  return undefined;
}

/** @param mustBeKnown whether a name that no server has is most likely a mistake */
export function resolveTarget(
  draft: Draft,
  text: string,
  mustBeKnown: boolean,
  place: TopologyPath,
): ResolvedTarget | undefined {
  const { names, report } = draft;
  const address = parseIp(text.replace(/^\[(.*)\]$/, '$1'));
  if (address !== undefined) {
    return { kind: 'address', address };
  }
  const colon = text.indexOf(':');
  const device = colon === -1 ? text : text.slice(0, colon);
  const node = names.nodes.get(device);
  if (isMachine(node)) {
    return colon === -1
      ? { kind: 'device', device }
      : interfaceTarget(draft, device, text.slice(colon + 1), place);
  }
  if (node !== undefined || names.networks.has(device)) {
    report.add('wrong-kind/target', place, [device, node?.kind ?? 'network']);
    return undefined;
  }
  if (colon !== -1 || !text.includes('.')) {
    const known = [...names.nodes.keys(), ...knownNames(draft)];
    if (colon === -1 && known.includes(text.toLowerCase())) {
      return { kind: 'name', name: text.toLowerCase() };
    }
    reportUnknown('unknown-target', text, known, place, report);
    return undefined;
  }
  if (mustBeKnown) {
    checkName(draft, text, place);
  }
  return { kind: 'name', name: text.toLowerCase() };
}

function interfaceTarget(
  draft: Draft,
  device: string,
  name: string,
  place: TopologyPath,
): ResolvedTarget | undefined {
  const on = findInterface(draft, device, name);
  if (on === undefined) {
    reportUnknownInterface(draft, device, name, place, found => `${device}:${found}`);
    return undefined;
  }
  return { kind: 'device', device, interface: on.name };
}

/** A target and a port, which the text may end in: `web.example:80`, `[2001:db8::1]:80`, `vm1:1:22`. */
export function resolveTargetAndPort(
  draft: Draft,
  text: string,
  written: number | undefined,
  place: TopologyPath,
): { readonly to: ResolvedTarget; readonly port: number } | undefined {
  if (written !== undefined) {
    const to = resolveTarget(draft, text, true, place);
    return to && { to, port: written };
  }
  const [, host, digits] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (host === undefined || parseIp(text) !== undefined || !isPort(port)) {
    draft.report.add('target-without-port', place, [text]);
    return undefined;
  }
  const to = resolveTarget(draft, host, true, place);
  return to && { to, port };
}

export const isPort = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= 65_535;

/** A name that no server has will not resolve: most likely it is misspelt. */
export function checkName(draft: Draft, name: string, place: TopologyPath): void {
  const known = knownNames(draft);
  if (!known.includes(name.toLowerCase())) {
    reportUnknown('unknown-name', name, known, place, draft.report);
  }
}

/** The names of servers and zones. */
function knownNames(draft: Draft): string[] {
  return [...draft.names.nodes.values()].flatMap(node => {
    if (node.kind === 'internet') {
      const names = [...Object.keys(node.servers ?? {}), ...Object.keys(node.zone ?? {})];
      return names.map(name => name.toLowerCase());
    }
    return isMachine(node) ? namesOfDnsServices(node.services) : [];
  });
}
