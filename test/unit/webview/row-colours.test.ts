import { expect, test } from 'vitest';
import type { ColourRule } from '../../../src/trace/colouring/colour-rule';
import { DEFAULT_RULES } from '../../../src/trace/colouring/default-rules';
import { colourMenu, keptColours, RowColours, type KeptColours } from '../../../webview/trace/row-colours';

/** The colours of a list, what rules are in use, and what would be kept over a reload. */
function colours(first: KeptColours = { on: true, conversations: [] }) {
  const seen = { rules: [] as readonly ColourRule[], kept: first, edits: 0 };
  const rows = new RowColours({
    kept: first,
    keep: kept => (seen.kept = kept),
    use: rules => (seen.rules = rules),
    edit: () => seen.edits++,
  });
  const names = (): readonly string[] => seen.rules.map(({ name }) => name);
  const choose = (label: string): void => {
    rows
      .menu()
      .find(item => item.label === label)
      ?.act();
  };
  return { rows, seen, names, choose };
}

const ALWAYS = DEFAULT_RULES.map(({ name }) => name);
const WRITTEN: ColourRule = { name: 'Web', filter: 'http', colour: 'green' };

test('conversations go before the rules of the user, and those before the rules that are always there', () => {
  const { rows, names } = colours();
  rows.begin();
  expect(names()).toEqual(ALWAYS);
  rows.setWritten([WRITTEN]);
  rows.colour('ip.addr eq 10.0.0.1', 'blue');
  rows.colour('ip.addr eq 10.0.0.2', 'red');
  expect(names()).toEqual(['ip.addr eq 10.0.0.2', 'ip.addr eq 10.0.0.1', 'Web', ...ALWAYS]);
});

test('a conversation has one colour, the one chosen last, until it is taken back', () => {
  const { rows, seen, names, choose } = colours();
  expect(rows.removal()).toEqual([]);
  rows.colour('arp', 'blue');
  rows.colour('arp', 'red');
  expect(seen.kept.conversations).toEqual([{ name: 'arp', filter: 'arp', colour: 'red' }]);
  choose('Take the colours of conversations away');
  expect(names()).toEqual(ALWAYS);
  expect(seen.kept.conversations).toEqual([]);
});

test('colours are switched off and on, and a conversation that is coloured switches them on', () => {
  const { rows, seen, names, choose } = colours();
  choose('Colour the packets');
  expect(names()).toEqual([]);
  expect(seen.kept.on).toBe(false);
  expect(rows.menu().find(({ label }) => label === 'Colour the packets')?.checked).toBe(false);
  rows.colour('arp', 'blue');
  expect(names()).toEqual(['arp', ...ALWAYS]);
  choose('Edit the colour rules…');
  expect(seen.edits).toBe(1);
});

test('however many conversations are coloured and rules are written, those that are always there are used', () => {
  const { rows, seen, names } = colours();
  rows.setWritten(Array.from({ length: 100 }, () => WRITTEN));
  for (let number = 0; number < 50; number++) {
    rows.colour(`frame.number == ${number}`, 'blue');
  }
  expect(seen.rules.length).toBeLessThanOrEqual(100);
  expect(names().slice(-ALWAYS.length)).toEqual(ALWAYS);
  expect(names()[0]).toBe('frame.number == 49');
});

test('there is a menu entry for each colour', () => {
  const chosen: string[] = [];
  const items = colourMenu(colour => chosen.push(colour));
  items.forEach(({ act }) => act());
  expect(chosen).toEqual(['red', 'orange', 'yellow', 'green', 'blue', 'purple', 'grey']);
  expect(items[0]?.label).toBe('Red');
});

test('what was kept is read leniently', () => {
  for (const value of [undefined, null, 3, [], {}, { on: 'no', conversations: [{ filter: 3 }] }]) {
    expect(keptColours(value)).toEqual({ on: true, conversations: [] });
  }
  const kept = { on: false, conversations: [{ name: 'arp', filter: 'arp', colour: 'red' }] };
  expect(keptColours(kept)).toEqual(kept);
});
