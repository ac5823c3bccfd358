/** A simulation in whose terminals a test types. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TerminalOutput } from '../../../../src/simulation/protocol';
import { Simulation } from '../../../../src/simulation/simulation';
import { readTopology } from '../../../../src/topology/topology-file';

export const SECOND = 1e9;

const HOME = readFileSync(join('media/samples', 'ipv6-home.vnet.yaml'), 'utf8');

/** A simulation whose devices are up, and what its terminals print. */
export function typing(file = HOME) {
  const printed: TerminalOutput[] = [];
  const { topology } = readTopology(file);
  const simulation = new Simulation(topology!, { onPrinted: output => printed.push(output), scenarios: [] });
  simulation.advanceTo(20 * SECOND);
  const textOf = (terminal: number): string =>
    printed
      .filter(output => output.terminal === terminal)
      .map(({ text }) => text)
      .join('');
  const pass = (seconds: number): void => {
    simulation.advanceTo(simulation.now + seconds * SECOND);
  };
  return {
    simulation,
    printed,
    textOf,
    pass,
    /** Types a line and lets so many seconds pass; what the terminal has printed by then. */
    type: (device: string, line: string, seconds = 20, terminal = 1): string => {
      printed.length = 0;
      simulation.type(terminal, device, line);
      pass(seconds);
      return textOf(terminal);
    },
  };
}
