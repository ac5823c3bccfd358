import { describe, expect, it } from 'vitest';
import { RECORD_BYTES, decodeRecord, type RecordSummary } from '../../../src/simulation/record-batch';
import {
  MOST_RECORDS,
  MOST_UNACKNOWLEDGED,
  RecordStream,
  type RecordSource,
} from '../../../src/simulation/record-stream';

/** Records whose departure is their number. */
class Numbers implements RecordSource {
  oldest = 0;
  end = 0;

  summary(number: number): RecordSummary {
    return {
      departure: number,
      arrival: Number.NaN,
      port: 1,
      cause: -1,
      length: 60,
      protocol: 'arp',
      drop: 0,
    };
  }
}

function follow(end: number): { source: Numbers; stream: RecordStream } {
  const source = new Numbers();
  source.end = end;
  const stream = new RecordStream();
  stream.rewind(source);
  return { source, stream };
}

describe('RecordStream', () => {
  it('sends nothing before it has a source', () => {
    expect(new RecordStream().take()).toBeUndefined();
  });

  it('sends buffers of exactly the size of their records', () => {
    const { stream } = follow(5);
    const batch = stream.take();
    expect(batch).toMatchObject({ batch: 0, first: 0, count: 5 });
    expect(batch?.data.byteLength).toBe(5 * RECORD_BYTES);
    expect(decodeRecord(new DataView(batch!.data), 4).departure).toBe(4);
    expect(stream.take()).toBeUndefined();
  });

  it('stops until the receiver acknowledges, and then goes on without a gap', () => {
    const { stream } = follow(10 * MOST_RECORDS);
    const sent = Array.from({ length: MOST_UNACKNOWLEDGED }, () => stream.take()!);
    expect(sent.map(({ first }) => first)).toEqual([0, MOST_RECORDS, 2 * MOST_RECORDS]);
    expect(stream.ready).toBe(false);
    expect(stream.take()).toBeUndefined();
    stream.acknowledge(sent[1]!.batch);
    expect(stream.take()?.first).toBe(3 * MOST_RECORDS);
    expect(stream.take()).toBeUndefined();
  });

  it('jumps over what was overwritten while the receiver was slow', () => {
    const { source, stream } = follow(10);
    stream.take();
    source.end = 1000;
    source.oldest = 400;
    expect(stream.take()).toMatchObject({ first: 400, count: 600 });
  });

  it('begins again for a receiver that knows nothing, and ignores old acknowledgements', () => {
    const { source, stream } = follow(10);
    const old = stream.take()!;
    stream.rewind(source);
    const batches = [stream.take()!];
    while (batches.length < MOST_UNACKNOWLEDGED) {
      source.end++;
      batches.push(stream.take()!);
    }
    expect(batches[0]).toMatchObject({ first: 0, count: 10 });
    expect(batches.map(({ batch }) => batch)).not.toContain(old.batch);
    source.end++;
    stream.acknowledge(old.batch);
    expect(stream.take()).toBeUndefined();
  });
});
