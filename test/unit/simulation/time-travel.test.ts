/** Going back in time is exact: whatever was done before, a moment is what a fresh run to it shows. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Moment } from '../../../src/simulation/replay';
import { REST } from '../../../src/simulation/run';
import { Simulation } from '../../../src/simulation/simulation';
import type { ResolvedTopology } from '../../../src/topology/resolved';
import { readTopology } from '../../../src/topology/topology-file';
import { pair, pingStep, scenario } from './sample-topology';

const SAMPLES = join(import.meta.dirname, '../../../media/samples');

const topologies = new Map<string, ResolvedTopology>(
  readdirSync(SAMPLES)
    .filter(name => name.endsWith('.yaml'))
    .map(name => {
      const { topology } = readTopology(readFileSync(join(SAMPLES, name), 'utf8'));
      return [name, topology!];
    }),
);

/** Everything a user can see of a simulation. */
function shown(simulation: Simulation): unknown {
  const { oldest, end } = simulation.records;
  return {
    position: simulation.position,
    seed: simulation.seed,
    next: simulation.nextEventTime,
    rows: simulation.rows(Math.max(oldest, end - 200), 200),
    records: [oldest, end],
    outcomes: [...simulation.outcomes],
    addresses: [...simulation.addresses].sort((one, other) =>
      `${one.device}:${one.port}`.localeCompare(`${other.device}:${other.port}`),
    ),
    capture: Buffer.from(simulation.capture()).toString('base64'),
  };
}

function go(simulation: Simulation, moment: Moment, slice = 1000): void {
  const replay = simulation.goTo(moment);
  while (!replay.work(slice)) {
    // The work is done by the condition.
  }
  simulation.show(replay);
}

type Deed =
  | { readonly type: 'advance'; readonly by: number }
  | { readonly type: 'step'; readonly times: number }
  | { readonly type: 'ping'; readonly from: number; readonly to: number }
  | { readonly type: 'cable'; readonly cable: number; readonly up: boolean };

const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ type: fc.constant('advance' as const), by: fc.integer({ min: 0, max: 2e9 }) }),
  fc.record({ type: fc.constant('step' as const), times: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ type: fc.constant('ping' as const), from: fc.nat(50), to: fc.nat(50) }),
  fc.record({ type: fc.constant('cable' as const), cable: fc.nat(50), up: fc.boolean() }),
);

function perform(simulation: Simulation, one: Deed): void {
  const { devices, cables } = simulation.topology;
  switch (one.type) {
    case 'advance':
      simulation.advanceTo(simulation.now + one.by);
      break;
    case 'step':
      for (let time = 0; time < one.times; time++) {
        simulation.step();
      }
      break;
    case 'ping':
      simulation.ping(devices[one.from % devices.length]!.id, devices[one.to % devices.length]!.id, 1);
      break;
    case 'cable':
      simulation.setCable(cables[one.cable % cables.length]!.id, one.up);
      break;
  }
}

describe('going back', () => {
  it('shows what a fresh run to that moment shows, whatever was done before', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...topologies.keys()),
        fc.array(deed, { minLength: 1, maxLength: 8 }),
        fc.nat(7),
        fc.integer({ min: 1, max: 3000 }),
        (name, deeds, back, slice) => {
          const topology = topologies.get(name)!;
          const travelled = new Simulation(topology);
          const positions = deeds.map(one => {
            perform(travelled, one);
            return travelled.position;
          });
          const place = back % deeds.length;
          go(travelled, { kind: 'position', position: positions[place]! }, slice);
          const fresh = new Simulation(topology);
          deeds.slice(0, place + 1).forEach(one => perform(fresh, one));
          // What is to come again is known to the one that came back only.
          expect({ ...(shown(travelled) as object), next: 0 }).toEqual({
            ...(shown(fresh) as object),
            next: 0,
          });
        },
      ),
      { numRuns: 30 },
    );
  });

  it('and on again ends where it began, the user’s actions included', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...topologies.keys()),
        fc.array(deed, { minLength: 1, maxLength: 8 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (name, deeds, part) => {
          const simulation = new Simulation(topologies.get(name)!);
          deeds.forEach(one => perform(simulation, one));
          const before = shown(simulation);
          const { position } = simulation;
          go(simulation, { kind: 'time', time: Math.floor(position.time * part) });
          go(simulation, { kind: 'position', position });
          expect(shown(simulation)).toEqual(before);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('step by step passes the places of the steps ahead', () => {
    for (const name of ['virtualbox-nat.vnet.yaml', 'ipv6-home.vnet.yaml']) {
      const topology = topologies.get(name)!;
      const simulation = new Simulation(topology);
      const places = [simulation.position];
      for (let step = 0; step < 25; step++) {
        simulation.step();
        places.push(simulation.position);
      }
      for (let step = 24; step >= 0; step--) {
        go(simulation, { kind: 'before', records: simulation.records.end });
        expect(simulation.position).toEqual(places[step]);
      }
      expect(simulation.records.end).toBe(0);
    }
  });

  it('to a record stands where it was just made', () => {
    const simulation = new Simulation(pair(scenario('they meet', pingStep('a', '10.0.0.2', 'reply'))));
    simulation.runOn(REST);
    const times = [0, 1, 2, 3].map(number => simulation.rows(number, 1)[0]!.time);
    for (const record of [3, 1, 2, 0]) {
      go(simulation, { kind: 'record', record });
      expect(simulation.records.end).toBe(record + 1);
      expect(simulation.now).toBe(times[record]);
    }
  });

  it('and acting there drops what was to come, and tells of pings that wait for nothing now', () => {
    const told: string[] = [];
    const simulation = new Simulation(pair(), { onOutcome: ({ text }) => told.push(text) });
    simulation.advanceTo(1e9);
    simulation.ping('a', '10.0.0.77', 1, 5);
    simulation.advanceTo(2e9);
    go(simulation, { kind: 'time', time: 5e8 });
    expect(simulation.busy).toBe(true);
    simulation.ping('a', 'b', 1, 6);
    expect(told).toEqual(['ping: the simulation began again before the answer']);
    simulation.runOn(3600e9);
    expect(simulation.outcomes).toHaveLength(1);
    expect(simulation.outcomes[0]).toMatchObject({ passed: true, request: 6 });
  });
});

describe('going ahead', () => {
  it('to the consequence of a record stops at its next hop', () => {
    const simulation = new Simulation(topologies.get('virtualbox-nat.vnet.yaml')!);
    simulation.step();
    const record = simulation.records.end - 1;
    go(simulation, { kind: 'consequence', record });
    const later = simulation.rows(record + 1, 1000).map(({ number }) => simulation.packet(number)!);
    const consequences = later.filter(({ cause }) => cause === record);
    expect(consequences.length).toBeGreaterThan(0);
    // All of them came of one event: what happened before it was no consequence.
    expect(new Set(consequences.map(({ row }) => row.time))).toEqual(new Set([simulation.now]));
    expect(later.at(-1)?.cause).toBe(record);
  });

  it('tells what happens on the way', () => {
    const told: boolean[] = [];
    const simulation = new Simulation(pair(scenario('they meet', pingStep('a', '10.0.0.2', 'reply'))), {
      onOutcome: ({ passed }) => told.push(passed),
    });
    go(simulation, { kind: 'time', time: 5e9 }, 3);
    expect(told).toEqual([true]);
    expect(simulation.now).toBe(5e9);
  });
});
