import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SendQueue } from '../../../../../src/engine/stack/tcp/send-queue';
import { TCP_FLAG } from '../../../../../src/wire/tcp';

const SIZE = 100;

/** A queue of writes of so many bytes each, sent in segments of SIZE; their sequence numbers begin at 1. */
function sent(writes: readonly number[]): SendQueue {
  const queue = new SendQueue(1_000_000);
  queue.start(1);
  let at = 1;
  for (const bytes of writes) {
    queue.write(new Uint8Array(bytes));
    for (const end = at + bytes; at < end; at = Math.min(end, at + SIZE)) {
      queue.add(at, Math.min(end, at + SIZE), 0, 0);
    }
  }
  return queue;
}

const pieces = (queue: SendQueue): number[][] =>
  [...queue.sent()].map(({ sequence, end }) => [sequence, end]);

describe('gathering what one write gave', () => {
  it('takes all of the write, and nothing of the next', () => {
    const queue = sent([250, 120]);
    const whole = queue.gather(queue.earliest!);
    expect(whole).toMatchObject({ sequence: 1, end: 251, lost: false, retransmitted: false });
    expect(pieces(queue)).toEqual([
      [1, 251],
      [251, 351],
      [351, 371],
    ]);
  });

  it('leaves what the peer has', () => {
    const queue = sent([400]);
    queue.markSacked([...queue.sent()][2]!);
    queue.gather(queue.earliest!);
    expect(pieces(queue)).toEqual([
      [1, 201],
      [201, 301],
      [301, 401],
    ]);
    expect(queue.sacked).toBe(1);
  });

  it('keeps the end of the connection', () => {
    const queue = sent([100]);
    queue.add(101, 102, TCP_FLAG.fin, 0);
    const last = queue.latest!;
    expect(queue.gather(last)).toBe(last);
    expect(last.flags).toBe(TCP_FLAG.fin);
  });

  it('counts right whatever was lost, sent again or had before', () => {
    const mark = fc.constantFrom('none', 'lost', 'again', 'sacked');
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 5 }),
        fc.array(mark),
        fc.nat(),
        (writes, marks, from) => {
          const queue = sent(writes);
          [...queue.sent()].forEach((segment, index) => {
            const what = marks[index % Math.max(1, marks.length)] ?? 'none';
            if (what === 'sacked') {
              queue.markSacked(segment);
            } else if (what !== 'none') {
              queue.markLost(segment);
              if (what === 'again') {
                queue.markRetransmitted(segment, 1);
              }
            }
          });
          const all = [...queue.sent()].filter(({ sacked }) => !sacked);
          const first = all[from % Math.max(1, all.length)];
          if (first !== undefined) {
            queue.gather(first);
          }
          const now = [...queue.sent()];
          expect(queue.sacked).toBe(now.filter(({ sacked }) => sacked).length);
          expect(queue.lost).toBe(now.filter(({ lost }) => lost).length);
          expect(queue.retransmitted).toBe(now.filter(({ retransmitted }) => retransmitted).length);
          // No byte is missing and none is there twice.
          now.forEach(({ sequence }, index) => {
            expect(sequence).toBe(index === 0 ? 1 : now[index - 1]!.end);
          });
        },
      ),
    );
  });
});
