/**
 * Every capability, used as a user would, on two networks: VirtualBox NAT beside Linux TAP and TUN, and a tree of 200 nodes. One window for
 * each network goes through all chapters, each in another theme.
 */
import { describe, expect, it } from 'vitest';
import { THEMES, useVsCode } from '../real-vscode';
import { tables } from './tour/tables';
import { Tour, type Sight, type Theme } from './tour/tour';
import { TOUR_NETWORKS } from './tour/tour-network';

interface Chapter {
  readonly name: string;
  readonly walk: (tour: Tour) => Promise<void>;
  readonly zoom?: number;
}

const CHAPTERS: readonly Chapter[] = [{ name: 'the tables of devices', walk: tables }];

const ORDER: readonly Theme[] = ['dark', 'light', 'highContrast', 'highContrastLight'];

/** Themes take turns; a chapter has another one on each network. */
function sightOf(chapter: number, network: number): Sight {
  return { theme: ORDER[(chapter + 2 * network) % ORDER.length]!, zoom: CHAPTERS[chapter]!.zoom ?? 1 };
}

describe.each(TOUR_NETWORKS)('a tour of the network $name', network => {
  const vscode = useVsCode({
    files: { [Tour.fileOf(network)]: network.text },
    settings: {
      ...THEMES.dark,
      // Rows of a terminal as text, to be read here.
      'terminal.integrated.gpuAcceleration': 'off',
      'terminal.integrated.tabs.enabled': false,
    },
  });
  let tour: Tour | undefined;

  it.each(CHAPTERS)('$name', async chapter => {
    if (tour?.isOpen !== true) tour = await Tour.begin(vscode, network);
    await tour.see(sightOf(CHAPTERS.indexOf(chapter), TOUR_NETWORKS.indexOf(network)));
    await chapter.walk(tour);
    expect(vscode.problems()).toEqual([]);
  });
});
