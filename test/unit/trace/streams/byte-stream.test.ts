import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteStream } from '../../../../src/trace/streams/byte-stream';

const text = (data: string) => new TextEncoder().encode(data);

describe('one direction of a connection', () => {
  it('is the same whatever order its segments come in, and however often', () => {
    const whole = Uint8Array.from({ length: 200 }, (_, index) => index);
    const segment = fc.record({ at: fc.nat(199), length: fc.integer({ min: 1, max: 60 }) });
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 30 }), fc.nat(0xffff_ffff), (segments, initial) => {
        const stream = new ByteStream();
        const covered = Array.from({ length: 10 }, (_, index) => ({ at: index * 20, length: 20 }));
        stream.take(0, initial, true, new Uint8Array(0));
        const pieces = [...segments, ...covered].flatMap(({ at, length }, record) =>
          stream.take(record + 1, (initial + 1 + at) >>> 0, false, whole.slice(at, at + length)),
        );
        expect(pieces.flatMap(({ bytes }) => [...bytes])).toEqual([...whole]);
        expect(stream.takeRest()).toEqual([]);
      }),
    );
  });

  it('says how much is missing', () => {
    const stream = new ByteStream();
    stream.take(0, 99, true, new Uint8Array(0));
    expect(stream.take(1, 100, false, text('ab'))).toEqual([{ record: 1, bytes: text('ab'), missing: 0 }]);
    expect(stream.take(2, 107, false, text('xy'))).toEqual([]);
    expect(stream.take(3, 110, false, text('z'))).toEqual([]);
    expect(stream.takeRest()).toEqual([
      { record: 2, bytes: text('xy'), missing: 5 },
      { record: 3, bytes: text('z'), missing: 1 },
    ]);
  });
});
