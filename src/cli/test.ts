/** `vnet test FILE…`: runs every scenario on a simulation of its own and says what passed, a line a step. */
import type { StepOutcome } from '../simulation/protocol';
import { stepText } from '../simulation/scenario/step-text';
import { Simulation } from '../simulation/simulation';
import type { ResolvedScenario, ResolvedTopology } from '../topology/resolved';
import type { CommandIo, ExitStatus } from './command-io';
import { junitReport } from './junit';
import { writeWholeFile } from './output-file';
import { loadTopology } from './topology-source';

export interface TestOptions {
  readonly seed?: number;
  readonly json?: boolean;
  /** Path of a JUnit report to write. */
  readonly junit?: string;
}

/** How one step ended; undefined where the scenario never came to it. */
export interface StepResult {
  readonly words: string;
  readonly passed: boolean;
  readonly text: string;
}

export interface ScenarioResult {
  readonly file: string;
  readonly name: string;
  readonly steps: readonly StepResult[];
  /** Virtual ns that it took. */
  readonly time: number;
}

/** Virtual ns after which a scenario that does not end is given up. */
const LONGEST_SCENARIO = 3600e9;

export function test(files: readonly string[], options: TestOptions, io: CommandIo): ExitStatus {
  const results: ScenarioResult[] = [];
  let unreadable = 0;
  for (const file of files) {
    const topology = loadTopology(file, io);
    if (topology === undefined) {
      unreadable += 1;
      continue;
    }
    for (const scenario of topology.scenarios) {
      const result = runScenario(file, topology, scenario, options.seed);
      results.push(result);
      if (options.json !== true) {
        io.out(scenarioLines(result));
      }
    }
  }
  if (options.junit !== undefined) {
    writeWholeFile(options.junit, new TextEncoder().encode(junitReport(results)));
  }
  const steps = results.flatMap(result => result.steps);
  const failed = steps.filter(({ passed }) => !passed).length;
  if (options.json === true) {
    io.out(`${JSON.stringify({ scenarios: results, passed: steps.length - failed, failed })}\n`);
  } else {
    io.out(`${steps.length - failed} passed, ${failed} failed\n`);
  }
  return failed + unreadable > 0 ? 1 : 0;
}

function runScenario(
  file: string,
  topology: ResolvedTopology,
  scenario: ResolvedScenario,
  seed: number | undefined,
): ScenarioResult {
  const outcomes = new Map<number, StepOutcome>();
  const simulation = new Simulation(topology, {
    scenarios: [scenario],
    ...(seed === undefined ? {} : { seed }),
    onOutcome: outcome => outcomes.set(outcome.step, outcome),
  });
  simulation.runOn(LONGEST_SCENARIO);
  const steps = scenario.steps.map((step, index) => {
    const outcome = outcomes.get(index);
    const words = stepText(step);
    return outcome === undefined
      ? { words, passed: false, text: `not done within ${LONGEST_SCENARIO / 1e9} s` }
      : { words, passed: outcome.passed, text: outcome.text };
  });
  return { file, name: scenario.name, steps, time: simulation.now };
}

function scenarioLines({ file, name, steps }: ScenarioResult): string {
  const lines = steps.map(
    ({ words, passed, text }) => `  ${passed ? 'passed' : 'FAILED'}  ${words}: ${text}\n`,
  );
  return `${file}: ${name}\n${lines.join('')}`;
}
