/** What a DHCP client says of the seconds it has been asking: free as far as a clock may tick meanwhile, and no further. */
import { expect, test } from 'vitest';
import type { Action } from '../../kernel/action';
import type { Capture } from '../../kernel/capture';
import { compareCaptures } from '../../kernel/comparison';
import { runInEngine } from '../../kernel/engine-world';
import { fieldsOf } from '../../kernel/frame-fields';
import { LEASING, LEASING_SERVER } from '../../kernel/planned-networks';

const ACTIONS: readonly Action[] = [{ kind: 'lease', from: 'client', interface: 'eth0' }];
const DISCOVERY_AND_OFFER = [0, 0];

const engine = runInEngine(LEASING, [LEASING_SERVER], ACTIONS);

/** The same exchange with these seconds in its messages, and checksums that are right. */
function withSeconds(...seconds: readonly number[]): Capture {
  const points = [...engine.points].map(([point, frames]) => {
    let message = 0;
    const changed = frames.map(frame => {
      const bytes = frame.bytes.slice();
      const field = (name: string): number | undefined =>
        fieldsOf(bytes).find(one => one.name === name)?.start;
      const at = field('dhcp.secs');
      const checksum = field('udp.checksum');
      if (at !== undefined && checksum !== undefined) {
        const view = new DataView(bytes.buffer);
        const value = seconds[message++]!;
        view.setUint16(at, value);
        // One's complement: as much less as the word is more.
        const sum = view.getUint16(checksum) - value;
        view.setUint16(checksum, sum < 0 ? sum + 0xffff : sum);
      }
      return { ...frame, bytes };
    });
    return [point, changed] as const;
  });
  return { ...engine, points: new Map(points) };
}

function wrong(...seconds: readonly number[]): string[] {
  return compareCaptures(withSeconds(...seconds), engine, { fixed: [] }).differences.map(({ what }) => what);
}

test('a second may have begun between the offer and the request', () => {
  expect(wrong(...DISCOVERY_AND_OFFER, 0, 0)).toEqual([]);
  expect(wrong(...DISCOVERY_AND_OFFER, 1, 1)).toEqual([]);
});

test('the answer repeats the seconds of its question', () => {
  expect(wrong(...DISCOVERY_AND_OFFER, 1, 0)).toContain('dhcp.secs');
});

test('nothing takes two seconds', () => {
  expect(wrong(...DISCOVERY_AND_OFFER, 2, 2)).toContain('dhcp.secs');
});
