/** `tcp: { from, to: HOST:PORT, expect: connected | refused | timeout }`, in the words of `nc -zv`. */
import { formatIp } from '../../net/ip-address';
import type { ResolvedTcpStep } from '../../topology/resolved';
import { formatTarget } from '../targets';
import { unexpected, type StepContext, type StepEnded } from './step-context';
import { attemptTcp, CONNECT_WORDS, endpointText } from './tcp-attempt';

export function runTcp(step: ResolvedTcpStep, { network }: StepContext, ended: StepEnded): void {
  const { from, to, port, within, expect } = step;
  network.resolve(from, to, within, (address, problem) => {
    if (address === undefined) {
      ended(false, problem);
      return;
    }
    attemptTcp(network, from, { address, port }, within, {
      decided: (outcome, socket) => {
        socket?.close();
        const where = endpointText(formatTarget(to), port);
        const line = `${where} (${formatIp(address)}): ${CONNECT_WORDS[outcome]}`;
        ended(outcome === expect, outcome === expect ? line : unexpected(line, CONNECT_WORDS[expect]));
      },
    });
  });
}
