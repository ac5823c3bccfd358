/** One comparison: the same actions in the same network, in the simulation and in the kernel. */
import type { Action, Service } from './action';
import type { Capture } from './capture';
import { compareCaptures, type Comparison } from './comparison';
import { runInEngine } from './engine-world';
import { unnoticedFaults } from './faults';
import { runInKernel } from './kernel-world';
import { namespaceObstacle } from './namespaces';
import type { NetworkPlan } from './network-plan';

export interface KernelCase {
  readonly name: string;
  readonly plan: NetworkPlan;
  readonly services?: readonly Service[];
  readonly actions: readonly Action[];
  /** What of both captures is compared; all where absent. */
  readonly view?: (capture: Capture) => Capture;
}

/** Why the kernel cannot be asked here. */
export const obstacle = namespaceObstacle();
if (obstacle !== undefined) {
  console.log(`kernel tests skipped: ${obstacle}`);
}

/** Runs the case in both worlds. */
export async function runCase(
  one: KernelCase,
): Promise<{ kernel: Capture; engine: Capture; comparison: Comparison }> {
  const { plan, services = [], actions, view = capture => capture } = one;
  const whole = sinceFirstAction(runInEngine(plan, services, actions));
  const foretold = new Map([...whole.points].map(([point, frames]) => [point, frames.length]));
  const kernel = view(sinceFirstAction(await runInKernel(plan, services, actions, foretold)));
  const engine = view(whole);
  const comparison = compareInCase(one, kernel, engine);
  console.log(describeComparison(one.name, comparison));
  return { kernel, engine, comparison };
}

/**
 * Runs the case in both worlds.
 * @returns what is wrong, in words: every difference, or every fault that would not have been noticed where there is none
 */
export async function wrongInCase(one: KernelCase): Promise<string[]> {
  const { kernel, engine, comparison } = await runCase(one);
  return comparison.differences.length > 0
    ? comparison.differences.map(inWords)
    : unnoticedFaults(kernel, engine, (real, simulated) => compareInCase(one, real, simulated));
}

export function compareInCase(
  { services = [], actions }: KernelCase,
  kernel: Capture,
  engine: Capture,
): Comparison {
  const fixed = [
    ...services.flatMap(service => ('port' in service ? [service.port] : [])),
    ...actions.flatMap(numbersOf),
  ];
  return compareCaptures(kernel, engine, { fixed });
}

function numbersOf(action: Action): number[] {
  switch (action.kind) {
    case 'ping':
      return [action.identifier];
    case 'datagram':
      return [action.fromPort, action.toPort];
    case 'connect':
      return [action.fromPort, action.toPort];
    case 'traceroute':
      // traceroute chooses where it knocks, and the same in both worlds.
      return Array.from({ length: 30 }, (_, index) => 33_434 + index);
    case 'question':
      return [action.fromPort];
    case 'frame':
    case 'lookup':
    case 'lease':
    case 'join':
    case 'leave':
    case 'wait':
      return [];
  }
}

/** Without what machines say when they start: that depends on the order in which they do. */
function sinceFirstAction({ points, actions }: Capture): Capture {
  const begin = actions[0] ?? 0;
  const kept = [...points].map(
    ([point, frames]) => [point, frames.filter(({ time }) => time >= begin)] as const,
  );
  return { points: new Map(kept), actions };
}

/** What was compared, and every difference. */
export function describeComparison(name: string, { points, differences }: Comparison): string {
  const total = [...points.values()].reduce((sum, frames) => sum + frames.length, 0);
  const result = differences.length === 0 ? 'all agree' : `${differences.length} differences`;
  return [
    `${name}: ${total} frames of the kernel at ${points.size} points compared with the simulation's, ${result}`,
    ...[...points].map(([point, frames]) => `  ${point} ${frames.length}: ${frames.join(' | ')}`),
    ...differences.map(inWords),
  ].join('\n');
}

function inWords({ point, frame, what, kernel, engine }: Comparison['differences'][number]): string {
  return `  DIFFERENT at ${point} frame ${frame}, ${what}: kernel ${kernel}, simulation ${engine}`;
}
