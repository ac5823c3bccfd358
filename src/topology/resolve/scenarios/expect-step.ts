/** Steps that look into a table of a device. */
import type { ExpectSource } from '../../file-source';
import type { ResolvedExpectStep, ResolvedStep, TopologyPath } from '../../resolved';
import { readAddress, readIp } from '../addresses';
import { isMachine, type Draft } from '../draft';
import { findNode } from '../names';

const TABLES = ['lease', 'arp', 'neighbour', 'route', 'mac'] as const;

type Table = (typeof TABLES)[number];

export function resolveExpect(
  draft: Draft,
  step: ExpectSource,
  path: TopologyPath,
): ResolvedStep | undefined {
  const { names, report } = draft;
  const named = TABLES.filter(key => step[key] !== undefined);
  const [table, another] = named;
  if (table === undefined || another !== undefined) {
    report.add('expect-table', { key: path }, [TABLES.join(', ')]);
    return undefined;
  }
  const place = [...path, 'node'];
  const learns = table === 'mac';
  if (learns && names.networks.has(step.node)) {
    return expectation(draft, step, table, path);
  }
  const node = findNode(names, step.node, place, report);
  if (node === undefined) {
    return undefined;
  }
  if (!isMachine(node) && !(learns && node.kind === 'switch')) {
    report.add('wrong-kind/machine', place, [step.node, node.kind]);
    return undefined;
  }
  return expectation(draft, step, table, path);
}

function expectation(
  draft: Draft,
  step: ExpectSource,
  table: Table,
  path: TopologyPath,
): ResolvedStep | undefined {
  const what = contentOf(draft, table, step[table] ?? '', [...path, table]);
  return what && { kind: 'expect', node: step.node, what, source: path };
}

function contentOf(
  draft: Draft,
  table: Table,
  text: string,
  place: TopologyPath,
): ResolvedExpectStep['what'] | undefined {
  switch (table) {
    case 'lease': {
      const address = text === 'none' ? text : readAddress(text, place, draft.report);
      return address === undefined ? undefined : { kind: 'lease', address };
    }
    case 'arp':
    case 'neighbour': {
      const address = readIp(text, place, draft.report);
      return address === undefined ? undefined : { kind: 'neighbour', address };
    }
    case 'route':
    case 'mac':
      return { kind: table, text };
  }
}
