/** The outline of a file: its sections, and what each holds. */
import type { TopologyPath } from './resolved';
import { childOf, scalarText, type SourceEntry, type SourceNode } from './source-tree';
import type { TextRange } from './text-range';
import type { TopologyFile } from './topology-file';

export type OutlineKind = 'section' | 'network' | 'node' | 'interface' | 'link' | 'scenario' | 'step';

export interface OutlineItem {
  readonly name: string;
  readonly detail: string;
  readonly kind: OutlineKind;
  /** All of its text. */
  readonly range: TextRange;
  /** Its name. */
  readonly selection: TextRange;
  readonly children: readonly OutlineItem[];
}

/** The items of a file's outline, in the order of the text. */
export function outlineOf(file: TopologyFile): readonly OutlineItem[] {
  const sections = file.root?.kind === 'map' ? [...file.root.entries.values()] : [];
  return sections.flatMap(section => {
    const children = sectionChildren(file, section);
    return children === undefined ? [] : [item(file, [section.key], section.key, '', 'section', children)];
  });
}

function sectionChildren(file: TopologyFile, section: SourceEntry): readonly OutlineItem[] | undefined {
  const { key, node } = section;
  switch (key) {
    case 'networks':
      return entriesOf(node).map(({ key: name, node: network }) =>
        item(file, [key, name], name, text(network, 'subnet'), 'network', []),
      );
    case 'nodes':
      return entriesOf(node).map(({ key: name, node: one }) =>
        item(file, [key, name], name, text(one, 'kind'), 'node', interfaceItems(file, name, one)),
      );
    case 'links':
      return itemsOf(node).map((link, index) => item(file, [key, index], linkName(link), '', 'link', []));
    case 'scenarios':
      return entriesOf(node).map(({ key: name, node: steps }) =>
        item(file, [key, name], name, '', 'scenario', stepItems(file, [key, name], steps)),
      );
    default:
      return undefined;
  }
}

function interfaceItems(file: TopologyFile, name: string, node: SourceNode): OutlineItem[] {
  return ['interfaces', 'adapters'].flatMap(part => {
    const list = childOf(node, part);
    return entriesOf(list).map(({ key, node: one }) => {
      const detail = text(one, 'attach') || text(one, 'network') || text(one, 'address');
      return item(file, ['nodes', name, part, key], key, detail, 'interface', []);
    });
  });
}

function stepItems(file: TopologyFile, path: TopologyPath, steps: SourceNode): OutlineItem[] {
  return itemsOf(steps).map((step, index) => {
    const [action] = entriesOf(step);
    const detail =
      action === undefined
        ? ''
        : [text(action.node, 'from'), text(action.node, 'to')].filter(Boolean).join(' → ');
    return item(file, [...path, index], action?.key ?? '…', detail, 'step', []);
  });
}

function item(
  file: TopologyFile,
  path: TopologyPath,
  name: string,
  detail: string,
  kind: OutlineKind,
  children: readonly OutlineItem[],
): OutlineItem {
  const nowhere = file.lines.range(0, 0);
  const selection = file.locate(path) ?? nowhere;
  const whole = file.extent(path) ?? selection;
  const holds = whole.start.offset <= selection.start.offset && selection.end.offset <= whole.end.offset;
  return { name: name || '…', detail, kind, range: holds ? whole : selection, selection, children };
}

const entriesOf = (node: SourceNode | undefined): SourceEntry[] =>
  node?.kind === 'map' ? [...node.entries.values()] : [];

const itemsOf = (node: SourceNode): readonly SourceNode[] => (node.kind === 'list' ? node.items : []);

/** A text or number below a key, empty where there is none. */
function text(node: SourceNode, key: string): string {
  return scalarText(childOf(node, key));
}

function linkName(link: SourceNode): string {
  const ends = itemsOf(childOf(link, 'between') ?? link);
  return ends.map(scalarText).join(' — ');
}
