/** The names of a file: networks and nodes share one space, and references are looked up here. */
import type { FileSource, NetworkSource, NodeSource } from '../file-source';
import type { Place, Report } from '../report';
import { nodeAt, type SourceNode } from '../source-tree';
import { nearest } from '../suggestion';

export interface Names {
  /** In file order. */
  readonly networks: ReadonlyMap<string, NetworkSource>;
  /** In file order. */
  readonly nodes: ReadonlyMap<string, NodeSource>;
}

/** The keys of a map in the order of the file, which plain objects don't keep for names such as `1`. */
export function keysInOrder(root: SourceNode, path: readonly (string | number)[]): readonly string[] {
  const node = nodeAt(root, path);
  return node?.kind === 'map' ? [...node.entries.keys()] : [];
}

/** Collects the names; one used twice is reported and stays with its first owner. */
export function readNames(root: SourceNode, source: FileSource, report: Report): Names {
  const networks = new Map<string, NetworkSource>();
  for (const name of keysInOrder(root, ['networks'])) {
    networks.set(name, source.networks?.[name] ?? {});
  }
  const nodes = new Map<string, NodeSource>();
  let internet: string | undefined;
  for (const name of keysInOrder(root, ['nodes'])) {
    const node = source.nodes?.[name];
    const place = { key: ['nodes', name] };
    if (networks.has(name)) {
      const related = { id: 'first-place', place: { key: ['networks', name] } } as const;
      report.add('duplicate-name', place, [name], { related });
    } else if (node?.kind === 'internet' && internet !== undefined) {
      const related = { id: 'first-place', place: { key: ['nodes', internet] } } as const;
      report.add('second-internet', place, [name], { related });
    } else if (node !== undefined) {
      nodes.set(name, node);
      internet = node.kind === 'internet' ? name : internet;
    }
  }
  return { networks, nodes };
}

/** The node of this name; reports where there is none. */
export function findNode(names: Names, name: string, place: Place, report: Report): NodeSource | undefined {
  const node = names.nodes.get(name);
  if (node === undefined && names.networks.has(name)) {
    report.add('wrong-kind/machine', place, [name, 'network']);
  } else if (node === undefined) {
    reportUnknown('unknown-node', name, names.nodes.keys(), place, report);
  }
  return node;
}

/** Says that a name is not known, and which known one it may stand for. */
export function reportUnknown(
  id: 'unknown-node' | 'unknown-network' | 'unknown-target' | 'unknown-name',
  name: string,
  known: Iterable<string>,
  place: Place,
  report: Report,
): void {
  const suggestion = report.full ? undefined : nearest(name, known);
  const severity = id === 'unknown-name' ? 'warning' : 'error';
  if (suggestion === undefined) {
    report.add(id, place, [name], { severity });
  } else {
    report.add(`${id}/suggestion`, place, [name, suggestion], { severity, replacement: suggestion });
  }
}
