import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dissect } from '../../../../src/trace/dissect/dissect';
import { PlainFrame } from '../../../../src/trace/filter/plain-frame';
import { continues } from '../../../../src/trace/journey/continuation';
import { continuesPlainly } from '../../../../src/trace/journey/plain-continuation';
import { LINK_TYPE } from '../../../../src/trace/link-type';
import { sampleFrames } from '../sample-frames';

const seen = Object.values(sampleFrames()).flatMap(bytes => {
  const plain = PlainFrame.read(bytes, LINK_TYPE.ethernet);
  return plain === undefined ? [] : [bytes];
});

function compare(before: Uint8Array, after: Uint8Array): void {
  const plainBefore = PlainFrame.read(before, LINK_TYPE.ethernet);
  const plainAfter = PlainFrame.read(after, LINK_TYPE.ethernet);
  if (plainBefore !== undefined && plainAfter !== undefined) {
    const expected = continues(
      { bytes: before, layers: dissect(before).layers },
      { bytes: after, layers: dissect(after).layers },
    );
    expect(continuesPlainly(plainBefore, plainAfter)).toBe(expected);
  }
}

describe('plain frames', () => {
  it('go on as dissected ones do, each after each', () => {
    for (const before of seen) {
      for (const after of seen) {
        compare(before, after);
      }
    }
  });

  it('go on as dissected ones do when a device changed some bytes', () => {
    const changes = fc.array(fc.record({ at: fc.nat(80), value: fc.nat(255) }), { maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...seen), changes, (bytes, changed) => {
        const after = bytes.slice();
        for (const { at, value } of changed) {
          if (at < after.length) {
            after[at] = value;
          }
        }
        compare(bytes, after);
      }),
      { numRuns: 2000 },
    );
  });
});
