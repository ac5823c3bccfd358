import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DROP_REASONS, dropReasonCode, type DropReason } from '../../../src/engine/kernel/drop-reason';
import type { TrafficObserver } from '../../../src/engine/kernel/traffic-observer';
import { PacketStore } from '../../../src/trace/packet-store';

/** A frame whose bytes tell its id. */
function frame(id: number, length = 106): { readonly bytes: Uint8Array; readonly id: number } {
  return { bytes: new Uint8Array(length).map((_, index) => (id * 31 + index) & 255), id };
}

/** A frame made from another by changing its first bytes. */
function changed(from: { readonly bytes: Uint8Array }, id: number, count: number): ReturnType<typeof frame> {
  const bytes = from.bytes.slice();
  for (let at = 0; at < Math.min(count, bytes.length); at += 1) {
    bytes[at]! ^= 255;
  }
  return { bytes, id };
}

describe('the packet store', () => {
  it('is a traffic observer of the kernel', () => {
    const store: TrafficObserver & { readonly count: number } = new PacketStore({
      reasonCode: dropReasonCode,
    });
    expect(store.count).toBe(0);
  });

  it('keeps what it was told', () => {
    const store = new PacketStore({ reasonCode: dropReasonCode });
    store.transmitted(1000, 2000, 3, frame(0), -1);
    store.transmitted(2000, Number.NaN, 70000, frame(0), 0);
    store.dropped(3000, 4, frame(1, 60), 'ttl-expired', 1);
    expect([0, 1, 2].map(n => store.rule(n))).toEqual([undefined, undefined, undefined]);
    expect(store.count).toBe(3);
    expect(store.oldest).toBe(0);
    expect([0, 1, 2].map(n => store.departure(n))).toEqual([1000, 2000, 3000]);
    expect([0, 1, 2].map(n => store.arrival(n))).toEqual([2000, Number.NaN, Number.NaN]);
    expect([0, 1, 2].map(n => store.port(n))).toEqual([3, 70000, 4]);
    expect([0, 1, 2].map(n => store.cause(n))).toEqual([-1, 0, 1]);
    expect([0, 1, 2].map(n => store.length(n))).toEqual([106, 106, 60]);
    expect([0, 1, 2].map(n => store.dropCode(n))).toEqual([0, 0, dropReasonCode('ttl-expired')]);
    expect(store.bytes(1)).toEqual(frame(0).bytes);
    expect(store.bytes(2)).toEqual(frame(1, 60).bytes);
    expect(store.sameFrame(0, 1)).toBe(true);
    expect(store.sameFrame(1, 2)).toBe(false);
  });

  it('fits every reason to drop into its code', () => {
    expect(Object.keys(DROP_REASONS).length).toBeLessThan(256);
  });

  it('gives copies, not its own memory', () => {
    const store = new PacketStore({ reasonCode: dropReasonCode });
    store.transmitted(0, 1, 0, frame(0), -1);
    store.bytes(0).fill(0);
    expect(store.bytes(0)).toEqual(frame(0).bytes);
  });

  it('needs at most 130 bytes for a record when each frame crosses two cables, and little for few records', () => {
    const store = new PacketStore({ reasonCode: dropReasonCode });
    store.transmitted(0, 1, 0, frame(0), -1);
    expect(store.bytesUsed).toBeLessThan(300_000);
    for (let id = 1; store.count < 400_000; id += 1) {
      const sent = frame(id);
      store.transmitted(id * 1000, id * 1000 + 700, 0, sent, -1);
      store.transmitted(id * 1000 + 700, id * 1000 + 1400, 2, sent, store.count - 1);
    }
    expect(store.bytesUsed / store.count).toBeLessThanOrEqual(130);
    expect(store.oldest).toBe(0);
  });

  it('stores of a forwarded frame only where it differs, hop after hop', () => {
    const store = new PacketStore({ reasonCode: dropReasonCode });
    const hops = 11;
    let wrong = 0;
    for (let id = 0; store.count < 110_000; id += hops) {
      let copy = frame(id).bytes;
      for (let hop = 0; hop < hops; hop += 1) {
        store.transmitted(
          store.count,
          store.count + 1,
          hop,
          { bytes: copy, id: id + hop },
          hop === 0 ? -1 : store.count - 1,
        );
        wrong += Buffer.compare(store.view(store.count - 1), copy) === 0 ? 0 : 1;
        copy = copy.slice();
        copy.fill(hop, 0, 26);
      }
    }
    expect(wrong).toBe(0);
    expect(store.bytesUsed / store.count).toBeLessThanOrEqual(82);
  });

  it('holds no frames of records that it has forgotten, and finds none of them again', () => {
    const store = new PacketStore({ reasonCode: dropReasonCode, maximumRecords: 8192 });
    let wrong = 0;
    for (let id = 0; id < 100_000; id += 1) {
      // Now and then a frame comes again, from before or after the chunk that held it was written over.
      const sent = frame(id % 7 === 0 ? Math.max(0, id - (id % 20_000)) : id);
      store.transmitted(id, id + 1, 0, sent, -1);
      wrong += Buffer.compare(store.view(store.count - 1), sent.bytes) === 0 ? 0 : 1;
    }
    for (let record = store.oldest; record < store.count; record += 1) {
      const id = record % 7 === 0 ? Math.max(0, record - (record % 20_000)) : record;
      wrong += Buffer.compare(store.view(record), frame(id).bytes) === 0 ? 0 : 1;
    }
    expect(wrong).toBe(0);
    expect(store.count - store.oldest).toBeGreaterThan(4096);
    // Records take 35 bytes and frames 106; some chunks are kept longer, for a frame in them that came again.
    expect(store.bytesUsed).toBeLessThan(8192 * (35 + 106) + 4 * 131_072);
  });

  it('overwrites the oldest records, and what it still keeps is right', () => {
    const size = fc.integer({ min: 1, max: 9000 });
    // Each step: a new frame of a size, an earlier frame again, or one that is changed at the front because of the one before.
    const steps = fc.array(fc.record({ size, again: fc.option(fc.nat(500)), changed: fc.nat(300) }), {
      minLength: 20,
      maxLength: 60,
    });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 4 }), (pattern, chunks) => {
        const store = new PacketStore({
          reasonCode: dropReasonCode,
          maximumRecords: 8192,
          maximumBytes: chunks * 131_072,
        });
        const frames: { readonly bytes: Uint8Array; readonly id: number }[] = [];
        const sent: number[] = [];
        for (let round = 0; round < 12; round += 1) {
          for (const step of pattern) {
            const index =
              step.again === null || frames.length === 0
                ? frames.push(frame(frames.length, step.size)) - 1
                : step.again % 3 === 0
                  ? frames.push(changed(frames[sent.at(-2) ?? 0]!, frames.length, step.changed)) - 1
                  : Math.max(0, frames.length - 1 - step.again);
            store.transmitted(sent.length, sent.length + 1, index, frames[index]!, sent.length - 2);
            sent.push(index);
          }
        }
        expect(store.count).toBe(sent.length);
        expect(store.oldest).toBeLessThan(store.count);
        for (let n = store.oldest; n < store.count; n += 1) {
          expect(store.port(n)).toBe(sent[n]);
          expect(store.cause(n)).toBe(n < 2 ? -1 : n - 2);
          expect(Buffer.compare(store.view(n), frames[sent[n]!]!.bytes)).toBe(0);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('tells which rule stopped a frame, and keeps each text once', () => {
    const store = new PacketStore<DropReason>({ reasonCode: dropReasonCode });
    store.dropped(1, 0, frame(0), 'firewall', -1, 'no telnet');
    store.dropped(2, 0, frame(1), 'firewall', -1, 'no guests');
    store.dropped(3, 0, frame(2), 'firewall', -1, 'no telnet');
    store.dropped(4, 0, frame(3), 'no-route', -1);
    expect([0, 1, 2, 3].map(n => store.rule(n))).toEqual(['no telnet', 'no guests', 'no telnet', undefined]);
  });

  it('moves the oldest record on when records run out, a chunk at a time', () => {
    const store = new PacketStore({ reasonCode: dropReasonCode, maximumRecords: 8192 });
    const only = frame(7);
    for (let n = 0; n < 20_000; n += 1) {
      store.transmitted(n, n + 1, n & 0xffff, only, -1);
      expect(store.count - store.oldest).toBeLessThanOrEqual(8192);
      expect(store.departure(store.oldest)).toBe(store.oldest);
    }
    expect(store.count - store.oldest).toBeGreaterThanOrEqual(4096);
    expect(store.bytes(store.oldest)).toEqual(only.bytes);
  });
});
