/** Which file runs which step. */
import type { ResolvedStep } from '../../topology/resolved';
import { runCapture } from './capture-step';
import { runDhcp } from './dhcp-step';
import { runDns } from './dns-step';
import { runExpect } from './expect-step';
import { runHttp } from './http-step';
import { runPing } from './ping-step';
import { runSet } from './set-step';
import type { StepContext, StepEnded } from './step-context';
import { runTcp } from './tcp-step';
import { runTraceroute } from './traceroute-step';
import { runUdp } from './udp-step';
import { runWait } from './wait-step';

/** Begins a step; `ended` is called once, now or in virtual time. */
export function beginStep(step: ResolvedStep, context: StepContext, ended: StepEnded): void {
  switch (step.kind) {
    case 'ping':
      runPing(step, context, ended);
      return;
    case 'dns':
      runDns(step, context, ended);
      return;
    case 'tcp':
      runTcp(step, context, ended);
      return;
    case 'udp':
      runUdp(step, context, ended);
      return;
    case 'wait':
      runWait(step, context, ended);
      return;
    case 'set':
      runSet(step, context, ended);
      return;
    case 'expect':
      runExpect(step, context, ended);
      return;
    case 'capture':
      runCapture(step, context, ended);
      return;
    case 'http':
      runHttp(step, context, ended);
      return;
    case 'dhcp':
      runDhcp(step, context, ended);
      return;
    case 'traceroute':
      runTraceroute(step, context, ended);
  }
}
