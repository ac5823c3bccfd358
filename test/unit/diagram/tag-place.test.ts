import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxesOverlap } from '../../../webview/diagram/geometry';
import { createInProcessEngine } from '../../../webview/diagram/elk-in-process';
import { layoutDiagram } from '../../../webview/diagram/layout';
import { diagramModel } from '../../../webview/diagram/model';
import { readBoxes } from '../../../webview/diagram/read-boxes';
import { placeTag } from '../../../webview/diagram/tag-place';
import { office, virtualBoxModes } from './sample-topologies';

const size = { width: 150, height: 19 };
const room = { x: 0, y: 0, width: 1000, height: 800 };

describe('placeTag', () => {
  it('stands right of its mark where nothing is in the way', () => {
    expect(placeTag({ x: 100, y: 100 }, 10, size, [], room)).toEqual({ x: 110, y: 90.5, ...size });
  });

  it('goes to the left at the right edge', () => {
    expect(placeTag({ x: 990, y: 100 }, 10, size, [], room)).toEqual({ x: 830, y: 90.5, ...size });
  });

  it('takes the place that covers least where all are taken', () => {
    const everywhere = { x: -1000, y: -1000, width: 3000, height: 3000 };
    expect(placeTag({ x: 100, y: 100 }, 10, size, [everywhere], room)).toMatchObject(size);
  });

  it('covers nothing that is read when a machine in a dense picture drops a packet', async () => {
    for (const topology of [office(), virtualBoxModes()]) {
      const { drawing } = await layoutDiagram(diagramModel(topology), createInProcessEngine());
      const boxes = readBoxes(drawing);
      const page = { x: -200, y: -50, width: drawing.width + 400, height: drawing.height + 100 };
      for (const { at } of drawing.ports) {
        const tag = placeTag(at, 12, size, boxes, page);
        expect(boxes.filter(box => boxesOverlap(box, tag))).toEqual([]);
      }
    }
  });

  it('finds a place for any mark and boxes', () => {
    const box = fc.record({ x: fc.integer(), y: fc.integer(), width: fc.nat(500), height: fc.nat(500) });
    fc.assert(
      fc.property(fc.record({ x: fc.integer(), y: fc.integer() }), fc.array(box), (at, boxes) => {
        expect(placeTag(at, 10, size, boxes, room)).toMatchObject(size);
      }),
    );
  });
});
