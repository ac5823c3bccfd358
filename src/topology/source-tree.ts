/** A YAML text as plain values that know where they were written. */

/** From the first character up to, not including, the last, in UTF-16 code units. */
export type Span = readonly [start: number, end: number];

/** One value of the file. Aliases share the node of what they name, so a path through an alias leads to the text it stands for. */
export type SourceNode = SourceMap | SourceList | SourceScalar;

interface SourceNodeBase {
  readonly span: Span;
  /** Values in this one and below, with aliases written out. */
  readonly size: number;
  /** The same as JSON would hold it; maps have no prototype. */
  readonly value: unknown;
}

export interface SourceMap extends SourceNodeBase {
  readonly kind: 'map';
  /** Written in braces. */
  readonly flow: boolean;
  readonly entries: ReadonlyMap<string, SourceEntry>;
}

export interface SourceList extends SourceNodeBase {
  readonly kind: 'list';
  readonly flow: boolean;
  readonly items: readonly SourceNode[];
}

export interface SourceScalar extends SourceNodeBase {
  readonly kind: 'scalar';
}

export interface SourceEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly node: SourceNode;
}

/** The child under a key or an index. */
export function childOf(node: SourceNode, step: string | number): SourceNode | undefined {
  switch (node.kind) {
    case 'map':
      return node.entries.get(String(step))?.node;
    case 'list':
      return node.items[Number(step)];
    case 'scalar':
      return undefined;
  }
}

/** The text of a scalar, numbers and truth values as JSON writes them; empty for everything else. */
export function scalarText(node: SourceNode | undefined): string {
  const value = node?.kind === 'scalar' ? node.value : null;
  return typeof value === 'string'
    ? value
    : value === null || value === undefined
      ? ''
      : JSON.stringify(value);
}

/** The node at a path, undefined when it is not written in the file. */
export function nodeAt(root: SourceNode, path: readonly (string | number)[]): SourceNode | undefined {
  let node: SourceNode | undefined = root;
  for (const step of path) {
    node = node && childOf(node, step);
  }
  return node;
}

/** The entry at a path that ends in a key of a map. */
export function entryAt(root: SourceNode, path: readonly (string | number)[]): SourceEntry | undefined {
  const parent = nodeAt(root, path.slice(0, -1));
  const last = path.at(-1);
  return parent?.kind === 'map' && last !== undefined ? parent.entries.get(String(last)) : undefined;
}

/**
 * The path to the innermost value that holds the offset, and whether it is on the key. In block style a value goes on until the next
 * key of its map, so that comments and blank lines after it belong to it.
 */
export function pathAtOffset(
  root: SourceNode,
  offset: number,
): { path: (string | number)[]; onKey: boolean } {
  const path: (string | number)[] = [];
  let node: SourceNode = root;
  while (true) {
    const next = node.kind === 'map' ? entryHolding(node, offset) : itemHolding(node, offset);
    if (next === undefined) {
      return { path, onKey: false };
    }
    path.push(next.step);
    if (next.keySpan !== undefined && offset <= next.keySpan[1]) {
      return { path, onKey: true };
    }
    if (next.node === node || path.length > MAXIMUM_STEPS) {
      return { path, onKey: false };
    }
    node = next.node;
  }
}

/** Deeper than any file may nest, so that aliases can't lead the walk in circles. */
const MAXIMUM_STEPS = 100;

interface Step {
  readonly step: string | number;
  readonly keySpan?: Span;
  readonly node: SourceNode;
}

function entryHolding(node: SourceMap, offset: number): Step | undefined {
  let found: SourceEntry | undefined;
  for (const entry of node.entries.values()) {
    if (entry.keySpan[0] <= offset) {
      found = entry;
    }
  }
  if (found === undefined || (node.flow && offset > Math.max(found.keySpan[1], found.node.span[1]))) {
    return undefined;
  }
  return { step: found.key, keySpan: found.keySpan, node: found.node };
}

function itemHolding(node: SourceNode, offset: number): Step | undefined {
  if (node.kind !== 'list') {
    return undefined;
  }
  const index = node.items.findIndex(({ span }) => span[0] <= offset && offset <= span[1]);
  const item = node.items[index];
  return item && { step: index, node: item };
}
