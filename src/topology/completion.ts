/** What may be written at a place of a file: keys, values and names, from the schema and from the file itself. */
import { completionContext, type CompletionContext } from './completion-context';
import {
  alternatives,
  childSchema,
  keysOf,
  propertyOf,
  schemaAt,
  textOf,
  valuesOf,
  type Reference,
  type Schema,
} from './schema';
import { childOf, nodeAt, scalarText, type SourceNode } from './source-tree';

export interface Completion {
  readonly label: string;
  readonly kind: 'key' | 'value' | 'name';
  /** What takes the place of the range. */
  readonly text: string;
  /** English; the editor translates it. */
  readonly description?: string;
  readonly isDefault: boolean;
  /** There is something to choose right after it. */
  readonly again: boolean;
}

export interface Completions {
  /** The word being written, in offsets of the text. */
  readonly start: number;
  readonly end: number;
  readonly items: readonly Completion[];
}

/** The completions at an offset; works on broken text too. */
export function completionsAt(text: string, offset: number): Completions | undefined {
  const context = completionContext(text, offset);
  if (context === undefined) {
    return undefined;
  }
  const keys = context.mayBeKey ? keyCompletions(context) : [];
  const values = context.mayBeValue ? valueCompletions(context) : [];
  return { start: context.start, end: context.end, items: [...keys, ...values] };
}

function keyCompletions(context: CompletionContext): Completion[] {
  const { root, parent, hasColon } = context;
  const schema = schemaAt(root, parent);
  const node = root && nodeAt(root, parent);
  if (schema === undefined) {
    return [];
  }
  const written = node?.kind === 'map' ? [...node.entries.keys()].filter(key => key !== context.word) : [];
  if (schema.title === 'step' && written.length > 0) {
    return [];
  }
  return keysFor(schema)
    .filter(({ key }) => !written.includes(key))
    .map(({ key, schema: below }) => ({
      label: key,
      kind: 'key',
      text: hasColon ? key : keyText(key, below, context),
      ...(below.description !== undefined && { description: below.description }),
      isDefault: false,
      again: !hasColon && hasChoices(below),
    }));
}

/** The keys a map may have; those of a map whose kind is open are only the one that decides it. */
function keysFor(schema: Schema): { readonly key: string; readonly schema: Schema }[] {
  const tag = schema.discriminator?.propertyName;
  if (tag !== undefined) {
    return [
      {
        key: tag,
        schema: { ...(schema.description !== undefined && { description: schema.description }), enum: [] },
      },
    ];
  }
  if (schema.title === 'adapters') {
    return SLOTS.map(key => ({ key, schema: { type: 'object' } }));
  }
  return keysOf(schema).flatMap(key => {
    const below = propertyOf(schema, key);
    return below === undefined ? [] : [{ key, schema: below }];
  });
}

/** VirtualBox's adapter slots. */
const SLOTS = ['1', '2', '3', '4', '5', '6', '7', '8'];

/** The key with what must follow it: a space, or a new line that is indented by two more. */
function keyText(key: string, schema: Schema, { indent, flow, json }: CompletionContext): string {
  if (json) {
    return `"${key}": `;
  }
  const block = !flow && hasType(schema, 'object') && !hasType(schema, 'string');
  const list = !flow && hasType(schema, 'array') && !hasType(schema, 'string');
  const next = `\n${' '.repeat(indent + 2)}`;
  return block ? `${key}:${next}` : list ? `${key}:${next}- ` : `${key}: `;
}

const hasType = (schema: Schema, type: string): boolean =>
  schema.type === type || (Array.isArray(schema.type) && schema.type.includes(type));

const hasChoices = (schema: Schema): boolean =>
  schema.enum !== undefined ||
  schema.const !== undefined ||
  schema.refersTo !== undefined ||
  schema.examples !== undefined ||
  hasType(schema, 'boolean');

function valueCompletions({ root, path, json }: CompletionContext): Completion[] {
  const parentPath = path.slice(0, -1);
  const last = path.at(-1);
  const parent = schemaAt(root, parentPath);
  const isTag = typeof last === 'string' && parentTag(root, parentPath) === last;
  const kinds = isTag ? alternatives(undecided(root, parentPath) ?? {}) : [];
  if (kinds.length > 0) {
    return kinds.flatMap(kind =>
      valuesOf(propertyOf(kind, String(last)) ?? {}).map(value => valueItem(value, 'value', json, kind)),
    );
  }
  const schema = schemaAt(root, path);
  if (schema === undefined || parent === undefined) {
    return [];
  }
  const values = valuesOf(schema);
  const booleans = hasType(schema, 'boolean') ? ['true', 'false'] : [];
  const examples = (schema.examples ?? []).filter(one => typeof one === 'string');
  const names = schema.refersTo === undefined ? [] : namesFor(root, schema.refersTo, path);
  return [
    ...names.map(name => valueItem(name, 'name', json, {})),
    ...[...new Set([...values, ...booleans, ...examples])].map(value =>
      valueItem(value, 'value', json, schema),
    ),
  ];
}

/** The key that decides what the map at a path is. */
function parentTag(root: SourceNode | undefined, path: readonly (string | number)[]): string | undefined {
  return undecided(root, path)?.discriminator?.propertyName;
}

/** The schema of a map before its kind is looked at. */
function undecided(root: SourceNode | undefined, path: readonly (string | number)[]): Schema | undefined {
  const above = schemaAt(root, path.slice(0, -1));
  const step = path.at(-1);
  if (above === undefined || step === undefined) {
    return undefined;
  }
  return childSchema(above, step);
}

function valueItem(value: string, kind: 'value' | 'name', json: boolean, schema: Schema): Completion {
  const plain = /^(true|false|\d+)$/.test(value);
  return {
    label: value,
    kind,
    text: json && !plain ? `"${value}"` : value,
    ...(schema.description !== undefined && { description: schema.description }),
    isDefault: schema.default !== undefined && textOf(schema.default) === value,
    again: false,
  };
}

/** The names of the file that a value may be. */
function namesFor(
  root: SourceNode | undefined,
  refersTo: Reference,
  path: readonly (string | number)[],
): readonly string[] {
  const nodes = namesOf(root, ['nodes']);
  const ofKind = (...kinds: string[]) =>
    nodes.filter(name => kinds.includes(scalarText(root && nodeAt(root, ['nodes', name, 'kind']))));
  switch (refersTo) {
    case 'network':
      return [...namesOf(root, ['networks']), ...ofKind('internet')];
    case 'node':
      return nodes;
    case 'machine':
      return ofKind('host', 'vm', 'router', 'container');
    case 'host':
      return ofKind('host');
    case 'interface':
      return [
        ...namesOf(root, [...path.slice(0, 2), 'interfaces']),
        ...namesOf(root, [...path.slice(0, 2), 'adapters']),
      ];
    case 'host-interface': {
      const host = scalarText(root && nodeAt(root, [...path.slice(0, 2), 'on']));
      return namesOf(root, ['nodes', host, 'interfaces']);
    }
    case 'nat-network':
      return virtualBoxNames(root, path, 'nat-networks', 'NatNetwork');
    case 'internal-network':
      return virtualBoxNames(root, path, 'internal', 'intnet');
    case 'host-only-network':
      return virtualBoxNames(root, path, 'host-only', 'vboxnet0');
    case 'endpoint':
      return nodes.flatMap(name => interfaceEnds(root, name));
    case 'target':
      return [
        ...ofKind('host', 'vm', 'router', 'container'),
        ...ofKind('internet').flatMap(name => namesOf(root, ['nodes', name, 'servers'])),
      ];
  }
}

/** The networks that the VM's host lists, and those that its other VMs name, after the one that needs no entry. */
function virtualBoxNames(
  root: SourceNode | undefined,
  path: readonly (string | number)[],
  section: string,
  usual: string,
): string[] {
  const host = scalarText(root && nodeAt(root, [...path.slice(0, 2), 'on']));
  const attach = scalarText(root && nodeAt(root, [...path.slice(0, 4), 'attach']));
  const named = namesOf(root, ['nodes']).flatMap(vm => {
    const adapters = ['nodes', vm, 'adapters'];
    const isNeighbour = scalarText(root && nodeAt(root, ['nodes', vm, 'on'])) === host;
    return (isNeighbour ? namesOf(root, adapters) : []).flatMap(slot => {
      const adapter = root && nodeAt(root, [...adapters, slot]);
      const same = adapter !== undefined && scalarText(childOf(adapter, 'attach')) === attach;
      const name =
        same && (vm !== path[1] || slot !== path[3]) ? scalarText(childOf(adapter, 'network')) : '';
      return name === '' ? [] : [name];
    });
  });
  return [...new Set([usual, ...namesOf(root, ['nodes', host, 'virtualbox', section]), ...named])];
}

/** `node:interface` for each interface; a switch offers its next free port. */
function interfaceEnds(root: SourceNode | undefined, name: string): string[] {
  if (root && nodeAt(root, ['nodes', name, 'kind'])?.value === 'switch') {
    const links = nodeAt(root, ['links']);
    const ends = links?.kind === 'list' ? links.items.flatMap(link => endsOf(link)) : [];
    const used = ends.flatMap(end =>
      end.startsWith(`${name}:`) ? [Number(end.slice(name.length + 1))] : [],
    );
    return [`${name}:${Math.max(0, ...used.filter(Number.isFinite)) + 1}`];
  }
  return namesOf(root, ['nodes', name, 'interfaces']).map(port => `${name}:${port}`);
}

function endsOf(link: SourceNode): string[] {
  const list = childOf(link, 'between') ?? link;
  return list.kind === 'list' ? list.items.map(scalarText) : [];
}

function namesOf(root: SourceNode | undefined, path: readonly (string | number)[]): string[] {
  const node = root && nodeAt(root, path);
  return node?.kind === 'map' ? [...node.entries.keys()] : [];
}
