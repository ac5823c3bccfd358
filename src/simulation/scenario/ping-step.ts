/** `ping: { from, to, expect }` */
import type { ResolvedPingStep } from '../../topology/resolved';
import { pingLine } from '../outcome-text';
import { formatTarget } from '../targets';
import { unexpected, type StepContext, type StepEnded } from './step-context';

export function runPing(step: ResolvedPingStep, { network }: StepContext, ended: StepEnded): void {
  const { from, to, count, within, expect } = step;
  network.ping(from, to, { count, within }, result => {
    // As for `ping` itself: any answer is a success.
    const replied = result.replies.some(reply => reply.result === 'reply');
    const line = pingLine(formatTarget(to), result);
    switch (expect) {
      case 'reply':
        ended(replied, line);
        return;
      case 'no-reply':
        ended(!replied, replied ? unexpected(line, 'no reply') : line);
    }
  });
}
