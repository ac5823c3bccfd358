/** `dns: { from, name, expect }` */
import { formatIp } from '../../net/ip-address';
import type { LookupResult } from '../../engine/network';
import type { ResolvedDnsStep } from '../../topology/resolved';
import { lookupLine } from '../outcome-text';
import { unexpected, type StepContext, type StepEnded } from './step-context';

const EXPECTED = { answer: 'an answer', nxdomain: 'NXDOMAIN', 'no-answer': 'no answer' } as const;

export function runDns(step: ResolvedDnsStep, { network }: StepContext, ended: StepEnded): void {
  network.lookup(step.from, step.name, step.within, result => {
    const line = lookupLine(step.name, result);
    const wrong = disappointment(step.expect, result);
    ended(wrong === undefined, wrong === undefined ? line : unexpected(line, wrong));
  });
}

/** What was expected and is not so; undefined when all is well. */
function disappointment(expect: ResolvedDnsStep['expect'], result: LookupResult): string | undefined {
  if (expect.kind !== result.kind) {
    return EXPECTED[expect.kind];
  }
  const wanted = expect.kind === 'answer' ? expect.address : undefined;
  const found = result.kind === 'answer' ? result.addresses : [];
  return wanted === undefined || found.some(address => address === wanted) ? undefined : formatIp(wanted);
}
