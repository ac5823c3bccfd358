/**
 * Networks of Miminet with every packet that a Linux kernel sent in them: the engine sends the same ones, on each link in the same order,
 * and no others.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PingResult } from '../../../src/engine/network';
import { Simulation } from '../../../src/simulation/simulation';
import { readTopology } from '../../../src/topology/topology-file';
import { pingsOf, topologyText, withTakenAddresses, type MiminetNetwork } from './network-file';
import { labelOf } from './packet-label';

const NETWORKS = join(import.meta.dirname, '../../../../shared/data/topologies/miminet');
const present = existsSync(NETWORKS);

if (!present) {
  console.log(`skipped: no networks of Miminet at ${relative(process.cwd(), NETWORKS)}`);
}

const NETWORK = '_network.json';
const names = present ? readdirSync(NETWORKS).filter(name => name.endsWith(NETWORK)) : [];

/** Packets that one picture of the animation shows together. */
type Answer = readonly (readonly {
  readonly config: {
    readonly type: string;
    readonly path: string;
    readonly source: string;
    readonly target: string;
  };
}[])[];

const read = (name: string): unknown => JSON.parse(readFileSync(join(NETWORKS, name), 'utf8'));

/** What may differ, all of it. Times, and the order on different links, are not compared. */
const FREE: readonly { readonly reason: string; readonly of: RegExp; readonly shown: string }[] = [
  {
    reason: 'Mininet numbers the hardware addresses of hosts; those of routers are random.',
    of: /^(router_\d+ > .*\n.* at ).*$/,
    shown: '$1(random)',
  },
];

/** Longer than anything in these networks takes, ns. */
const LIMIT = 600e9;

/** `source > target: label` on each link, by the name of the link. */
type Packets = Map<string, string[]>;

function add(packets: Packets, link: string, packet: string): void {
  const compared = FREE.reduce((text, { of, shown }) => text.replace(of, shown), packet);
  packets.set(link, [...(packets.get(link) ?? []), compared]);
}

function simulated(network: MiminetNetwork): Packets {
  const { topology, diagnostics } = readTopology(topologyText(network));
  expect(diagnostics).toEqual([]);
  const simulation = new Simulation(withTakenAddresses(topology!, network));
  simulation.runOn(LIMIT);
  for (const { from, to } of pingsOf(network)) {
    const results: PingResult[] = [];
    simulation.ping(from, to, 1, undefined, result => results.push(result));
    // The next ping begins when this one has ended, and with the last one the recording ends.
    while (results.length === 0 && simulation.now < LIMIT) {
      simulation.advanceTo(simulation.nextEventTime ?? LIMIT, 1);
    }
  }
  const packets: Packets = new Map(network.edges.map(({ data }) => [data.id, []]));
  for (let number = 0; number < simulation.records.end; number++) {
    const { row, layers } = simulation.packet(number)!;
    if (row.drop === undefined) {
      const [source = '', target = ''] = [row.from, row.to].map(end => end.replace(/:.*/, ''));
      const edge = network.edges.find(
        ({ data }) => [source, target].sort().join() === [data.source, data.target].sort().join(),
      );
      add(packets, edge!.data.id, `${source} > ${target}: ${labelOf(layers)}`);
    }
  }
  return packets;
}

function recorded(network: MiminetNetwork, answer: Answer): Packets {
  const packets: Packets = new Map(network.edges.map(({ data }) => [data.id, []]));
  for (const { config } of answer.flat()) {
    // Some of the files have the line's end as two characters.
    add(packets, config.path, `${config.source} > ${config.target}: ${config.type.replaceAll('\\n', '\n')}`);
  }
  return packets;
}

describe.skipIf(!present)('networks that Miminet ran on a Linux kernel', () => {
  it.each(names)('%s', name => {
    const network = read(name) as MiminetNetwork;
    const answer = read(name.replace(NETWORK, '_answer.json')) as Answer;
    expect(answer.length).toBeGreaterThan(0);
    expect(simulated(network)).toEqual(recorded(network, answer));
  });
});
