/** Says at its place what the language has and the simulation has not yet, as the schema marks it. */
import type { Report } from './report';
import { childSchema, chosen, FILE_SCHEMA, followed, type Schema } from './schema';
import { scalarText, type SourceNode } from './source-tree';

/** Walks a file that the schema has found good. What is below a marked place is not walked: one warning says it all. */
export function reportNotSimulated(root: SourceNode, report: Report): void {
  walk(root, followed(FILE_SCHEMA), [], report);
}

function walk(node: SourceNode, general: Schema, path: (string | number)[], report: Report): void {
  const schema = chosen(general, node);
  const last = path.at(-1) ?? '';
  if (schema.notSimulated === true && !isDefault(node, schema)) {
    report.add('not-simulated/key', { key: path }, [last]);
    return;
  }
  if (schema.notSimulatedValues?.includes(node.value) === true) {
    report.add('not-simulated/value', path, [last, scalarText(node)]);
    return;
  }
  for (const [step, child] of childrenOf(node)) {
    const below = childSchema(schema, step);
    if (below !== undefined) {
      path.push(step);
      walk(child, below, path, report);
      path.pop();
    }
  }
}

const isDefault = (node: SourceNode, schema: Schema): boolean =>
  schema.default !== undefined && node.value === schema.default;

function childrenOf(node: SourceNode): Iterable<readonly [string | number, SourceNode]> {
  switch (node.kind) {
    case 'map':
      return [...node.entries.values()].map(entry => [entry.key, entry.node] as const);
    case 'list':
      return node.items.entries();
    case 'scalar':
      return [];
  }
}
