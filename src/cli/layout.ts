/** `vnet layout FILE --out OUT.svg`: the diagram as the panel shows it, with no browser. */
import { basename, dirname, join } from 'node:path';
import { createInProcessEngine } from '../../webview/diagram/elk-in-process';
import { layoutDiagram } from '../../webview/diagram/layout';
import type { Pins } from '../../webview/diagram/pins';
import { ENGLISH_STRINGS } from '../../webview/diagram/strings';
import { svgText } from '../../webview/diagram/svg-text';
import { viewContent, type View } from '../../webview/diagram/views/view';
import { parsePins } from '../topology/pins/in-file';
import { parseSidecar, sidecarName } from '../topology/pins/sidecar';
import { MAXIMUM_BYTES } from '../topology/yaml-limits';
import { UsageError, type CommandIo, type ExitStatus } from './command-io';
import { writeWholeFile } from './output-file';
import { loadTopologyText, readAtMost } from './topology-source';

export { VIEWS } from '../../webview/diagram/views/view';

export const THEMES = ['light', 'dark'] as const;

export interface LayoutCommandOptions {
  readonly out: string;
  readonly view: View;
  /** Whether devices stand where the user put them. */
  readonly pins: boolean;
  readonly theme: (typeof THEMES)[number];
}

export async function layout(
  path: string,
  { out, view, pins, theme }: LayoutCommandOptions,
  io: CommandIo,
): Promise<ExitStatus> {
  const loaded = loadTopologyText(path, io);
  if (loaded === undefined) {
    return 1;
  }
  const { topology, text } = loaded;
  const { model, paint } = viewContent(view, topology, ENGLISH_STRINGS);
  // Subnets are another picture, which nobody arranges.
  const places = pins && view !== 'subnets' ? pinsFor(path, text) : new Map();
  const { drawing } = await layoutDiagram(model, createInProcessEngine(), { pins: places });
  const picture = { palette: theme, title: topology.name, ...(paint === undefined ? {} : { paint }) };
  writeWholeFile(out, svgText(drawing, picture));
  return 0;
}

/** Those in the file, and over them those beside it. */
function pinsFor(path: string, text: string): Pins {
  return new Map(Object.entries({ ...parsePins(text), ...parseSidecar(sidecarText(path)) }));
}

/** Empty where there is none. */
function sidecarText(path: string): string {
  try {
    return new TextDecoder().decode(
      readAtMost(join(dirname(path), sidecarName(basename(path))), MAXIMUM_BYTES),
    );
  } catch (error) {
    if (error instanceof UsageError) {
      return '';
    }
    throw error;
  }
}
