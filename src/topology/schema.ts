/** vnet.schema.json as the diagnostics and the editor read it: what may stand at a place of a file, and what it means. */
import schemaDocument from './vnet.schema.json';
import type { SourceNode } from './source-tree';
import { childOf } from './source-tree';

/** What a text value names, for navigation and completion. */
export type Reference =
  | 'network'
  | 'node'
  | 'machine'
  | 'host'
  | 'interface'
  | 'host-interface'
  | 'endpoint'
  | 'target'
  /** A network of VirtualBox on the VM's host. */
  | 'nat-network'
  | 'internal-network'
  | 'host-only-network';

/** The part of JSON Schema (draft 07) that the language uses, and its own annotations. */
export interface Schema {
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly discriminator?: { readonly propertyName: string };
  readonly definitions?: Readonly<Record<string, Schema>>;
  /** The sentence for a text that does not match `pattern`. */
  readonly patternErrorMessage?: string;
  /** The engine does nothing with it yet. */
  readonly notSimulated?: boolean;
  /** Values of which the same is true. */
  readonly notSimulatedValues?: readonly unknown[];
  readonly refersTo?: Reference;
}

/** The schema of a whole file. */
export const FILE_SCHEMA = schemaDocument as Schema;

const DEFINITION = '#/definitions/';

/** Schemas with their references followed: each is worked out once. */
const FOLLOWED = new WeakMap<Schema, Schema>();

/** The schema with its reference followed; what stands beside the reference wins over what it leads to. */
export function followed(schema: Schema): Schema {
  const known = FOLLOWED.get(schema) ?? follow(schema);
  FOLLOWED.set(schema, known);
  return known;
}

function follow(schema: Schema): Schema {
  const references = [schema.$ref, ...(schema.allOf ?? []).map(part => part.$ref)];
  const targets = references.flatMap(reference => {
    const target = reference && FILE_SCHEMA.definitions?.[reference.slice(DEFINITION.length)];
    return target ? [followed(target)] : [];
  });
  const { $ref: _reference, allOf: _parts, ...own } = schema;
  return Object.assign({}, ...targets, own) as Schema;
}

/** Of the kinds a map may be, the one its deciding key says; the schema itself where there is nothing to decide. */
export function chosen(schema: Schema, node: SourceNode | undefined): Schema {
  const key = schema.discriminator?.propertyName;
  const value = key === undefined || node === undefined ? undefined : childOf(node, key)?.value;
  if (key === undefined || value === undefined) {
    return schema;
  }
  const branch = alternatives(schema).find(one => propertyOf(one, key)?.const === value);
  return branch ?? schema;
}

/** The kinds a map may be. */
export function alternatives(schema: Schema): readonly Schema[] {
  return (schema.oneOf ?? []).map(followed);
}

/** The schema of a key that is written in the schema itself. */
export function propertyOf(schema: Schema, key: string): Schema | undefined {
  const property = Object.hasOwn(schema.properties ?? {}, key) ? schema.properties?.[key] : undefined;
  return property && followed(property);
}

/** The schema of what stands below `step`; undefined when nothing may. */
export function childSchema(schema: Schema, step: string | number): Schema | undefined {
  if (typeof step === 'number') {
    return schema.items && followed(schema.items);
  }
  const property = propertyOf(schema, step);
  if (property !== undefined) {
    return property;
  }
  const others = schema.additionalProperties;
  return typeof others === 'object' ? followed(others) : undefined;
}

/** The schema of the value at a path of this file, with every choice made that the file makes. */
export function schemaAt(
  root: SourceNode | undefined,
  path: readonly (string | number)[],
): Schema | undefined {
  let schema: Schema | undefined = FILE_SCHEMA;
  let node = root;
  for (const step of path) {
    const parent: Schema | undefined = schema && chosen(schema, node);
    schema = parent && childSchema(parent, step);
    node = node && childOf(node, step);
  }
  return schema && chosen(schema, node);
}

/** The keys a map may have, undefined where they are the user's own names. */
export function keysOf(schema: Schema): readonly string[] {
  return Object.keys(schema.properties ?? {});
}

/** The values a text or number may have when there is a list of them. */
export function valuesOf(schema: Schema): readonly string[] {
  const values = schema.const === undefined ? (schema.enum ?? []) : [schema.const];
  return values.map(textOf);
}

/** A value of the schema as a file would write it. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
