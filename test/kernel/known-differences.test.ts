/** Where the simulation is known not to be like Linux, each with its reason: when one goes away, or grows, its test tells. */
import { describe, expect, test } from 'vitest';
import { obstacle, runCase, type KernelCase } from './kernel-case';
import { threeRouters } from './planned-networks';

interface KnownDifference {
  readonly reason: string;
  readonly one: KernelCase;
  /** The only fields that differ. */
  readonly fields: readonly string[];
}

const KNOWN: readonly KnownDifference[] = [
  {
    reason:
      'The kernel lets a receive window grow by how much memory a segment takes for each byte, which the simulation knows for full ' +
      'segments alone: it takes a segment of 800 bytes for one that counts (tcp_grow_window).',
    one: {
      name: 'the window after a segment of 800 bytes',
      plan: threeRouters(),
      services: [{ kind: 'bytes', on: 'h2', port: 80 }],
      actions: [{ kind: 'connect', from: 'h1', fromPort: 40000, to: '10.3.0.2', toPort: 80, asksFor: 800 }],
    },
    fields: ['tcp.checksum', 'tcp.window_size_value'],
  },
];

describe.skipIf(obstacle !== undefined)('known differences', () => {
  test.concurrent.each(KNOWN)('$one.name', async ({ one, fields }) => {
    const { comparison } = await runCase(one);
    expect([...new Set(comparison.differences.map(({ what }) => what))].sort()).toEqual(fields);
  });
});
