/** `expect: { node, lease | arp | route | mac }`: what a table of a device must hold now. */
import { formatIp } from '../../net/ip-address';
import { formatMac, parseMac } from '../../net/mac-address';
import type { ResolvedExpectStep } from '../../topology/resolved';
import { routeLines } from './route-text';
import { unexpected, type StepContext, type StepEnded } from './step-context';

export function runExpect({ node, what }: ResolvedExpectStep, context: StepContext, ended: StepEnded): void {
  switch (what.kind) {
    case 'lease':
      expectLease(node, what.address, context, ended);
      return;
    case 'neighbour':
      expectNeighbour(node, what.address, context, ended);
      return;
    case 'route':
      expectRoute(node, what.text, context, ended);
      return;
    case 'mac':
      expectStation(node, what.text, context, ended);
  }
}

type Lease = Extract<ResolvedExpectStep['what'], { kind: 'lease' }>['address'];
type Neighbour = Extract<ResolvedExpectStep['what'], { kind: 'neighbour' }>['address'];

function expectLease(node: string, wanted: Lease, { network }: StepContext, ended: StepEnded): void {
  const leases = network.stackOf(node)?.leases.map(({ address }) => address) ?? [];
  const line = `${node} has ${leases.length === 0 ? 'no lease' : `leased ${leases.map(formatIp).join(', ')}`}`;
  if (wanted === 'none') {
    ended(leases.length === 0, leases.length === 0 ? line : unexpected(line, 'no lease'));
    return;
  }
  const passed = leases.includes(wanted);
  ended(passed, passed ? line : unexpected(line, formatIp(wanted)));
}

function expectNeighbour(node: string, wanted: Neighbour, { network }: StepContext, ended: StepEnded): void {
  const mac = network.stackOf(node)?.neighbourMac(wanted);
  const address = formatIp(wanted);
  const line =
    mac === undefined ? `${node} knows no neighbour ${address}` : `${address} lladdr ${formatMac(mac)}`;
  ended(mac !== undefined, line);
}

/** Every word that is expected stands in one route, in its order; what else stands there is free. */
function expectRoute(node: string, wanted: string, { network }: StepContext, ended: StepEnded): void {
  const stack = network.stackOf(node);
  const lines = stack === undefined ? [] : routeLines(stack);
  const words = wanted.trim().split(/\s+/);
  const found = lines.find(line => holdsWords(line.split(' '), words));
  ended(found !== undefined, found ?? unexpected(`${node}: ${lines.join('; ') || 'no routes'}`, wanted));
}

function holdsWords(line: readonly string[], words: readonly string[]): boolean {
  let at = 0;
  for (const word of words) {
    const found = line.indexOf(word, at);
    // The destination comes first.
    if (found < 0 || (at === 0 && found !== 0)) {
      return false;
    }
    at = found + 1;
  }
  return true;
}

/** `08:00:27:00:00:01`, or with the port behind which it must be: `08:00:27:00:00:01@2`. */
function expectStation(node: string, wanted: string, { network }: StepContext, ended: StepEnded): void {
  const [text = '', port] = wanted.split('@');
  const mac = parseMac(text);
  const found = network.stationsOf(node).find(station => station.mac === mac);
  const line = found === undefined ? `${node} does not know ${text}` : `${text} is at ${node}:${found.port}`;
  const passed = found !== undefined && (port === undefined || port === found.port);
  ended(passed, passed || found === undefined ? line : unexpected(line, `port ${port ?? ''}`));
}
