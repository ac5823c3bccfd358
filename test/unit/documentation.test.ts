/** What the README says in tables is what the simulation does. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DIRECTIONS, MODES, reachability } from './engine/device/virtualbox/reachability';

const readme = readFileSync('README.md', 'utf8');

it('the README’s table of VirtualBox’s modes is the one that packets make', () => {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const table = [
    row(['mode', ...DIRECTIONS]),
    `|${'---|'.repeat(DIRECTIONS.length + 1)}`,
    ...MODES.map(mode => {
      const { reach } = reachability(mode, '7.2');
      return row([mode, ...DIRECTIONS.map(direction => reach[direction])]);
    }),
  ].join('\n');
  expect(readme).toContain(table);
});
