/** Short ways to read topologies in tests. */
import { formatDiagnostic } from '../../../src/topology/diagnostic';
import type { ResolvedDevice, ResolvedStackDevice, ResolvedTopology } from '../../../src/topology/resolved';
import { readTopology } from '../../../src/topology/topology-file';

/** The diagnostics as `line:column: severity: message [code]`. */
export function problemsOf(text: string): string[] {
  return readTopology(text).diagnostics.map(one => formatDiagnostic('', one).slice(1));
}

/** The network of a file that must be free of errors; warnings are allowed. */
export function networkOf(text: string): ResolvedTopology {
  const { topology, diagnostics } = readTopology(text);
  if (topology === undefined) {
    throw new Error(diagnostics.map(one => formatDiagnostic('', one)).join('\n'));
  }
  return topology;
}

/** The device of this id and kind. */
export function deviceOf<Kind extends ResolvedDevice['kind']>(
  topology: ResolvedTopology,
  id: string,
  kind: Kind,
): Extract<ResolvedDevice, { readonly kind: Kind }> {
  const device = topology.devices.find(one => one.id === id);
  if (device?.kind !== kind) {
    throw new Error(`No ${kind} ${id}`);
  }
  return device as Extract<ResolvedDevice, { readonly kind: Kind }>;
}

/** The host, VM or router of this id. */
export function machineOf(topology: ResolvedTopology, id: string): ResolvedStackDevice {
  const device = topology.devices.find(one => one.id === id);
  if (device === undefined || !('interfaces' in device)) {
    throw new Error(`No machine ${id}`);
  }
  return device;
}

/** Removes the caret `|` from a text and tells where it stood. */
export function withCaret(marked: string): { text: string; offset: number } {
  const offset = marked.indexOf('|');
  return { text: marked.slice(0, offset) + marked.slice(offset + 1), offset };
}
