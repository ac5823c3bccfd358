/** One session of commands in both worlds: the terminal of the simulation, and a shell in a network namespace. */
import { createNetwork, type NetworkControl } from '../../src/engine/network';
import { SECOND } from '../../src/engine/stack/linux-policy';
import { Terminals } from '../../src/simulation/terminal/terminals';
import type { Service } from './action';
import { serve as serveInEngine } from './engine-actions';
import { serve as serveInKernel } from './kernel-world';
import { NamespaceNetwork } from './namespaces';
import type { NetworkPlan } from './network-plan';
import { topologyOf } from './planned-topology';

/** A command on a machine. */
export interface Line {
  readonly on: string;
  readonly line: string;
  /** What is typed while it runs; then, or at once, its input ends. */
  readonly input?: string;
  /** What it says when others may begin, and what they do while it runs. */
  readonly meanwhile?: { readonly after: string; readonly lines: readonly Line[] };
}

/** What a command printed in both worlds. */
export interface Said {
  readonly command: string;
  readonly real: string;
  readonly simulated: string;
}

/** ns that a command may take. */
const LONGEST = 60 * SECOND;

/** What was printed by all commands, those that ran meanwhile after the one they accompany. */
export async function runSession(
  plan: NetworkPlan,
  services: readonly Service[],
  lines: readonly Line[],
): Promise<readonly Said[]> {
  const real = await NamespaceNetwork.build(plan);
  try {
    for (const service of services) {
      await serveInKernel(real, service);
    }
    const simulated = new SimulatedSession(plan, services);
    const said: Said[] = [];
    for (const line of lines) {
      const outputs = await runReal(real, line);
      const texts = simulated.run(line);
      [line, ...(line.meanwhile?.lines ?? [])].forEach(({ on, line: text }, index) => {
        const command = `${on}$ ${text}`;
        said.push({ command, real: outputs[index] ?? '', simulated: texts[index] ?? '' });
      });
    }
    return said;
  } finally {
    await real.close();
  }
}

async function runReal(real: NamespaceNetwork, line: Line): Promise<string[]> {
  const { on, meanwhile, input = '' } = line;
  const program = real.begin(on, ['sh', '-c', `${line.line} 2>&1`], input);
  const others: string[] = [];
  if (meanwhile !== undefined) {
    await program.says(meanwhile.after);
    for (const other of meanwhile.lines) {
      others.push(...(await runReal(real, other)));
    }
  }
  return [await program.output, ...others];
}

class SimulatedSession {
  private readonly network: NetworkControl;
  private readonly terminals: Terminals;
  private readonly printed = new Map<number, string>();
  private last = 0;

  constructor(plan: NetworkPlan, services: readonly Service[]) {
    const topology = topologyOf(plan);
    this.network = createNetwork(topology, { seed: 1 });
    this.network.boot();
    for (const service of services) {
      serveInEngine(this.network, service);
    }
    this.terminals = new Terminals(topology, this.network, ({ terminal, text }) => {
      this.printed.set(terminal, this.output(terminal) + text);
    });
  }

  run({ on, line, meanwhile, input = '' }: Line): string[] {
    const terminal = ++this.last;
    this.terminals.run(terminal, on, line);
    for (const typed of input.split('\n').slice(0, -1)) {
      this.terminals.input(terminal, typed);
    }
    this.terminals.input(terminal);
    if (meanwhile === undefined) {
      this.runUntil(() => !this.terminals.isBusy(terminal));
      return [this.output(terminal)];
    }
    this.runUntil(() => this.output(terminal).includes(meanwhile.after));
    const others = meanwhile.lines.flatMap(other => this.run(other));
    this.runUntil(() => !this.terminals.isBusy(terminal));
    return [this.output(terminal), ...others];
  }

  private output(terminal: number): string {
    return this.printed.get(terminal) ?? '';
  }

  private runUntil(condition: () => boolean): void {
    const end = this.network.now + LONGEST;
    while (!condition() && this.network.now < end) {
      this.network.runUntil(this.network.now + SECOND / 100);
    }
  }
}
