/** The networks that come with the extension do what their scenarios say. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { stepText } from '../../src/simulation/scenario/step-text';
import { Simulation } from '../../src/simulation/simulation';
import { readTopology } from '../../src/topology/topology-file';

const files = ['media/samples', 'media/templates'].flatMap(folder =>
  readdirSync(folder)
    .filter(name => name.endsWith('.vnet.yaml'))
    .map(name => join(folder, name)),
);

it.each(files)('%s', file => {
  const { topology, diagnostics } = readTopology(readFileSync(file, 'utf8'));
  expect(diagnostics).toEqual([]);
  for (const scenario of topology!.scenarios) {
    const simulation = new Simulation(topology!, { scenarios: [scenario] });
    expect(simulation.runOn(3600e9)).toBe(false);
    const ended = scenario.steps.map((step, index) => {
      const outcome = simulation.outcomes.find(each => each.step === index);
      return outcome?.passed === true ? 'passed' : `${stepText(step)}: ${outcome?.text ?? 'not done'}`;
    });
    expect(ended).toEqual(scenario.steps.map(() => 'passed'));
  }
});
