import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInProcessEngine } from '../../../webview/diagram/elk-in-process';
import { layoutDiagram } from '../../../webview/diagram/layout';
import { diagramModel } from '../../../webview/diagram/model';
import { pinOf, withDragged } from '../../../webview/diagram/pins';
import { overlaps } from './overlap';
import { withHost } from './random-edits';
import { randomNetwork } from './random-networks';
import { Dice, homeWithTwoNatGuests, office } from './sample-topologies';

const engine = createInProcessEngine();

describe('a pinned device', () => {
  it('stands where it was put, its cables go there, and nothing else moves', async () => {
    const model = diagramModel(office());
    const before = await layoutDiagram(model, engine);
    const { width, height } = before.drawing;
    const pins = new Map([['pc-11', { x: width + 40, y: height - 100 }]]);
    const { drawing } = await layoutDiagram(model, engine, { previous: before.memory, pins });
    expect(drawing.nodes.find(({ id }) => id === 'pc-11')).toMatchObject({ x: width + 40, y: height - 100 });
    const others = (all: typeof drawing) =>
      all.nodes.filter(({ id }) => id !== 'pc-11').map(({ id, x, y }) => ({ id, x, y }));
    expect(others(drawing)).toEqual(others(before.drawing));
    expect(overlaps(drawing)).toEqual([]);
    expect(drawing.cables).toHaveLength(before.drawing.cables.length);
  });

  it('takes along what is in it', async () => {
    const model = diagramModel(homeWithTwoNatGuests());
    const before = await layoutDiagram(model, engine);
    const laptop = before.drawing.nodes.find(({ id }) => id === 'laptop')!;
    const pins = new Map([['laptop', { x: laptop.x + 300, y: laptop.y + 50 }]]);
    const { drawing } = await layoutDiagram(model, engine, { previous: before.memory, pins });
    for (const id of ['laptop', 'nat-1', 'nat-2', 'nat-1:1/nat']) {
      const [old, now] = [before.drawing, drawing].map(({ nodes }) => nodes.find(node => node.id === id)!);
      expect([now!.x - old!.x, now!.y - old!.y]).toEqual([300, 50]);
    }
    expect(overlaps(drawing)).toEqual([]);
  });

  it('stays within its host', async () => {
    const model = diagramModel(homeWithTwoNatGuests());
    const pins = new Map([['nat-1', { x: 9999, y: -50 }]]);
    const { drawing } = await layoutDiagram(model, engine, { pins });
    const [host, guest] = ['laptop', 'nat-1'].map(id => drawing.nodes.find(node => node.id === id)!);
    expect(guest!.x + guest!.width).toBeLessThan(host!.x + host!.width);
    expect(guest!.y).toBeGreaterThan(host!.content.y + host!.content.height);
  });

  it('is where it was after an edit elsewhere', async () => {
    const topology = office();
    const pins = new Map([['server', { x: 1500, y: 900 }]]);
    const before = await layoutDiagram(diagramModel(topology), engine, { pins });
    const edited = diagramModel(withHost(topology, 'new', new Dice(1)));
    const { drawing } = await layoutDiagram(edited, engine, { previous: before.memory, pins });
    expect(pinOf(drawing, 'server')).toEqual({ x: 1500, y: 900 });
  });

  it('may be left of all others and above them, also after the next edit', async () => {
    const topology = office();
    const pins = new Map([['server', { x: -150, y: -90 }]]);
    const free = await layoutDiagram(diagramModel(topology), engine);
    const before = await layoutDiagram(diagramModel(topology), engine, { previous: free.memory, pins });
    const edited = diagramModel(withHost(topology, 'new', new Dice(1)));
    const after = await layoutDiagram(edited, engine, { previous: before.memory, pins });
    const other = free.drawing.nodes.find(({ id }) => id !== 'server')!;
    for (const { drawing } of [before, after]) {
      expect(pinOf(drawing, 'server')).toEqual({ x: -150, y: -90 });
      expect(Math.min(...drawing.nodes.map(({ x }) => x))).toBeGreaterThanOrEqual(0);
      expect(Math.min(...drawing.nodes.map(({ y }) => y))).toBeGreaterThanOrEqual(0);
      expect(overlaps(drawing)).toEqual([]);
    }
    expect(pinOf(before.drawing, other.id)).toEqual({ x: other.x, y: other.y });
  });

  it('never loses a device, a socket or a cable, wherever it is put', async () => {
    const coordinate = fc.integer({ min: -200, max: 3000 });
    await fc.assert(
      fc.asyncProperty(
        randomNetwork(25),
        fc.array(fc.record({ node: fc.nat(24), x: coordinate, y: coordinate }), {
          minLength: 1,
          maxLength: 4,
        }),
        async (topology, places) => {
          const model = diagramModel(topology);
          const pins = new Map(
            places.flatMap(({ node, x, y }) => {
              const id = model.nodes[node]?.id;
              return id === undefined ? [] : [[id, { x, y }] as const];
            }),
          );
          const { drawing } = await layoutDiagram(model, engine, { pins });
          expect(drawing.nodes).toHaveLength(model.nodes.length);
          expect(new Set(drawing.ports.map(({ id }) => id)).size).toBe(
            model.nodes.flatMap(({ ports }) => ports).length,
          );
          expect(new Set(drawing.cables.map(({ id }) => id)).size).toBe(model.cables.length);
          const ends = new Map(drawing.ports.map(({ id, at }) => [id, at]));
          for (const {
            ends: [from, to],
            points,
          } of drawing.cables) {
            expect(
              Math.hypot(points[0]!.x - ends.get(from)!.x, points[0]!.y - ends.get(from)!.y),
            ).toBeLessThan(1);
            expect(
              Math.hypot(points.at(-1)!.x - ends.get(to)!.x, points.at(-1)!.y - ends.get(to)!.y),
            ).toBeLessThan(1);
          }
        },
      ),
      { numRuns: 25 },
    );
  }, 60_000);
});

describe('a dragged device', () => {
  it('has its cables with it while it moves', async () => {
    const { drawing } = await layoutDiagram(diagramModel(homeWithTwoNatGuests()), engine);
    const moved = withDragged(drawing, 'home', { x: 30, y: -20 });
    const port = moved.ports.find(({ id }) => id === 'home:1')!;
    expect(moved.cables.find(({ ends }) => ends.includes('home:1'))!.points).toContainEqual(port.at);
  });
});
