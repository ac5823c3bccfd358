import { expect, test } from 'vitest';
import { PortNames } from '../../../webview/trace/port-names';
import { COLUMNS, cellText, columnTemplate, displayNumber } from '../../../webview/trace/columns';
import { ListLook, type KeptLook } from '../../../webview/trace/list-look';

const START: KeptLook = { timeFormat: 'start', columnsShown: {} };
const look = (kept: Partial<KeptLook> = {}): ListLook => new ListLook({ ...START, ...kept }, () => undefined);
const columnsFor = (width: number) => look().columnsFor(width);
import { DEFAULT_SPEED, SPEEDS, nearestSpeed, speedText } from '../../../webview/controls/speeds';
import { FASTEST } from '../../../src/simulation/protocol';
import type { ResolvedTopology } from '../../../src/topology/resolved';

test('a narrow list leaves columns out, never the number, the protocol and the information', () => {
  const namesFor = (width: number) => columnsFor(width).map(({ name }) => name);
  expect(namesFor(300)).toEqual(['number', 'protocol', 'info']);
  expect(namesFor(370)).toEqual(['number', 'time', 'protocol', 'info']);
  expect(namesFor(560)).toEqual(['number', 'time', 'from', 'protocol', 'info']);
  expect(columnsFor(2000)).toEqual(COLUMNS.filter(({ name }) => name !== 'comment' && name !== 'rule'));
});

test('the columns that show leave room for the information', () => {
  for (let width = 250; width < 2000; width++) {
    expect(columnTemplate(columnsFor(width), {}).width).toBeLessThanOrEqual(width);
  }
});

test('widths of the user win; the last column takes the rest', () => {
  const columns = columnsFor(400);
  const { template, width } = columnTemplate(columns, { time: 200 });
  expect(template.split(' ')[1]).toBe('200px');
  expect(template).toMatch(/minmax\(0, 1fr\)$/);
  expect(width - columnTemplate(columns, {}).width).toBe(90);
});

test('rows count from 1, as in Wireshark', () => {
  expect(displayNumber(0)).toBe(1);
  const row = {
    number: 0,
    time: 5,
    from: 'a:1',
    to: '',
    source: '',
    destination: '',
    protocol: 'ARP',
    length: 60,
    info: 'x',
  };
  expect(cellText('number', row)).toBe('1');
});

test('ports are numbered through all devices in order, and know their peers', () => {
  const device = (id: string, ...ports: string[]) => ({
    id,
    ports: ports.map(name => ({ name, source: [] })),
  });
  const topology = {
    devices: [device('a', '1', '2'), device('b:1/nat', 'guest')],
    cables: [
      {
        ends: [
          { device: 'a', port: '2' },
          { device: 'b:1/nat', port: 'guest' },
        ],
      },
    ],
  } as unknown as ResolvedTopology;
  const ports = new PortNames(topology);
  expect([0, 1, 2, 3].map(port => ports.name(port))).toEqual(['a:1', 'a:2', 'b:1/nat:guest', '']);
  expect([0, 1, 2, 3].map(port => ports.peer(port))).toEqual(['', 'b:1/nat:guest', 'a:2', '']);
});

test('speeds read as ratios, and any speed finds its nearest choice', () => {
  expect(SPEEDS.map(speed => speedText(speed).replaceAll('\u202f', ' '))).toEqual([
    '1:1 000 000',
    '1:100 000',
    '1:10 000',
    '1:1 000',
    '1:100',
    '1:10',
    'real time',
    'full speed',
  ]);
  for (const speed of SPEEDS) {
    expect(nearestSpeed(speed)).toBe(speed);
  }
  expect(nearestSpeed(0.00012)).toBe(DEFAULT_SPEED);
  expect(nearestSpeed(1000)).toBe(1);
  expect(JSON.parse(JSON.stringify(FASTEST))).toBe(FASTEST);
});

test('columns are shown or hidden as the user chose, whatever room there is', () => {
  const chosen = look({ columnsShown: { length: true, protocol: false } });
  expect(chosen.columnsFor(600).map(({ name }) => name)).toEqual([
    'number',
    'time',
    'from',
    'length',
    'info',
  ]);
  expect(
    look({ columnsShown: { from: true } })
      .columnsFor(300)
      .map(({ name }) => name),
  ).toContain('from');
});

test('times count from what the user chose', () => {
  const day = 25 * 3600e9 + 61e9 + 5;
  expect(look().timeText(1_500_000_000, 1e9)).toBe('1.500\u202f000\u202f000');
  expect(look({ timeFormat: 'day' }).timeText(day, undefined)).toBe('01:01:01.000\u202f000\u202f005');
  expect(look({ timeFormat: 'previous' }).timeText(1_500_000_000, 1e9)).toBe('0.500\u202f000\u202f000');
  expect(look({ timeFormat: 'previous' }).timeText(1_500_000_000, undefined)).toBe('0.000\u202f000\u202f000');
});

test('the menu says what is chosen, and changes it', () => {
  const kept: KeptLook[] = [];
  const chooser = new ListLook(START, each => kept.push(each));
  const menu = chooser.menu(chooser.columnsFor(2000));
  expect(menu.filter(({ checked }) => checked).map(({ label }) => label)).toContain('Time since the start');
  menu.find(({ label }) => label === 'Time of day')!.act();
  menu.find(({ label }) => label === 'Column Length')!.act();
  expect(kept.at(-1)).toEqual({ timeFormat: 'day', columnsShown: { length: false } });
});

test('marks go round, and go with the records that time takes back', () => {
  const marks = look();
  [5, 9, 2].forEach(record => marks.toggleMark(record));
  expect([marks.markAfter(2), marks.markAfter(9), marks.isMarked(5)]).toEqual([5, 2, true]);
  marks.truncate(6);
  expect([marks.markAfter(5), marks.isMarked(9)]).toEqual([2, false]);
  marks.toggleMark(2);
  marks.toggleMark(5);
  expect(marks.markAfter(0)).toBeUndefined();
});
