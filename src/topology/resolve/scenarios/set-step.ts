/** Steps that change something while the network runs: a cable, an interface, a rule. */
import type { SetSource } from '../../file-source';
import type {
  ResolvedCable,
  ResolvedDevice,
  ResolvedSetStep,
  ResolvedStep,
  TopologyPath,
} from '../../resolved';
import { nearest } from '../../suggestion';
import { parseDuration, parsePercentage, parseRate } from '../../units';
import { reportUnknownInterface } from '../bridges';
import { findInterface, type Draft } from '../draft';
import { machineNamed } from './targets';

/** The keys that say what is changed, and those that each of them needs or may have. */
const CHANGES = {
  link: ['up', 'rate', 'delay', 'loss'],
  interface: ['up'],
  rule: ['enabled'],
} as const;

type Subject = keyof typeof CHANGES;

const SUBJECTS: readonly Subject[] = ['link', 'interface', 'rule'];

export function resolveSet(
  draft: Draft,
  devices: readonly ResolvedDevice[],
  step: SetSource,
  path: TopologyPath,
): ResolvedStep | undefined {
  const named = SUBJECTS.filter(key => step[key] !== undefined);
  const [subject, another] = named;
  if (subject === undefined || another !== undefined) {
    draft.report.add('set-subject', { key: path }, [SUBJECTS.join(', ')]);
    return undefined;
  }
  const allowed: readonly string[] = CHANGES[subject];
  const changes = Object.keys(step).filter(key => key !== subject);
  for (const key of changes.filter(one => !allowed.includes(one))) {
    draft.report.add('set-change', { key: [...path, key] }, [key, subject, allowed.join(', ')]);
  }
  if (changes.length === 0) {
    draft.report.add('set-nothing', { key: path }, [subject, allowed.join(', ')]);
    return undefined;
  }
  const what = changeOf(draft, devices, subject, step, path);
  return what && { kind: 'set', what, source: path };
}

function changeOf(
  draft: Draft,
  devices: readonly ResolvedDevice[],
  subject: Subject,
  step: SetSource,
  path: TopologyPath,
): ResolvedSetStep['what'] | undefined {
  switch (subject) {
    case 'link':
      return changedCable(draft, step, path);
    case 'interface':
      return changedInterface(draft, step, [...path, 'interface']);
    case 'rule':
      return changedRule(draft, devices, step, [...path, 'rule']);
  }
}

function changedCable(
  draft: Draft,
  step: SetSource,
  path: TopologyPath,
): ResolvedSetStep['what'] | undefined {
  const texts: readonly string[] = typeof step.link === 'string' ? [step.link] : (step.link ?? []);
  const place = [...path, 'link'];
  const [cable, another = cable] = texts.map((text, index) =>
    cableAt(draft, text, typeof step.link === 'string' ? place : [...place, index]),
  );
  if (cable === undefined || another === undefined) {
    return undefined;
  }
  if (another !== cable) {
    draft.report.add('no-cable/between', place, texts);
    return undefined;
  }
  const rate = amount(draft, step.rate, parseRate, [...path, 'rate']);
  const delay = amount(draft, step.delay, parseDuration, [...path, 'delay']);
  const loss = amount(draft, step.loss, parsePercentage, [...path, 'loss']);
  return {
    kind: 'cable',
    cable: cable.id,
    ...(step.up !== undefined && { up: step.up }),
    ...(rate !== undefined && { rate }),
    ...(delay !== undefined && { delay }),
    ...(loss !== undefined && { loss }),
  };
}

function amount(
  draft: Draft,
  written: string | number | undefined,
  parse: (text: string) => number | undefined,
  place: TopologyPath,
): number | undefined {
  const value = typeof written === 'string' ? parse(written) : written;
  if (written !== undefined && value === undefined) {
    draft.report.add('bad-value', place, [written, String(place.at(-1))]);
  }
  return value;
}

/** The cable in a socket; where a bridged adapter's filter sits in between, the one that leaves the machine. */
function cableAt(draft: Draft, text: string, place: TopologyPath): ResolvedCable | undefined {
  const colon = text.lastIndexOf(':');
  const device = text.slice(0, colon);
  const name = text.slice(colon + 1);
  const port = findInterface(draft, device, name)?.name ?? name;
  const filter = `${device}/HostInterfaceNetworking-${port}`;
  const cables = cablesByEnd(draft);
  const cable = cables.get(`${filter}:wire`) ?? cables.get(`${device}:${port}`);
  if (cable === undefined) {
    const suggestion = draft.report.full ? undefined : nearest(text, cables.keys());
    if (suggestion === undefined) {
      draft.report.add('no-cable', place, [text]);
    } else {
      draft.report.add('no-cable/suggestion', place, [text, suggestion], { replacement: suggestion });
    }
  }
  return cable;
}

/** Made once for a file: all its cables are there before its scenarios are read. */
const CABLES = new WeakMap<Draft, ReadonlyMap<string, ResolvedCable>>();

function cablesByEnd(draft: Draft): ReadonlyMap<string, ResolvedCable> {
  const known = CABLES.get(draft);
  if (known !== undefined) {
    return known;
  }
  const cables = new Map(
    draft.cables.flatMap(cable =>
      cable.ends.map(({ device, port }) => [`${device}:${port}`, cable] as const),
    ),
  );
  CABLES.set(draft, cables);
  return cables;
}

function changedInterface(
  draft: Draft,
  step: SetSource,
  place: TopologyPath,
): ResolvedSetStep['what'] | undefined {
  const text = step.interface ?? '';
  const colon = text.indexOf(':');
  const device = machineNamed(draft, text.slice(0, colon), place);
  if (device === undefined) {
    return undefined;
  }
  const name = text.slice(colon + 1);
  const on = findInterface(draft, device, name);
  if (on === undefined) {
    reportUnknownInterface(draft, device, name, place, found => `${device}:${found}`);
    return undefined;
  }
  return { kind: 'interface', device, interface: on.name, up: step.up ?? true };
}

/** A rule by its name, with the machine before it where several have one. */
function changedRule(
  draft: Draft,
  devices: readonly ResolvedDevice[],
  step: SetSource,
  place: TopologyPath,
): ResolvedSetStep['what'] | undefined {
  const text = step.rule ?? '';
  const rules = devices.flatMap(device => rulesOf(device).map(rule => ({ device: device.id, rule })));
  const found = rules.filter(({ device, rule }) => rule === text || `${device}:${rule}` === text);
  const [only, another] = found;
  if (only === undefined) {
    const suggestion = draft.report.full
      ? undefined
      : nearest(
          text,
          rules.map(({ rule }) => rule),
        );
    const id = suggestion === undefined ? 'unknown-rule' : 'unknown-rule/suggestion';
    const values = suggestion === undefined ? [text] : [text, suggestion];
    draft.report.add(id, place, values, suggestion === undefined ? {} : { replacement: suggestion });
    return undefined;
  }
  if (another !== undefined) {
    const values = [text, found.map(({ device }) => `${device}:${text}`).join(', ')];
    draft.report.add('unknown-rule/several', place, values);
    return undefined;
  }
  return { kind: 'rule', ...only, enabled: step.enabled ?? true };
}

/** The names of a device's firewall rules and port forwards. */
function rulesOf(device: ResolvedDevice): readonly string[] {
  switch (device.kind) {
    case 'host':
    case 'vm':
    case 'router':
    case 'container': {
      const rules = (device.firewall ?? []).flatMap(({ name }) => name ?? []);
      return [...rules, ...(device.sourceNat?.forwards ?? []).map(({ name }) => name)];
    }
    case 'virtualbox-nat':
    case 'virtualbox-nat-network':
      return (device.forwards ?? []).map(({ name }) => name);
    case 'switch':
    case 'hub':
    case 'virtualbox-switch':
    case 'virtualbox-dhcp':
    case 'tunnel':
    case 'internet':
      return [];
  }
}
