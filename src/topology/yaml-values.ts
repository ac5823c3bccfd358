/** From a YAML syntax tree to plain values with their places: duplicate keys, aliases and size are checked on the way. */
import { isAlias, isMap, isPair, isScalar, isSeq, type Document } from 'yaml';
import type { SourceEntry, SourceMap, SourceNode, Span } from './source-tree';
import type { TextProblem } from './yaml-text';
import { MAXIMUM_VALUES } from './yaml-limits';

/** A problem together with the place it refers to. */
export interface ValueProblem extends TextProblem {
  readonly first?: Span;
}

export interface SourceValues {
  /** Undefined when the values can't be told. */
  readonly root: SourceNode | undefined;
  readonly problems: readonly ValueProblem[];
}

/** Reads the values of a document that has no syntax error. */
export function readValues(document: Document.Parsed): SourceValues {
  const reader = new ValueReader();
  const root = reader.read(document.contents, undefined, [0, 0]);
  return { root: reader.failed ? undefined : root, problems: reader.problems };
}

class ValueReader {
  readonly problems: ValueProblem[] = [];
  failed = false;
  /** What each anchor names so far; undefined while the value is still being read. */
  private readonly anchors = new Map<string, SourceNode | undefined>();
  private values = 0;

  /** @param empty where a value stands that is not written */
  read(node: unknown, parentFlow: boolean | undefined, empty: Span): SourceNode {
    if (isAlias(node)) {
      return this.alias(node.source, spanOf(node, empty));
    }
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (anchor !== undefined) {
      this.anchors.set(anchor, undefined);
    }
    const read = this.readNode(node, parentFlow, empty);
    if (anchor !== undefined) {
      this.anchors.set(anchor, read);
    }
    return read;
  }

  private readNode(node: unknown, parentFlow: boolean | undefined, empty: Span): SourceNode {
    const flow = parentFlow === true || ((isMap(node) || isSeq(node)) && node.flow === true);
    if (isMap(node)) {
      return this.map(node, flow, spanOf(node, empty));
    }
    if (isSeq(node)) {
      const span = spanOf(node, empty);
      const items = node.items.map(item => this.read(item, flow, span));
      const size = this.sizeOf(items, span);
      return { kind: 'list', span, size, flow, items, value: items.map(({ value }) => value) };
    }
    const span = isScalar(node) ? spanOf(node, empty) : empty;
    return { kind: 'scalar', span, size: this.sizeOf([], span), value: isScalar(node) ? node.value : null };
  }

  private map(node: { readonly items: readonly unknown[] }, flow: boolean, span: Span): SourceMap {
    const entries = new Map<string, SourceEntry>();
    const value = Object.create(null) as Record<string, unknown>;
    for (const pair of node.items) {
      if (!isPair(pair)) {
        continue;
      }
      const keySpan = spanOf(pair.key, span);
      const key = keyText(pair.key);
      if (key === undefined) {
        this.problems.push({ id: 'key-not-text', values: [], span: keySpan });
        continue;
      }
      const child = this.read(pair.value, flow, [keySpan[1], keySpan[1]]);
      const first = entries.get(key);
      if (first !== undefined) {
        this.problems.push({ id: 'duplicate-key', values: [key], span: keySpan, first: first.keySpan });
        continue;
      }
      entries.set(key, { key, keySpan, node: child });
      value[key] = child.value;
    }
    const children = [...entries.values()].map(entry => entry.node);
    return { kind: 'map', span, size: this.sizeOf(children, span), flow, entries, value };
  }

  private alias(name: string, span: Span): SourceNode {
    const target = this.anchors.get(name);
    if (target === undefined) {
      const id = this.anchors.has(name) ? 'alias-cycle' : 'alias-unknown';
      this.problems.push({ id, values: [name], span });
      return { kind: 'scalar', span, size: 1, value: null };
    }
    // Written out, the alias costs all that it names; without this a few lines would stand for billions of values.
    this.count(target.size, span);
    return target;
  }

  private sizeOf(children: readonly SourceNode[], span: Span): number {
    this.count(1, span);
    return Math.min(MAXIMUM_VALUES + 1, 1 + children.reduce((sum, { size }) => sum + size, 0));
  }

  private count(values: number, span: Span): void {
    this.values += values;
    if (this.values > MAXIMUM_VALUES && !this.failed) {
      this.failed = true;
      this.problems.push({ id: 'too-complex/aliases', values: [MAXIMUM_VALUES], span });
    }
  }
}

/** A key as text: `1:` is the key `1`. */
function keyText(key: unknown): string | undefined {
  if (!isScalar(key) || key.value === null) {
    return undefined;
  }
  if (typeof key.value === 'string') {
    return key.value;
  }
  return key.source ?? undefined;
}

function spanOf(node: unknown, otherwise: Span): Span {
  const range = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : undefined;
  return range ? [range[0], range[1]] : otherwise;
}
