/** Scenarios: who acts, on whom, and what must come of it. Steps that are not simulated yet have been reported and are left out. */
import { parseIpv4 } from '../../net/ipv4-address';
import type { StepSource } from '../file-source';
import type { ResolvedScenario, ResolvedStep, ResolvedTarget, TopologyPath } from '../resolved';
import { nearest } from '../suggestion';
import { parseDuration } from '../units';
import { readAddress } from './addresses';
import { findInterface, interfacesOf, type Draft } from './draft';
import { findNode, keysInOrder, reportUnknown } from './names';

/**
 * How long a step waits, in ns: Linux ping's 10 seconds (iputils `MAXWAIT`), which is also what the resolver takes in all: two tries of 5
 * seconds (resolv.conf(5), `attempts` and `timeout`).
 */
const DEFAULT_WITHIN = 10e9;

export function resolveScenarios(draft: Draft): ResolvedScenario[] {
  return keysInOrder(draft.root, ['scenarios']).map(name => {
    const path = ['scenarios', name];
    const sources = draft.source.scenarios?.[name] ?? [];
    const steps = sources.flatMap((step, index) => resolveStep(draft, step, [...path, index]) ?? []);
    return { name, steps, source: path };
  });
}

function resolveStep(draft: Draft, step: StepSource, path: TopologyPath): ResolvedStep | undefined {
  if (step.ping !== undefined) {
    return resolvePing(draft, step.ping, [...path, 'ping']);
  }
  return step.dns && resolveDns(draft, step.dns, [...path, 'dns']);
}

function resolvePing(
  draft: Draft,
  step: NonNullable<StepSource['ping']>,
  path: TopologyPath,
): ResolvedStep | undefined {
  const expect = step.expect ?? 'reply';
  const from = actor(draft, step.from, [...path, 'from']);
  const to = resolveTarget(draft, step.to, expect === 'reply', [...path, 'to']);
  if (!from || to === undefined) {
    return undefined;
  }
  const within = withinOf(step.within);
  return { kind: 'ping', from: step.from, to, expect, count: step.count ?? 1, within, source: path };
}

function resolveDns(
  draft: Draft,
  step: NonNullable<StepSource['dns']>,
  path: TopologyPath,
): ResolvedStep | undefined {
  const expect = expectedAnswer(draft, step.expect ?? 'answer', [...path, 'expect']);
  if (expect?.kind === 'answer') {
    checkName(draft, step.name, [...path, 'name']);
  }
  if (!actor(draft, step.from, [...path, 'from']) || expect === undefined) {
    return undefined;
  }
  const name = step.name.toLowerCase();
  return { kind: 'dns', from: step.from, name, expect, within: withinOf(step.within), source: path };
}

type DnsExpectation = Extract<ResolvedStep, { readonly kind: 'dns' }>['expect'];

function expectedAnswer(draft: Draft, text: string, path: TopologyPath): DnsExpectation | undefined {
  switch (text) {
    case 'answer':
    case 'nxdomain':
    case 'no-answer':
      return { kind: text };
    default: {
      const address = readAddress(text, path, draft.report);
      return address === undefined ? undefined : { kind: 'answer', address };
    }
  }
}

/** Whether a step can act from this node. */
function actor(draft: Draft, name: string, place: TopologyPath): boolean {
  if (name === 'internet' && draft.names.nodes.get(name)?.kind !== 'host') {
    draft.report.add('not-simulated/from-internet', place, []);
    return false;
  }
  const node = findNode(draft.names, name, place, draft.report);
  switch (node?.kind) {
    case 'host':
    case 'vm':
    case 'router':
      return true;
    case 'internet':
      draft.report.add('not-simulated/from-internet', place, []);
      return false;
    case 'container':
    case 'hub':
      draft.report.add('not-simulated/left-out', place, [name]);
      return false;
    case 'switch':
      draft.report.add('wrong-kind/machine', place, [name, node.kind]);
      return false;
    case undefined:
      return false;
  }
}

function resolveTarget(
  draft: Draft,
  text: string,
  mustBeKnown: boolean,
  place: TopologyPath,
): ResolvedTarget | undefined {
  const { names, report } = draft;
  const address = parseIpv4(text);
  if (address !== undefined) {
    return { kind: 'address', address };
  }
  const colon = text.indexOf(':');
  const device = colon === -1 ? text : text.slice(0, colon);
  const node = names.nodes.get(device);
  switch (node?.kind) {
    case 'host':
    case 'vm':
    case 'router':
      return colon === -1
        ? { kind: 'device', device }
        : resolveInterfaceTarget(draft, device, text.slice(colon + 1), place);
    case 'container':
    case 'hub':
      report.add('not-simulated/left-out', place, [device]);
      return undefined;
    case 'switch':
    case 'internet':
      report.add('wrong-kind/target', place, [device, node.kind]);
      return undefined;
    case undefined:
  }
  if (names.networks.has(device)) {
    report.add('wrong-kind/target', place, [device, 'network']);
    return undefined;
  }
  if (colon !== -1 || !text.includes('.')) {
    const known = [...names.nodes.keys(), ...serverNames(draft)];
    reportUnknown('unknown-target', text, known, place, report);
    return undefined;
  }
  if (mustBeKnown) {
    checkName(draft, text, place);
  }
  return { kind: 'name', name: text.toLowerCase() };
}

function resolveInterfaceTarget(
  draft: Draft,
  device: string,
  name: string,
  place: TopologyPath,
): ResolvedTarget | undefined {
  const on = findInterface(draft, device, name);
  if (on !== undefined) {
    return { kind: 'device', device, interface: on.name };
  }
  const suggestion = nearest(
    name,
    interfacesOf(draft, device).map(one => one.name),
  );
  if (suggestion === undefined) {
    draft.report.add('unknown-interface', place, [device, name]);
  } else {
    const options = { replacement: `${device}:${suggestion}` };
    draft.report.add('unknown-interface/suggestion', place, [device, name, suggestion], options);
  }
  return undefined;
}

/** A name that no server has will not resolve: most likely it is misspelt. */
function checkName(draft: Draft, name: string, place: TopologyPath): void {
  const known = serverNames(draft);
  if (!known.includes(name.toLowerCase())) {
    reportUnknown('unknown-name', name, known, place, draft.report);
  }
}

function serverNames(draft: Draft): string[] {
  return [...draft.names.nodes.values()].flatMap(node =>
    node.kind === 'internet' ? Object.keys(node.servers ?? {}).map(name => name.toLowerCase()) : [],
  );
}

const withinOf = (text: string | undefined): number =>
  (text === undefined ? undefined : parseDuration(text)) ?? DEFAULT_WITHIN;
