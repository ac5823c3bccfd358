import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Journey } from '../../../src/simulation/journey';
import { Simulation } from '../../../src/simulation/simulation';
import { readTopology } from '../../../src/topology/topology-file';

function played(sample: string, limit = 60e9): Simulation {
  const path = join(import.meta.dirname, '../../../media/samples', `${sample}.vnet.yaml`);
  const simulation = new Simulation(readTopology(readFileSync(path, 'utf8')).topology!);
  simulation.runOn(limit);
  return simulation;
}

/** The first record whose row says this. */
function find(simulation: Simulation, says: RegExp, from = ''): number {
  const row = simulation
    .rows(0, 100_000)
    .find(({ info, from: port }) => says.test(info) && port.startsWith(from));
  expect(row).toBeDefined();
  return row!.number;
}

const where = (journey: Journey): string[] => journey.hops.map(({ row }) => row.from);
const deeds = (journey: Journey): string[][] => journey.hops.map(hop => hop.deeds.map(({ kind }) => kind));

describe('the journey of a packet', () => {
  const nat = played('virtualbox-nat');
  const request = find(nat, /^Echo \(ping\) request/, 'nat-1:');

  it('goes over every device to where it is answered', () => {
    const journey = nat.journey(request)!;
    expect(where(journey)).toEqual(['nat-1:enp0s3', 'laptop:eth0', 'home:1', 'home-router:wan']);
    expect(journey.hops.map(({ row }) => row.number)).toEqual(
      journey.hops.map(({ row }) => row.number).toSorted((one, other) => one - other),
    );
    expect(journey.more).toBe(false);
  });

  it('says what each device did', () => {
    const journey = nat.journey(request)!;
    expect(deeds(journey)).toEqual([
      [],
      ['source-rewritten', 'readdressed'],
      ['passed'],
      ['routed', 'source-rewritten', 'readdressed'],
    ]);
    const router = journey.hops[3]!;
    expect(router.deeds[0]).toMatchObject({ kind: 'routed', before: '64', after: '63' });
    expect(router.changes.map(({ name }) => name)).toContain('ip.src');
    const ttl = router.changes.find(({ name }) => name === 'ip.ttl')!;
    expect(ttl).toMatchObject({ label: 'Time to Live', start: 22, length: 1 });
    expect(nat.packet(router.row.number)!.bytes[ttl.start]).toBe(63);
  });

  it('is the same from any of its hops', () => {
    const journey = nat.journey(request)!;
    journey.hops.forEach(({ row }, place) => {
      expect(nat.journey(row.number)).toEqual({ ...journey, selected: place });
    });
  });

  it('does not take an answer for the packet', () => {
    const reply = find(nat, /^Echo \(ping\) reply/, 'internet:');
    const journey = nat.journey(reply)!;
    expect(where(journey)[0]).toBe('internet:1');
    expect(where(journey).at(-1)).toBe('nat-1:1/nat:guest');
    expect(journey.cause).toBe(nat.journey(request)!.hops.at(-1)!.row.number);
  });

  it('follows it through tunnels', () => {
    for (const sample of ['vpn-over-tun', 'vxlan']) {
      const simulation = played(sample);
      const journey = simulation.journey(find(simulation, /^Echo \(ping\) request/))!;
      const all = deeds(journey).flat();
      expect(all, sample).toContain('wrapped');
      expect(all, sample).toContain('unwrapped');
    }
  });

  it('tells of VLAN tags', () => {
    const simulation = played('vlan-trunk-stp', 200e9);
    const journey = simulation.journey(find(simulation, /^Echo \(ping\) request/))!;
    expect(deeds(journey).flat()).toEqual(expect.arrayContaining(['tagged', 'untagged']));
  });

  it('of a record that is not kept is unknown', () => {
    expect(nat.journey(-1)).toBeUndefined();
    expect(nat.journey(1.5)).toBeUndefined();
    expect(nat.journey(1e9)).toBeUndefined();
  });

  it('of every record of every sample is found, and holds the record', () => {
    for (const sample of ['two-hosts', 'virtualbox-modes', 'ipv6-home', 'linux-bridge-tap', 'nat-types']) {
      const simulation = played(sample, 20e9);
      const { end } = simulation.records;
      for (let record = 0; record < Math.min(end, 1500); record++) {
        const journey = simulation.journey(record)!;
        expect(journey.hops[journey.selected]?.row.number).toBe(record);
      }
    }
  });
});
