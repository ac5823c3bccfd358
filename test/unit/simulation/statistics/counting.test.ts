import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Simulation } from '../../../../src/simulation/simulation';
import { Counting } from '../../../../src/simulation/statistics/counting';
import { TimeBins } from '../../../../src/simulation/statistics/time-bins';
import { compileFilter } from '../../../../src/trace/filter/filter';
import { readTopology } from '../../../../src/topology/topology-file';

function counted(sample: string) {
  const { topology } = readTopology(readFileSync(join('media/samples', sample), 'utf8'));
  const simulation = new Simulation(topology!);
  simulation.runOn(60e9);
  const counting = new Counting(simulation.trace);
  while (counting.work(() => true)) {
    // The work is done by the condition.
  }
  return { simulation, statistics: counting.statistics };
}

describe('the statistics of a trace', () => {
  const { simulation, statistics } = counted('virtualbox-nat.vnet.yaml');

  it('count each packet once, where it sets out, in its protocols and its conversation', () => {
    const { packets, bytes, protocols, conversations, looked, records } = statistics;
    expect(looked).toBe(records);
    expect(packets).toBeGreaterThan(20);
    expect(packets).toBeLessThan(records);
    expect(protocols.find(({ path }) => path === 'eth')).toMatchObject({ packets, bytes });
    const below = (prefix: string): number =>
      protocols
        .filter(
          ({ path }) =>
            path.startsWith(`${prefix}:`) && path.split(':').length === prefix.split(':').length + 1,
        )
        .reduce((sum, each) => sum + each.packets, 0);
    expect(below('eth')).toBe(packets);
    expect(below('eth:ip')).toBe(protocols.find(({ path }) => path === 'eth:ip')!.packets);
    const all = conversations.reduce((sum, each) => sum + each.packets + each.packetsBack, 0);
    expect(all).toBe(packets);
    expect(statistics.throughput.bytes.reduce((sum, each) => sum + each, 0)).toBe(bytes);
  });

  it('measure a ping as long as the ping says', () => {
    const [ping] = simulation.outcomes.filter(({ text }) => text.includes('icmp_seq=1'));
    const told = Number(/time=([\d.]+) ms/.exec(ping!.text)![1]) * 1e6;
    const close = statistics.roundTrips.filter(({ took }) => Math.abs(took - told) < 20_000);
    expect(close.length).toBeGreaterThan(0);
  });

  it('give each conversation a filter that can be read', () => {
    for (const { filter } of statistics.conversations) {
      expect(compileFilter(filter)).not.toHaveProperty('problem');
    }
  });

  it('count drops by their reason', () => {
    const { statistics: home } = counted('ipv6-home.vnet.yaml');
    expect(home.drops.length).toBeGreaterThan(0);
    expect(home.drops.every(({ frames }) => frames > 0)).toBe(true);
  });
});

describe('bytes by time', () => {
  it('keep their sum however long it takes', () => {
    const bins = new TimeBins();
    let sum = 0;
    for (let time = 0; time < 1e12; time = time * 1.5 + 1000) {
      bins.add(time, 100);
      sum += 100;
    }
    const { bytes, width } = bins.throughput;
    expect(bytes.reduce((total, each) => total + each, 0)).toBe(sum);
    expect(bytes.length).toBeLessThanOrEqual(120);
    expect(width * 120).toBeGreaterThan(6e11);
  });
});
