/** `vnet layout FILE --out OUT.svg`: the diagram, with no browser. */
import { createInProcessEngine } from '../../webview/diagram/elk-in-process';
import { layoutDiagram } from '../../webview/diagram/layout';
import { diagramModel } from '../../webview/diagram/model';
import { svgText } from '../../webview/diagram/svg-text';
import type { CommandIo, ExitStatus } from './command-io';
import { writeWholeFile } from './output-file';
import { loadTopology } from './topology-source';

export const THEMES = ['light', 'dark'] as const;

export interface LayoutCommandOptions {
  readonly out: string;
  readonly theme: (typeof THEMES)[number];
}

export async function layout(
  path: string,
  options: LayoutCommandOptions,
  io: CommandIo,
): Promise<ExitStatus> {
  const topology = loadTopology(path, io);
  if (topology === undefined) {
    return 1;
  }
  const { drawing } = await layoutDiagram(diagramModel(topology), createInProcessEngine());
  writeWholeFile(options.out, svgText(drawing, { palette: options.theme, title: topology.name }));
  return 0;
}
