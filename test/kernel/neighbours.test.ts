/** What machines do on their own when nobody asks them to. */
import { describe, expect, test } from 'vitest';
import { obstacle, runCase } from './kernel-case';
import { MASQUERADING_HOME } from './planned-networks';

describe.skipIf(obstacle !== undefined)('neighbours', () => {
  test('who learned of a neighbour by being asked makes sure five seconds later', async () => {
    const { comparison } = await runCase({
      name: 'neighbours are confirmed',
      plan: MASQUERADING_HOME,
      actions: [
        { kind: 'ping', from: 'a', to: '203.0.113.80', count: 1, identifier: 4665 },
        { kind: 'wait', seconds: 6 },
      ],
    });
    expect(comparison.differences).toEqual([]);
  });
});
