import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collapsedModel, foldedBy } from '../../../webview/diagram/collapse';
import { createInProcessEngine } from '../../../webview/diagram/elk-in-process';
import { layoutDiagram } from '../../../webview/diagram/layout';
import { diagramModel } from '../../../webview/diagram/model';
import { ENGLISH_STRINGS } from '../../../webview/diagram/strings';
import { tiersOf } from '../../../webview/diagram/tiers';
import { overlaps } from './overlap';
import { randomNetwork } from './random-networks';
import { homeWithTwoNatGuests, officeFloor, virtualBoxModes } from './sample-topologies';

function folded(topology: Parameters<typeof diagramModel>[0], ...ids: string[]) {
  const model = diagramModel(topology);
  return collapsedModel(model, new Set(ids), tiersOf(model), ENGLISH_STRINGS);
}

describe('collapsedModel', () => {
  it('folds a host with its guests into one symbol that counts them', () => {
    const model = folded(homeWithTwoNatGuests(), 'laptop');
    expect(model.nodes.map(({ id }) => id)).toEqual(['internet', 'home-router', 'home', 'laptop']);
    expect(model.nodes.at(-1)!.details).toEqual(['4 folded in']);
    expect(model.cables.map(({ ends }) => ends)).toContainEqual(['laptop:eth0', 'home:2']);
    expect(model.cables.filter(({ kind }) => kind === 'sockets')).toEqual([]);
  });

  it('keeps cables of guests that lead out of the host, at the host', () => {
    const model = folded(virtualBoxModes(), 'laptop');
    const laptop = model.nodes.find(({ id }) => id === 'laptop')!;
    expect(laptop.ports.map(({ id }) => id)).toEqual(['laptop:eth0', 'laptop:vboxnet0', 'br-1:enp0s3']);
  });

  it('folds what hangs on a switch into the switch', () => {
    const model = folded(officeFloor(20), 'floor');
    expect(model.nodes.map(({ id }) => id)).toEqual(['internet', 'router', 'floor']);
    // 20 computers and 2 guests with their NAT engines.
    expect(model.nodes.at(-1)!.folded).toBe(24);
  });

  it('folds nothing into what only leads elsewhere', () => {
    const model = diagramModel(homeWithTwoNatGuests());
    expect(foldedBy('internet', model, tiersOf(model)).size).toBe(0);
    expect(foldedBy('nat-1', model, tiersOf(model)).size).toBe(0);
    expect(foldedBy('nobody', model, tiersOf(model)).size).toBe(0);
  });

  it('leaves a network that can be laid out, whatever is folded', async () => {
    const engine = createInProcessEngine();
    await fc.assert(
      fc.asyncProperty(
        randomNetwork(30),
        fc.array(fc.nat(29), { maxLength: 6 }),
        async (topology, chosen) => {
          const all = diagramModel(topology);
          const ids = chosen.flatMap(index => all.nodes[index]?.id ?? []);
          const model = folded(topology, ...ids);
          const known = new Set(model.nodes.flatMap(({ ports }) => ports.map(({ id }) => id)));
          expect(model.cables.flatMap(({ ends }) => ends).filter(end => !known.has(end))).toEqual([]);
          const { drawing, memory } = await layoutDiagram(model, engine);
          expect(memory).toBeDefined();
          expect(overlaps(drawing)).toEqual([]);
        },
      ),
      { numRuns: 30 },
    );
  }, 60_000);
});
