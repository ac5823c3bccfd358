/** `wait: 5s` */
import type { ResolvedWaitStep } from '../../topology/resolved';
import type { StepContext, StepEnded } from './step-context';

export function runWait({ time }: ResolvedWaitStep, { network }: StepContext, ended: StepEnded): void {
  network.after(time, () => {
    ended(true, `${time / 1e9} s passed`);
  });
}
