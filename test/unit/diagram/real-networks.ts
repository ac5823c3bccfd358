/** Networks that people drew for other tools, as topologies to lay out: what is joined with what, and under which names. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse } from 'yaml';
import type { ResolvedTopology } from '../../../src/topology/resolved';
import { readTopology } from '../../../src/topology/topology-file';
import { topologyText, type MiminetNetwork } from '../miminet/network-file';
import { TopologyBuilder } from './sample-topologies';

const FOLDER = join(import.meta.dirname, '../../../../shared/data/topologies');

/** By the name of their file; empty, with a line that says so, where they are not at hand. */
export function realNetworks(): [string, ResolvedTopology][] {
  if (!existsSync(FOLDER)) {
    console.log(`skipped: no networks of other tools at ${relative(process.cwd(), FOLDER)}`);
    return [];
  }
  const files = (tool: string, ending: RegExp): string[] =>
    readdirSync(join(FOLDER, tool))
      .filter(name => ending.test(name))
      .map(name => join(FOLDER, tool, name));
  return [
    ...files('containerlab', /\.ya?ml$/)
      .filter(path => !readFileSync(path, 'utf8').includes('{{'))
      .map((path): [string, ResolvedTopology] => [path, containerlab(path)]),
    ...files('miminet', /_network\.json$/).flatMap((path): [string, ResolvedTopology][] => {
      const { topology } = readTopology(
        topologyText(JSON.parse(readFileSync(path, 'utf8')) as MiminetNetwork),
      );
      return topology === undefined ? [] : [[path, topology]];
    }),
  ].filter(([, topology]) => topology.devices.length > 0);
}

/** Nodes and their links; bridges become switches. */
function containerlab(path: string): ResolvedTopology {
  const { name, topology } = parse(readFileSync(path, 'utf8')) as {
    readonly name?: string;
    readonly topology?: {
      readonly nodes?: Readonly<Record<string, { readonly kind?: string } | null>>;
      readonly links?: readonly { readonly endpoints?: readonly unknown[] }[];
    };
  };
  const links = (topology?.links ?? []).flatMap(({ endpoints }) => {
    const [one, other] = (endpoints ?? []).map(end => (typeof end === 'string' ? end.split(':') : []));
    return one?.[1] === undefined || other?.[1] === undefined ? [] : [[one, other] as const];
  });
  const builder = new TopologyBuilder();
  for (const [id, node] of Object.entries(topology?.nodes ?? {})) {
    const ports = links
      .flat()
      .flatMap(([device, port]) => (device === id && port !== undefined ? [port] : []));
    builder.stack(kindOf(node?.kind), id, Object.fromEntries(ports.map(port => [port, ''])));
  }
  const known = new Set(builder.devices.map(({ id }) => id));
  for (const [one, other] of links) {
    if (known.has(one[0] ?? '') && known.has(other[0] ?? '')) {
      builder.cable(one.join(' '), other.join(' '));
    }
  }
  return builder.build(name);
}

function kindOf(kind: string | undefined): 'host' | 'router' {
  return kind === 'linux' || kind === undefined ? 'host' : 'router';
}
