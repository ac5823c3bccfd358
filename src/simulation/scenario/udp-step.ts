/** `udp: { from, to: HOST:PORT, expect: reply | no-reply | unreachable }`: one datagram, and what comes of it. */
import { formatIp } from '../../net/ip-address';
import type { ResolvedUdpStep } from '../../topology/resolved';
import { formatTarget } from '../targets';
import { unexpected, type StepContext, type StepEnded } from './step-context';
import { endpointText } from './tcp-attempt';

/** What the datagram says: short enough for any link, and readable in the bytes. */
const TEXT = new TextEncoder().encode('hello');

const WORDS = { reply: 'a reply', 'no-reply': 'no reply', unreachable: 'port unreachable' } as const;

export function runUdp(step: ResolvedUdpStep, { network }: StepContext, ended: StepEnded): void {
  const { from, to, port, within, expect } = step;
  network.resolve(from, to, within, (address, problem) => {
    if (address === undefined) {
      ended(false, problem);
      return;
    }
    let open = true;
    const decide = (outcome: ResolvedUdpStep['expect'], detail: string): void => {
      if (open) {
        open = false;
        socket?.close();
        const line = `${endpointText(formatTarget(to), port)} (${formatIp(address)}): ${detail}`;
        ended(outcome === expect, outcome === expect ? line : unexpected(line, WORDS[expect]));
      }
    };
    const socket = network.stackOf(from)?.udp.openDual(0, {
      datagram: data => {
        decide('reply', `${data.length} bytes came back`);
      },
      unreachable: ({ from: sender }) => {
        decide('unreachable', `unreachable, says ${formatIp(sender)}`);
      },
    });
    network.after(within, () => {
      decide('no-reply', WORDS['no-reply']);
    });
    if (socket?.send(TEXT, address, port) !== true) {
      decide('unreachable', 'Network is unreachable');
    }
  });
}
