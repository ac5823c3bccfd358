/** `http: { from, to: URL, expect: { status, body } }` */
import type { HttpOutcome } from '../../engine/stack/service/http-client';
import { requestHttp } from '../../engine/stack/service/http-client';
import type { ResolvedHttpStep } from '../../topology/resolved';
import { unexpected, type StepContext, type StepEnded } from './step-context';

/** As `curl` says it. */
const FAILURES: Record<Exclude<HttpOutcome['kind'], 'response'>, string> = {
  'bad-response': 'Received HTTP/0.9 when not allowed',
  refused: 'Connection refused',
  unreachable: 'No route to host',
  reset: 'Recv failure: Connection reset by peer',
  timeout: 'Connection timed out',
};

export function runHttp(step: ResolvedHttpStep, { network }: StepContext, ended: StepEnded): void {
  const { from, to, host, port, path, within } = step;
  network.resolve(from, to, within, (address, problem) => {
    const stack = network.stackOf(from);
    if (address === undefined || stack === undefined) {
      ended(false, problem);
      return;
    }
    requestHttp(stack.tcp, { server: { address, port }, host, path, within }, outcome => {
      const line = outcomeLine(outcome);
      const wrong = disappointment(step.expect, outcome);
      ended(wrong === undefined, wrong === undefined ? line : unexpected(line, wrong));
    });
  });
}

function outcomeLine(outcome: HttpOutcome): string {
  if (outcome.kind !== 'response') {
    return FAILURES[outcome.kind];
  }
  return `HTTP ${outcome.status}, ${outcome.body.length} bytes in ${(outcome.time / 1e6).toFixed(3)} ms`;
}

/** What was expected and is not so; undefined when all is well. */
function disappointment(expect: ResolvedHttpStep['expect'], outcome: HttpOutcome): string | undefined {
  switch (expect.kind) {
    case 'refused':
    case 'timeout':
      return outcome.kind === expect.kind ? undefined : FAILURES[expect.kind];
    case 'response': {
      const { status, body } = expect;
      if (outcome.kind !== 'response') {
        return status === undefined ? 'a response' : `status ${status}`;
      }
      if (status !== undefined && outcome.status !== status) {
        return `status ${status}`;
      }
      const text = new TextDecoder().decode(outcome.body);
      return body === undefined || text.includes(body) ? undefined : `“${body}” in the body`;
    }
  }
}
