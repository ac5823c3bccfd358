/** `traceroute: { from, to, expect: [HOP, …] }`: the hops in order, `*` for one that may be anybody, or silent. */
import { formatIp, type IpAddress } from '../../net/ip-address';
import type { NetworkControl } from '../../engine/network';
import type { TracerouteHop } from '../../engine/stack/traceroute';
import type { ResolvedTarget, ResolvedTracerouteStep } from '../../topology/resolved';
import { formatTarget } from '../targets';
import { unexpected, type StepContext, type StepEnded } from './step-context';

/** How long a name is asked for, in ns; traceroute itself ends by its own patience. */
const LOOKUP = 10e9;

/** Whether one of these may stand where it was expected. */
type Expectation = (answers: readonly IpAddress[]) => boolean;

export function runTraceroute(
  step: ResolvedTracerouteStep,
  { network }: StepContext,
  ended: StepEnded,
): void {
  const { from, to, expect } = step;
  network.resolve(from, to, LOOKUP, (address, problem) => {
    if (address === undefined) {
      ended(false, problem);
      return;
    }
    expectations(network, from, expect ?? [], wanted => {
      network.stackOf(from)?.traceroute(address, {}, hops => {
        const line = `${formatTarget(to)} (${formatIp(address)}): ${hopsText(hops)}`;
        if (expect === undefined) {
          const arrived = hops.at(-1)?.some(answer => answer?.kind === 'arrived') === true;
          ended(arrived, arrived ? line : unexpected(line, 'to arrive'));
          return;
        }
        const right =
          hops.length === wanted.length &&
          wanted.every((isRight, index) => isRight(addressesOf(hops[index])));
        const path = expect.map(hop => (hop === undefined ? '*' : formatTarget(hop))).join(', ');
        ended(right, right ? line : unexpected(line, path));
      });
    });
  });
}

/** Works out what each expected hop may be: of a device, any of its addresses. */
function expectations(
  network: NetworkControl,
  from: string,
  targets: readonly (ResolvedTarget | undefined)[],
  done: (expectations: readonly Expectation[]) => void,
  known: readonly Expectation[] = [],
): void {
  if (known.length === targets.length) {
    done(known);
    return;
  }
  const next = (expectation: Expectation): void => {
    expectations(network, from, targets, done, [...known, expectation]);
  };
  const target = targets[known.length];
  if (target === undefined) {
    next(() => true);
  } else if (target.kind === 'device' && target.interface === undefined) {
    const own = network.addressesOf(target.device).map(({ address }) => address);
    next(answers => answers.some(answer => own.some(address => address === answer)));
  } else {
    network.resolve(from, target, LOOKUP, address => {
      next(answers => answers.some(answer => answer === address));
    });
  }
}

function addressesOf(hop: TracerouteHop | undefined): readonly IpAddress[] {
  return (hop ?? []).flatMap(answer => (answer === undefined ? [] : [answer.from]));
}

function hopsText(hops: readonly TracerouteHop[]): string {
  if (hops.length === 0) {
    return 'Network is unreachable';
  }
  return hops
    .map(hop => [...new Set(addressesOf(hop).map(formatIp))].join('/') || '*')
    .map((text, index) => `${index + 1} ${text}`)
    .join(', ');
}
