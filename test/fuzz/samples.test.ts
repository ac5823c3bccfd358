/**
 * Throws mutated frames into every sample network, from each of its interfaces: switches, bridges, VirtualBox's modes, tunnels, VLANs, VXLAN,
 * IPv6 and firewalls all get them. Nothing may throw, loop or send a frame with a wrong header checksum, and a frame that arrived is never
 * changed. FUZZ_SECONDS and FUZZ_SEED as in engine.test.ts.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { RandomStream } from '../../src/engine/kernel/random-stream';
import { createNetwork } from '../../src/engine/network';
import { NO_CAUSE } from '../../src/engine/kernel/traffic-observer';
import { isIpv4 } from '../../src/net/ip-address';
import type { ResolvedTopology } from '../../src/topology/resolved';
import { readTopology } from '../../src/topology/topology-file';
import { dissect } from '../../src/trace/dissect/dissect';
import { Recorder } from '../unit/engine/recorder';
import { FrameMutation } from './frame-mutation';

const SECOND = 1_000_000_000;
const FIRST_SEED = Number(process.env['FUZZ_SEED'] ?? 1);
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 0);
const SAMPLES = 'media/samples';
const FRAMES = 300;

/** Events that one frame may lead to in the time before the next; a storm ends by itself far below this. */
const EVENTS = 200_000;

const topologies = readdirSync(SAMPLES)
  .filter(name => name.endsWith('.vnet.yaml'))
  .map(name => [name, topologyOf(name)] as const);

function topologyOf(name: string): ResolvedTopology {
  const { topology } = readTopology(readFileSync(join(SAMPLES, name), 'utf8'));
  if (topology === undefined) {
    throw new Error(`${name} is not good`);
  }
  return topology;
}

/** Returns the records that a round makes. */
function round(topology: ResolvedTopology, seed: number): number {
  const recorder = new Recorder();
  const network = createNetwork(topology, { seed, observer: recorder });
  network.boot();
  network.runUntil(40 * SECOND, 5_000_000);
  const stacks = topology.devices.flatMap(({ id }) => network.stackOf(id) ?? []);
  const interfaces = stacks.flatMap(stack => stack.interfaces).filter(on => on.running);
  const addresses = topology.devices.flatMap(({ id }) =>
    network.addressesOf(id).map(({ address }) => address),
  );
  const mutation = new FrameMutation(new RandomStream(seed, 'fuzz'), {
    macs: interfaces.map(({ mac }) => mac),
    addresses: addresses.filter(isIpv4),
    addresses6: addresses.filter(address => !isIpv4(address)),
    ports: [7, 22, 53, 67, 68, 80, 546, 547, 4789, 5000, 55_555],
  });
  const seen = recorder.sent.map(({ bytes }) => bytes);
  for (let number = 0; number < FRAMES; number++) {
    const on = mutation.pick(interfaces);
    on.simulator.cause = NO_CAUSE;
    on.send(mutation.next(seen));
    expect(network.runUntil(network.now + mutation.pick([1000, 100_000, 10_000_000]), EVENTS)).toBeLessThan(
      EVENTS,
    );
  }
  expect(network.runUntil(network.now + 40 * SECOND, 20 * EVENTS)).toBeLessThan(20 * EVENTS);
  expect(recorder.changedFrames).toEqual([]);
  // The dissector bears them all, too.
  for (const { bytes } of recorder.sent.slice(-200)) {
    expect(dissect(bytes).layers.length).toBeGreaterThanOrEqual(0);
  }
  return recorder.records.length;
}

it.each(topologies)(
  '%s bears every frame',
  (name, topology) => {
    const end = Date.now() + (SECONDS * 1000) / topologies.length;
    let records = 0;
    let rounds = 0;
    for (let seed = FIRST_SEED; rounds < 3 || Date.now() < end; seed++, rounds++) {
      try {
        records += round(topology, seed);
      } catch (error) {
        throw new Error(`round ${seed} (FUZZ_SEED=${seed} repeats it): ${String(error)}`, { cause: error });
      }
    }
    console.log(`${name}: ${rounds} rounds, ${rounds * FRAMES} frames thrown, ${records} records`);
  },
  SECONDS * 1000 + 120_000,
);
