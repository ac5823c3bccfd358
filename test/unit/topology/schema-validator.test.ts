import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generateSchemaValidator } from '../../generate-schema-validator.mjs';
import { FILE_SCHEMA, type Schema } from '../../../src/topology/schema';

const GENERATED = new URL('../../../src/topology/schema-validator.generated.js', import.meta.url);

/** Every schema of the document with the pointer to it. */
function* schemas(schema: Schema, pointer = '#'): Generator<[string, Schema]> {
  yield [pointer, schema];
  const maps = { properties: schema.properties, definitions: schema.definitions };
  for (const [name, map] of Object.entries(maps)) {
    for (const [key, inner] of Object.entries(map ?? {})) {
      yield* schemas(inner, `${pointer}/${name}/${key}`);
    }
  }
  for (const inner of [schema.items, schema.additionalProperties, schema.propertyNames]) {
    if (typeof inner === 'object') {
      yield* schemas(inner, `${pointer}/…`);
    }
  }
}

describe('the schema', () => {
  it('is what the generated validator was made from (else: node test/generate-schema-validator.mjs)', () => {
    expect(generateSchemaValidator()).toBe(readFileSync(GENERATED, 'utf8'));
  });

  it('needs nothing compiled or required at run time', () => {
    expect(readFileSync(GENERATED, 'utf8')).not.toMatch(/\b(require|eval|Function)\(/);
  });

  it('describes every key', () => {
    const silent = [...schemas(FILE_SCHEMA)].flatMap(([pointer, { properties = {} }]) =>
      Object.entries(properties)
        .filter(([, { $ref, description }]) => $ref === undefined && description === undefined)
        .map(([key]) => `${pointer}/${key}`),
    );
    // Values that only a step or a part of VirtualBox not simulated yet has.
    expect(silent.filter(name => !/expect\/(status|body)|virtualbox/.test(name))).toEqual([]);
  });

  it('allows no unknown key in a map with known ones', () => {
    const open = [...schemas(FILE_SCHEMA)].filter(
      ([, { properties, additionalProperties }]) =>
        properties !== undefined && additionalProperties !== false,
    );
    expect(open.map(([pointer]) => pointer)).toEqual([]);
  });

  it('has a sentence for every pattern', () => {
    const mute = [...schemas(FILE_SCHEMA)].filter(
      ([, { pattern, patternErrorMessage }]) => pattern !== undefined && patternErrorMessage === undefined,
    );
    expect(mute.map(([pointer]) => pointer)).toEqual([]);
  });
});
