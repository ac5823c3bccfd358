import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StepOutcome } from '../../../src/simulation/protocol';
import { REST } from '../../../src/simulation/run';
import { Simulation } from '../../../src/simulation/simulation';
import { pair, pingStep, scenario } from './sample-topology';

const reached = scenario('they meet', pingStep('a', '10.0.0.2', 'reply'));
const unreached = scenario('nobody there', pingStep('a', '10.0.0.77', 'no-reply'));

/** Runs all there is. */
function finish(simulation: Simulation): void {
  expect(simulation.runOn(3600e9)).toBe(false);
  expect(simulation.finished).toBe(true);
}

describe('a run', () => {
  it('takes the steps of the scenarios in order and tells how each ended', () => {
    const outcomes: StepOutcome[] = [];
    const simulation = new Simulation(pair(reached, unreached), {
      onOutcome: outcome => outcomes.push(outcome),
    });
    finish(simulation);
    expect(outcomes).toHaveLength(2);
    expect(outcomes[0]).toMatchObject({ scenario: 'they meet', step: 0, passed: true });
    expect(outcomes[0]?.text).toMatch(/^64 bytes from 10\.0\.0\.2: icmp_seq=1 ttl=64 time=0\.\d{3} ms$/);
    expect(outcomes[1]).toMatchObject({ scenario: 'nobody there', step: 0, passed: true });
    expect(simulation.outcomes).toEqual(outcomes);
  });

  it('fails a step that went the other way', () => {
    const wrong = scenario(
      'wrong',
      pingStep('a', '10.0.0.2', 'no-reply'),
      pingStep('a', '10.0.0.77', 'reply'),
    );
    const simulation = new Simulation(pair(wrong));
    finish(simulation);
    expect(simulation.outcomes.map(({ passed }) => passed)).toEqual([false, false]);
    expect(simulation.outcomes[0]?.text).toContain('(expected no reply)');
  });

  it('runs only the scenarios it is given', () => {
    const simulation = new Simulation(pair(reached, unreached), { scenarios: [unreached] });
    finish(simulation);
    expect(simulation.outcomes.map(outcome => outcome.scenario)).toEqual(['nobody there']);
  });

  it('is over when there is no scenario', () => {
    const simulation = new Simulation(pair());
    finish(simulation);
    expect(simulation.now).toBeLessThan(REST);
  });

  it('does the same to the byte however its time is cut into slices', () => {
    const topology = pair(reached, unreached, reached);
    const whole = new Simulation(topology);
    whole.advanceTo(30e9);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3e9 }), { maxLength: 30 }), slices => {
        const sliced = new Simulation(topology);
        for (const slice of slices) {
          sliced.advanceTo(sliced.now + slice, 7);
        }
        sliced.advanceTo(30e9);
        expect(sliced.outcomes).toEqual(whole.outcomes);
        expect(Buffer.compare(sliced.capture(), whole.capture())).toBe(0);
      }),
      { numRuns: 25 },
    );
  });

  it('does the same after a restart, and by single steps', () => {
    const simulation = new Simulation(pair(reached));
    finish(simulation);
    const capture = simulation.capture();
    const records = simulation.records.end;
    simulation.restart();
    expect(simulation.now).toBe(0);
    expect(simulation.records.end).toBe(0);
    for (let number = 1; number <= records; number++) {
      expect(simulation.step()).toBe(true);
      expect(simulation.records.end).toBe(number);
    }
    expect(Buffer.compare(simulation.capture(), capture)).toBe(0);
  });
});

describe('a ping by hand', () => {
  it('waits for the devices to be up, and ends with an outcome', () => {
    const simulation = new Simulation(pair());
    simulation.ping('a', 'b', 3, 17);
    finish(simulation);
    expect(simulation.outcomes).toHaveLength(1);
    expect(simulation.outcomes[0]).toMatchObject({ step: 0, passed: true, request: 17 });
    expect(simulation.outcomes[0]?.text).toContain('3 packets transmitted, 3 received, 0% packet loss');
  });

  it('makes a finished simulation unfinished', () => {
    const simulation = new Simulation(pair());
    finish(simulation);
    simulation.ping('a', '10.0.0.2', 1);
    expect(simulation.finished).toBe(false);
    finish(simulation);
    expect(simulation.outcomes[0]?.passed).toBe(true);
  });

  it('from a device that is not there is told at once', () => {
    const simulation = new Simulation(pair());
    simulation.ping('nobody', 'b', 1);
    expect(simulation.outcomes[0]).toMatchObject({ passed: false });
    expect(simulation.outcomes[0]?.text).toContain('there is no device nobody');
  });

  it('that a restart interrupts is told so', () => {
    const told: StepOutcome[] = [];
    const simulation = new Simulation(pair(), { onOutcome: outcome => told.push(outcome) });
    simulation.ping('a', 'b', 1, 5);
    simulation.restart();
    expect(told).toMatchObject([{ passed: false, request: 5 }]);
    expect(simulation.outcomes).toEqual([]);
  });
});

describe('the trace', () => {
  const simulation = new Simulation(pair(reached));
  finish(simulation);

  it('has a row for each record, with ports by name', () => {
    const { end } = simulation.records;
    const rows = simulation.rows(0, 1000);
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: end }, (_, number) => number));
    expect(rows[0]).toMatchObject({ from: 'a:eth0', to: 'b:eth0', protocol: 'ARP' });
    expect(rows.filter(({ protocol }) => protocol === 'ICMP')).toHaveLength(2);
  });

  it('gives the rows that are kept, and none for nonsense', () => {
    expect(simulation.rows(1, 2).map(({ number }) => number)).toEqual([1, 2]);
    expect(simulation.rows(1e6, 5)).toEqual([]);
    expect(simulation.rows(-5, 6)[0]?.number).toBe(0);
  });

  it('has details with layers, bytes of their own and the cause', () => {
    const reply = simulation.rows(0, 1000).findLast(({ protocol }) => protocol === 'ICMP')!;
    const packet = simulation.packet(reply.number)!;
    expect(packet.row).toEqual(reply);
    expect(packet.bytes.byteLength).toBe(98);
    expect(packet.bytes.buffer.byteLength).toBe(98);
    expect(packet.cause).toBeLessThan(reply.number);
    expect(packet.arrival).toBeGreaterThan(reply.time);
    expect(packet.layers.length).toBeGreaterThanOrEqual(3);
    expect(simulation.packet(-1)).toBeUndefined();
    expect(simulation.packet(0.5)).toBeUndefined();
    expect(simulation.packet(1e9)).toBeUndefined();
  });
});
