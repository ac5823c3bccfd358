/** A line near the top of a file gives other numbers to most ports of a network; in the picture nothing but its own device is new. */
import { expect, it } from 'vitest';
import { readTopology } from '../../../src/topology/topology-file';
import { createInProcessEngine } from '../../../webview/diagram/elk-in-process';
import { layoutDiagram } from '../../../webview/diagram/layout';
import { diagramModel, type DiagramModel } from '../../../webview/diagram/model';
import { renumberedDrawing } from '../../../webview/diagram/renumbered';
import { overlaps } from './overlap';

const engine = createInProcessEngine();
const idle = { layout: () => Promise.reject(new Error('the engine was asked')) };

function office(...names: readonly string[]): DiagramModel {
  const hosts = names.map(name => `  ${name}: { kind: host, interfaces: { eth0: { network: lan } } }`);
  const text = [
    'vnet: 1',
    'networks:\n  lan: { subnet: 10.0.0.0/24 }\n  wan: {}',
    'nodes:',
    '  edge: { kind: router, interfaces: { lan: { network: lan }, wan: { network: wan } } }',
    '  far: { kind: host, interfaces: { eth0: { network: wan } } }',
    ...hosts,
  ].join('\n');
  return diagramModel(readTopology(text).topology!);
}

const BEFORE = office('pc-1', 'pc-2', 'pc-3', 'pc-4');

it('a device before the others leaves them and their cables where they are', async () => {
  const before = await layoutDiagram(BEFORE, engine);
  const model = office('new', 'pc-1', 'pc-2', 'pc-3', 'pc-4');
  const after = await layoutDiagram(model, idle, { previous: before.memory });
  expect(overlaps(after.drawing)).toEqual([]);
  const placesOf = (name: string, { drawing }: typeof before) => ({
    node: drawing.nodes.find(({ id }) => id === name)!.x,
    cable: drawing.cables.find(({ ends }) => ends.some(end => end.startsWith(`${name}:`)))!.points,
  });
  for (const name of ['pc-1', 'pc-2', 'pc-3', 'pc-4', 'far']) {
    expect(placesOf(name, after), name).toEqual(placesOf(name, before));
  }
  // The ids are those of the new model: packets find their cables by them.
  expect(new Set(after.drawing.cables.map(({ id }) => id))).toEqual(
    new Set(model.cables.map(({ id }) => id)),
  );
  expect(new Set(after.drawing.ports.map(({ id }) => id))).toEqual(
    new Set(model.nodes.flatMap(({ ports }) => ports.map(({ id }) => id))),
  );
});

it('a device that goes takes its cable along, and no other', async () => {
  const { drawing } = await layoutDiagram(BEFORE, engine);
  const model = office('pc-2', 'pc-3', 'pc-4');
  const now = renumberedDrawing(drawing, model);
  const kept = now.cables.filter(({ id }) => model.cables.some(cable => cable.id === id));
  expect(kept.map(({ id }) => id).sort()).toEqual(model.cables.map(({ id }) => id).sort());
  expect(new Set(now.ports.map(({ id }) => id)).size).toBe(now.ports.length);
  for (const cable of kept) {
    for (const end of cable.ends) {
      const { at } = now.ports.find(({ id }) => id === end)!;
      expect([cable.points[0], cable.points.at(-1)]).toContainEqual(at);
    }
  }
});

it('of two cards of a machine in one network, the one that stays keeps its cable', async () => {
  const network = (before: string, cards: string): DiagramModel =>
    diagramModel(
      readTopology(
        `vnet: 1\nnetworks: { lan: {} }\nnodes:\n${before}  pc: { kind: host, interfaces: { ${cards} } }\n` +
          '  other: { kind: host, interfaces: { eth0: { network: lan } } }\n',
      ).topology!,
    );
  const both = 'eth0: { network: lan }, eth1: { network: lan }';
  const { drawing } = await layoutDiagram(network('', both), engine);
  const model = network(
    '  new: { kind: host, interfaces: { eth0: { network: lan } } }\n',
    'eth0: { network: lan }',
  );
  const ids = renumberedDrawing(drawing, model).cables.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain(model.cables.find(({ ends }) => ends.includes('pc:eth0'))!.id);
});

it('a drawing of the same network stays as it is', async () => {
  const { drawing } = await layoutDiagram(BEFORE, engine);
  expect(renumberedDrawing(drawing, BEFORE)).toBe(drawing);
});
