/** Firewall rules: as maps, and in one line as `drop forward in wan proto tcp port 22`. */
import { isIpv4Prefix } from '../../net/ip-address';
import type { FirewallRuleSource, MachineSource } from '../file-source';
import type { ResolvedFirewallRule, TopologyPath } from '../resolved';
import { nearest } from '../suggestion';
import { readAddressOrPrefix } from './addresses';
import { reportUnknownInterface } from './bridges';
import { findInterface, listOf, type Draft } from './draft';

/** The pairs of a rule in one line, in the order in which they are explained. */
const WORDS = ['in', 'out', 'proto', 'from', 'to', 'port', 'source-port', 'state', 'name'] as const;

const ACTIONS = ['accept', 'drop', 'reject', 'reject-with-reset'] as const;
const CHAINS = ['input', 'forward', 'output'] as const;
const PROTOCOLS = ['tcp', 'udp', 'icmp', 'icmpv6'] as const;
const STATES = ['new', 'established', 'related', 'invalid', 'untracked'] as const;

type State = (typeof STATES)[number];

/** The rules of a machine; of two with one name the second is reported. */
export function readFirewall(draft: Draft, node: string, source: MachineSource): ResolvedFirewallRule[] {
  const names = new Set<string>();
  return (source.firewall ?? []).flatMap((written, index) => {
    const path = ['nodes', node, 'firewall', index];
    const text = typeof written === 'string';
    const rule = text ? parseRule(draft, written, path) : written;
    if (rule === undefined) {
      return [];
    }
    if (rule.name !== undefined && names.has(rule.name)) {
      draft.report.add('duplicate-rule', text ? path : [...path, 'name'], [rule.name]);
    }
    names.add(rule.name ?? '');
    return [readRule(draft, node, rule, path, key => (text ? path : [...path, key]))];
  });
}

/** The words of a rule in one line; the schema has seen that it begins with action and chain and goes on in pairs. */
function parseRule(draft: Draft, text: string, place: TopologyPath): FirewallRuleSource | undefined {
  const [action, chain, ...rest] = text.trim().split(/\s+/);
  const rule: Record<string, string> = {};
  for (let at = 0; at < rest.length; at += 2) {
    const word = rest[at] ?? '';
    if (!WORDS.some(one => one === word)) {
      const suggestion = draft.report.full ? undefined : nearest(word, WORDS);
      if (suggestion === undefined) {
        draft.report.add('rule-word', place, [word, WORDS.join(', ')]);
      } else {
        draft.report.add('rule-word/suggestion', place, [word, suggestion]);
      }
      return undefined;
    }
    if (rule[word] !== undefined) {
      draft.report.add('rule-word/twice', place, [word]);
      return undefined;
    }
    rule[word] = rest[at + 1] ?? '';
  }
  const { proto: written, ...others } = rule;
  const proto = PROTOCOLS.find(one => one === written);
  if (written !== undefined && proto === undefined) {
    draft.report.add('unknown-value', place, [written, 'proto', PROTOCOLS.join(', ')]);
    return undefined;
  }
  return {
    ...others,
    ...(proto && { proto }),
    action: ACTIONS.find(one => one === action) ?? 'accept',
    chain: CHAINS.find(one => one === chain) ?? 'input',
  };
}

function readRule(
  draft: Draft,
  node: string,
  rule: FirewallRuleSource,
  path: TopologyPath,
  placeOfKey: (key: string) => TopologyPath,
): ResolvedFirewallRule {
  const { report } = draft;
  const interfaceOf = (key: 'in' | 'out'): string | undefined => {
    const written = rule[key];
    const found = written === undefined ? undefined : findInterface(draft, node, written);
    if (written !== undefined && found === undefined) {
      reportUnknownInterface(draft, node, String(written), placeOfKey(key));
    }
    return found?.name;
  };
  const prefixOfKey = (key: 'from' | 'to') => {
    const written = rule[key];
    return written === undefined ? undefined : readAddressOrPrefix(written, placeOfKey(key), report);
  };
  const inInterface = interfaceOf('in');
  const outInterface = interfaceOf('out');
  const sourcePrefix = prefixOfKey('from');
  const destinationPrefix = prefixOfKey('to');
  const sourcePorts = readPorts(draft, rule, 'source-port', placeOfKey('source-port'));
  const destinationPorts = readPorts(draft, rule, 'port', placeOfKey('port'));
  const states = readStates(draft, rule, placeOfKey('state'));
  if (
    sourcePrefix !== undefined &&
    destinationPrefix !== undefined &&
    isIpv4Prefix(sourcePrefix) !== isIpv4Prefix(destinationPrefix)
  ) {
    report.add('mixed-versions', placeOfKey('to'), [rule.from ?? '', rule.to ?? '']);
  }
  for (const [key, prefix] of [
    ['from', sourcePrefix],
    ['to', destinationPrefix],
  ] as const) {
    const other = prefix !== undefined && isIpv4Prefix(prefix) ? 'icmpv6' : 'icmp';
    if (prefix !== undefined && rule.proto === other) {
      report.add('mixed-versions', placeOfKey(key), [rule.proto, rule[key] ?? '']);
    }
  }
  checkSense(draft, rule, placeOfKey);
  return {
    ...(rule.name !== undefined && { name: rule.name }),
    chain: rule.chain,
    action: rule.action,
    ...(inInterface !== undefined && { inInterface }),
    ...(outInterface !== undefined && { outInterface }),
    ...(rule.proto !== undefined && { protocol: rule.proto }),
    ...(sourcePrefix && { sourcePrefix }),
    ...(destinationPrefix && { destinationPrefix }),
    ...(sourcePorts && { sourcePorts }),
    ...(destinationPorts && { destinationPorts }),
    ...(states && { states }),
    source: path,
  };
}

/** What no packet could ever fit, and what the kernel refuses. */
function checkSense(draft: Draft, rule: FirewallRuleSource, placeOfKey: (key: string) => TopologyPath): void {
  const { report } = draft;
  if (rule.chain === 'input' && rule.out !== undefined) {
    report.add('rule-interface', placeOfKey('out'), ['out', 'input']);
  }
  if (rule.chain === 'output' && rule.in !== undefined) {
    report.add('rule-interface', placeOfKey('in'), ['in', 'output']);
  }
  if (rule.action === 'reject-with-reset' && rule.proto !== 'tcp') {
    report.add('rule-reset', placeOfKey('action'), []);
  }
}

function readPorts(
  draft: Draft,
  rule: FirewallRuleSource,
  key: 'port' | 'source-port',
  place: TopologyPath,
): readonly [number, number] | undefined {
  const written = rule[key];
  if (written === undefined) {
    return undefined;
  }
  if (rule.proto !== 'tcp' && rule.proto !== 'udp') {
    draft.report.add('rule-port', place, [key]);
    return undefined;
  }
  const match = /^(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/.exec(String(written));
  const first = Number(match?.[1] ?? 0);
  const last = Number(match?.[2] ?? first);
  if (first < 1 || last > 65_535 || first > last) {
    draft.report.add('out-of-range', place, [key, 1, 65_535]);
    return undefined;
  }
  return [first, last];
}

function readStates(
  draft: Draft,
  rule: FirewallRuleSource,
  place: TopologyPath,
): readonly State[] | undefined {
  if (rule.state === undefined) {
    return undefined;
  }
  const texts = listOf(rule.state).flatMap(text => text.split(',').map(part => part.trim()));
  return [...new Set(texts)].flatMap(text => {
    const state = STATES.find(one => one === text);
    if (state === undefined) {
      draft.report.add('unknown-value', place, [text, 'state', STATES.join(', ')]);
    }
    return state ?? [];
  });
}
