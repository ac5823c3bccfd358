import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResolvedTopology } from '../../../src/topology/resolved';
import { readTopology } from '../../../src/topology/topology-file';
import type { LayoutEngine } from '../../../webview/diagram/elk';
import { createInProcessEngine } from '../../../webview/diagram/elk-in-process';
import { layoutDiagram, type LayoutOptionsOfCaller } from '../../../webview/diagram/layout';
import { diagramModel } from '../../../webview/diagram/model';
import { largeNetwork } from '../../look/networks';
import { overlaps } from './overlap';
import {
  generatedTopology,
  homeWithTwoNatGuests,
  office,
  virtualBoxModes,
  wildTopology,
} from './sample-topologies';

const engine = createInProcessEngine();
const layoutOf = (topology: ResolvedTopology, options?: LayoutOptionsOfCaller) =>
  layoutDiagram(diagramModel(topology), engine, options);

/** A square panel, the upper half of an editor, a narrow column. */
const VIEWS = [
  { width: 900, height: 900 },
  { width: 1200, height: 400 },
  { width: 400, height: 1000 },
];

const root = join(import.meta.dirname, '../../..');
const files = ['media/samples', 'media/templates'].flatMap(folder => {
  const path = join(root, folder);
  return existsSync(path) ? readdirSync(path).map(file => join(path, file)) : [];
});

describe('layoutDiagram', () => {
  it.each(files.filter(file => /\.vnet\.(ya?ml|json)$/.test(file)))(
    'draws %s without an overlap',
    async file => {
      const { topology } = readTopology(readFileSync(file, 'utf8'));
      expect(topology).toBeDefined();
      const { drawing, memory } = await layoutOf(topology!);
      expect(memory).toBeDefined();
      expect(overlaps(drawing)).toEqual([]);
    },
  );

  it.each([
    ['home', homeWithTwoNatGuests()],
    ['VirtualBox modes', virtualBoxModes()],
    ['office', office()],
  ])('draws %s without an overlap in panels of any shape', async (_, topology) => {
    for (const view of VIEWS) {
      expect(overlaps((await layoutOf(topology, { view })).drawing)).toEqual([]);
    }
  });

  it('draws networks of 5 to 60 devices without an overlap', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 5, max: 60 }),
        fc.nat(1e6),
        fc.constantFrom(...VIEWS),
        async (devices, seed, view) => {
          const { drawing, memory } = await layoutOf(generatedTopology(devices, seed), { view });
          expect(memory).toBeDefined();
          expect(overlaps(drawing)).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  }, 120_000);

  it('draws any cabling without an overlap', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 12 }),
        fc.integer({ min: 0, max: 16 }),
        fc.nat(1e6),
        async (devices, cables, seed) => {
          const { drawing, memory } = await layoutOf(wildTopology(devices, cables, seed));
          expect(memory).toBeDefined();
          expect(overlaps(drawing)).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  }, 120_000);

  it('draws 200 devices without an overlap', async () => {
    const { drawing } = await layoutOf(generatedTopology(200, 4));
    expect(drawing.nodes.length).toBeGreaterThanOrEqual(200);
    expect(overlaps(drawing)).toEqual([]);
  }, 60_000);

  it('puts the boxes of one large switch in rows, so that the drawing is no ribbon', async () => {
    const { topology } = readTopology(largeNetwork(200));
    for (const view of VIEWS) {
      const { drawing } = await layoutOf(topology!, { view });
      expect(overlaps(drawing)).toEqual([]);
      const tops = new Set(drawing.nodes.filter(({ id }) => id.startsWith('floor-')).map(({ y }) => y));
      const sides = new Set(drawing.nodes.filter(({ id }) => id.startsWith('floor-')).map(({ x }) => x));
      expect(Math.min(tops.size, sides.size)).toBeGreaterThanOrEqual(3);
      const stretched = drawing.width / drawing.height / (view.width / view.height);
      expect(Math.max(stretched, 1 / stretched)).toBeLessThan(2.5);
    }
  }, 60_000);

  it('draws every device, port and cable', async () => {
    const model = diagramModel(office());
    const { drawing } = await layoutDiagram(model, engine);
    expect(drawing.nodes.map(node => node.id)).toEqual(model.nodes.map(node => node.id));
    expect(drawing.ports).toHaveLength(model.nodes.flatMap(node => node.ports).length);
    expect(drawing.cables.map(cable => cable.id).sort()).toEqual(model.cables.map(cable => cable.id).sort());
  });

  it('draws cables from the middle of one port to the middle of the other, across and down only', async () => {
    const { drawing } = await layoutOf(virtualBoxModes());
    const places = new Map(drawing.ports.map(({ id, at }) => [id, at]));
    for (const { ends, points } of drawing.cables) {
      const near = (index: number, port: string): boolean => {
        const point = points.at(index)!;
        const at = places.get(port)!;
        return Math.hypot(point.x - at.x, point.y - at.y) <= 1;
      };
      expect(near(0, ends[0]) && near(-1, ends[1])).toBe(true);
      const slanted = points
        .slice(1)
        .some((to, index) => to.x !== points[index]!.x && to.y !== points[index]!.y);
      expect(slanted).toBe(false);
    }
  });

  it('draws switches of one tier side by side with their cable straight between them', async () => {
    const { drawing } = await layoutOf(office());
    const stack = drawing.cables.find(cable => cable.id === 'core-a:2 -- core-b:2')!;
    expect(stack.points).toHaveLength(2);
    expect(stack.points[0]!.y).toBe(stack.points[1]!.y);
  });

  it('puts the internet at the top and guests inside their host', async () => {
    const { drawing } = await layoutOf(homeWithTwoNatGuests());
    const [highest] = [...drawing.nodes].sort((one, other) => one.y - other.y);
    expect(highest!.id).toBe('internet');
    expect(drawing.nodes.find(node => node.id === 'laptop')!.container).toBe(true);
  });

  it('gives the same drawing for the same file, whatever the order of its links', async () => {
    const topology = office();
    const first = (await layoutOf(topology)).drawing;
    expect((await layoutOf(topology)).drawing).toEqual(first);
    const turned = (await layoutOf({ ...topology, cables: [...topology.cables].reverse() })).drawing;
    expect(turned.nodes).toEqual(first.nodes);
  });

  it('draws nothing for an empty network', async () => {
    const { drawing } = await layoutOf({ name: '', devices: [], cables: [], scenarios: [] });
    expect(drawing.nodes).toEqual([]);
  });
});

describe('an engine that fails', () => {
  const failing = (fails: (call: number) => boolean): LayoutEngine => {
    let calls = 0;
    return {
      layout: async graph => {
        if (fails(calls++)) {
          throw new TypeError("Cannot read properties of null (reading 'a')");
        }
        return engine.layout(graph);
      },
    };
  };

  it('is asked again more carefully', async () => {
    const { drawing, memory } = await layoutDiagram(
      diagramModel(office()),
      failing(call => call === 0),
    );
    expect(memory).toBeDefined();
    expect(overlaps(drawing)).toEqual([]);
  });

  it('is asked without its memory after an edit', async () => {
    const model = diagramModel(office());
    const { memory } = await layoutDiagram(model, engine);
    const broken = failing(call => call === 0);
    expect((await layoutDiagram(model, broken, { previous: memory })).memory).toBeDefined();
  });

  it('leaves a grid in which everything is there and nothing covers another', async () => {
    const broken = failing(() => true);
    for (const topology of [homeWithTwoNatGuests(), virtualBoxModes(), generatedTopology(40, 2)]) {
      const model = diagramModel(topology);
      const { drawing, memory } = await layoutDiagram(model, broken);
      expect(memory).toBeUndefined();
      expect(drawing.nodes).toHaveLength(model.nodes.length);
      expect(drawing.cables).toHaveLength(model.cables.length);
      expect(overlaps(drawing).filter(problem => !problem.startsWith('cable'))).toEqual([]);
    }
  });
});

describe('overlaps', () => {
  it('sees what it is there to see', async () => {
    const { drawing } = await layoutOf(office());
    const move = (id: string, x: number, y: number) => ({
      ...drawing,
      nodes: drawing.nodes.map(node => (node.id === id ? { ...node, x, y } : node)),
    });
    const pc = drawing.nodes.find(node => node.id === 'pc-11')!;
    const server = drawing.nodes.find(node => node.id === 'server')!;
    expect(overlaps(move('pc-12', pc.x, pc.y))).toContain('node pc-11 and node pc-12');
    expect(overlaps(move('build', server.x - 50, server.y))).toContain('node build sticks out of server');
    const squeezed = {
      ...drawing,
      ports: drawing.ports.map(port => ({ ...port, label: drawing.ports[0]!.label })),
    };
    expect(overlaps(squeezed).length).toBeGreaterThan(10);
  });
});
