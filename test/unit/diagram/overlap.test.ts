/** No picture may have words that cover words, boxes or foreign cables: not of any network. */
import { basename } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInProcessEngine } from '../../../webview/diagram/elk-in-process';
import { isNameAtLeft } from '../../../webview/diagram/header';
import { layoutDiagram } from '../../../webview/diagram/layout';
import { diagramModel } from '../../../webview/diagram/model';
import { overlaps } from './overlap';
import { randomNetwork } from './random-networks';
import { realNetworks } from './real-networks';
import { campus, officeFloor, TopologyBuilder, virtualBoxModes } from './sample-topologies';

const engine = createInProcessEngine();

describe('the picture of any network', () => {
  it.each(realNetworks().map(([path, topology]) => [basename(path), topology] as const))(
    'drawn for another tool has no overlap: %s',
    async (_, topology) => {
      const { drawing, memory } = await layoutDiagram(diagramModel(topology), engine);
      expect(memory).toBeDefined();
      expect(overlaps(drawing)).toEqual([]);
    },
  );

  it('of 3 to 60 devices has no overlap and each host its name at the top left', async () => {
    await fc.assert(
      fc.asyncProperty(randomNetwork(60), async topology => {
        const { drawing, memory } = await layoutDiagram(diagramModel(topology), engine);
        expect(memory).toBeDefined();
        expect(overlaps(drawing)).toEqual([]);
        expect(drawing.nodes.filter(node => !isNameAtLeft(node))).toEqual([]);
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  it('of up to 200 devices has no overlap', async () => {
    await fc.assert(
      fc.asyncProperty(randomNetwork(200), async topology => {
        expect(overlaps((await layoutDiagram(diagramModel(topology), engine)).drawing)).toEqual([]);
      }),
      { numRuns: 5 },
    );
  }, 120_000);

  it('of 1000 devices has no overlap and is no ribbon', async () => {
    const { drawing, memory } = await layoutDiagram(diagramModel(campus(1000)), engine);
    expect(memory).toBeDefined();
    expect(drawing.nodes.length).toBeGreaterThanOrEqual(1000);
    expect(overlaps(drawing)).toEqual([]);
    const aspect = drawing.width / drawing.height;
    expect(Math.max(aspect, 1 / aspect)).toBeLessThan(4);
  }, 60_000);

  it('with cables side by side shows each by itself', async () => {
    const builder = new TopologyBuilder().segment('switch', 'a', 6).segment('switch', 'b', 6);
    for (let cable = 1; cable <= 6; cable++) {
      builder.cable(`a ${cable}`, `b ${cable}`);
    }
    const { drawing } = await layoutDiagram(diagramModel(builder.build()), engine);
    expect(overlaps(drawing)).toEqual([]);
    const ways = drawing.cables.map(({ points }) => points.map(({ x, y }) => `${x},${y}`).join(' '));
    expect(new Set(ways).size).toBe(6);
  });

  it('with a segment of many members shows it as a bus, with members on both sides', async () => {
    const model = diagramModel(officeFloor(24));
    for (const view of [
      { width: 2000, height: 500 },
      { width: 500, height: 2000 },
    ]) {
      const { drawing } = await layoutDiagram(model, engine, { view });
      expect(overlaps(drawing)).toEqual([]);
      const bus = drawing.nodes.find(({ id }) => id === 'floor')!;
      const computers = drawing.nodes.filter(({ id }) => id.startsWith('pc-'));
      const beside = (before: boolean) =>
        computers.filter(({ x, y, width, height }) =>
          bus.width > bus.height
            ? before
              ? y + height < bus.y
              : y > bus.y + bus.height
            : before
              ? x + width < bus.x
              : x > bus.x + bus.width,
        ).length;
      expect([beside(true), beside(false)]).toEqual([12, 12]);
      expect(Math.max(bus.width, bus.height)).toBeGreaterThan(12 * 60);
    }
  });

  it('with a bus that gains a member leaves the others on their side', async () => {
    const before = await layoutDiagram(diagramModel(officeFloor(12)), engine);
    const after = await layoutDiagram(diagramModel(officeFloor(13)), engine, { previous: before.memory });
    expect([...after.memory!.buses.turned]).toEqual([...before.memory!.buses.turned]);
    expect(overlaps(after.drawing)).toEqual([]);
  });

  it('has the name of a host at its top left, wherever cables enter', async () => {
    const { drawing } = await layoutDiagram(diagramModel(virtualBoxModes()), engine);
    expect(drawing.nodes.filter(node => !isNameAtLeft(node))).toEqual([]);
  });
});
