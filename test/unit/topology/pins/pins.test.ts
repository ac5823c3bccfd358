import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePins, pinsEdit } from '../../../../src/topology/pins/in-file';
import { parseSidecar, sidecarName, sidecarText } from '../../../../src/topology/pins/sidecar';
import type { Pins } from '../../../../src/simulation/panel-protocol';
import { readTopology } from '../../../../src/topology/topology-file';

const place = fc.record({
  x: fc.integer({ min: -5000, max: 5000 }),
  y: fc.integer({ min: -5000, max: 5000 }),
});
const pins = fc.dictionary(
  fc.constantFrom('pc', 'laptop', 'server/br0', 'nat-1:1/nat', 'büro', 'a.b'),
  place,
);

const apply = (text: string, to: Pins): string => {
  const edit = pinsEdit(text, to);
  return edit === undefined
    ? text
    : text.slice(0, edit.offset) + edit.text + text.slice(edit.offset + edit.length);
};

describe('the sidecar', () => {
  it('lies beside its topology under its name', () => {
    expect(sidecarName('lab.vnet.yaml')).toBe('lab.vnet.layout.json');
    expect(sidecarName('lab.vnet.json')).toBe('lab.vnet.layout.json');
    expect(sidecarName('lab')).toBe('lab.layout.json');
  });

  it('gives back what was put in', () => {
    fc.assert(
      fc.property(pins, all => {
        expect({ ...parseSidecar(sidecarText(all)) }).toEqual({ ...all });
      }),
    );
  });

  it('leaves out what is no place, and is empty for any other text', () => {
    const text = '{"pinned":{"a":{"x":1,"y":2},"b":{"x":"1","y":2},"c":null,"d":{"x":1e99,"y":0}}}';
    expect(parseSidecar(text)).toEqual({ a: { x: 1, y: 2 } });
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), any => {
        expect(parseSidecar(any)).toBeTypeOf('object');
      }),
    );
  });
});

describe('pins in the topology file', () => {
  const folder = 'media/samples';
  const samples = readdirSync(folder).map(name => readFileSync(join(folder, name), 'utf8'));

  it('are read back, and taking them out leaves what was there before', () => {
    fc.assert(
      fc.property(fc.constantFrom(...samples), pins, pins, (text, one, other) => {
        const first = apply(text, one);
        expect(parsePins(first)).toEqual(one);
        expect(first.startsWith(text)).toBe(true);
        const second = apply(first, other);
        expect(parsePins(second)).toEqual(other);
        expect(apply(second, {}).trimEnd()).toBe(text.trimEnd());
      }),
    );
  });

  it('are no error of the file', () => {
    const text = apply(samples[0]!, { laptop: { x: 10, y: 20 } });
    expect(readTopology(text).topology).toBeDefined();
  });

  it('stand beside what else the diagram says, with every comment kept', () => {
    const text = 'vnet: 1\ndiagram: # how it looks\n  direction: down # top to bottom\nnodes: {}\n';
    const pinned = apply(text, { a: { x: 1, y: 2 } });
    expect(pinned).toBe(
      'vnet: 1\ndiagram: # how it looks\n  direction: down # top to bottom\n  pinned:\n    a: { x: 1, y: 2 }\nnodes: {}\n',
    );
    expect(apply(pinned, { b: { x: 3, y: 4 } })).toBe(
      'vnet: 1\ndiagram: # how it looks\n  direction: down # top to bottom\n  pinned:\n    b: { x: 3, y: 4 }\nnodes: {}\n',
    );
    expect(apply(pinned, {})).toBe(text);
  });

  it('are not forced into JSON, braces or a text with errors', () => {
    for (const text of ['{"vnet": 1}', 'vnet: 1\ndiagram: { direction: down }\n', 'vnet: [1\n']) {
      expect(pinsEdit(text, { a: { x: 1, y: 2 } })).toBeUndefined();
    }
  });

  it('never break any text', () => {
    fc.assert(
      fc.property(fc.string(), pins, (text, all) => {
        const edit = pinsEdit(text, all);
        expect(parsePins(text)).toBeTypeOf('object');
        expect(edit === undefined || edit.offset + edit.length <= text.length).toBe(true);
      }),
    );
  });
});
