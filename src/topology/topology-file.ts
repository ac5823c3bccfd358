/** A topology file as it is read: the network it describes, what is wrong with it, and where everything stands. */
import { messageOf, type Diagnostic } from './diagnostic';
import type { FileSource } from './file-source';
import { reportNotSimulated } from './not-simulated';
import { Report } from './report';
import { resolveTopology } from './resolve/resolve';
import type { ResolvedTopology, TopologyPath } from './resolved';
import { checkAgainstSchema } from './schema-check';
import { entryAt, nodeAt, pathAtOffset, type SourceNode } from './source-tree';
import { LineIndex, type TextRange } from './text-range';
import { MAXIMUM_INTERFACES, MAXIMUM_NODES } from './yaml-limits';
import { readYaml, type ReadingWork } from './yaml-text';
import { readValues } from './yaml-values';

export interface TopologyFile {
  /** Undefined when a diagnostic is an error. */
  readonly topology: ResolvedTopology | undefined;
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  /** The values as written, undefined when the text could not be read at all. */
  readonly root: SourceNode | undefined;
  readonly lines: LineIndex;
  /** Where to put the cursor for this path: its key, or the value of an entry of a list; of the nearest thing around it when it is not written. */
  locate(path: TopologyPath): TextRange | undefined;
  /** The whole text of a value with its key. */
  extent(path: TopologyPath): TextRange | undefined;
  /** The path to the innermost value that the offset stands in. */
  pathAt(offset: number): TopologyPath;
  /** The id of the device that the offset stands in: of a node, a network, a VM's NAT engine, or the node that a cable's end names. */
  deviceAt(offset: number): string | undefined;
}

/** Reads the text of a topology file. Never throws; the work is bounded by the limits of yaml-limits.ts. */
export function readTopology(text: string, work?: ReadingWork): TopologyFile {
  const lines = new LineIndex(text);
  const yaml = readYaml(text, work);
  if (yaml.problem !== undefined) {
    const { id, values, span, fix } = yaml.problem;
    const report = new Report(undefined, lines);
    report.addSpan(id, span, values);
    const diagnostics = report.diagnostics().map(diagnostic => ({
      ...diagnostic,
      ...(fix !== undefined && {
        fix: { title: messageOf('fix-insert', fix.trim()), range: diagnostic.range, text: fix },
      }),
    }));
    return fileOf(undefined, undefined, diagnostics, lines);
  }
  const { root, problems } = readValues(yaml.document);
  const report = new Report(root, lines);
  for (const { id, span, values, first } of problems) {
    report.addSpan(id, span, values, first);
  }
  // What a broken reference or key stands for can't be told: nothing more to say until it is mended.
  const broken = problems.some(({ id }) => id !== 'duplicate-key');
  const topology = root && !broken ? resolveValues(root, report) : undefined;
  return fileOf(root, topology, report.diagnostics(), lines);
}

function resolveValues(root: SourceNode, report: Report): ResolvedTopology | undefined {
  const source = root.value as FileSource;
  if (!checkAgainstSchema(root, report)) {
    return undefined;
  }
  reportNotSimulated(root, report);
  return withinLimits(root, report) ? resolveTopology(root, source, report) : undefined;
}

/** Whether the file describes no more than can be drawn and run. */
function withinLimits(root: SourceNode, report: Report): boolean {
  const sizeOf = (path: TopologyPath): number => {
    const node = nodeAt(root, path);
    return node?.kind === 'map' ? node.entries.size : node?.kind === 'list' ? node.items.length : 0;
  };
  if (sizeOf(['networks']) + sizeOf(['nodes']) > MAXIMUM_NODES) {
    report.add('too-complex/nodes', { key: ['nodes'] }, [MAXIMUM_NODES]);
    return false;
  }
  const nodes = nodeAt(root, ['nodes']);
  const names = nodes?.kind === 'map' ? [...nodes.entries.keys()] : [];
  const interfaces = names.map(
    name => sizeOf(['nodes', name, 'interfaces']) + sizeOf(['nodes', name, 'adapters']),
  );
  const total = interfaces.reduce((sum, count) => sum + count, sizeOf(['links']));
  if (total > MAXIMUM_INTERFACES) {
    report.add('too-complex/interfaces', { key: ['nodes'] }, [MAXIMUM_INTERFACES]);
    return false;
  }
  return true;
}

function fileOf(
  root: SourceNode | undefined,
  topology: ResolvedTopology | undefined,
  diagnostics: readonly Diagnostic[],
  lines: LineIndex,
): TopologyFile {
  return {
    topology,
    diagnostics,
    root,
    lines,
    locate: path => root && locate(root, path, lines),
    extent: path => root && extent(root, path, lines),
    pathAt: offset => (root ? pathAtOffset(root, offset).path : []),
    deviceAt: offset => (root ? deviceAt(root, offset, topology) : undefined),
  };
}

function locate(root: SourceNode, path: TopologyPath, lines: LineIndex): TextRange | undefined {
  for (let length = path.length; length > 0; length--) {
    const part = path.slice(0, length);
    const span = entryAt(root, part)?.keySpan ?? nodeAt(root, part)?.span;
    if (span !== undefined) {
      return lines.range(span[0], span[1]);
    }
  }
  return undefined;
}

function extent(root: SourceNode, path: TopologyPath, lines: LineIndex): TextRange | undefined {
  const entry = entryAt(root, path);
  const span = nodeAt(root, path)?.span;
  if (span === undefined) {
    return undefined;
  }
  // Through an alias the value stands elsewhere; the key alone is here.
  const end = entry === undefined || span[1] >= entry.keySpan[1] ? span[1] : entry.keySpan[1];
  const start = entry?.keySpan[0] ?? span[0];
  return lines.range(start, Math.max(start, end));
}

function deviceAt(
  root: SourceNode,
  offset: number,
  topology: ResolvedTopology | undefined,
): string | undefined {
  const { path } = pathAtOffset(root, offset);
  const [section, name, part, slot, inner] = path;
  if (section === 'links') {
    const text = nodeAt(root, path)?.value;
    return typeof text === 'string' ? /^([^:]+):/.exec(text)?.[1] : undefined;
  }
  if ((section !== 'nodes' && section !== 'networks') || name === undefined) {
    return undefined;
  }
  const parts =
    part === 'adapters' && slot !== undefined
      ? [`${name}:${slot}/nat`, `${name}:${slot}/tunnel`]
      : part === 'interfaces' && slot !== undefined
        ? [`${name}:${slot}/tunnel`]
        : part === 'virtualbox' && inner !== undefined
          ? [`${name}/${inner}`, `${name}/HostInterfaceNetworking-${inner}`]
          : [];
  return parts.find(id => topology?.devices.some(device => device.id === id)) ?? String(name);
}
