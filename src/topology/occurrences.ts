/** Where the names of networks, nodes and interfaces are given and used: what navigation and renaming work on. */
import { childSchema, chosen, FILE_SCHEMA, followed, type Reference, type Schema } from './schema';
import { scalarText, type SourceNode, type Span } from './source-tree';
import type { TopologyFile } from './topology-file';

export interface Occurrence {
  /** Equal for all occurrences of one thing. */
  readonly symbol: string;
  readonly name: string;
  /** Only the name: `pc1` of `pc1:eth0`. */
  readonly span: Span;
  /** The place that gives the name, not one that uses it. */
  readonly definition: boolean;
}

/** Every occurrence in a file, in no particular order. */
export function occurrencesIn(file: TopologyFile, text: string): readonly Occurrence[] {
  const found: Occurrence[] = [];
  if (file.root !== undefined) {
    walk(file.root, followed(FILE_SCHEMA), [], { text, found, seen: new Set() });
  }
  return found;
}

/** The occurrence that the offset stands in or just after. */
export function occurrenceAt(occurrences: readonly Occurrence[], offset: number): Occurrence | undefined {
  return occurrences.find(({ span }) => span[0] <= offset && offset <= span[1]);
}

/** All places of the same thing, the definition first. */
export function samePlaces(occurrences: readonly Occurrence[], one: Occurrence): readonly Occurrence[] {
  const same = occurrences.filter(({ symbol }) => symbol === one.symbol);
  return same.sort((a, b) => Number(b.definition) - Number(a.definition) || a.span[0] - b.span[0]);
}

/** Why a new name can't be, or undefined when it can. */
export type RenameProblem = 'bad-name' | 'name-taken';

/** Checks a new name for a thing: it must have the right form and be free. */
export function checkNewName(
  occurrences: readonly Occurrence[],
  one: Occurrence,
  newName: string,
): RenameProblem | undefined {
  const [kind = '', node] = one.symbol.split(' ');
  const form = FILE_SCHEMA.definitions?.[kind === 'interface' ? 'interfaceName' : 'name']?.pattern;
  if (form !== undefined && !new RegExp(form, 'u').test(newName)) {
    return 'bad-name';
  }
  const symbol = kind === 'interface' ? interfaceSymbol(node ?? '', newName) : nameSymbol(newName);
  const taken = occurrences.some(
    other => other.definition && other.symbol === symbol && other.symbol !== one.symbol,
  );
  return taken ? 'name-taken' : undefined;
}

interface Walk {
  readonly text: string;
  readonly found: Occurrence[];
  /** Nodes seen, since an alias leads to text that was walked already. */
  readonly seen: Set<SourceNode>;
}

// Names hold no space, so a space parts the pieces of a symbol.
const nameSymbol = (name: string): string => `name ${name}`;
const interfaceSymbol = (node: string, name: string): string => `interface ${node} ${name}`;

function walk(node: SourceNode, general: Schema, path: readonly (string | number)[], state: Walk): void {
  if (state.seen.has(node)) {
    return;
  }
  state.seen.add(node);
  const schema = chosen(general, node);
  switch (node.kind) {
    case 'scalar':
      if (schema.refersTo !== undefined) {
        addUses(node, schema.refersTo, path, state);
      }
      return;
    case 'list':
      node.items.forEach((item, index) => {
        const below = schema.items && followed(schema.items);
        // What a list refers to, its entries do.
        const inherited = below && schema.refersTo ? { ...below, refersTo: schema.refersTo } : below;
        if (inherited !== undefined) {
          walk(item, inherited, [...path, index], state);
        }
      });
      return;
    case 'map':
      for (const { key, keySpan, node: child } of node.entries.values()) {
        addDefinition(path, key, keySpan, state);
        const below = childSchema(schema, key);
        if (below !== undefined) {
          walk(child, below, [...path, key], state);
        }
      }
  }
}

function addDefinition(path: readonly (string | number)[], key: string, keySpan: Span, state: Walk): void {
  const span = plainSpan(state.text, keySpan, key);
  if (span === undefined) {
    return;
  }
  if (path.length === 1 && (path[0] === 'networks' || path[0] === 'nodes')) {
    state.found.push({ symbol: nameSymbol(key), name: key, span, definition: true });
  } else if (
    path.length === 3 &&
    path[0] === 'nodes' &&
    (path[2] === 'interfaces' || path[2] === 'adapters')
  ) {
    const symbol = interfaceSymbol(String(path[1]), key);
    state.found.push({ symbol, name: key, span, definition: true });
  }
}

function addUses(
  node: SourceNode,
  refersTo: Reference,
  path: readonly (string | number)[],
  { text, found }: Walk,
): void {
  const value = scalarText(node);
  const span = plainSpan(text, node.span, value);
  if (span === undefined) {
    return;
  }
  const colon = value.indexOf(':');
  const middle = span[0] + colon;
  switch (refersTo) {
    case 'network':
    case 'node':
    case 'machine':
    case 'host':
      found.push({ symbol: nameSymbol(value), name: value, span, definition: false });
      return;
    case 'endpoint':
    case 'target': {
      const name = colon === -1 ? value : value.slice(0, colon);
      const nameSpan: Span = colon === -1 ? span : [span[0], middle];
      found.push({ symbol: nameSymbol(name), name, span: nameSpan, definition: false });
      if (colon !== -1) {
        const port = value.slice(colon + 1);
        const symbol = interfaceSymbol(name, port);
        found.push({ symbol, name: port, span: [middle + 1, span[1]], definition: false });
      }
      return;
    }
    case 'interface':
      if (path[0] === 'nodes') {
        found.push({ symbol: interfaceSymbol(String(path[1]), value), name: value, span, definition: false });
      }
      return;
    case 'nat-network':
    case 'internal-network':
    case 'host-only-network':
    case 'host-interface':
      // Whose interface it is stands elsewhere (`on`); it is not followed.
      return;
  }
}

/** The place of the letters themselves, inside quotes where there are any; undefined when they are escaped. */
function plainSpan(text: string, span: Span, value: string): Span | undefined {
  const quoted = text[span[0]] === '"' || text[span[0]] === "'";
  const inner: Span = quoted ? [span[0] + 1, span[1] - 1] : span;
  return text.slice(inner[0], inner[1]) === value ? inner : undefined;
}
