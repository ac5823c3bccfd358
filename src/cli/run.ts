/** `vnet run FILE`: boots every device and runs the scenarios, with a line for every packet. */
import type { StepOutcome } from '../simulation/protocol';
import { stepText } from '../simulation/scenario/step-text';
import { Simulation } from '../simulation/simulation';
import type { ResolvedScenario, ResolvedTopology } from '../topology/resolved';
import { UsageError, type CommandIo, type ExitStatus } from './command-io';
import { writeWholeFile } from './output-file';
import { packetLineFormat, seconds } from './packet-lines';
import { loadTopology } from './topology-source';

/** Virtual ns after which a network that never comes to rest is stopped when nobody says otherwise. */
const LONGEST_RUN = 3600e9;

/** Events between two looks at the trace: so few that no packet is overwritten before it was printed. */
const EVENTS_AT_ONCE = 2000;

export interface RunOptions {
  readonly scenario?: string;
  /** Virtual ns. */
  readonly until?: number;
  readonly seed?: number;
  /** Path of the capture to write. */
  readonly pcap?: string;
  readonly json?: boolean;
}

export function run(path: string, options: RunOptions, io: CommandIo): ExitStatus {
  const topology = loadTopology(path, io);
  if (topology === undefined) {
    return 1;
  }
  const scenarios = chosenScenarios(topology, options.scenario);
  const printer = options.json === true ? jsonPrinter(io) : textPrinter(topology, io);
  const outcomes: StepOutcome[] = [];
  let printed = 0;
  const printPackets = (simulation: Simulation): void => {
    for (let rows = simulation.rows(printed, 100); rows.length > 0; rows = simulation.rows(printed, 100)) {
      printer.packets(rows);
      printed = (rows.at(-1)?.number ?? printed) + 1;
    }
  };
  const simulation = new Simulation(topology, {
    scenarios,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    onOutcome: outcome => {
      outcomes.push(outcome);
      printPackets(simulation);
      printer.outcome(outcome);
    },
  });
  const limit = options.until ?? LONGEST_RUN;
  while (simulation.runOn(limit, EVENTS_AT_ONCE)) {
    printPackets(simulation);
  }
  printPackets(simulation);
  if (options.pcap !== undefined) {
    writeWholeFile(options.pcap, simulation.capture());
  }
  const steps = scenarios.reduce((sum, scenario) => sum + scenario.steps.length, 0);
  return conclude(simulation, outcomes, steps, limit, printer, io);
}

type RunResult = ReturnType<typeof resultOf>;

interface RunPrinter {
  packets(rows: ReturnType<Simulation['rows']>): void;
  outcome(outcome: StepOutcome): void;
  end(result: RunResult): void;
}

function resultOf(simulation: Simulation, outcomes: readonly StepOutcome[], steps: number) {
  const passed = outcomes.filter(outcome => outcome.passed).length;
  return {
    seed: simulation.seed,
    time: simulation.now,
    records: simulation.records.end,
    passed,
    failed: outcomes.length - passed,
    unfinished: steps - outcomes.length,
  };
}

function conclude(
  simulation: Simulation,
  outcomes: readonly StepOutcome[],
  steps: number,
  limit: number,
  printer: RunPrinter,
  io: CommandIo,
): ExitStatus {
  const result = resultOf(simulation, outcomes, steps);
  printer.end(result);
  if (simulation.records.oldest > 0) {
    io.error(`vnet: only the newest ${result.records - simulation.records.oldest} records were kept\n`);
  }
  if (result.unfinished > 0) {
    io.error(`vnet: stopped at ${limit / 1e9} s with ${result.unfinished} steps not done\n`);
  }
  return result.failed + result.unfinished > 0 ? 1 : 0;
}

function chosenScenarios(topology: ResolvedTopology, name: string | undefined): readonly ResolvedScenario[] {
  if (name === undefined) {
    return topology.scenarios;
  }
  const chosen = topology.scenarios.filter(scenario => scenario.name === name);
  if (chosen.length === 0) {
    const names = topology.scenarios.map(scenario => `"${scenario.name}"`).join(', ');
    throw new UsageError(
      `there is no scenario "${name}"${names === '' ? '; the file has none' : `; the file has ${names}`}`,
    );
  }
  return chosen;
}

function jsonPrinter(io: CommandIo): RunPrinter {
  const line = (value: object): string => `${JSON.stringify(value)}\n`;
  return {
    packets: rows => io.out(rows.map(row => line({ type: 'packet', ...row })).join('')),
    outcome: outcome => io.out(line({ type: 'outcome', ...outcome })),
    end: result => io.out(line({ type: 'end', ...result })),
  };
}

function textPrinter(topology: ResolvedTopology, io: CommandIo): RunPrinter {
  const packetLine = packetLineFormat(topology);
  return {
    packets: rows => io.out(rows.map(row => `${packetLine(row)}\n`).join('')),
    outcome: ({ scenario = '', step, passed, text }) => {
      const taken = topology.scenarios.find(({ name }) => name === scenario)?.steps[step];
      const what = taken === undefined ? '' : ` (${stepText(taken)})`;
      io.out(`${passed ? 'passed' : 'FAILED'}  ${scenario}, step ${step + 1}${what}: ${text}\n`);
    },
    end: ({ time, records, passed, failed }) => {
      const steps = passed + failed === 0 ? 'no steps' : `${passed} steps passed, ${failed} failed`;
      io.out(`${records} records in ${seconds(time)} s; ${steps}\n`);
    },
  };
}
