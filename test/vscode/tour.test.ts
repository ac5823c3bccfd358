/**
 * Every capability, used as a user would, on two networks: VirtualBox NAT beside Linux TAP and TUN, and a tree of 200 nodes. One window for
 * each network goes through all chapters, each in another theme.
 */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { THEMES, useVsCode } from '../real-vscode';
import { comments } from './tour/comments';
import { folding, pins, views } from './tour/diagram';
import { editByMouse } from './tour/edit';
import { editByKeys } from './tour/edit-keys';
import { capture, picture } from './tour/export';
import { keptFilter, writtenFilter } from './tour/filter';
import { madeFilter } from './tour/filter-made';
import { listColours } from './tour/list-colours';
import { listLook } from './tour/list-look';
import { packet } from './tour/packet';
import { statistics } from './tour/statistics';
import { anotherSeed, changedFile, time } from './tour/time';
import { terminal } from './tour/terminal';
import { tables } from './tour/tables';
import { Tour, type Sight, type Theme } from './tour/tour';
import { TOUR_NETWORKS, type TourNetwork } from './tour/tour-network';

/** Stands where Wireshark's window would: tshark reads the file that it is started with. */
const folder = mkdtempSync(join(tmpdir(), 'vnet-wireshark-'));
const wireshark = { program: join(folder, 'wireshark'), protocols: join(folder, 'protocols') };
const { protocols } = wireshark;
writeFileSync(
  wireshark.program,
  `#!/bin/sh\ntshark "$@" -T fields -e frame.protocols > ${protocols}.new && mv ${protocols}.new ${protocols}\n`,
);
chmodSync(wireshark.program, 0o755);

afterAll(() => rmSync(folder, { recursive: true }));

interface Chapter {
  readonly name: string;
  readonly walk: (tour: Tour) => Promise<void>;
  readonly zoom?: number;
}

const CHAPTERS: readonly Chapter[] = [
  { name: 'the tables of devices', walk: tables },
  { name: 'a packet, its bytes and its journey', walk: packet },
  { name: 'the look of the packet list', walk: listLook },
  { name: 'the colours of the packet list', walk: listColours },
  { name: 'comments on packets', walk: comments },
  { name: 'the filter, as it is written', walk: writtenFilter },
  { name: 'the filter, as it is made from packets', walk: madeFilter },
  { name: 'the filter, as it is kept', walk: keptFilter },
  { name: 'statistics', walk: statistics, zoom: 2 },
  { name: 'time', walk: time },
  { name: 'time, when the file changes', walk: changedFile },
  { name: 'time, with another seed', walk: anotherSeed },
  { name: 'a terminal', walk: terminal },
  { name: 'the views of the picture', walk: views },
  { name: 'folding, search and map', walk: folding },
  { name: 'devices put elsewhere', walk: pins },
  { name: 'editing by mouse', walk: editByMouse },
  { name: 'editing by keys', walk: editByKeys },
  { name: 'the picture as a file', walk: picture },
  { name: 'the trace as a file', walk: tour => capture(tour, wireshark.protocols) },
];

const ORDER: readonly Theme[] = ['dark', 'light', 'highContrast', 'highContrastLight'];

/** Themes take turns; a chapter has another one on each network. */
function sightOf(chapter: Chapter, network: TourNetwork): Sight {
  const turn = CHAPTERS.indexOf(chapter) + 2 * TOUR_NETWORKS.indexOf(network);
  return { theme: ORDER[turn % ORDER.length]!, zoom: chapter.zoom ?? 1 };
}

describe.for(TOUR_NETWORKS.map(network => [network.name, network] as const))('a tour: %s', ([, network]) => {
  const vscode = useVsCode({
    files: { [Tour.fileOf(network)]: network.text },
    settings: {
      ...THEMES.dark,
      // Rows of a terminal as text, to be read here.
      'terminal.integrated.gpuAcceleration': 'off',
      'terminal.integrated.tabs.enabled': false,
      // Files are saved by themselves, soon after every change.
      'files.autoSaveDelay': 100,
    },
    machineSettings: { 'vnet.wireshark.path': wireshark.program },
  });
  let tour: Tour | undefined;

  it.for(CHAPTERS.map(chapter => [chapter.name, chapter] as const))('%s', async ([, chapter]) => {
    if (tour?.isOpen !== true) tour = await Tour.begin(vscode, network);
    await tour.see(sightOf(chapter, network));
    await chapter.walk(tour);
    expect(vscode.problems()).toEqual([]);
  });
});
