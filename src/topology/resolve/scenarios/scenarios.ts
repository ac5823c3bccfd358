/** Scenarios: who acts, on whom, and what must come of it. A step is a file or two beside this one. */
import type { StepSource } from '../../file-source';
import type { ResolvedDevice, ResolvedScenario, ResolvedStep, TopologyPath } from '../../resolved';
import type { Draft } from '../draft';
import { keysInOrder } from '../names';
import { resolveCapture } from './capture-step';
import { resolveExpect } from './expect-step';
import { resolveSet } from './set-step';
import {
  resolveDhcp,
  resolveDns,
  resolveHttp,
  resolvePing,
  resolveTcp,
  resolveTraceroute,
  resolveUdp,
  resolveWait,
} from './traffic-steps';

export function resolveScenarios(draft: Draft, devices: readonly ResolvedDevice[]): ResolvedScenario[] {
  return keysInOrder(draft.root, ['scenarios']).map(name => {
    const path = ['scenarios', name];
    const sources = draft.source.scenarios?.[name] ?? [];
    const steps = sources.flatMap((step, index) => resolveStep(draft, devices, step, [...path, index]) ?? []);
    return { name, steps, source: path };
  });
}

function resolveStep(
  draft: Draft,
  devices: readonly ResolvedDevice[],
  step: StepSource,
  at: TopologyPath,
): ResolvedStep | undefined {
  const [action = ''] = Object.keys(step);
  const path = [...at, action];
  if (step.ping !== undefined) return resolvePing(draft, step.ping, path);
  if (step.dns !== undefined) return resolveDns(draft, step.dns, path);
  if (step.traceroute !== undefined) return resolveTraceroute(draft, step.traceroute, path);
  if (step.tcp !== undefined) return resolveTcp(draft, step.tcp, path);
  if (step.udp !== undefined) return resolveUdp(draft, step.udp, path);
  if (step.http !== undefined) return resolveHttp(draft, step.http, path);
  if (step.dhcp !== undefined) return resolveDhcp(draft, step.dhcp, path);
  if (step.wait !== undefined) return resolveWait(step.wait, path);
  if (step.set !== undefined) return resolveSet(draft, devices, step.set, path);
  if (step.expect !== undefined) return resolveExpect(draft, step.expect, path);
  return step.capture && resolveCapture(draft, devices, step.capture, path);
}
