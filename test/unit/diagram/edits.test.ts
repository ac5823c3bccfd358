/** What an edit does not concern stays where it is, and nothing is ever covered. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResolvedTopology } from '../../../src/topology/resolved';
import { readTopology } from '../../../src/topology/topology-file';
import { createInProcessEngine } from '../../../webview/diagram/elk-in-process';
import { drawFreeCables } from '../../../webview/diagram/free-cables';
import {
  layoutDiagram,
  type DiagramLayout,
  type LayoutOptionsOfCaller,
} from '../../../webview/diagram/layout';
import { diagramModel } from '../../../webview/diagram/model';
import { largeNetwork } from '../../look/networks';
import { meanShift } from './mean-shift';
import { overlaps } from './overlap';
import { change, edited, renamed, withGuest, withHost, withLink, withMember } from './random-edits';
import { randomNetwork } from './random-networks';
import { Dice, generatedTopology, homeWithTwoNatGuests, office } from './sample-topologies';

const engine = createInProcessEngine();
const layoutOf = (topology: ResolvedTopology, options?: LayoutOptionsOfCaller) =>
  layoutDiagram(diagramModel(topology), engine, options);

type Edit = (topology: ResolvedTopology, dice: Dice) => ResolvedTopology;

const EDITS: Readonly<Record<string, Edit>> = {
  host: (topology, dice) => withHost(topology, 'new', dice),
  member: (topology, dice) => withMember(topology, 'new', dice),
  guest: (topology, dice) => withGuest(topology, 'new', dice),
  link: (topology, dice) => withLink(topology, 'new', dice),
  name: renamed,
};

describe('an edit', () => {
  // Limits in px, those of layered layout with remembered places where it is better. A guest with a NAT engine of its own makes its host larger.
  it.each([
    [50, 'host', 48],
    [50, 'member', 11],
    [50, 'guest', 40],
    [50, 'link', 56],
    [50, 'name', 2],
    [200, 'host', 5],
    [200, 'member', 12],
    [200, 'guest', 30],
    [200, 'link', 37],
    [200, 'name', 2],
  ])(
    'of %i devices by one %s moves what it does not concern little',
    async (devices, name, limit) => {
      const topology = generatedTopology(devices, devices === 50 ? 7 : 4);
      const before = await layoutOf(topology);
      const again = await layoutOf(topology, { previous: before.memory });
      expect(again.drawing.nodes).toEqual(before.drawing.nodes);
      const shifts: number[] = [];
      for (let roll = 1; roll <= 6; roll++) {
        const after = await layoutOf(EDITS[name]!(topology, new Dice(Math.imul(roll, 0x9e3779b1))), {
          previous: before.memory,
        });
        expect(overlaps(after.drawing)).toEqual([]);
        shifts.push(meanShift(before.drawing.nodes, after.drawing.nodes));
      }
      expect(shifts.reduce((sum, shift) => sum + shift, 0) / shifts.length).toBeLessThanOrEqual(limit);
    },
    60_000,
  );

  it('that adds a cable or a name asks the engine for nothing', async () => {
    const topology = generatedTopology(200, 4);
    const { memory } = await layoutOf(topology);
    const idle = { layout: () => Promise.reject(new Error('the engine was asked')) };
    for (const edit of [EDITS.link!, EDITS.name!, EDITS.host!]) {
      const model = diagramModel(edit(topology, new Dice(5)));
      const after = await layoutDiagram(model, idle, { previous: memory });
      expect(after.memory).toBeDefined();
    }
  }, 60_000);

  it('after another at one device covers nothing', async () => {
    const text = largeNetwork(200);
    const host = (index: number): string =>
      `  new-${index}: { kind: host, interfaces: { eth0: { network: internet } } }\n`;
    let memory: DiagramLayout['memory'];
    for (let count = 0; count <= 14; count++) {
      const added = Array.from({ length: count }, (_, index) => host(index)).join('');
      const { topology } = readTopology(text.replace('nodes:\n', `nodes:\n${added}`));
      const layout = await layoutOf(topology!, { previous: memory });
      memory = layout.memory;
      expect(overlaps(layout.drawing)).toEqual([]);
    }
  }, 60_000);

  it('is drawn by the engine where the search for a way would take too long', async () => {
    const topology = office();
    const { drawing } = await layoutOf(topology);
    const cable = diagramModel(topology).cables.find(({ id }) => id === 'core-a:4 -- floor-2:1')!;
    const without = { ...drawing, cables: drawing.cables.filter(({ id }) => id !== cable.id) };
    const effort = { left: 5000 };
    expect(drawFreeCables(without, [cable], effort).unplaced).toEqual([]);
    expect(effort.left).toBeGreaterThan(0);
    expect(effort.left).toBeLessThan(5000);
    const little = { left: 1 };
    expect(drawFreeCables(without, [cable], little).unplaced).toEqual([cable]);
    expect(little.left).toBe(0);
  });

  it('that adds a second cable between two switches moves nothing', async () => {
    const topology = office();
    const before = await layoutOf(topology);
    const with2 = change(topology, builder => {
      builder.cable('core-a 8', 'floor-2 8');
    });
    const after = await layoutOf(with2, { previous: before.memory });
    expect(after.drawing.cables).toHaveLength(before.drawing.cables.length + 1);
    expect(meanShift(before.drawing.nodes, after.drawing.nodes)).toBe(0);
    expect(overlaps(after.drawing)).toEqual([]);
  });

  it('that pulls a cable or plugs it in again moves nothing', async () => {
    const topology = office();
    const before = await layoutOf(topology);
    const pulled = { ...topology, cables: topology.cables.slice(1) };
    const without = await layoutOf(pulled, { previous: before.memory });
    expect(without.drawing.cables).toHaveLength(before.drawing.cables.length - 1);
    const again = await layoutOf(topology, { previous: without.memory });
    expect(meanShift(before.drawing.nodes, again.drawing.nodes)).toBe(0);
    expect(overlaps(again.drawing)).toEqual([]);
  });

  it('after another never ends in an overlap', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomNetwork(40),
        fc.array(fc.nat(1e6), { minLength: 1, maxLength: 8 }),
        async (first, seeds) => {
          let topology = first;
          let { memory } = await layoutOf(topology);
          for (const [step, seed] of seeds.entries()) {
            topology = edited(topology, step, seed);
            const layout = await layoutOf(topology, { previous: memory });
            memory = layout.memory;
            expect(overlaps(layout.drawing)).toEqual([]);
          }
        },
      ),
      { numRuns: 25 },
    );
  }, 120_000);

  it('that adds guest after guest grows their host and covers nothing', async () => {
    let topology = homeWithTwoNatGuests();
    let { memory } = await layoutOf(topology);
    for (let step = 0; step < 12; step++) {
      topology = (step % 3 === 0 ? withHost : withGuest)(topology, `new-${step}`, new Dice(step));
      const layout = await layoutOf(topology, { previous: memory });
      memory = layout.memory;
      expect(overlaps(layout.drawing)).toEqual([]);
      expect(layout.drawing.nodes).toHaveLength(diagramModel(topology).nodes.length);
    }
  }, 60_000);
});
