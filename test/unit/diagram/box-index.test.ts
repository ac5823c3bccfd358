import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BoxIndex } from '../../../webview/diagram/box-index';
import { boxesOverlap } from '../../../webview/diagram/geometry';

it('an index of boxes finds what a walk through all of them finds', () => {
  const box = fc.record({
    x: fc.integer({ min: -2000, max: 2000 }),
    y: fc.integer({ min: -2000, max: 2000 }),
    width: fc.integer({ min: 0, max: 3000 }),
    height: fc.integer({ min: 0, max: 300 }),
  });
  fc.assert(
    fc.property(fc.array(box), box, fc.integer({ min: -1, max: 3 }), (boxes, wanted, margin) => {
      const found = new BoxIndex(boxes).overlapping(wanted, Math.max(0, margin));
      const all = boxes.filter(one => boxesOverlap(one, wanted, Math.max(0, margin)));
      expect(new Set(found)).toEqual(new Set(all));
    }),
  );
});
